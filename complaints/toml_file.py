"""A TOML file that people write, read into a model; what is wrong with it comes out as sentences naming the field."""

import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)


def read_toml(path: Path | None, *, packaged: str, error: type[Exception]) -> dict[str, Any]:
    """The tables of the file at `path`; None: of the `packaged` one that comes with the program. Raises `error`."""
    name = path.name if path else packaged
    try:
        text = (path or files("complaints") / packaged).read_text(encoding="utf-8")
        return tomllib.loads(text)
    except FileNotFoundError as cause:
        raise error(f"There is no file {path}: write one, or name none to use the packaged {packaged}.") from cause
    except OSError as cause:
        raise error(f"{path} cannot be read ({cause.strerror}): give a file that this program may open.") from cause
    except UnicodeDecodeError as cause:
        raise error(f"{name} is not UTF-8 text: save it as UTF-8.") from cause
    except tomllib.TOMLDecodeError as cause:
        raise error(f"{name} is not TOML: {cause}.") from cause


def validated(
    model: type[Model], data: Mapping[str, Any], *, named: str, error: type[Exception], show_values: bool
) -> Model:
    """`data` as a `model`, or `error` with one sentence a problem; `show_values` only where no value is personal."""
    try:
        return model.model_validate(data)
    except ValidationError as cause:
        problems = cause.errors(include_url=False, include_input=show_values)
        said = " ".join(_sentence(problem, model, show_values) for problem in _deepest(problems))
        # From None: the cause's own text shows every value.
        raise error(f"{named}: {said}") from None


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
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text in quotes",
    "model_type": "must be a table of settings",
    "dict_type": "must be a table of settings",
    "tuple_type": "must be a list",
    "too_short": "must not be empty",
    "too_long": "has one item too many",
    "date_type": "must be a date like 2026-12-24",
    "date_from_datetime_parsing": "must be a date like 2026-12-24",
    "date_from_datetime_inexact": "must be a date like 2026-12-24, without a time",
    "string_too_short": "must not be empty",
}


def _sentence(problem: ErrorDetails, model: type[BaseModel], show_values: bool) -> str:
    field = dotted(problem["loc"])
    kind, said = problem["type"], problem["msg"]
    if kind == "extra_forbidden":
        return f"{field} is not known here.{_known_instead(problem['loc'], model)}"
    if kind == "missing":
        return f"{field} is missing."
    if kind in _IN_WORDS:
        said = _IN_WORDS[kind]
    elif kind == "value_error":
        said = said.removeprefix("Value error, ")
    else:
        said = said.replace("Input should", "must", 1).replace("String should", "must", 1)
    value = problem.get("input")
    if show_values and isinstance(value, str | int | float | bool):
        said += f"; it is {json.dumps(value, ensure_ascii=False)}"  # as TOML spells it
    joined = f"{field} {said}." if said.startswith(("must ", "is ", "has ")) else f"{field}: {said}."
    return joined.removeprefix(":").lstrip()


def dotted(place: Iterable[str | int]) -> str:
    """`("calendar", "office_hours", 0)` as people write it: `calendar.office_hours[0]`."""
    said = ""
    for part in place:
        if isinstance(part, int):
            said += f"[{part}]"
        elif part != "[key]":
            said += f".{part}" if said else part
    return said


def _known_instead(place: tuple[str | int, ...], model: type[BaseModel]) -> str:
    known = _fields_at(place[:-1], model)
    near = difflib.get_close_matches(str(place[-1]), known, n=1)
    if near:
        return f" Did you mean {dotted((*place[:-1], near[0]))}?"
    return f" Known are: {', '.join(known)}." if known else ""


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
