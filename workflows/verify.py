"""The daily look at what must never be: an open complaint without a run. Nobody hears of it while all is well."""

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from complaints.rules.verify import AlarmOrder, alarm_order
    from workflows import names, options


@workflow.defn(name=names.VERIFY)
class Verify:
    """One look. The schedule `verify` starts it each day; `complaints doctor --mend` starts what it finds."""

    @workflow.run
    async def run(self, *_: Any) -> list[str]:
        """The numbers of open complaints without a run, of which the care team was told; best none."""
        lost: list[str] = await workflow.execute_activity(
            options.LOST_RUNS, result_type=list[str], **options.REVIEW_OPTIONS
        )
        if lost:
            order: AlarmOrder = alarm_order(tuple(lost), at=workflow.now())
            await workflow.execute_activity(options.SEND_ALARM, order, result_type=str, **options.SEND_REVIEW_OPTIONS)
        return lost
