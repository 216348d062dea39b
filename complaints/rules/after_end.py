"""Calls after the end (§8): what came of them is kept beside the journal and read back by the case's own rules."""

from collections.abc import Iterable
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules.case import Case
from complaints.rules.facts import Called, Via


class Afterword(BaseModel):
    """Something said or done outside a run: a late survey, feedback, a resend, the note of a reopening."""

    model_config = ConfigDict(frozen=True)

    event_id: str
    at: AwareDatetime
    what: str
    by: str | None
    via: Via
    data: dict[str, Any]


def heard_after_the_end(case: Case, words: Iterable[Afterword]) -> Case:
    """The case with every call of its round that was recorded since it ended; itself where there is none.

    The closing is told by telephone where no mail reaches the customer, and its call outlives the run.
    """
    calls = [word for word in words if word.what == Called.name and word.data.get("round") == case.round.number]
    if not calls or not case.ended:
        return case
    heard = case.model_copy(deep=True)
    for word in calls:
        said = {name: value for name, value in word.data.items() if name != "round"}
        fact = Called.model_validate(said | {"at": word.at, "by": word.by, "via": word.via})
        heard.apply(fact, now=max(word.at, heard.as_of))
    return heard
