"""A past case as what-if plays it again: what customers and staff did and when, and what became of its letters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.rules.case import Case
from complaints.rules.facts import FACTS, Fact, RulesChanged
from complaints.rules.journal import Row
from complaints.rules.letters import CUSTOMER, LetterOutcome, LetterState
from complaints.rules.policy import Rules
from complaints.rules.received import ComplaintReceived
from complaints.rules.retelling import JournalBroken, told_again

AFTER_THE_END = timedelta(days=1)
"""So long a closed case is watched after its end: whether other rules would have left it open."""

_ENDS = {
    f"letter-{state.value}": state
    for state in (LetterState.SENT, LetterState.FAILED, LetterState.UNCERTAIN, LetterState.SUPERSEDED)
}
_ANOTHER_ROLE = "the same person is told in another role"
"""Said by who sends, who knows the people; every other reason a case finds by itself."""


@dataclass(frozen=True)
class PastLetter:
    """What became of one letter."""

    outcome: LetterOutcome
    took: timedelta
    """From its occasion until it was known."""


@dataclass(frozen=True)
class PastCase:
    """A past case: how it began, and what happened to it."""

    number: str
    received: ComplaintReceived
    received_at: datetime
    rules: Rules
    """Those that it began with."""
    facts: tuple[Fact, ...]
    """What people did, each at its time, in order."""
    letters: Mapping[str, PastLetter]
    """By the letter's key."""
    mail: tuple[tuple[datetime, bool], ...]
    """From when on the customer's address took letters, or did not."""
    rows: tuple[Row, ...]
    ignored: int
    """What did not apply then is not kept, and so cannot be tried again."""
    until: datetime
    """As far as it is told."""

    def mail_works(self, at: datetime) -> bool:
        """Whether the customer's address took letters then."""
        return next((works for since, works in reversed(self.mail) if since <= at), True)

    def facts_under(self, rules: Rules) -> tuple[Fact, ...]:
        """What is played under these rules: its own may have changed while it ran, others hold from its first day."""
        if rules == self.rules:
            return self.facts
        return tuple(fact for fact in self.facts if not isinstance(fact, RulesChanged))


def past_case(number: str, rows: Sequence[Row], *, now: datetime) -> PastCase:
    """The case that these rows tell of, an open one as far as `now`. Raises JournalBroken."""
    case = told_again(number, list(rows))
    clock_offset = case.received.clock_offset
    end = rows[-1].at + AFTER_THE_END if case.ended else rows[-1].at if clock_offset else max(now, rows[-1].at)
    return PastCase(
        number=number,
        received=ComplaintReceived.model_validate(rows[0].data["received"]).model_copy(
            update={"received_at": rows[0].at, "policy": None, "clock_offset": timedelta(0)}
        ),
        received_at=rows[0].at,
        rules=Rules.model_validate(rows[0].data["rules"]),
        facts=tuple(_fact(number, row) for row in rows if row.what in FACTS),
        letters=_letters(case, rows),
        mail=tuple(_mail(rows)),
        rows=tuple(rows),
        ignored=sum(row.what == "ignored" for row in rows),
        until=end,
    )


def _fact(number: str, row: Row) -> Fact:
    try:
        return FACTS[row.what].model_validate({**row.data, "at": row.at, "by": row.by, "via": row.via})
    except ValueError as error:
        raise JournalBroken(number, row, "cannot be read.") from error


def _mail(rows: Sequence[Row]) -> Iterator[tuple[datetime, bool]]:
    for row in rows:
        if row.what == "letter-failed" and row.data.get("recipient") == CUSTOMER:
            yield row.at, False
        elif row.what == "details-received" and row.data.get("email"):
            yield row.at, True


def _letters(case: Case, rows: Sequence[Row]) -> dict[str, PastLetter]:
    occasions = {notice.key: notice.at for notice in case.notices}
    found = {}
    for row in rows:
        state = _ENDS.get(row.what)
        if state is None or (state is LetterState.SUPERSEDED and row.data.get("reason") != _ANOTHER_ROLE):
            continue
        key = row.data["key"]
        outcome = LetterOutcome(state=state, reason=row.data.get("reason"), told=tuple(row.data.get("told") or ()))
        found[key] = PastLetter(outcome, row.at - occasions[key])
    return found
