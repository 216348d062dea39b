"""What customers wrote that nobody has answered yet, and what was read in it (§4, §5.4).

A message is new until somebody answers it or marks it read. While one waits nobody is reminded or asked again, and the
silence of §8 does not count: whoever wrote is not silent.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ValidationError

from complaints.rules.facts import (
    Called,
    ClosedByDecision,
    CustomerDissatisfied,
    CustomerSatisfied,
    DatePromised,
    DetailsReceived,
    DetailsRequested,
    Fact,
    Involved,
    Merged,
    MessageReceived,
    MessagesRead,
    NotAComplaint,
    Noted,
    ReadingRejected,
    Replied,
    ResolutionCorrected,
    Resolved,
    Via,
    Whose,
    Withdrawn,
)  # fmt: skip
from complaints.rules.readings import KnownBefore, ReadDetail, Says, Seems
from complaints.rules.stages import Stage
from complaints.rules.state import CaseState, HelpAnswer, NewMessage

NOT_STAFF = frozenset({None, "customer", "mailbox"})
"""Who reports what customers say without being staff."""

ALONG = "with/"
"""How the ids of acts begin that were done for the complaint with which this one goes along."""

DETAILS = ("document", "customer_name", "phone", "address", "occurred_on", "product")
"""What may be read in words, as `details-received` names it."""

ONLY_ONE = frozenset({"document"})
"""What a customer has one of."""

_OF_CUSTOMER = {"document": "document", "customer_name": "name", "phone": "phone", "address": "address"}

PROPOSED_IN = {
    Says.SATISFIED: (Stage.CONFIRMATION,),
    Says.NOT_SATISFIED: (Stage.CONFIRMATION, Stage.CLOSED),
    Says.WITHDRAWAL: (Stage.ASSESSMENT, Stage.ASSIGNMENT, Stage.INVESTIGATION, Stage.CONFIRMATION),
}
"""The stages in which what a message seems to say can be done as it is said."""


# -- new until answered ------------------------------------------------------------------------------------------------


def written_by_customer(fact: Fact) -> bool:
    """Whether the customer wrote it themselves; what staff pass on, somebody has read."""
    match fact:
        case MessageReceived():
            return fact.via in (Via.REPLY, Via.LINK, Via.SIGNAL)
        case DetailsReceived() | CustomerDissatisfied():
            return fact.via in (Via.REPLY, Via.LINK) and fact.by in NOT_STAFF
        case _:
            return False


def arrived(case: CaseState, fact: MessageReceived | DetailsReceived | CustomerDissatisfied) -> None:
    """What the customer wrote waits for somebody; after the end the quarantine puts it before staff."""
    if not written_by_customer(fact) or case.outcome is not None:
        return
    case.unread.append(
        NewMessage(
            row=len(case.rows),
            at=case.as_of,
            seems=None if isinstance(fact, CustomerDissatisfied) else fact.seems,
            proven=fact.sender_proven if isinstance(fact, MessageReceived) else True,
        )
    )


def help_answered(case: CaseState, fact: Noted, request: int) -> None:
    """A colleague has answered a request for help: new for whoever asked, and no matter of the customer's."""
    asked = [row.by for row in case.rows if row.what == Involved.name]
    by_whom = asked[request - 1] if request <= len(asked) else None
    case.help_answers.append(HelpAnswer(row=len(case.rows), at=case.as_of, by=fact.by, asked_by=by_whom))


def answers(fact: Fact) -> bool:
    """Whether this act of staff answers what the customer wrote: it tells them something, or does what they said."""
    match fact:
        case (
            MessagesRead()
            | Resolved()
            | ResolutionCorrected()
            | Replied()
            | DetailsRequested()
            | DatePromised()
            | ClosedByDecision()
            | NotAComplaint()
        ):
            return True
        case Noted():
            return fact.for_customer and fact.answers_request is None
        case Called():
            return fact.reached
        case Merged():  # two people's go side by side, and each one's words wait for their own answer
            return fact.into is not None and fact.whose is not Whose.OTHER
        case CustomerSatisfied() | CustomerDissatisfied() | Withdrawn() | DetailsReceived():
            return fact.by not in NOT_STAFF
        case _:
            return False


def read(case: CaseState, fact: Fact) -> None:
    """Nobody waits any more for whatever that act answers: all, or those up to the row that the reader saw.

    A colleague's answer is read when somebody says so, and when whoever asked does the next thing in the case.
    """
    if case.help_answers:
        case.help_answers = [one for one in case.help_answers if not _reads_help(fact, one)]
    if not case.unread or not answers(fact) or (fact.event_id or "").startswith(ALONG):
        return  # what was done for another's complaint, and for this one with it, answers nothing that was written here
    left = [message for message in case.unread if isinstance(fact, MessagesRead) and not fact.reads(message.row)]
    if len(left) < len(case.unread):
        case.unread, case.read_at = left, case.as_of


def left(case: CaseState, number: str) -> None:
    """That complaint leaves this one: what was written to it waits here no more, and nothing is known here by it."""
    gone = {row.seq for row in case.rows if row.what == MessageReceived.name and row.data.get("of") == number}
    case.unread = [message for message in case.unread if message.row not in gone]
    said = {seq: {(one["field"], one["value"]) for one in case.rows[seq - 1].data.get("read", ())} for seq in gone}
    own = {(one.field, one.value) for one in case.received.read} | {
        (one["field"], one["value"]) for row in case.rows if row.seq not in gone for one in row.data.get("read", ())
    }
    theirs = {one for read_there in said.values() for one in read_there} - own
    case.proposals = [one for one in case.proposals if (one.field, one.value) not in theirs]
    for field, understood in list(case.understood.items()):
        before = case.known_before.get(field)
        if before and (field, before.value) in theirs:
            del case.known_before[field]
        if (field, understood.value) in theirs:
            _take_back(case, field)


