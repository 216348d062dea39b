"""On the real server: what the desk sent waits in a durable timer, over a restart of the worker, and then goes (§6)."""

from complaints.rules.facts import ActHeld
from tests.story import Story

ANSWER = {"act": "resolved", "said": {"text": "Se reponen dos horas.", "outcome": "upheld"}, "by": "Ana"}


async def test_6_it_goes_after_its_minute_though_the_worker_was_away(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 10:00")
    assert (await story.asks("hold_act", **ANSWER)).pending_act is not None
    assert ActHeld.name in [row.what for row in await story.timeline()]
    await story.worker_stops()
    await story.worker_starts()
    assert await story.stage() == "assessment"
    await story.passes(seconds=61)
    await story.comes_true(lambda status: status.stage == "confirmation")
    await story.all_is_told()
    assert "resolution" in await story.kinds()


async def test_6_taken_back_it_never_goes(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 10:00")
    await story.asks("hold_act", **ANSWER)
    assert (await story.asks("undo_act", by="Ana")).pending_act is None
    await story.passes(minutes=5)
    await story.all_is_told()
    assert "resolution" not in await story.kinds()
    assert "nothing waits to be sent" in await story.is_refused("undo_act", by="Ana")
