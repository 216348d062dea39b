"""What is older than the policy keeps it is erased, each night (Ley 29733)."""

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from complaints.rules.retention import AT_ONCE, Gone, RetentionOrder
    from workflows import names, options


@workflow.defn(name=names.RETENTION)
class Retention:
    """One night's work. The schedule `retention` starts it each day; its history names numbers and nobody."""

    @workflow.run
    async def run(self, *_: Any) -> int:
        """How many complaints were erased."""
        order, total = RetentionOrder(at=workflow.now()), 0
        for _round in range(AT_ONCE):
            gone: Gone = await workflow.execute_activity(
                options.ERASE_DUE, order, result_type=Gone, **options.ERASE_OPTIONS
            )
            total += gone.complaints
            if not gone.more:
                break
        return total
