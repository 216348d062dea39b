"""A TOML file that people write, read into a model; what is wrong with it comes out as messages naming the field."""

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from complaints.rules.refusals import ENGLISH
from complaints.words.catalogue import N_, Composed, Language, Message, catalogue
from complaints.words.refusals import INVALID

Model = TypeVar("Model", bound=BaseModel)


class FileError(Exception):
    """A file that people write cannot be used: a message for each thing that is wrong, which names the field."""

    def __init__(self, *problems: Message | Composed) -> None:
        self.problems = problems
        super().__init__(self.said("en"))

    def said(self, language: Language) -> str:
        """Every fault of the file, in one text."""
        return " ".join(map(catalogue(language).say, self.problems))


class Unfit(ValueError):
    """What a validator of such a file raises: its message has the reason."""

    def __init__(self, message: Message | Composed) -> None:
        self.message = message
        super().__init__(catalogue("en").say(message))


Stamp = tuple[int, int] | None
"""Tells a file from the same file changed; None: there is none."""


def stamp_of(path: Path | None) -> Stamp:
    """By the time of its last change and its size."""
    if path is None or not path.exists():
        return None
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def read_toml(path: Path | None, *, packaged: str, error: type[FileError]) -> dict[str, Any]:
    """The tables of the file at `path`; None: of the `packaged` one that comes with the program. Raises `error`."""
    name = path.name if path else packaged
    try:
        text = (path or files("complaints") / packaged).read_text(encoding="utf-8")
    except FileNotFoundError as cause:
        raise error(
            N_(
                "There is no file {path}: write one, or name none to use the packaged {packaged}.",
                path=path,
                packaged=packaged,
            )
        ) from cause
    except OSError as cause:
        raise error(
            N_("{path} cannot be read ({why}): give a file that this program may open.", path=path, why=cause.strerror)
        ) from cause
    except UnicodeDecodeError as cause:
        raise error(N_("{file} is not UTF-8 text: save it as UTF-8.", file=name)) from cause
    return tables_in(text, named=name, error=error)


def tables_in(text: str, *, named: str, error: type[FileError]) -> dict[str, Any]:
    """The tables that the text of a file says. Raises `error`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise error(N_("{file} is not TOML: {why}.", file=named, why=str(cause))) from cause
    except RecursionError as cause:  # a thousand brackets in each other
        raise error(N_("{file} is not TOML: {why}.", file=named, why="nested too deeply")) from cause


def validated(
    model: type[Model], data: Mapping[str, Any], *, named: str | Message, error: type[FileError], show_values: bool
) -> Model:
    """`data` as a `model`, or `error` with one sentence a problem; `show_values` only where no value is personal."""
    try:
        return model.model_validate(data)
    except ValidationError as cause:
        problems = cause.errors(include_url=False, include_input=show_values)
        first, *others = (one for problem in _deepest(problems) for one in _told(problem, model, show_values))
        # From None: the cause's own text shows every value.
        raise error(N_("{file}: {problem}", file=named, problem=first), *others) from None


def _deepest(problems: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without those that only follow from one further in, such as a list that is empty because its item is wrong."""
    places = [problem["loc"] for problem in problems]
    return [
        problem
        for problem in problems
        if not any(
            len(place) > len(problem["loc"]) and place[: len(problem["loc"])] == problem["loc"] for place in places
        )
    ]


