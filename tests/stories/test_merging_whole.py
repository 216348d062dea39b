"""What was merged, parted and merged again holds together in the records, and every run of it replays."""

from datetime import UTC, datetime

from complaints.rules.facts import Merged, MessagesRead, Separated, Via
from complaints.verifying import Asked
from complaints.verifying import verified as looked_at
from starter.front_desk import FrontDesk
from starter.replaying import patient_replayer, replay
from tests.stories.test_merging import joined, two_people
from tests.story import QUIET, Story


async def is_whole(story: Story, *others: Story) -> None:
    for one in (story, *others):
        await one.all_is_told()
        await one.is_recorded()
    found = await looked_at(Asked(story.settings.database_dsn, datetime.now(UTC), real_time=False), processes=1)
    assert found.faults == ()
    assert found.complaints == 1 + len(others)
    assert (await replay(story.client)).not_replayed == ()
    replayer = patient_replayer(story.client.data_converter)
    for one in (story, *others):
        async for run in story.client.list_workflows(f"WorkflowId = '{one.number}'"):
            history = await story.client.get_workflow_handle(one.number, run_id=run.run_id).fetch_history()
            await replayer.replay_workflow(history)


async def test_one_persons_merged_and_parted_twice_with_an_unread_message(story: Story) -> None:
    gone = story.another()
    await gone.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.complaint_arrives("2026-07-24 09:00", policy=QUIET)
    await gone.says("message-received", text="¿Y mi queja?", by="customer", via="reply", event_id="m-1")
    await gone.comes_true(lambda status: status.unread == 1)
    desk = FrontDesk(story.client, story.store, now=None, task_queue=story.settings.task_queue)
    for time in (1, 2):
        await story.is_recorded()
        await gone.is_recorded()
        await desk.merge(gone.number, story.number, Merged(by="Ana Flores", via=Via.DESK, event_id=f"merge/{time}"))
        assert await gone.outcome() == "merged"
        await story.comes_true(lambda status: status.absorbed == (gone.number,) and status.unread == 1)
        await is_whole(story, gone)
        await story.says("message-received", text=f"Otra vez, {time}.", of=gone.number, by="customer", via="reply",
                         event_id=f"w-{time}")  # fmt: skip
        await story.comes_true(lambda status: status.unread == 2)
        await desk.separate(gone.number, Separated(by="Ana Flores", event_id=f"part/{time}"))
        await story.comes_true(lambda status: not status.absorbed and status.unread == 0)
        await gone.comes_true(lambda status, time=time: status.unread == 2)  # type: ignore[misc]
        await is_whole(story, gone)
        await gone.asks("mark_read", **MessagesRead(by="Ana Flores").model_dump(include={"by"}))
        await gone.says(
            "message-received", text=f"Una nueva, {time}.", by="customer", via="reply", event_id=f"n-{time}"
        )
        await gone.comes_true(lambda status: status.unread == 1)
    kinds = await gone.kinds()
    assert (kinds.count("merged"), kinds.count("separated")) == (2, 2)
    texts = [str(row.data.get("text")) for row in await gone.timeline() if row.what == "message-received"]
    assert sorted(texts) == sorted(set(texts)), "each once"
    assert {"¿Y mi queja?", "Otra vez, 1.", "Otra vez, 2.", "Una nueva, 1.", "Una nueva, 2."} == set(texts)
    shown = str([row.data for row in await story.timeline()])
    assert "¿Y mi queja?" not in shown
    assert "Otra vez" not in shown


async def test_two_peoples_joined_parted_and_ended(story: Story) -> None:
    luis, rosa = await two_people(story)
    await joined(luis, rosa)
    await rosa.asks("assign", department="academic", by="Ana Flores")
    await luis.comes_true(lambda status: status.stage == "investigation")
    await is_whole(rosa, luis)
    await luis.asks("separate", by="Luis Castellanos")
    await rosa.comes_true(lambda status: not status.absorbed)
    await joined(luis, rosa)
    await rosa.asks("resolve", text="Se dictarán las horas.", by="Ana Flores", for_joined=True)
    await luis.comes_true(lambda status: status.resolution is not None)
    await is_whole(rosa, luis)
    await rosa.says("customer-satisfied", by="customer")
    assert await rosa.outcome() == "satisfied"
    await luis.asks("separate", by="Luis Castellanos")
    await luis.says("customer-satisfied", by="customer")
    assert await luis.outcome() == "satisfied"
    await is_whole(rosa, luis)
