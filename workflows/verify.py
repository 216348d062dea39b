"""The daily look at what must never be: an open complaint without a run, records that do not hold together (§9)."""

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from complaints.rules.verification import Verification
    from complaints.rules.verify import alarm_order, faults_order
    from workflows import names, options


@workflow.defn(name=names.VERIFY)
class Verify:
    """One look; nobody hears of it while all is well. The schedule `verify` starts it each day."""

    @workflow.run
    async def run(self, *_: Any) -> list[str]:
        """The numbers of open complaints without a run; best none. What else was found is kept in the records."""
        lost: list[str] = await workflow.execute_activity(
            options.LOST_RUNS, result_type=list[str], **options.REVIEW_OPTIONS
        )
        if lost:  # told before the long look: its clocks stand still
            order = alarm_order(tuple(lost), at=workflow.now())
            await workflow.execute_activity(options.SEND_ALARM, order, result_type=str, **options.SEND_REVIEW_OPTIONS)
        # What comes from here on is new: a run of the program before this one goes on with it all the same.
        result: Verification = await workflow.execute_activity(
            options.VERIFY_RECORDS, lost, result_type=Verification, **options.VERIFY_OPTIONS
        )
        told = [fault for fault in result.faults if fault.check != "no-run"]
        if told:
            order = faults_order(told, count=result.found - len(lost), at=workflow.now())
            await workflow.execute_activity(options.SEND_ALARM, order, result_type=str, **options.SEND_REVIEW_OPTIONS)
        return lost
