"""The figures that a newcomer compares first, as pictures beside the tables of benchmarks/results."""

from collections.abc import Iterator, Mapping
from typing import Any

from complaints.reports.charts import Chart, bars, stacked

CONTESTANTS = {"ours": "ours", "dbos": "DBOS", "dbos-ledger": "DBOS with our ledger"}
PARTS = {"CPU Python ms": "Python", "CPU server ms": "Temporal's server", "CPU Postgres ms": "Postgres"}

Tables = Mapping[str, Mapping[str, Mapping[str, Any]]]


def drawn(tables: Tables) -> list[Chart]:
    """Those that the measured parts have figures for."""
    return [*_lives(tables), *_late(tables)]


def _lives(tables: Tables) -> Iterator[Chart]:
    lived = {
        title.removeprefix("lives, "): {name: found for name, found in table.items() if name in CONTESTANTS}
        for title, table in tables.items()
        if title.startswith("lives, ")
    }
    if not lived:
        return
    names = list(next(iter(lived.values())))
    yield bars(
        "lives",
        "Whole lives a second",
        "A group for each number of complaints that live at once; more is better.",
        list(lived),
        {CONTESTANTS[name]: [table[name]["lives/s"] for table in lived.values()] for name in names},
    )
    both = [(at_once, name) for at_once in lived for name in names]
    yield stacked(
        "processor",
        "Processor time of a life, in milliseconds",
        "By who uses it; less is better.",
        [f"{at_once}: {CONTESTANTS[name]}" for at_once, name in both],
        {said: [lived[at_once][name][part] or None for at_once, name in both] for part, said in PARTS.items()},
    )


def _late(tables: Tables) -> Iterator[Chart]:
    if not {"lateness", "sweep"} <= tables.keys():
        return
    calm = next(iter(tables["lateness"].values()))
    late: dict[str, tuple[float, float]] = {"a timer of its own": (calm["p50 s"], calm["p99 s"])}
    for title, figures in tables["sweep"].items():
        if "p50" in figures:
            late[f"a sweep {title.partition(':')[0]}"] = (figures["p50"], figures["p99"])
    yield bars(
        "late",
        "How late a deadline is noticed in calm, in seconds",
        "The median and the hundredth that is latest; less is better.",
        [f"{who}: {latest:.1f}" for who, (_, latest) in late.items()],
        {"p50": [each[0] for each in late.values()], "p99": [each[1] for each in late.values()]},
    )
