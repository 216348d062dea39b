"""A case told again from its journal: journal = state (§9).

What people and letters did is applied again; what the clocks did recurs by itself.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from complaints.rules.case import Case
from complaints.rules.facts import FACTS
from complaints.rules.journal import Row
from complaints.rules.letters import LetterOutcome, LetterState
from complaints.rules.notices import letter_ended, supersede
from complaints.rules.policy import Rules
from complaints.rules.received import ComplaintReceived
from complaints.rules.stages import Effect
from complaints.rules.state import DONE

_ENDINGS = {f"letter-{state.value}": state for state in (LetterState.SENT, LetterState.FAILED, LetterState.UNCERTAIN)}


class JournalBroken(Exception):
    """The rows do not tell a case: told again, they come out differently. Names the number and the row."""

    def __init__(self, number: str, row: Row | None, said: str, *, differing: tuple[str, ...] = ()) -> None:
        where = f"{number}: row {row.seq} ({row.what}) " if row is not None else f"{number} "
        super().__init__(f"{where}{said}")
        self.row = row
        """The first that does not fit; None: there are none."""
        self.differing = differing
        """Its columns that come out differently, where it is there in both."""


def told_again(number: str, rows: list[Row]) -> Case:
    """The case that these rows tell of. Raises JournalBroken where telling it again gives another row.

    Rows that end in the midst of an act tell the whole act: what it adds is not recorded yet.
    """
    if not rows:
        raise JournalBroken(number, None, "has no rows.")
    case = _opened(number, rows[0])
    for seq, row in enumerate(rows, start=1):
        if row.seq != seq:
            raise JournalBroken(number, row, f"stands in the place of row {seq}, which is missing.")
        if row.seq > len(case.rows):
            try:
                _follow(case, row)
            except (ValidationError, KeyError) as error:
                raise JournalBroken(number, row, "cannot be read.") from error
        if row.seq > len(case.rows):
            raise JournalBroken(number, row, "does not follow from the rows before it.")
        _compare(number, case.rows[row.seq - 1], row)
        case.rows[row.seq - 1] = row  # as it is kept: what it weighs decides where later words are cut
    case.recorded = case.passed = len(rows)
    return case


def reconciled(case: Case, kept: list[Row]) -> Case:
    """The case as `kept` tells it, and then whatever `case` heard that is not in it.

    A task of the workflow may write its rows and not come to its end: its worker dies, or a signal arrives at its last
    moment. The engine has it done again, a moment later or with the signal first, and the rows come out differently.
    What is kept counts. Raises JournalBroken where it tells of something that `case` never heard.
    """
    told = told_again(case.number, kept)
    again = [row for row in kept[case.recorded :] if _is_heard(row)]
    for row in case.rows[case.recorded :]:
        if not _is_heard(row):
            continue
        if (known := next((other for other in again if _says(other) == _says(row)), None)) is not None:
            again.remove(known)
        else:
            _hear_again(told, row)
    if unheard := next((row for row in again if row.what in FACTS), None):
        raise JournalBroken(case.number, unheard, "is kept, and nobody said so here.")
    told.junk, told.passed = max(told.junk, case.junk), min(case.passed, len(kept))
    return told


def _is_heard(row: Row) -> bool:
    """Whether it came from outside; the other rows follow from those."""
    if str(row.data.get("event_id", "")).startswith(DONE):  # it waited, and follows from the row that tells so
        return False
    return row.what in FACTS or row.what in _ENDINGS or row.what in {"letter-superseded", "ignored"}


def _says(row: Row) -> tuple[object, ...]:
    """What it says, whenever it was told."""
    said = {name: value for name, value in row.data.items() if name not in {"said_at", "effect", "moved"}}
    return row.what, row.by, row.via, said


def _hear_again(case: Case, row: Row) -> None:
    at = max(row.at, case.as_of)
    if row.what in FACTS:
        said_at = row.data.get("said_at", row.at)
        case.apply(FACTS[row.what].model_validate({**row.data, "at": said_at, "by": row.by, "via": row.via}), now=at)
    elif row.what == "ignored" or any(notice.key == row.data["key"] for notice in case.notices):
        _follow(case, row.model_copy(update={"at": at}))


def _opened(number: str, first: Row) -> Case:
    try:
        in_clear = first.data.get("in_clear", False)
        received = ComplaintReceived.model_validate({**first.data["received"], "in_clear": in_clear})
        rules = _rules_of(first.data["rules"])
    except (ValidationError, KeyError, TypeError, AttributeError) as error:
        raise JournalBroken(number, first, "cannot be read.") from error
    return Case.opened(received, number=number, rules=rules, now=first.at, run=first.data.get("run"))


def _rules_of(data: Any) -> Rules:
    """The rules in a journal's first row. Most cases of a school have the same: these are read once, and with them the
    days that their calendars have counted."""
    return _rules_written(json.dumps(data))


@lru_cache(maxsize=16)
def _rules_written(text: str) -> Rules:
    return Rules.model_validate(json.loads(text))


def _follow(case: Case, row: Row) -> None:
    if row.what in FACTS:
        _apply(case, row)
    elif row.what in _ENDINGS:
        case.settle(row.at, inclusive=False)
        reason, told = row.data.get("reason"), row.data.get("told") or ()
        outcome = LetterOutcome(
            state=_ENDINGS[row.what], message_id=row.data.get("message_id"), reason=reason, told=tuple(told)
        )
        letter_ended(case, _known(case, row), outcome)
    elif row.what == "letter-superseded":
        case.settle(row.at, inclusive=False)
        supersede(case, _known(case, row), row.data["reason"])
    elif row.what == "ignored":
        case.settle(row.at, inclusive=False)
        case.ignore(row.data["fact"], row.data["reason"], by=row.by, via=row.via)
    else:
        while len(case.rows) < row.seq and (clock := case.next_clock) is not None and clock.due <= row.at:
            case.let_pass(clock)


def _known(case: Case, row: Row) -> str:
    key: str = row.data["key"]
    if not any(notice.key == key for notice in case.notices):
        raise JournalBroken(case.number, row, f"is about a letter that nobody ordered: {key}.")
    return key


def _apply(case: Case, row: Row) -> None:
    if case.pending_act is not None or "said_at" in row.data:  # else to apply it settles up to the same moment
        case.settle(row.at, inclusive=False)
    if (waited := case.pending_act) is not None and row.data.get("event_id") == waited.done_id:
        case.do_pending()
        return
    if row.seq <= len(case.rows):
        return
    said_at = row.data.get("said_at", row.at)
    fact = FACTS[row.what].model_validate({**row.data, "at": said_at, "by": row.by, "via": row.via})
    if case.apply(fact, now=row.at) is Effect.IGNORED:
        raise JournalBroken(case.number, row, "would be ignored now.")


def _grown(kept: Row) -> Row:
    """The row with what models have learned to say since it was written: each new field with its default."""
    data = dict(kept.data)
    for name, model in _MODELS.items():
        if name in data:
            data[name] = model.model_validate(data[name]).model_dump(mode="json")
    return kept.model_copy(update={"data": data})


_MODELS: dict[str, type[BaseModel]] = {"received": ComplaintReceived, "rules": Rules}


def _compare(number: str, told: Row, kept: Row) -> None:
    if told != kept and told != _grown(kept):
        differing = tuple(name for name in Row.model_fields if getattr(told, name) != getattr(kept, name))
        raise JournalBroken(number, kept, f"comes out differently: {', '.join(differing)}.", differing=differing)
