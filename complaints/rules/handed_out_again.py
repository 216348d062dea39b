"""When Temporal hands a workflow task out again: what the case did in it keeps the time of the first attempt's step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from complaints.rules.journal import as_json
from complaints.rules.state import CaseState


def moved(case: CaseState, *, since: datetime, to: datetime) -> None:
    """Whatever the case has at `since`, the time of its present step, it has at `to` then: rows and state alike.

    Times are exact to the microsecond: what else happened at that very one is of the step. What was counted from it
    (the end of a window) is left as it is; within a business day it is the same.
    """
    if since != to:
        _moved(case, {since: to, as_json({"at": since})["at"]: as_json({"at": to})["at"]})  # as a row's data have it


def _moved(value: Any, times: dict[Any, Any]) -> Any:
    match value:
        case datetime() | str():
            return times.get(value, value)
        case BaseModel():
            changed = {
                name: new
                for name in type(value).model_fields
                if (new := _moved(old := getattr(value, name), times)) is not old
            }
            if value.model_config.get("frozen"):
                return value.model_copy(update=changed) if changed else value
            for name, new in changed.items():
                setattr(value, name, new)
        case list():
            value[:] = [_moved(each, times) for each in value]  # in place: others hold it
        case dict():
            new_dict = {key: _moved(each, times) for key, each in value.items()}
            return value if all(new_dict[key] is value[key] for key in value) else new_dict
        case tuple():
            new_tuple = tuple(_moved(each, times) for each in value)
            return value if all(new is old for new, old in zip(new_tuple, value, strict=True)) else new_tuple
    return value
