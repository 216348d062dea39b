"""Questions: where complaints stand, what happened, why a date is what it is, which one somebody means (§9)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cli import show
from cli.commands.base import at_desk, number_meant
from cli.commands.options import AsJson, Home, Number, Page
from cli.late import read_when_used
from complaints.words.catalogue import N_, _, pgettext
from starter.errors import Refused

with read_when_used():
    from complaints.records import errors as records
    from complaints.words import about as topics
    from starter import place as places

if TYPE_CHECKING:
    from starter.front_desk import Answer

StageName = Literal["assessment", "assignment", "investigation", "confirmation", "closed"]


def status(number: Number, home: Home = None, as_json: AsJson = False) -> None:
    async def ask(desk: Any, place: Any) -> tuple[Answer[Any], str | None]:
        answer = await desk.status(number_meant(number))
        return answer, await _topic(desk, answer.value.number)

    answer, topic = at_desk(home, ask)
    _say_source(answer)
    if as_json:
        show.json_of({**answer.value.model_dump(mode="json"), "about": topic, "source": answer.source.value})
    else:
        place = places.place_of(home)
        show.status_card(answer.value, place.wording, place.names, topic=topic)


async def _topic(desk: Any, number: str) -> str | None:
    """What it is about, of what the records know by now; None also while they are away: the rest is answered."""
    try:
        record = await desk.store.record(number)
    except records.RecordsError:
        return None
    return topics.about(record.subject, record.description) if record else None


def timeline(number: Number, home: Home = None, as_json: AsJson = False) -> None:
    answer = at_desk(home, lambda desk, place: desk.timeline(number_meant(number)))
    _say_source(answer)
    if as_json:
        show.json_of(answer.value)
    else:
        place = places.place_of(home)
        show.timeline(answer.value, place.wording, place.names)


def explain(
    number: Number,
    deadline: Annotated[
        str | None,
        typer.Argument(
            metavar="[DEADLINE]",
            help=_("Only this: assessment, escalation …"),
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    answer = at_desk(home, lambda desk, place: desk.explain(number_meant(number)))
    _say_source(answer)
    found = [one for one in answer.value if deadline in (None, one.name)]
    if deadline and not found:
        running = ", ".join(one.name for one in answer.value) or "—"
        raise Refused(
            N_(
                "{number}: no deadline {deadline!r} is running; these are: {running}.",
                number=number,
                deadline=deadline,
                running=running,
            ),
        )
    if as_json:
        show.json_of(found)
    elif found:
        show.explained(found, places.place_of(home).wording)
    else:
        show.line(_("No deadline is running."))


def list_(
    stage: Annotated[StageName | None, typer.Option(help=_("Only this stage."))] = None,
    department: Annotated[str | None, typer.Option(help=_("Only this department."))] = None,
    level: Annotated[int | None, typer.Option(help=_("Only this level."))] = None,
    late: Annotated[bool, typer.Option("--late", help=_("Only the late ones."))] = False,
    text: Annotated[str | None, typer.Option(help=_("Part of name or number."))] = None,
    closed_too: Annotated[bool, typer.Option("--all", help=_("The closed too."))] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=pgettext("complaints", "At most so many."))] = 200,
    page: Page = 1,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    async def ask(store: Any, place: Any) -> Any:
        key = place.contacts.department(department).key if department else None
        return await store.open_cases(
            stage=stage, department=key, level=level, late=late or None, text=text, closed_too=closed_too,
            limit=limit, skip=limit * (page - 1),
        )  # fmt: skip

    listed, place = _asked(home, ask)
    if as_json:
        show.json_of(listed)
    elif listed:
        show.complaints(listed, place.wording, place.names)
    else:
        show.line(_("There are no such complaints."))
    show.left_out(listed, page=page)


def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("What is remembered."))],
    limit: Annotated[int, typer.Option(min=1, max=1000, help=pgettext("complaints", "At most so many."))] = 20,
    page: Page = 1,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    async def ask(store: Any, place: Any) -> Any:
        return await store.found(text, limit=limit, skip=limit * (page - 1))

    found, place = _asked(home, ask)
    if as_json:
        show.json_of([_facts(one) for one in found])
    elif found:
        show.found(found, place.wording, place.names)
    else:
        show.line(_("No complaint was found."))
    show.left_out(found, page=page)


def _facts(one: Any) -> dict[str, Any]:
    """A complaint that was found, as a program reads it: its record, by what, and the words that say so."""
    snippet = one.snippet.text if one.snippet else None
    return {**one.record.model_dump(mode="json"), "way": one.way.name.lower(), "snippet": snippet}


def _asked(home: Any, ask: Any) -> tuple[Any, Any]:
    """What the records of that place answer, and the place."""
    place = places.place_of(home)

    async def asked() -> Any:
        async with place.store() as store:
            return await ask(store, place)

    return asyncio.run(asked()), place


def _say_source(answer: Answer[Any]) -> None:
    """Where nobody but the records answered, the reader must know: they may be a moment behind."""
    if answer.source.value == "records" and not _is_over(answer.value):
        print(
            _("From the records: no worker answers, or the complaint is no longer in Temporal."),
            file=sys.stderr,
        )


def _is_over(value: Any) -> bool:
    """Of what has ended, the records know all."""
    if isinstance(value, list):
        ends = [what for entry in value if (what := getattr(entry, "what", "")) in ("closed", "reopened")]
        return not value or ends[-1:] == ["closed"]
    return getattr(value, "outcome", None) is not None