_IN_WORDS = {
    "int_type": N_("must be a whole number"),
    "float_type": N_("must be a number"),
    "bool_type": N_("must be true or false"),
    "string_type": N_("must be text in quotes"),
    "model_type": N_("must be a table of settings"),
    "dict_type": N_("must be a table of settings"),
    "tuple_type": N_("must be a list"),
    "too_short": N_("must not be empty"),
    "too_long": N_("has one item too many"),
    "date_type": N_("must be a date like 2026-12-24"),
    "date_from_datetime_parsing": N_("must be a date like 2026-12-24"),
    "date_from_datetime_inexact": N_("must be a date like 2026-12-24, without a time"),
    "string_too_short": N_("must not be empty"),
    "greater_than_equal": N_("must be greater than or equal to {ge}"),
    "less_than_equal": N_("must be less than or equal to {le}"),
    "greater_than": N_("must be greater than {gt}"),
    "less_than": N_("must be less than {lt}"),
    "literal_error": N_("must be {expected}"),
    "enum": N_("must be {expected}"),
}
"""By pydantic's type of error, whose numbers stand in the braces."""


def _told(problem: ErrorDetails, model: type[BaseModel], show_values: bool) -> Iterator[Message]:
    """What is wrong with a field, and what could stand there instead."""
    field, kind = dotted(problem["loc"]), problem["type"]
    if kind == "extra_forbidden":
        yield N_("{field} is not known here.", field=field)
        yield from _known_instead(problem["loc"], model)
        return
    if kind == "missing":
        yield N_("{field} is missing.", field=field)
        return
    reason = _reason(problem)
    is_predicate = isinstance(reason, Message) and reason.english.startswith(("must ", "is ", "has "))
    value = problem.get("input")
    if show_values and isinstance(value, str | int | float | bool):
        written = json.dumps(value, ensure_ascii=False)  # as TOML spells it
        reason = N_("{reason}; it is {value}", reason=reason, value=written)
    if not field:
        yield N_("{reason}.", reason=reason)
    elif is_predicate:
        yield N_("{field} {reason}.", field=field, reason=reason)
    else:
        yield N_("{field}: {reason}.", field=field, reason=reason)


def _reason(problem: ErrorDetails) -> Message | Composed | str:
    kind, values = problem["type"], dict(problem.get("ctx", {}))
    values = {name: f"{value:g}" if isinstance(value, float) else value for name, value in values.items()}
    if isinstance(unfit := values.get("error"), Unfit):
        return unfit.message
    if kind in ENGLISH:
        return Message(ENGLISH[kind], values=values)
    if "expected" in values:
        first, several, last = str(values["expected"]).rpartition(" or ")
        values["expected"] = N_("{first} or {last}", first=first, last=last) if several else last
    if kind in _IN_WORDS:
        return Message(_IN_WORDS[kind].english, values=values)
    if kind in INVALID:
        return Message(INVALID[kind], values=values)
    return str(values["error"]) if kind == "value_error" else problem["msg"]  # nobody foresaw it


def dotted(place: Iterable[str | int]) -> str:
    """`("calendar", "office_hours", 0)` as people write it: `calendar.office_hours[0]`."""
    said = ""
    for part in place:
        if isinstance(part, int):
            said += f"[{part}]"
        elif part != "[key]":
            said += f".{part}" if said else part
    return said


def _known_instead(place: tuple[str | int, ...], model: type[BaseModel]) -> Iterator[Message]:
    known = _fields_at(place[:-1], model)
    if near := difflib.get_close_matches(str(place[-1]), known, n=1):
        yield N_("Did you mean {near}?", near=dotted((*place[:-1], near[0])))
    elif known:
        yield N_("Known are: {known}.", known=", ".join(known))


def _fields_at(place: tuple[str | int, ...], model: type[BaseModel]) -> list[str]:
    """The names of the fields of the table at `place`; none where the model cannot tell them."""
    parts = iter(place)
    for part in parts:
        field = model.model_fields.get(str(part))
        inner = _model_in(field.annotation) if field else None
        if field is None or inner is None:
            return []
        if get_origin(field.annotation) in {dict, tuple}:
            next(parts, None)  # the key or the index
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that `annotation` is, or holds: `X`, `X | None`, `dict[str, X]`, `tuple[X, ...]`."""
    for found in (annotation, *get_args(annotation)):
        if isinstance(found, type) and issubclass(found, BaseModel):
            return found
    return None
