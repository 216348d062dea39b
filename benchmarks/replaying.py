"""How many events a second a worker replays: what a signal to a case costs that is not in memory, and every deploy.

uv run python -m benchmarks.replaying [--rounds 5]

The histories that version 1.0.0 recorded, in the sandbox, with the code of today; no server.
"""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass

from starter.replaying import patient_replayer
from tests.commanded import stored
from tests.rings import session_keys
from workflows.connection import data_converter


@dataclass(frozen=True)
class Replayed:
    """Some histories, some times."""

    histories: int
    events: int
    seconds: float
    cpu: float

    def figures(self) -> dict[str, float]:
        """By name."""
        return {
            "events a second": self.events / self.seconds,
            "events a second of processor time": self.events / self.cpu,
            "ms of processor time a history": self.cpu / self.histories * 1000,
            "events a history": self.events / self.histories,
        }


async def replayed(rounds: int) -> Replayed:
    """All that are stored, so many times after once to warm up."""
    histories = [one.history() for one in stored()]
    replayer = patient_replayer(data_converter(session_keys()))
    for history in histories:
        await replayer.replay_workflow(history)
    began, cpu = time.perf_counter(), time.process_time()
    for history in histories * rounds:
        await replayer.replay_workflow(history)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    return Replayed(len(histories) * rounds, sum(len(one.events) for one in histories) * rounds, took, used)


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.replaying")
    parser.add_argument("--rounds", type=int, default=5)
    figures = asyncio.run(replayed(parser.parse_args().rounds)).figures()
    print(", ".join(f"{what}: {value:.0f}" for what, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
