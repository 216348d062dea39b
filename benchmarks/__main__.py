"""What we claim about speed, measured side by side in one run on this machine, and written down.

uv run --group bench python -m benchmarks [--quick] [--embedded]

Ours and DBOS live the same lives in turns, on one Postgres that waits for the disk; then come storms, and the sweep
over a table. Results, with the machine and the versions, go to benchmarks/results/ as JSON and Markdown. `--quick`
takes some minutes. The figures of desk, mail and report have programs of their own beside this one (`make bench`).
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import lives, storm, sweep
from local.stack.temporal_build import SERVER

RESULTS = Path(__file__).parent / "results"

SIZES = {
    "full": {"lives": 40, "at_once": "1,20,100", "rounds": 2, "waiting": 300, "arrivals": 1000, "deadlines": 500},
    "quick": {"lives": 20, "at_once": "1,20", "rounds": 1, "waiting": 100, "arrivals": 100, "deadlines": 50},
}
DUE = 100


def machine() -> dict[str, Any]:
    """Where, with what, when; and how busy the machine was, for that is in every figure."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "memory GiB": round(memory),
        "load at the start": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "temporalio": version("temporalio"),
        "Temporal server": SERVER.version,
        "DBOS": version("dbos"),
        "asyncpg": version("asyncpg"),
    }


async def run(options: argparse.Namespace) -> dict[str, Any]:
    """Everything, one after the other."""
    lived = await lives.measured(options)
    storms = await storm.storms(options)
    pass_ = await sweep.swept(DUE)
    return {
        "machine": machine() | {"load at the start": options.load},
        "lives": {
            name: {
                str(at_once): {
                    "lives/s": figures.a_second,
                    "CPU a life ms": figures.cpu_a_life,
                    **{f"CPU {part} ms": used / figures.lives * 1000 for part, used in figures.cpu.items()},
                    **percentiles("life", figures.life),
                    **percentiles("acknowledged", figures.acknowledged),
                    **percentiles("signal to row", figures.said),
                }
                for at_once, figures in by_rate.items()
            }
            for name, by_rate in lived.figures.items()
        },
        "ours by DBOS": {str(at_once): lived.ratios(at_once) for at_once in lived.figures["ours"]},
        "a life's history": lived.history,
        "an open, acknowledged complaint, KiB": lived.waiting,
        "storms": {f"{one.name}, {one.count}": one.figures() for one in storms},
        "sweep": {
            f"a pass over {pass_.due} due": {"seconds": pass_.seconds, "CPU each ms": pass_.cpu / pass_.due * 1000},
            **{
                f"every {period} s: noticed late, s": dict(zip(("p50", "p99"), pass_.lateness(period), strict=True))
                for period in sweep.PERIODS
            },
        },
    }


def percentiles(name: str, values: list[float]) -> dict[str, float]:
    """Milliseconds."""
    cuts = statistics.quantiles(values, n=100)
    return {f"{name} p{at} ms": cuts[at - 1] * 1000 for at in (50, 95, 99)}


def markdown(results: dict[str, Any]) -> str:
    """A table of each part; a column each where several are compared."""
    lines = ["# Measured", "", "Written by `python -m benchmarks`; what the figures mean: docs/performance.md.", ""]
    for title, part in flat(results).items():
        rows = list(dict.fromkeys(row for column in part.values() for row in column))
        lines += [f"## {title}", "", f"| | {' | '.join(part)} |", f"|---|{'---|' * len(part)}"]
        lines += [f"| {row} | {' | '.join(shown(column.get(row)) for column in part.values())} |" for row in rows]
        lines.append("")
    return "\n".join(lines)


def flat(results: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """Title, then column, then row."""
    parts: dict[str, dict[str, dict[str, Any]]] = {"machine": {"": results["machine"]}}
    for at_once in results["ours by DBOS"]:
        columns = {name: by_rate[at_once] for name, by_rate in results["lives"].items()}
        parts[f"lives, {at_once} at once"] = columns
        parts[f"ours by DBOS, {at_once} at once"] = {"ratio": results["ours by DBOS"][at_once]}
    for title in ("a life's history", "an open, acknowledged complaint, KiB"):
        parts[title] = {"ours": results[title]}
    return parts | {title: results[title] for title in ("storms", "sweep")}


def shown(value: Any) -> str:
    """Three figures that count."""
    if isinstance(value, float):
        return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
    return "" if value is None else str(value)


def main() -> int:
    """Measures and writes."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--embedded", action="store_true", help="ours on the server that `complaints up` starts")
    options = parser.parse_args()
    size = "quick" if options.quick else "full"
    for name, value in SIZES[size].items():
        setattr(options, name, value)
    options.only, options.load = "ours,dbos,dbos-ledger", round(os.getloadavg()[0], 1)
    results = asyncio.run(run(options))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{size}.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (RESULTS / f"{size}.md").write_text(markdown(results), encoding="utf-8")
    print(markdown(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
