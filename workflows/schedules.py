"""What Temporal starts by the calendar: the review (§10), the daily digest, the look at what is kept (design §4)."""

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
"""A review's start is made up for so long after an outage: still in the month that reviews the last one."""

SAME_DAY = timedelta(hours=20)
"""The same for a day's digest and look: what is later is the next day's."""


async def ensure_schedules(
    client: Client, *, timezone: str = "America/Lima", task_queue: str = names.TASK_QUEUE
) -> None:
    """Creates the schedules, or brings them up to date; what people paused stays paused. Safe to repeat."""
    for name, wanted in {
        names.QUALITY_REVIEW_SCHEDULE: quality_review(timezone=timezone, task_queue=task_queue),
        names.DAILY_DIGEST_SCHEDULE: daily_digest(timezone=timezone, task_queue=task_queue),
        names.VERIFY_SCHEDULE: verify(timezone=timezone, task_queue=task_queue),
        names.RETENTION_SCHEDULE: retention(timezone=timezone, task_queue=task_queue),
    }.items():
        await _ensure(client, name, wanted)


def quality_review(*, timezone: str, task_queue: str) -> Schedule:
    """§10: started on the first of each month at 08:00; the run itself waits for the first business day."""
    when = ScheduleCalendarSpec(
        hour=[ScheduleRange(8)], day_of_month=[ScheduleRange(1)], comment="the first of each month, 08:00"
    )
    return Schedule(
        action=ScheduleActionStartWorkflow(
            names.QUALITY_REVIEW,
            id=names.QUALITY_REVIEW_SCHEDULE,
            task_queue=task_queue,
            static_summary="§10: the review of last month's complaints",
        ),
        spec=ScheduleSpec(calendars=[when], time_zone_name=timezone),
        # All: a month whose letter still waits for the mail server must not cost the next month its review.
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.ALLOW_ALL, catchup_window=LONGEST_OUTAGE),
    )


def daily_digest(*, timezone: str, task_queue: str) -> Schedule:
    """Started as each day begins: which days have office hours, and from when, the policy in force tells the run."""
    when = ScheduleCalendarSpec(hour=[ScheduleRange(0)], minute=[ScheduleRange(5)], comment="each day, 00:05")
    return Schedule(
        action=ScheduleActionStartWorkflow(
            names.DAILY_DIGEST,
            id=names.DAILY_DIGEST_SCHEDULE,
            task_queue=task_queue,
            static_summary="What waits for whom today",
        ),
        spec=ScheduleSpec(calendars=[when], time_zone_name=timezone),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.ALLOW_ALL, catchup_window=SAME_DAY),
    )


def verify(*, timezone: str, task_queue: str) -> Schedule:
    """Each day before the office opens: whether everything holds together, and every open complaint has its run."""
    return _once_a_day(
        names.VERIFY,
        names.VERIFY_SCHEDULE,
        hour=6,
        summary="Whether everything that is kept holds together",
        timezone=timezone,
        task_queue=task_queue,
    )


def retention(*, timezone: str, task_queue: str) -> Schedule:
    """Each night: what is older than the policy keeps it is erased (Ley 29733)."""
    return _once_a_day(
        names.RETENTION,
        names.RETENTION_SCHEDULE,
        hour=3,
        summary="What is older than the policy keeps it is erased",
        timezone=timezone,
        task_queue=task_queue,
    )


def _once_a_day(workflow: str, id_: str, *, hour: int, summary: str, timezone: str, task_queue: str) -> Schedule:
    """At that hour, one at a time; missed, it is made up the same day."""
    when = ScheduleCalendarSpec(hour=[ScheduleRange(hour)], comment=f"each day, {hour:02}:00")
    return Schedule(
        action=ScheduleActionStartWorkflow(workflow, id=id_, task_queue=task_queue, static_summary=summary),
        spec=ScheduleSpec(calendars=[when], time_zone_name=timezone),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=SAME_DAY),
    )


async def _ensure(client: Client, name: str, wanted: Schedule) -> None:
    try:
        await client.create_schedule(name, wanted)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).update(lambda found: ScheduleUpdate(schedule=_as_wanted(found, wanted)))


def _as_wanted(found: ScheduleUpdateInput, wanted: Schedule) -> Schedule:
    """Spec, action and policy as this program wants them; the state (paused, and why) as it was found."""
    return Schedule(
        action=wanted.action, spec=wanted.spec, policy=wanted.policy, state=found.description.schedule.state
    )
