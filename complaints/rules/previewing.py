"""What would be written if an act were done now: the letters, word for word, and nothing done (§5.4, §6)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from complaints.rules.case import Case
from complaints.rules.contents import letter_order
from complaints.rules.facts import Fact
from complaints.rules.letters import CUSTOMER, HANDED_TO_CALL, LetterKind, LetterOrder, LetterState


class Preview(NamedTuple):
    """The letters of an act to the customer, and to whoever is asked for help."""

    letters: tuple[LetterOrder, ...]
    by_call: tuple[LetterKind, ...]
    """What the customer would be told by telephone, because no address of theirs works."""


def preview(case: Case, fact: Fact, *, now: datetime) -> Preview:
    """Tries the act on a copy of the case. Raises NotNow where it would be refused."""
    tried = case.model_copy(deep=True)
    tried.settle(now, inclusive=False)
    tried.expect(fact)
    before = {notice.key for notice in tried.notices}
    tried.apply(fact, now=now)
    new = [
        notice
        for notice in tried.notices
        if notice.key not in before and (notice.recipient == CUSTOMER or notice.kind is LetterKind.INVOLVEMENT)
    ]
    return Preview(
        letters=tuple(
            letter_order(tried, notice, staff_language=tried.policy.language)
            for notice in new
            if notice.state == LetterState.DUE.value
        ),
        by_call=tuple(notice.kind for notice in new if notice.state == HANDED_TO_CALL),
    )
