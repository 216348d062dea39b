"""The ledger of letters beside the journal (§9): each letter one tells of is in the other, and they say the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules.after_end import Afterword
from complaints.rules.case import Case
from complaints.rules.faults import Fault
from complaints.rules.journal import Row
from complaints.rules.letters import CUSTOMER, LetterState, Notice

SKEW = timedelta(minutes=1)
"""So far the clocks of two machines may lie apart."""

TOLD_WITHIN = timedelta(minutes=15)
"""A worker that dies after the ledger knows how a letter ended is followed within a minute or two; then the journal
tells of it before it tells of anything else."""

NOBODY_WORKS = timedelta(days=1)
"""After so long a letter's end is untold also where the journal has told of nothing else since."""

_ENDED = {
    f"letter-{state.value}": state
    for state in (LetterState.SENT, LetterState.FAILED, LetterState.UNCERTAIN, LetterState.SUPERSEDED)
}

# What the ledger may say of a letter of which the journal says this. An end may be told while the letter's fate goes
# on: who sends again what is uncertain, or what failed, by hand, does so beside the journal.
_MAY_BE = {
    LetterState.SENT: {LetterState.SENT},
    LetterState.UNCERTAIN: {LetterState.UNCERTAIN, LetterState.SENT, LetterState.FAILED, LetterState.CLAIMED},
    LetterState.FAILED: {LetterState.FAILED},
    LetterState.SUPERSEDED: set(LetterState) - {LetterState.DUE},
}


class KeptLetter(BaseModel):
    """A letter as the ledger has it, without its words; of a tombstone most is None."""

    model_config = ConfigDict(frozen=True)

    key: str
    state: LetterState
    message_id: str | None = None
    kind: str | None = None
    recipient: str | None = None
    to_address: str | None = None
    language: str | None = None
    occasion_at: AwareDatetime | None = None
    claimed_at: AwareDatetime | None = None
    lease_until: AwareDatetime | None = None
    attempts: int = 0
    sent_at: AwareDatetime | None = None
    uncertain_at: AwareDatetime | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Journal:
    """What is told of a complaint."""

    rows: list[Row]
    recorded: list[datetime]
    """When each was written; the wall's clock."""
    afterwords: list[Afterword]


def letter_faults(
    case: Case, letters: list[KeptLetter], journal: Journal, *, now: datetime, real_time: bool
) -> Iterator[Fault]:
    """Letters that the journal tells of and the ledger has not, or the other way round, or otherwise."""
    kept = {letter.key: letter for letter in letters}
    ordered = {notice.key: notice for notice in case.notices}
    ends = {row.data["key"]: row for row in journal.rows if row.what in _ENDED}
    resent = {word.data.get("key") for word in journal.afterwords if word.what == "letter-resent"}
    addresses = _addresses(journal.rows)
    offset = case.received.clock_offset
    for key, row in ends.items():
        # A letter that could never be written, for want of a usable address, fails without a row in the ledger.
        unwritten = row.what == "letter-failed" and "message_id" not in row.data
        if key not in kept and not unwritten:
            about = {"key": key, "row": str(row.seq), "what": row.what}
            yield Fault(number=case.number, check="letter-missing", about=about)
    for key, letter in kept.items():
        notice = ordered.get(key)
        if notice is None:
            yield Fault(number=case.number, check="letter-stray", about={"key": key})
            continue
        end = ends.get(key)
        if end is None and _is_untold(letter, journal, now):
            yield Fault(number=case.number, check="letter-untold", about={"key": key, "state": letter.state.value})
        latest = letter.claimed_at + offset + SKEW if real_time and letter.claimed_at else None
        differing = [*_as_ordered(case, notice, letter, addresses, latest), *_as_it_goes(letter)]
        if end is not None:
            differing += _as_told(letter, end, resent=key in resent)
            differing += _when_told(letter, end, offset) if real_time else ()
        if differing:
            columns = ", ".join(dict.fromkeys(differing))
            yield Fault(number=case.number, check="letter", about={"key": key, "columns": columns})


