"""What we claim about speed, measured side by side in one run on this machine, and written down.

uv run --group bench python -m benchmarks [--quick] [--only PART,PART] [--embedded]

Each part brings up what it needs. Ours and DBOS live the same lives in turns, on one Postgres that waits for the disk;
then come what open complaints cost, storms, lateness, lost workers, a replay, and the sweep over a table. Results, with
the machine and the versions, go to benchmarks/results/ as JSON, Markdown and charts; a part that is measured alone
takes the place of what that file had of it. `--quick` takes some minutes; `--help` says how long each part does.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import charts, histories, lateness, lives, others, replaying, several_workers, storm, sweep, waiting
from complaints import long_running
from complaints.reports.charts import Chart
from local.stack.temporal_build import SERVER

RESULTS = Path(__file__).parent / "results"

SIZES = {
    "full": {
        "lives": 200,
        "at_once": "1,20,100",
        "rounds": 2,
        "sizes": "100,1000,10000,50000",
        "beside": 200,
        "arrivals": 8000,
        "deadlines": 5000,
        "calm": 100,
        "away": 2000,
        "shared": 600,
        "replays": 20,
        "programs": others.PROGRAMS,
    },
    "quick": {
        "lives": 16,
        "at_once": "1,20",
        "rounds": 1,
        "sizes": "50,200",
        "beside": 16,
        "arrivals": 100,
        "deadlines": 50,
        "calm": 15,
        "away": 60,
        "shared": 90,
        "replays": 2,
        "programs": others.QUICK,
    },
}
DUE = 100

Table = dict[str, dict[str, Any]]
"""By column, then by row."""


@dataclass(frozen=True)
class Part:
    """One thing that is measured by itself."""

    what: str
    minutes: tuple[float, float]
    """Of `--quick` and of the full run, on two quiet cores."""
    measure: Callable[[argparse.Namespace], Awaitable[dict[str, Table]]]
    """Tables by their titles."""


def machine() -> dict[str, Any]:
    """Where, with what, when; and how busy the machine was, for that is in every figure."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "memory GiB": round(memory),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "temporalio": version("temporalio"),
        "Temporal server": SERVER.version,
        "DBOS": version("dbos"),
        "asyncpg": version("asyncpg"),
    }


async def measured_lives(options: argparse.Namespace) -> dict[str, Table]:
    """Whole lives beside DBOS."""
    options.only, options.waiting = "ours,dbos,dbos-ledger", 0
    lived = await lives.measured(options)
    tables: dict[str, Table] = {}
    for at_once in lived.figures["ours"]:
        tables[f"lives, {at_once} at once"] = {
            name: {
                "lives/s": by_rate[at_once].a_second,
                "CPU a life ms": by_rate[at_once].cpu_a_life,
                **{
                    f"CPU {part} ms": used / by_rate[at_once].lives * 1000
                    for part, used in by_rate[at_once].cpu.items()
                },
                **percentiles("life", by_rate[at_once].life),
                **percentiles("acknowledged", by_rate[at_once].acknowledged),
                **percentiles("signal to row", by_rate[at_once].said),
            }
            for name, by_rate in lived.figures.items()
        }
        tables[f"ours by DBOS, {at_once} at once"] = {"ratio": lived.ratios(at_once)}
    return tables | {"a life's history": {"ours": lived.history}}


async def measured_waiting(options: argparse.Namespace) -> dict[str, Table]:
    """What open complaints cost, and how it grows."""
    sizes = [int(size) for size in options.sizes.split(",")]
    found = await waiting.waited(sizes, options.beside, embedded=options.embedded)
    growth = {"with ten times as many, more by (1 is double)": found.growth()}
    return {"open and acknowledged complaints": {**found.figures(), **growth}}


async def measured_storms(options: argparse.Namespace) -> dict[str, Table]:
    """Arrivals at once, and deadlines in one second."""
    storms = await storm.storms(options)
    return {"storms": {f"{one.name}, {one.count:,}": one.figures() for one in storms}}


async def measured_lateness(options: argparse.Namespace) -> dict[str, Table]:
    """Deadlines in calm, and while no worker was there."""
    late = await lateness.found(options.calm, options.away, embedded=options.embedded)
    return {"lateness": {name: dict(figures) for name, figures in late.figures().items()}}


async def measured_workers(options: argparse.Namespace) -> dict[str, Table]:
    """Three workers, one of which is lost."""
    shared = await several_workers.found(options.shared, 3, embedded=options.embedded)
    return {"three workers, one lost": {f"{shared.count:,} arrivals": shared.figures()}}


async def measured_replay(options: argparse.Namespace) -> dict[str, Table]:
    """Stored histories, again."""
    return {"replay": {"histories of 1.0.0": dict((await replaying.replayed(options.replays)).figures())}}


async def measured_histories(options: argparse.Namespace) -> dict[str, Table]:
    """Events and billable actions."""
    return {"events and billable actions": await histories.counted()}


async def measured_sweep(options: argparse.Namespace) -> dict[str, Table]:
    """The classic desks' way."""
    pass_ = await sweep.swept(DUE)
    return {
        "sweep": {
            f"a pass over {pass_.due} due": {"seconds": pass_.seconds, "CPU each ms": pass_.cpu / pass_.due * 1000},
            **{
                f"every {period} s: noticed late, s": dict(zip(("p50", "p99"), pass_.lateness(period), strict=True))
                for period in sweep.PERIODS
            },
        }
    }


