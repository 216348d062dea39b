"""Whether a case that a new run is started with can go on: one that cannot would fail every workflow task of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from complaints.rules.case import Case
from complaints.rules.contents import letter_order
from complaints.rules.facts import Fact
from complaints.rules.letters import LetterState
from complaints.rules.status import explained, record_of, status_of, timeline_of

_STRIKES = 20
"""Deadlines that are let pass to see."""

_TO_BE_SENT = frozenset({LetterState.DUE.value, LetterState.CLAIMED.value})


def goes_on(case: Case, begins: Sequence[Fact], *, now: datetime) -> bool:
    """Whether its next steps can be taken, told and kept; tried on a copy. Not whether it is true.

    A model says of each field what it may be, and nothing of what the fields are to each other: which act waits, of
    which call a letter tells, how many rounds there were.
    """
    try:
        tried = case.model_copy(deep=True)
        for fact in begins:
            tried.apply(fact, now=now)
        tried.settle(now)
        for _ in range(_STRIKES):
            if (clock := tried.next_clock) is not None:
                tried.let_pass(clock)
        for notice in tried.notices:
            if notice.state in _TO_BE_SENT:
                letter_order(tried, notice, staff_language=tried.policy.language)
        said = [case, tried, record_of(tried), status_of(tried), *timeline_of(tried), *explained(tried)]
        return not any("\\u0000" in one.model_dump_json() for one in said)
    except Exception:  # whatever a case makes of what no program of ours ever wrote
        return False
