"""A companion that dies is heard: the workflow task fails, visibly, and heals when the fault is gone."""

from collections.abc import Callable
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus
from temporalio.exceptions import ApplicationError

from complaints.rules.case import Case
from tests.story import QUIET, Story
from tests.waiting import until
from workflows import page

COMPANIONS: list[tuple[str, Any, str]] = [
    ("procedure", Case, "is_resolved"),
    ("clocks", page, "clock_summary"),
    ("letters", page, "letter_summary"),
    ("records", page, "rows_summary"),
    ("page", page, "view_of"),
]
FAILURES = 2
"""How often the fault strikes; then a deploy has mended it."""


class Fault:
    """Raises in place of a function for cases that are assigned to the department of faults."""

    def __init__(self, works: Callable[..., Any], error: Exception) -> None:
        self.works = works
        self.error = error
        self.struck = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.struck < FAILURES and _department(args[0]) == "faults":
            self.struck += 1
            raise self.error
        return self.works(*args, **kwargs)


def _department(first: Any) -> str | None:
    """Of a case, or of a batch of rows."""
    return first.department if isinstance(first, Case) else first.record.department


A_BUG = RuntimeError("injected")
WOULD_FAIL_A_WORKFLOW = ApplicationError("injected", non_retryable=True)


@pytest.mark.parametrize(
    ("place", "name", "error"),
    [
        pytest.param(place, name, error, id=f"{companion}-{type(error).__name__}")
        for companion, place, name in COMPANIONS
        for error in (A_BUG, WOULD_FAIL_A_WORKFLOW)
        if (companion, error) != ("procedure", WOULD_FAIL_A_WORKFLOW)  # it waits for the case, which knows no Temporal
    ],
)
async def test_a_fault_fails_the_task_visibly_and_heals(
    story: Story, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, error: Exception
) -> None:
    fault = Fault(getattr(place, name), error)
    monkeypatch.setattr(place, name, lambda *args, **kwargs: fault(*args, **kwargs))
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    # What struck after the rows were kept is done again in a new run, which goes on from them (decision 71).
    first = story.client.get_workflow_handle(story.number, run_id=(await story.handle.describe()).run_id)
    await story.says("assigned", department="faults")
    await until(lambda: fault.struck >= FAILURES)  # asking the case would strike it too
    await story.comes_true(lambda status: status.unwritten_rows == 0)
    decoded = [
        await story.client.data_converter.decode_failure(event.workflow_task_failed_event_attributes.failure)
        async for event in first.fetch_history_events()
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    ]
    assert decoded
    assert "injected" in str(decoded[0])
    assert (await story.handle.describe()).status is WorkflowExecutionStatus.RUNNING

    await story.until("2026-08-03 18:01")
    assert await story.happened("escalated") == ["2026-08-03 18:00 escalated"]
    await story.says("resolved", text="Se devuelve el pago.")
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"
    assert len(set(story.sink.message_ids)) == len(story.sink.letters)
    assert len(await story.store.journal(story.number)) == len(await story.timeline())
