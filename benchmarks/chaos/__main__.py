"""The fault matrix: everything that may break, broken while complaints are lived, and what came of it.

uv run python -m benchmarks.chaos [--only ROW] [--cases 100] [--small] [--json | --markdown]

Exit code 1 if a letter was lost, a case came to another end, a letter went out twice without being called uncertain, or
`complaints verify` found something. `--markdown` writes the table of docs/reliability.md.
"""

import argparse
import asyncio
import dataclasses
import json
import os
import sys

from benchmarks.chaos.rows import ROWS, SMALL, Row, Size, tried
from benchmarks.chaos.verdict import Verdict


def main() -> int:
    """Prints a line a row as it comes; then the table, if asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.chaos")
    parser.add_argument("--only", choices=[row.name for row in ROWS], action="append")
    parser.add_argument("--cases", type=int)
    parser.add_argument("--small", action="store_true", help="as in CI: fewer cases, shorter faults")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    size = SMALL if options.small else Size()
    if options.cases:
        size = dataclasses.replace(size, cases=options.cases)
    results: dict[str, dict[str, object]] = {}
    held = True
    for row in ROWS:
        if options.only and row.name not in options.only:
            continue
        if lacks := row.lacks():
            results[row.name] = {"skipped": lacks}
            print(f"{row.name}: skipped: {lacks}", file=sys.stderr)
            continue
        verdict = asyncio.run(tried(row, size))
        held = held and verdict.held
        results[row.name] = dataclasses.asdict(verdict) | {"held": verdict.held}
        print(line(row, verdict), file=sys.stderr, flush=True)
        for said in verdict.said[:20]:
            print(f"    {said}", file=sys.stderr)
    if options.json:
        print(json.dumps(results, indent=1))
    if options.markdown:
        print("\n".join(table(results)))
    print(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", file=sys.stderr)
    return 0 if held else 1


def line(row: Row, verdict: Verdict) -> str:
    """A row in words."""
    return (
        f"{row.name}: {verdict.cases} cases, {verdict.letters} letters: lost {verdict.lost}, wrong {verdict.wrong}, "
        f"twice {verdict.twice} (flagged {verdict.flagged}), stray times {verdict.stray}, verify {verdict.faults}; "
        f"well again after {verdict.well_after:.1f} s; {verdict.took:.0f} s in all: "
        f"{'held' if verdict.held else 'DID NOT HOLD'}"
    )


def table(results: dict[str, dict[str, object]]) -> list[str]:
    """Of docs/reliability.md."""
    lines = [
        "| row | what is done | cases, letters | lost | wrong | twice (flagged) | `verify` found | well again after |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in ROWS:
        match results.get(row.name):
            case None:
                continue
            case {"skipped": why}:
                lines.append(f"| `{row.name}` | {row.sentence} | skipped: {why} | | | | | |")
            case found:
                lines.append(
                    f"| `{row.name}` | {row.sentence} | {found['cases']}, {found['letters']} | {found['lost']} | "
                    f"{found['wrong']} | {found['twice']} ({found['flagged']}) | {found['faults']} | "
                    f"{found['well_after']:.1f} s |"
                )
    return lines


if __name__ == "__main__":
    sys.exit(main())
