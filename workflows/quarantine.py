"""The clock of one message in the quarantine (§4): whoever is to look at it is told once if nobody has in 24 hours."""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    import workflows.names as names
    import workflows.options as options
    from complaints.rules.quarantine import Quarantined, notice_of


@workflow.defn(name=names.QUARANTINE_WATCH)
class QuarantineWatch:
    """One item. That somebody has decided about it meanwhile, the records know when the time has come."""

    @workflow.run
    async def run(self, *quarantined: Any) -> str:
        """Waits, then has the notice sent where it is still needed; says what came of it."""
        item = _item(quarantined)
        wait = item.due - workflow.now()
        if wait > timedelta(0):
            await workflow.sleep(wait, summary=f"§4: {item.name}")
        said: str = await workflow.execute_activity(
            options.SEND_QUARANTINE_NOTICE,
            notice_of(item),
            result_type=str,
            **options.with_summary(options.SEND_REVIEW_OPTIONS, f"§4: {item.name}"),
        )
        return said


def _item(quarantined: tuple[Any, ...]) -> Quarantined:
    try:
        return Quarantined.model_validate(quarantined[0] if quarantined else {})
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, problem["loc"])) or "input" for problem in error.errors())
        raise ApplicationError(f"{fields}: not an item", type="NoSuchItem", non_retryable=True) from None
