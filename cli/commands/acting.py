"""What staff do with a complaint (§3 to §8): each act of the table in `starter/acts.py` as a command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cli.commands.base import ActOptions, at_desk, number_meant, tell_status
from cli.commands.options import AsJson, At, By, EventId, Home, Number, Through, aware, day, text_or_stdin
from cli.late import read_when_used
from complaints.words.catalogue import say
from starter.acts import ACTS, Act, Field

with read_when_used():
    from complaints.rules import facts
    from starter import given_files, scanning

if TYPE_CHECKING:
    from complaints.rules.facts import Fact
    from complaints.rules.status import Status
    from starter.front_desk import FrontDesk
    from starter.place import Place

_MUST_BE_GIVEN = Parameter.empty


def command_of(name: str) -> Callable[..., None]:
    """The function of that act's command, as Typer reads it: the act's own options, then those that every act has."""
    act = ACTS[name]

    def command(
        number: str,
        home: Path | None,
        by: str | None,
        event_id: str | None,
        at: datetime | None,
        as_json: bool,
        via: str = "call" if act.via == "call" else "cli",
        **given: Any,
    ) -> None:
        options = ActOptions(home, by, event_id, at, as_json, via)
        own = {field.name: _said(field, given[_parameter(field)]) for field in act.fields}
        paths = [path for field in act.fields if field.kind == "files" for path in own.pop(field.name) or ()]
        fact = facts.UPDATES[act.name].model_validate(options.said(own))
        meant = number_meant(number)

        async def ask(desk: FrontDesk, place: Place) -> Status:
            said = await _with_files(desk, place, meant, fact, paths)
            return await desk.act(meant, act.name, said, event_id, as_manager=True)

        tell_status(at_desk(home, ask), home, as_json=as_json)

    parameters = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, kind, default in _parameters(act)
    ]
    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


async def _with_files(desk: FrontDesk, place: Place, number: str, fact: Fact, paths: list[Path]) -> Fact:
    """The act with the files that go with it, which are kept first."""
    if not paths:
        return fact
    assert desk.store is not None
    read = await scanning.taken(place.settings.file_scanner, given_files.read(paths))
    files = await given_files.give(desk.store, number, read, by=fact.by or "")
    return fact.model_copy(update={"files": files})


def _parameters(act: Act) -> Iterator[tuple[str, Any, Any]]:
    """Each with its name, what it takes, and what it is where it is not given."""
    yield "number", Number, _MUST_BE_GIVEN
    for field in act.fields:
        yield _parameter(field), *_own(field)
    if act.via == "asked":
        yield "via", Through, "cli"
    yield "home", Home, None
    yield "by", By, None
    yield "event_id", EventId, None
    yield "at", At, None
    yield "as_json", AsJson, False


def _parameter(field: Field) -> str:
    """A parameter's name that is neither a Python keyword (`with`) nor one that every act has."""
    return f"{field.name}_"


def _own(field: Field) -> tuple[Any, Any]:
    """The option of a field, and what it is where it is not given."""
    name, told = field.option or field.name.replace("_", "-"), say(field.help)
    if field.argument:
        return Annotated[str, typer.Argument(metavar=name.upper(), help=told)], _MUST_BE_GIVEN
    if field.switch:
        return Annotated[bool, typer.Option(f"--{field.option or field.switch}", help=told)], False
    if field.kind == "tick" and not field.checked:
        return Annotated[bool, typer.Option(f"--{name}", help=told)], False
    if field.kind in ("tick", "yes-no"):
        both = Annotated[bool, typer.Option(f"--{name}/--not-{name}", help=told)]
        return both, _MUST_BE_GIVEN if field.required else field.checked
    kind, how = _read_as(field)
    option = typer.Option(f"--{name}", help=told, **how)
    return (Annotated[kind, option], _MUST_BE_GIVEN) if field.required else (Annotated[kind | None, option], None)


def _read_as(field: Field) -> tuple[Any, dict[str, Any]]:
    """The type of an option's value, and how Typer reads it."""
    match field.kind:
        case "day":
            return date, {"parser": day, "metavar": "DATE"}
        case "when":
            return datetime, {"parser": aware, "metavar": "INSTANT"}
        case "lines" | "details":
            return list[str], {}
        case "files":
            return list[Path], {"exists": True, "dir_okay": False, "readable": True, "metavar": "PATH"}
        case "choice":
            return Literal[tuple(value for value, _words in field.choices)], {}
        case "scale":
            numbers = [int(value) for value, _words in field.choices]
            return int, {"min": min(numbers), "max": max(numbers)}
        case _:
            return str, {}


def _said(field: Field, given: Any) -> Any:
    """The field's value for what was given."""
    if field.switch:
        [other] = (value for value, _words in field.choices if value != field.switch)
        return field.switch if given else other
    return text_or_stdin(given) if field.kind == "text" else given
