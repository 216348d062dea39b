"""What a deadline costs: microseconds for one of 5 business days, as a case computes it many times over.

uv run python benchmarks/deadlines.py (not calendar.py: a script's folder comes first on the path, and that name would
hide the standard library's module from every script here)
"""

import random
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

from complaints.rules.policy import Policy, rules_in_force

TARGET = 20.0
"""Microseconds."""


def measured(rounds: int = 20_000) -> list[float]:
    """Microseconds of each of `rounds` deadlines, from starts all over a year and a half."""
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    calendar = rules_in_force(Policy(), begin.date()).calendar
    chance = random.Random(2026)
    starts = [begin + timedelta(minutes=chance.randrange(540 * 24 * 60)) for _ in range(rounds)]
    took = []
    for start in starts:
        before = time.perf_counter_ns()
        calendar.deadline(start, 5)
        took.append((time.perf_counter_ns() - before) / 1_000)
    return took


def main() -> int:
    """Prints the figures; exit code 1 if the middle one misses the target."""
    took = measured()
    middle, slow = statistics.median(took), statistics.quantiles(took, n=100)[98]
    print(
        f"deadline of 5 business days: p50 {middle:.2f} µs, p99 {slow:.2f} µs over {len(took)}; target {TARGET:.0f} µs"
    )
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    before = time.perf_counter_ns()
    rules_in_force(Policy(), begin.date()).calendar.deadline(begin, 5)
    print(f"a new case's rules, calendar and first deadline: {(time.perf_counter_ns() - before) / 1_000:.0f} µs")
    return 0 if middle < TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
