"""Whether this program may take the running complaints on: the gate of a deploy (§9)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from cli import show
from cli.commands.options import AsJson, Home
from cli.commands.what_if import progress
from cli.late import read_when_used
from complaints.words.catalogue import _, ngettext

with read_when_used():
    from starter import place as places
    from starter import reaching, replaying

if TYPE_CHECKING:
    from starter.place import Place
    from starter.replaying import Replay


def replay(
    sample: Annotated[
        int | None,
        typer.Option("--sample", min=1, metavar="N", help=_("So many of them, chosen at random; else all.")),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    result = asyncio.run(_replayed(places.place_of(home), sample))
    if as_json:
        show.json_of(result)
    else:
        _tell(result)
    if result.not_replayed:
        raise typer.Exit(1)


async def _replayed(place: Place, sample: int | None) -> Replay:
    return await replaying.replay(await reaching.client_of(place), sample=sample, on_progress=progress())


def _tell(result: Replay) -> None:
    for one in result.not_replayed:
        show.line(f"{one.number}: {one.reason}", show.LATE)
    broken = len(result.not_replayed)
    said = ngettext(
        "{replayed} of {n} running complaint replayed", "{replayed} of {n} running complaints replayed", result.running
    ).format(replayed=result.replayed, n=result.running)
    if broken:
        show.line(_("{said}: {broken} do not go on with this program.").format(said=said, broken=broken), "bold")
        show.line(_("Do not deploy it: keep the old way for them with workflow.patched (docs/operating.md)."))
    else:
        show.line(_("{said}: this program may take them on.").format(said=said), "bold")
