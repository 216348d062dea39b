"""What Temporal starts by the calendar: for now the periodic review (§10)."""

from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from workflows import names

LONGEST_OUTAGE = timedelta(days=20)
"""A start that the server was away for is made up for so long: still in the month that reviews the last one."""


async def ensure_schedules(
    client: Client, *, timezone: str = "America/Lima", task_queue: str = names.TASK_QUEUE
) -> None:
    """Creates the schedules, or brings them up to date; what people paused stays paused. Safe to repeat."""
    wanted = quality_review(timezone=timezone, task_queue=task_queue)
    try:
        await client.create_schedule(names.QUALITY_REVIEW_SCHEDULE, wanted)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(names.QUALITY_REVIEW_SCHEDULE).update(
            lambda found: ScheduleUpdate(schedule=_as_wanted(found, wanted))
        )


def quality_review(*, timezone: str, task_queue: str) -> Schedule:
    """§10: started on the first of each month at 08:00; the run itself waits for the first business day."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            names.QUALITY_REVIEW,
            id=names.QUALITY_REVIEW_SCHEDULE,
            task_queue=task_queue,
            static_summary="§10: the review of last month's complaints",
        ),
        spec=ScheduleSpec(
            calendars=[
                ScheduleCalendarSpec(
                    hour=[ScheduleRange(8)], day_of_month=[ScheduleRange(1)], comment="the first of each month, 08:00"
                )
            ],
            time_zone_name=timezone,
        ),
        # All: a month whose letter still waits for the mail server must not cost the next month its review.
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.ALLOW_ALL, catchup_window=LONGEST_OUTAGE),
    )


def _as_wanted(found: ScheduleUpdateInput, wanted: Schedule) -> Schedule:
    """Spec, action and policy as this program wants them; the state (paused, and why) as it was found."""
    return Schedule(
        action=wanted.action, spec=wanted.spec, policy=wanted.policy, state=found.description.schedule.state
    )
