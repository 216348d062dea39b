"""Whether everything that is kept holds together, and whether a new program may take the running complaints on (§9)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import show
from cli.commands.base import at_records, number_meant
from cli.commands.options import AsJson, Home, aware
from cli.commands.what_if import progress
from cli.late import read_when_used
from complaints.words.catalogue import _, ngettext, spoken
from starter.clock import utc_now

with read_when_used():
    from complaints.words import faults as words_of
    from starter import place as places
    from starter import verifying

if TYPE_CHECKING:
    from complaints.rules.verification import Verification


def verify(
    number: Annotated[str | None, typer.Option("--number", metavar="NUMBER", help=_("Only that complaint."))] = None,
    mend: Annotated[
        bool, typer.Option("--mend", help=_("Write state and calls anew from the journal, where they differ from it."))
    ] = False,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, max=64, help=_("Else one for each processor."))
    ] = None,
    head_of: Annotated[
        datetime | None,
        typer.Option(
            "--head-of",
            parser=aware,
            metavar="TIME",
            help=_("Only the head of the hash chains as of then, to compare with the one in a digest."),
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    if head_of is not None:
        head = at_records(home, lambda store, place: store.chain_head(head_of))
        show.line(head or _("Nothing was written by then."))
        return
    place = places.place_of(home)
    numbers = None if number is None else [number_meant(number)]

    def look() -> Verification:
        asked = verifying.verify(place, now=utc_now(), numbers=numbers, processes=processes, on_progress=progress())
        return asyncio.run(asked)

    result = look()
    broken = list(dict.fromkeys(fault.number for fault in result.faults if fault.check in verifying.MENDED))
    if mend and broken:
        at_records(home, lambda store, place: verifying.all_mended(store, broken))
        result = look()
    if as_json:
        show.json_of(_for_programs(result))
    else:
        _tell(result)
    if result.found:
        raise typer.Exit(1)


def _for_programs(result: Verification) -> dict[str, object]:
    """The result, each fault with its sentences too."""
    faults = [
        fault.model_dump() | {"said": words_of.said(fault, "en"), "remedy": words_of.remedy(fault, "en")}
        for fault in result.faults
    ]
    return result.model_dump(mode="json") | {"faults": faults}


def _tell(result: Verification) -> None:
    for fault in result.faults:
        show.line(f"{fault.number}: {words_of.said(fault, spoken())}.", show.LATE)
        show.line(f"    {words_of.remedy(fault, spoken())}.")
    if result.found > len(result.faults):
        show.line(_("… and {n} more.").format(n=result.found - len(result.faults)))
    counted = _("{complaints} complaints, {rows} journal rows, {letters} letters in {took:.0f} s").format(
        complaints=result.complaints, rows=result.rows, letters=result.letters, took=result.took
    )
    if result.found:
        verdict = ngettext("{n} thing does not hold together", "{n} things do not hold together", result.found)
        show.line(f"{counted}: {verdict.format(n=result.found)}.", "bold")
    else:
        show.line(_("{counted}: everything holds together.").format(counted=counted), "bold")
    show.line(words_of.lags(result, spoken()))
    show.line(words_of.temporal(result, spoken()))
    if result.head:
        show.line(words_of.head(result, spoken()))