def unread_rows(case: CaseState) -> list[int]:
    """The rows of the journal that somebody still has to read."""
    return [one.row for one in case.unread] + [one.row for one in case.help_answers]


def _reads_help(fact: Fact, one: HelpAnswer) -> bool:
    if isinstance(fact, MessagesRead):
        return fact.reads(one.row)
    return fact.by not in NOT_STAFF and fact.by == one.asked_by


# -- what was read in it -----------------------------------------------------------------------------------------------


def take_over(case: CaseState, details: tuple[ReadDetail, ...], *, proven: bool = True) -> None:
    """What is evident and not known yet is understood, a correction takes the place of what was; the rest is proposed.

    Nothing is understood from a message that anybody may have written (`proven`); a date to come is no date.
    """
    for one in details:
        if not _fits(case, one):
            continue
        known = value_of(case, one.field)
        if known == one.value:
            if proven and one.evident:
                case.understood.setdefault(one.field, one)
            continue
        # Nobody has two documents: another one that they name corrects what we had only read.
        corrects = one.corrects or (one.evident and one.field in ONLY_ONE and one.field in case.understood)
        if proven and one.evident and (known is None or corrects):
            _understand(case, one)
        elif known is None or corrects:
            _propose(case, one.model_copy(update={"corrects": corrects}))


def value_of(case: CaseState, field: str) -> str | None:
    """What the case knows of a detail; a date as `2026-11-10`."""
    if field == "product":
        return case.received.product
    if field == "occurred_on":
        day = case.received.problem.occurred_on
        return day.isoformat() if day else None
    known: str | None = getattr(case.received.customer, _OF_CUSTOMER[field])
    return known


def settle_known(case: CaseState) -> None:
    """A proposal is over once the case knows that detail; what was understood, once another value stands there."""
    case.proposals = [
        one for one in case.proposals if (value_of(case, one.field) is None or one.corrects) and not _is(case, one)
    ]
    case.understood = {field: one for field, one in case.understood.items() if value_of(case, field) == one.value}
    case.known_before = {field: before for field, before in case.known_before.items() if field in case.understood}


def rejected(case: CaseState, fact: ReadingRejected) -> None:
    """Somebody says that it is not so: the proposal goes, and what was understood from the words is known no more.

    What it had corrected is known again: nobody loses what the customer gave because a later mail was misread.
    """
    field, value = fact.field, fact.value
    case.proposals = [one for one in case.proposals if one.field != field or (value and one.value != value)]
    understood = case.understood.get(field)
    if understood is not None and value in (None, understood.value):
        _take_back(case, field)


def is_read(case: CaseState, fact: ReadingRejected) -> bool:
    """Whether there is anything read that it can be about."""
    found = [one.value for one in (*case.proposals, *case.understood.values()) if one.field == fact.field]
    return bool(found) and (fact.value is None or fact.value in found)


def put(case: CaseState, given: dict[str, Any]) -> None:
    """Sets details of the complaint, by the names that `details-received` has for them."""
    customer = {name: given[field] for field, name in _OF_CUSTOMER.items() if field in given}
    if "email" in given:
        customer["email"] = given["email"]
    update: dict[str, Any] = {"customer": case.received.customer.model_copy(update=customer)}
    if "occurred_on" in given:
        update["problem"] = case.received.problem.model_copy(update={"occurred_on": given["occurred_on"]})
    if "product" in given:
        update["product"] = given["product"]
    case.received = case.received.model_copy(update=update)


def _understand(case: CaseState, one: ReadDetail) -> None:
    if (known := value_of(case, one.field)) is not None:
        case.known_before[one.field] = KnownBefore(value=known, read=case.understood.get(one.field))
    _put_read(case, one.field, one.value)
    case.understood[one.field] = one
    case.proposals = [other for other in case.proposals if other.field != one.field]


def _take_back(case: CaseState, field: str) -> None:
    """What was understood is not so: what stood there before stands again."""
    del case.understood[field]
    before = case.known_before.pop(field, None)
    _put_read(case, field, before.value if before else None)
    if before and before.read:
        case.understood[field] = before.read


def _put_read(case: CaseState, field: str, value: str | None) -> None:
    put(case, {field: date.fromisoformat(value) if value and field == "occurred_on" else value})


def _propose(case: CaseState, one: ReadDetail) -> None:
    if all((other.field, other.value) != (one.field, one.value) for other in case.proposals):
        case.proposals.append(one)


def _is(case: CaseState, one: ReadDetail) -> bool:
    return value_of(case, one.field) == one.value


def _fits(case: CaseState, one: ReadDetail) -> bool:
    """Whether it can be taken at all: what comes from outside may be anything."""
    if one.field not in DETAILS:
        return False
    try:
        fact = DetailsReceived.model_validate({one.field: one.value})
    except ValidationError:
        return False
    return fact.occurred_on is None or fact.occurred_on <= case.calendar.local_date(case.as_of)


# -- what a message seems to say ---------------------------------------------------------------------------------------


def proposed(case: CaseState, message: NewMessage) -> Seems | None:
    """What people may do with one click; None where it could not be done in this stage, or nothing is clear."""
    if message.seems is None or case.stage not in PROPOSED_IN[message.seems.says]:
        return None
    return message.seems
