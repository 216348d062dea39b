"""What a letter asks the customer for: what we do not know yet, twice at most, and never after the resolution (§4, §5).

While something that the customer wrote waits for somebody, nothing is asked again: the answer may stand in it.
"""

from __future__ import annotations

from typing import NamedTuple

from complaints.rules.letters import CUSTOMER, LetterKind, LetterState, Notice
from complaints.rules.state import CaseState

MOST = 2
"""Letters that ask for the same."""

ASKING = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.DETAILS_REQUEST, LetterKind.UPDATE, LetterKind.ESCALATION})
"""The letters that may ask for something."""


class Asked(NamedTuple):
    """What a letter or a call asks the customer for."""

    missing: tuple[str, ...] = ()
    question: str | None = None


def asked_for(case: CaseState) -> Asked:
    """What the customer may still be asked for at all: not once it is resolved, unless a person asked after it."""
    if case.ended or case.round.resolved_at is not None:
        return Asked()
    if (wait := case.details_outstanding) is not None:
        return Asked(wait.missing, wait.question)
    if any(each.resolved_at is not None for each in case.rounds):
        return Asked()
    return Asked(tuple(detail.value for detail in case.missing_details))


def asked_in(case: CaseState, notice: Notice) -> Asked:
    """What this letter asks for."""
    if notice.kind is not LetterKind.DETAILS_REQUEST and (case.unread or _times_before(case, notice) >= MOST):
        return Asked()
    return asked_for(case)


def _times_before(case: CaseState, notice: Notice) -> int:
    """Letters before it that asked: since a person's own request that is open, else all of them."""
    wait, times = case.details_outstanding, 0
    for other in case.notices:
        if other is notice or other.key == notice.key:
            break
        if other.recipient != CUSTOMER or other.kind not in ASKING or (wait and other.at < wait.requested_at):
            continue
        # One that was said while a message waited asked for nothing.
        times += other.state != LetterState.SUPERSEDED.value and not other.data.get("asks_nothing")
    return times
