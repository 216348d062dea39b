"""How a run begins and ends: what it was started with, the rules it asks for, the outcome it leaves."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

from complaints.rules.carrying import goes_on
from complaints.rules.case import Case
from complaints.rules.number import OWN_ID
from complaints.rules.received import ComplaintReceived, too_old
from complaints.rules.refusals import NotNow, Refusal, clause, refusals_of
from complaints.rules.requests import ALREADY_KEPT, SENT_OTHERWISE, TOLD_DIFFERENTLY, Carried, Outcome, RulesRequest
from workflows.payloads import unreadable

CANNOT_BE_A_COMPLAINT = "CannotBeAComplaint"
"""The error type of a start that fails: its message names the field, never its value."""


def carried_or_received(arguments: tuple[Any, ...], number: str) -> Carried | ComplaintReceived:
    """What the run was started with; further arguments are ignored. Fails the run if it cannot be a complaint."""
    if not OWN_ID.fullmatch(number):
        raise _refused(Refusal("start.id", field="workflow id"))
    if mark := unreadable(arguments):
        raise _refused(mark.refusal)
    first = arguments[0] if arguments else {}
    try:
        if isinstance(first, dict) and "carried" in first:
            carried = Carried.model_validate(first)
            if carried.carried.number != number:
                raise _refused(Refusal("start.other-id", field="carried.number"))
            return carried
        return ComplaintReceived.model_validate(first)
    except ValidationError as error:
        raise _refused(*refusals_of(error)) from None


def carried_case(start: Carried, *, now: datetime, continued: bool) -> Case:
    """The case that a new run goes on from, with what begins there. Fails the run if it could not go on.

    `continued`: the run before handed it over, and nobody outside had it: whatever is wrong with it a deploy heals, as
    in any other task, and it is never a reason to end a complaint.
    """
    case, begins = start.carried, [fact for fact in (start.reopening, start.separation) if fact is not None]
    if not continued and not goes_on(case, begins, now=now):
        raise _refused(Refusal("start.broken", field="carried"))
    case.share_rules()
    for fact in begins:
        case.apply(fact, now=now)
    return case


def rules_request(received: ComplaintReceived, now: datetime) -> RulesRequest:
    """Asks for the policy in force when the complaint was received. Fails the run if that was years ago."""
    if reason := too_old(received, now=now):
        raise _refused(reason)
    at = min(received.received_at or now, now)
    return RulesRequest(received_at=at, changes=received.policy, clock_offset=received.clock_offset, at=now)


def outcome_of(case: Case, *, duplicate: bool) -> Outcome:
    """How it ended."""
    return Outcome(
        number=case.number,
        outcome="duplicate" if duplicate else case.outcome or "",
        rounds=case.round.number,
        level=case.level,
        received_at=case.received_at,
        closed_at=case.closed_at,
        satisfied_by_resolver=case.satisfied_by_resolver,
    )


def is_kept_already(error: FailureError) -> bool:
    """Whether writing failed because this complaint is kept already. Looks through the SDK's wrapping."""
    return _type_of(error) == ALREADY_KEPT


def is_sent_otherwise(error: FailureError) -> bool:
    """Whether the case that has this number or source key says something else."""
    return _type_of(error) == SENT_OTHERWISE


def used_again(error: FailureError) -> ApplicationError:
    """Fails the run: whoever started it must learn that nothing of it was kept."""
    cause = error.cause if isinstance(error, ActivityError) else error
    details = cause.details if isinstance(cause, ApplicationError) else ()
    return _refused(Refusal("start.already", {"number": str(details[0]) if details else ""}, "source_key"))


def is_told_differently(error: FailureError) -> bool:
    """Whether writing failed because the rows are kept with other content."""
    return _type_of(error) == TOLD_DIFFERENTLY


def _type_of(error: FailureError) -> str | None:
    cause = error.cause if isinstance(error, ActivityError) else error
    return cause.type if isinstance(cause, ApplicationError) else None


def _refused(*refusals: Refusal) -> ApplicationError:
    return ApplicationError(
        f"This cannot be a complaint: {clause(*refusals)}.",
        NotNow(*refusals).details(),
        type=CANNOT_BE_A_COMPLAINT,
        non_retryable=True,
    )
