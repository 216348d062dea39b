"""The eight lives on a worker without a cache: each workflow task replays the whole history, so whatever is not
deterministic fails at once."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from complaints.rules.retelling import told_again
from starter.replaying import patient_replayer
from tests.lives import LIVES
from tests.sink import Sink
from tests.story import Story, telling


@pytest.fixture
async def forgetful(temporal: Client, mail: Sink, fresh_database: str) -> AsyncIterator[Story]:
    """A story whose worker remembers nothing between two tasks."""
    async with telling(temporal, mail, fresh_database, max_cached_workflows=0) as told:
        yield told


LONG = {"silent-staff", "disputed-twice", "missing-details", "by-telephone"}


@pytest.mark.parametrize(
    "life", [pytest.param(life, marks=pytest.mark.slow) if life in LONG else life for life in LIVES]
)
async def test_a_life_without_a_cache(forgetful: Story, life: str) -> None:
    await LIVES[life](forgetful)
    failed = [
        str(await forgetful.client.data_converter.decode_failure(event.workflow_task_failed_event_attributes.failure))
        async for event in forgetful.handle.fetch_history_events()
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    ]
    # A task that got no processor for two seconds (TMPRL1101) is taken back and done again, whatever the life.
    assert [message for message in failed if "UnhandledCommand" not in message and "TMPRL1101" not in message] == []
    rows = await forgetful.store.journal(forgetful.number)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    told = (await forgetful.timeline())[1:]  # from the history alone
    kept = [row.model_copy(update={"data": {k: v for k, v in row.data.items() if k != "rules"}}) for row in rows[1:]]
    assert [(row.seq, row.what, row.data) for row in told] == [(row.seq, row.what, row.data) for row in kept], (
        "but for the rules, which the rows keep and nobody wants to read"
    )
    # The rows count. Replayed, a task that was handed out again may have the second time where it did no step (551).
    apart = [abs(one.at - other.at) for one, other in zip(told, kept, strict=True)]
    assert max(apart, default=timedelta(0)) < timedelta(minutes=1)
    assert told_again(forgetful.number, rows).outcome is not None  # the journal tells the same case
    assert len(set(forgetful.sink.message_ids)) == len(forgetful.sink.letters)


@pytest.mark.parametrize("life", ["withdrawn", "reopened"])
async def test_a_step_is_of_the_time_it_was_lived_at_also_where_its_task_was_handed_out_again(
    story: Story, life: str
) -> None:
    """A query that comes with a task is answered while its step is under way: core hands that task back then."""
    await LIVES[life](story)
    history = json.loads((await story.handle.fetch_history()).to_json())
    kept = [(row.seq, row.at, row.what) for row in await story.store.journal(story.number)]
    kinds = [event["eventType"].removeprefix("EVENT_TYPE_") for event in history["events"]]
    ends = [at for at, pair in enumerate(pairwise(kinds)) if pair == ("WORKFLOW_TASK_COMPLETED", "MARKER_RECORDED")]
    assert len(ends) > 1
    for end in ends:
        again = {**history, "events": _handed_out_again(history["events"], end, later=timedelta(seconds=5))}
        seen = Seen()
        replayer = patient_replayer(story.client.data_converter, interceptors=[seen])
        await replayer.replay_workflow(WorkflowHistory.from_json(story.number, again))
        assert seen.rows == kept, f"handed out again after event {end + 1}"


class Seen(Interceptor):
    """The rows of a case that is replayed, as it has them at its end."""

    def __init__(self) -> None:
        self.run: Any = None

    @property
    def rows(self) -> list[tuple[int, datetime, str]]:
        """Number, time and name of each."""
        return [(row.seq, row.at, row.what) for row in self.run.case.rows]

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002
        """As Temporal asks for it."""
        seen = self

        class Inbound(WorkflowInboundInterceptor):
            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002
                seen.run = workflow.instance()
                return await super().execute_workflow(input)

        return Inbound


def _handed_out_again(events: list[dict[str, Any]], end: int, *, later: timedelta) -> list[dict[str, Any]]:
    """The same history, where the task that ends there did so without a result, and was handed out again later."""
    at, first = datetime.fromisoformat(events[end]["eventTime"][:19] + "+00:00") + later, end + 2
    ended = events[end]["workflowTaskCompletedEventAttributes"]
    own = [int(ended["scheduledEventId"]), int(ended["startedEventId"]), end + 1]
    again = json.loads(json.dumps([events[number - 1] for number in own]))
    rest = json.loads(json.dumps(events[end + 1 :]))
    for event in rest:
        for attributes in event.values():
            for name in attributes if isinstance(attributes, dict) else ():
                if name.endswith("EventId") and int(attributes[name]) > end:
                    attributes[name] = str(int(attributes[name]) + 3)
    for event in again:
        event["eventTime"] = at.isoformat()
        for attributes in event.values():
            if isinstance(attributes, dict):
                attributes |= {"scheduledEventId": str(first)} if "scheduledEventId" in attributes else {}
                attributes |= {"startedEventId": str(first + 1)} if "startedEventId" in attributes else {}
    return [*events[: end + 1], *[{**event, "eventId": str(n)} for n, event in enumerate([*again, *rest], start=first)]]
