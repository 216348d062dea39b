"""The case explored in full: every sequence of facts, letters and strikes up to the depth that the time allows.

uv run python -m benchmarks.exhaustive [--minutes 10] [--processes 2] [--depth 20]

Prints states, transitions and depth of each start, and exits with 1 where a law of tests/rules/case_laws.py was broken,
with the shortest sequence that breaks it.
"""

import argparse
import multiprocessing
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.exploring import MOVES, STARTS, Explored, explored


def told(result: Explored) -> None:
    depth = f"whole to depth {result.whole_depth}"
    if len(result.states) > result.whole_depth + 1:
        depth += f", {result.states[-1]} states of the next"
    print(
        f"{result.start}: {sum(result.states):,} states ({' + '.join(map(str, result.states))}), "
        f"{result.transitions:,} transitions, {depth}, {result.seconds:.0f} s"
    )
    for broken, path in result.found.items():
        print(f"    BROKEN: {broken}")
        print(f"        after: {' → '.join(path)}")
    sys.stdout.flush()


def main() -> int:
    """1 if anything was broken."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--depth", type=int, default=20)
    given = asked.parse_args()
    seconds = given.minutes * 60 * given.processes / len(STARTS)
    print(f"{len(MOVES)} moves, {len(STARTS)} starts, {seconds:.0f} s for each")
    explore = partial(explored, depth=given.depth, seconds=seconds)
    results = []
    with ProcessPoolExecutor(given.processes, multiprocessing.get_context("spawn")) as pool:
        for result in pool.map(explore, STARTS):
            told(result)
            results.append(result)
    happened = sum((result.happened for result in results), Counter[str]())
    states, transitions = (sum(sum(one.states) for one in results), sum(one.transitions for one in results))
    whole = min(one.whole_depth for one in results)
    print(
        f"in all: {states:,} states, {transitions:,} transitions, whole to depth {whole}; "
        f"{len(happened)} kinds of rows, the rarest {happened.most_common()[-1]}"
    )
    return int(any(result.found for result in results))


if __name__ == "__main__":
    sys.exit(main())