async def measured_others(options: argparse.Namespace) -> dict[str, Table]:
    """Desk, mail and report, each by its own program."""
    return {"desk, mail and report": {"figure": await others.said_by(options.programs)}}


PARTS = {
    "lives": Part("whole lives beside DBOS at 1, 20 and 100 at once; a life's history", (1.2, 8), measured_lives),
    "waiting": Part(
        "open complaints at several sizes: bytes, memory, idle, signals, growth", (1, 30), measured_waiting
    ),
    "storms": Part("arrivals at once, deadlines in one second", (0.6, 25), measured_storms),
    "lateness": Part("deadlines in calm; a worker away while many fall due", (0.9, 8), measured_lateness),
    "workers": Part("three workers share arrivals, one is lost", (0.6, 1.5), measured_workers),
    "replay": Part("events a second that a worker replays", (0.1, 0.6), measured_replay),
    "histories": Part("events and billable actions of a life and of an update", (0.4, 0.4), measured_histories),
    "sweep": Part("a job that sweeps a table", (0.3, 0.3), measured_sweep),
    "others": Part("desk, mail and report by their own programs", (0.3, 15), measured_others),
}


async def run(options: argparse.Namespace, chosen: list[str], keep: Callable[[str, dict[str, Any]], None]) -> None:
    """One part after the other, each kept before the next begins: its tables, when, and how busy the machine was."""
    for name in chosen:
        began, load = time.perf_counter(), round(os.getloadavg()[0], 1)
        print(f"{name}: {PARTS[name].what}", file=sys.stderr, flush=True)
        tables = await PARTS[name].measure(options)
        found = {
            "date": datetime.now(UTC).isoformat(timespec="minutes"),
            "load at its start": load,
            "seconds": round(time.perf_counter() - began),
            "tables": tables,
        }
        keep(name, found)


class Kept:
    """What was measured of one size, now or before, in files of `RESULTS`."""

    def __init__(self, size: str) -> None:
        self._size = size
        self._json = RESULTS / f"{size}.json"
        before = json.loads(self._json.read_text(encoding="utf-8")) if self._json.exists() else {}
        self._parts: dict[str, Any] = before.get("parts", {})

    def takes(self, name: str, found: dict[str, Any]) -> None:
        """One part more, in the place of what there was of it."""
        self._parts[name] = found
        results = {"machine": machine(), "parts": {name: self._parts[name] for name in PARTS if name in self._parts}}
        pictures = {f"{self._size}-{chart.name}.svg": chart for chart in charts.drawn(all_tables(results))}
        RESULTS.mkdir(exist_ok=True)
        self._json.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        for file, chart in pictures.items():
            (RESULTS / file).write_text(chart.with_style() + "\n", encoding="utf-8")
        self.markdown.write_text(markdown(results, pictures), encoding="utf-8")

    @property
    def markdown(self) -> Path:
        """The tables and charts, to be read."""
        return RESULTS / f"{self._size}.md"


def percentiles(name: str, values: list[float]) -> dict[str, float]:
    """Milliseconds."""
    cuts = statistics.quantiles(values, n=100)
    return {f"{name} p{at} ms": cuts[at - 1] * 1000 for at in (50, 95, 99)}


def all_tables(results: dict[str, Any]) -> dict[str, Table]:
    """Of all parts, by their titles."""
    return {title: table for part in results["parts"].values() for title, table in part["tables"].items()}


def markdown(results: dict[str, Any], pictures: dict[str, Chart]) -> str:
    """The charts, each by its file; then a table of each part, a column each where several are compared."""
    lines = ["# Measured", "", "Written by `python -m benchmarks`; what the figures mean: docs/performance.md.", ""]
    for file, chart in pictures.items():
        lines += [f"## {chart.title}", "", f"{chart.says}", "", f"![{chart.title}. {chart.says}]({file})", ""]
    measured = {
        name: {"measured": part["date"], "load at its start": part["load at its start"], "seconds": part["seconds"]}
        for name, part in results["parts"].items()
    }
    tables = {"machine": {"": results["machine"]}, "parts": measured} | all_tables(results)
    for title, table in tables.items():
        rows = list(dict.fromkeys(row for column in table.values() for row in column))
        lines += [f"## {title}", "", f"| | {' | '.join(table)} |", f"|---|{'---|' * len(table)}"]
        lines += [f"| {row} | {' | '.join(shown(column.get(row)) for column in table.values())} |" for row in rows]
        lines.append("")
    return "\n".join(lines)


def shown(value: Any) -> str:
    """Three figures that count."""
    if isinstance(value, float):
        return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
    return "" if value is None else str(value)


def main() -> int:
    """Measures and writes."""
    durations = "\n".join(
        f"  {name:10} {part.minutes[0]:4} and {part.minutes[1]:4} min: {part.what}" for name, part in PARTS.items()
    )
    parser = argparse.ArgumentParser(
        prog="benchmarks",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"parts, with the minutes that each takes with --quick and in full on two quiet cores:\n{durations}",
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PART,PART")
    parser.add_argument("--embedded", action="store_true", help="ours on the server that `complaints up` starts")
    options = parser.parse_args()
    chosen = options.only.split(",")
    if unknown := [name for name in chosen if name not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    size = "quick" if options.quick else "full"
    for name, value in SIZES[size].items():
        setattr(options, name, value)
    kept = Kept(size)
    long_running.run(run(options, chosen, kept.takes))
    print(kept.markdown.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
