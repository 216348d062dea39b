"""Opens the review of a past month ahead of its schedule, or once more (§10)."""

from temporalio.client import Client, WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy

from complaints.rules.report.review import Month, ReviewAsked, ReviewOutcome
from complaints.words.catalogue import N_
from starter.clock import utc_now
from starter.errors import Refused
from starter.place import Place
from workflows import names


async def opened(client: Client, place: Place, month: str) -> ReviewOutcome:
    """Opens it, or waits for the one that is being opened. Raises Refused."""
    _expect_over(place, month)
    handle = await client.start_workflow(
        names.QUALITY_REVIEW,
        ReviewAsked(month=month),
        id=f"{names.QUALITY_REVIEW_SCHEDULE}-{month}",
        task_queue=place.settings.task_queue,
        result_type=ReviewOutcome,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    try:
        outcome: ReviewOutcome = await handle.result()
    except WorkflowFailureError as error:
        said = getattr(error.cause, "message", None) or str(error.cause)
        raise Refused(N_("Review {month}: {said}", month=month, said=said)) from error
    return outcome


def _expect_over(place: Place, month: str) -> None:
    """Refuses what is no month, or one that still goes on; the workflow does too, but knows one language only."""
    try:
        wanted = Month.named(month, timezone=place.policy.calendar.timezone)
    except ValueError as error:
        raise Refused(N_('"{month}" is not a month like 2026-07.', month=month)) from error
    if wanted.after > place.wording.day_of(utc_now()):
        raise Refused(
            N_("{month} is not over: its review can be opened from {after} on.", month=month, after=wanted.after),
        )
