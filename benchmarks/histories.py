"""How many events a case leaves in Temporal's history: a smooth complaint, and each update of §5.4.

uv run python -m benchmarks.histories
"""

import asyncio
import sys
from collections import Counter
from itertools import pairwise

from temporalio.api.enums.v1 import EventType

from benchmarks.stage import Stage, stage
from tests.story import Story, telling

SMOOTH_TARGET, UPDATE_TARGET = 90, 12
"""Events."""

UPDATES = 6

# Time skipping itself leaves traces that a case in real time does not have.
_OF_SKIPPING = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
}


async def events(story: Story) -> Counter[str]:
    """The events of the story's history by type."""
    history = await story.handle.fetch_history()
    kinds = [EventType.Name(event.event_type) for event in history.events if event.event_type not in _OF_SKIPPING]
    return Counter(kind.removeprefix("EVENT_TYPE_").lower() for kind in kinds)


def actions(found: Counter[str]) -> int:
    """What Temporal Cloud bills of these: a start, each signal, update, timer, change of search attributes and activity
    is one; local activities are one a workflow task that has some. The history tells all of it but the last, which is
    counted as one each: never too few."""
    billed = (
        *("workflow_execution_started", "workflow_execution_signaled", "workflow_execution_update_accepted"),
        *("timer_started", "upsert_workflow_search_attributes", "activity_task_scheduled", "marker_recorded"),
    )
    return sum(found[kind] for kind in billed)


async def smooth(at: Stage) -> Counter[str]:
    """Assigned, resolved, satisfied, each when the letters before it have gone out."""
    async with telling(at.client, at.sink, at.dsn) as story:
        await story.complaint_arrives("2026-07-22 09:00")
        await story.all_is_told()
        for signal, fields in (
            ("assigned", {"department": "academic", "by": "ana"}),
            ("resolved", {"text": "Se repusieron las horas.", "outcome": "upheld", "by": "ana"}),
            ("customer-satisfied", {"via": "reply"}),
        ):
            await story.says(signal, **fields)
            if signal != "customer-satisfied":
                await story.all_is_told()
        await story.outcome()
        return await events(story)


async def of_an_update(at: Stage) -> list[Counter[str]]:
    """What each update adds, in a case that waits for its investigation with nothing else due."""
    quiet = {
        "windows": {"investigation": 200},
        "escalation": {"after": 200},
        "legal_limit": {"business_days": 240, "warn_on": [239]},
    }
    async with telling(at.client, at.sink, at.dsn) as story:
        await story.complaint_arrives("2026-07-22 09:00", policy=quiet)
        await story.says("assigned", department="academic", by="ana")
        await story.all_is_told()
        counts = [await events(story)]
        for _ in range(UPDATES):
            before = len(story.letters())
            await story.passes(days=3)
            await story.all_is_told()
            assert len(story.letters()) == before + 1, "an update went out"
            counts.append(await events(story))
        return [later - earlier for earlier, later in pairwise(counts)]


async def counted() -> dict[str, dict[str, int]]:
    """Events and billable actions, of a smooth complaint and at most of an update."""
    async with stage(durable=False) as at:
        found, updates = await smooth(at), await of_an_update(at)
    return {
        "a smooth complaint": {"events": found.total(), "billable actions, at most": actions(found)},
        "an update": {
            "events": max(one.total() for one in updates),
            "billable actions, at most": max(map(actions, updates)),
        },
    }


async def measured() -> int:
    """Prints the figures; 1 if one misses its target."""
    async with stage(durable=False) as at:
        found = await smooth(at)
        total = sum(found.values())
        print(f"a smooth complaint, up to closed: {total} events; target at most {SMOOTH_TARGET}")
        for kind, count in found.most_common():
            print(f"    {count:4} {kind}")
        updates = [one.total() for one in await of_an_update(at)]
        print(f"each update: {updates} events; target at most {UPDATE_TARGET}")
    return 0 if total <= SMOOTH_TARGET and max(updates) <= UPDATE_TARGET else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(measured()))