def _is_untold(letter: KeptLetter, journal: Journal, now: datetime) -> bool:
    """Whether it is over for the ledger, and the journal, which must tell of it, has gone on without a word of it."""
    if letter.state is LetterState.SUPERSEDED:
        return True  # the journal says so first
    ended = letter.sent_at if letter.state is LetterState.SENT else letter.claimed_at
    if letter.state not in (LetterState.SENT, LetterState.FAILED) or ended is None:
        return False
    return journal.recorded[-1] > ended + TOLD_WITHIN or now > ended + NOBODY_WORKS


def _as_ordered(
    case: Case, notice: Notice, letter: KeptLetter, addresses: set[str], latest: datetime | None
) -> Iterator[str]:
    """Columns that are not as the case ordered the letter; a tombstone has none of them.

    Its occasion may be a later one than the journal's, up to `latest`: a task that a killed worker left is done again,
    at another moment, and its letters may be claimed before the case goes on from the rows that the first one kept.
    """
    if letter.message_id is None:
        if letter.state is not LetterState.SUPERSEDED:
            yield "message_id"
        return
    if letter.kind != notice.kind.value:
        yield "kind"
    if letter.recipient != notice.recipient:
        yield "recipient"
    if letter.occasion_at is None or letter.occasion_at < notice.at or (latest and letter.occasion_at > latest):
        yield "occasion_at"
    if notice.recipient == CUSTOMER:
        # Which of the two, the policy of that day decided: it may have changed since.
        if letter.language not in {case.received.language, case.policy.language}:
            yield "language"
        # With letters beyond ASCII an address may be kept in another spelling than the customer's own.
        if all(map(str.isascii, addresses)) and (letter.to_address or "").casefold() not in addresses:
            yield "to_address"


def _as_it_goes(letter: KeptLetter) -> Iterator[str]:
    """Columns that no way of a letter through the ledger leaves like this."""
    state = letter.state
    if (state is LetterState.CLAIMED) != (letter.lease_until is not None):
        yield "lease_until"
    if (state is LetterState.SENT) != (letter.sent_at is not None):
        yield "sent_at"
    if letter.sent_at and letter.claimed_at and letter.sent_at < letter.claimed_at:
        yield "sent_at"
    if state is LetterState.UNCERTAIN and letter.uncertain_at is None:
        yield "uncertain_at"
    if letter.message_id is not None and letter.attempts < 1:
        yield "attempts"
    if letter.message_id is not None and letter.claimed_at is None:
        yield "claimed_at"


def _as_told(letter: KeptLetter, end: Row, *, resent: bool) -> Iterator[str]:
    """Columns that are not as the journal tells the letter's end."""
    told = _ENDED[end.what]
    if letter.state not in _MAY_BE[told] and not (told is LetterState.FAILED and resent):
        yield "state"
    if told is LetterState.SUPERSEDED:
        return
    if letter.message_id != end.data.get("message_id") and "message_id" in end.data:
        yield "message_id"
    if letter.state is told and not resent and letter.reason != end.data.get("reason"):
        yield "reason"


def _when_told(letter: KeptLetter, end: Row, offset: timedelta) -> Iterator[str]:
    """The mail server had it after its occasion and before the journal told of it."""
    if end.what != "letter-sent" or letter.sent_at is None or letter.occasion_at is None:
        return
    sent = letter.sent_at + offset
    if not letter.occasion_at - SKEW <= sent <= end.at + SKEW:
        yield "sent_at"


def _addresses(rows: list[Row]) -> set[str]:
    """Every address that the customer ever had here."""
    received = rows[0].data.get("received") or {}
    found = {(received.get("customer") or {}).get("email")}
    found |= {row.data.get("email") for row in rows if row.what == "details-received"}
    return {address.casefold() for address in found if address}
