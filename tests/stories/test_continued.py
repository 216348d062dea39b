"""Continue-as-new in the middle of each stage: the new run goes on as if nothing had happened.

Where time is skipped, the server (1.32) holds a third run back by the span that was skipped before it, because it takes
the second run's start for a time to come; so stories that look at dates are continued once.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio.client import Client

from complaints.rules import volume
from complaints.rules.retelling import told_again
from complaints.rules.text import LONGEST_TEXT
from local.stack.temporal_server import TemporalServer
from tests.lives import LIVES
from tests.rings import session_keys
from tests.sink import Sink
from tests.story import LIMA, Story, telling
from workflows import names
from workflows.connection import connect

MANY_EVENTS = 40
"""After so many events the server suggests to continue; its default is 4,096."""


@pytest.fixture(scope="session")
async def impatient(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A client of a server that finds histories long very soon."""
    async with TemporalServer.started(
        tmp_path_factory.mktemp("impatient"),
        time_skipping=True,
        attributes=names.SEARCH_ATTRIBUTES,
        dynamic={"limit.historyCount.suggestContinueAsNew": MANY_EVENTS},
    ) as server:
        yield await connect(address=server.address, namespace=server.namespace, keys=session_keys())


@pytest.fixture
async def continued(impatient: Client, mail: Sink, fresh_database: str) -> AsyncIterator[Story]:
    """A story that is continued in new runs."""
    async with telling(impatient, mail, fresh_database) as told:
        yield told


async def run_of(story: Story) -> str | None:
    """The run that the case is in now."""
    return (await story.handle.describe()).run_id


async def another_run_begins(story: Story) -> None:
    """Days pass until the case is in a new run: each to its noon, far from what strikes at the hour of the receipt."""
    before = await run_of(story)
    for _ in range(30):
        tomorrow = (await story.now()).astimezone(LIMA) + timedelta(days=1)
        await story.until(f"{tomorrow:%Y-%m-%d} 12:00")
        await story.all_is_told()  # a case with letters on their way does not begin anew
        if await run_of(story) != before:
            return
    raise AssertionError("No new run began within 30 days.")


async def test_in_assessment_its_clocks_go_on(continued: Story) -> None:
    story = continued
    await story.complaint_arrives(
        "2026-07-22 09:00", policy={"windows": {"assessment": 20}, "updates": {"every_days": 1}}
    )
    before = {name: clock.due for name, clock in (await story.explains()).items() if name in {"assessment", "legal/15"}}
    await another_run_begins(story)
    explained = await story.explains()
    assert await story.stage() == "assessment"
    assert {name: explained[name].due for name in before} == before
    assert [row.seq for row in await story.timeline()] == list(range(1, len(await story.timeline()) + 1))


async def test_in_assignment_a_held_confirmation_and_applied_ids_go_on(continued: Story) -> None:
    story = continued
    await story.complaint_arrives("2026-07-22 09:00", policy={"updates": {"every_days": 1}})
    await story.says("assessed", event_id="assessed-1")
    await story.says("customer-satisfied")
    await another_run_begins(story)
    assert await story.stage() == "assignment"
    await story.says("assessed", event_id="assessed-1", category="otra")
    assert (await story.status()).category is None  # it was applied in the run before
    await story.says("resolved", text="Se devuelve el pago.")
    assert await story.outcome() == "satisfied"  # what was held is applied


async def test_in_investigation_promise_details_and_level_go_on(continued: Story) -> None:
    story = continued
    await story.complaint_arrives("2026-07-22 09:00", policy={"escalation": {"after": 1}})
    await story.asks("assign", department="academic", representative="Jorge Ramos")
    await story.asks("promise_date", date="2026-08-28")
    await story.asks("request_details", missing=["el recibo"])
    await another_run_begins(story)
    status = await story.status()
    assert (status.stage, status.department, status.representative) == ("investigation", "academic", "Jorge Ramos")
    assert str(status.promised_for) == "2026-08-28"
    assert (status.waiting_for_details, status.missing) == (True, ("el recibo",))
    escalations = [row.data["level"] for row in await story.timeline() if row.what == "escalated"]
    assert escalations == [1, 2][: len(escalations)]


async def test_in_confirmation_the_reminders_go_on(continued: Story) -> None:
    story = continued
    await story.complaint_arrives("2026-07-22 09:00", policy={"confirmation": {"remind_every_days": 1, "reminders": 3}})
    await story.asks("resolve", text="Se devuelve el pago.")
    await another_run_begins(story)
    for day in ("2026-07-24", "2026-07-25", "2026-08-05"):
        await story.until(f"{day} 12:00")  # one after the other: time that passes meanwhile would overtake a late one
        await story.all_is_told()
    assert len(await story.sent("reminder")) == 3
    assert (await story.status()).unconfirmed
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"


async def test_an_open_call_goes_on(continued: Story) -> None:
    story = continued
    await story.complaint_arrives("2026-07-22 10:30", channel="phone", customer={"email": None})
    await story.asks("request_details", missing=["el recibo"])
    await another_run_begins(story)
    status = await story.asks("record_call", reached=True, by="Ana Flores")
    assert status.call is None
    assert [row.data["outcome"] for row in await story.timeline() if row.what == "call-done"] == ["reached"]


async def test_nothing_is_in_flight_when_it_continues(continued: Story, rare_retries: None) -> None:
    """While the mail server is away the run grows; it continues when all is told."""
    story = continued
    await story.complaint_arrives("2026-07-22 09:00", policy={"updates": {"every_days": 1}})
    await story.all_is_told()
    run = await run_of(story)
    await story.sink.go_away()
    await story.passes(days=3)
    assert await run_of(story) == run
    await story.sink.come_back()
    await story.passes(hours=6)
    await story.all_is_told()
    await another_run_begins(story)
    assert len(set(story.sink.message_ids)) == len(story.sink.letters)


async def test_many_long_texts_go_on_in_one_piece(continued: Story) -> None:
    """Temporal takes no piece above 2 MB: twenty of the longest texts would be more, several times over."""
    story = continued
    words = "No me devolvieron las horas de aquel día. " * (LONGEST_TEXT // 42)
    await story.complaint_arrives(
        "2026-07-22 09:00", policy={"updates": {"every_days": 1}}, problem={"description": words}
    )
    for number in range(20):
        await story.says("message-received", text=f"{number}. {words}"[:LONGEST_TEXT], event_id=f"message/{number}")
    assert "at most 1000 characters" in await story.is_refused("add_note", text=words)
    await story.all_is_told()
    await another_run_begins(story)
    told = [row.data["text"] for row in await story.timeline() if row.what == "message-received"]
    assert [text.split(".")[0] for text in told] == [str(number) for number in range(20)]
    assert len(told[0]) > 90_000
    assert told[-1].endswith(volume.CUT)
    await story.says("resolved", text="Se devuelve el pago.")
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"
    rows = await story.store.journal(story.number)
    assert told_again(story.number, rows).outcome == "satisfied"


@pytest.mark.slow
@pytest.mark.parametrize("life", LIVES)
async def test_a_life_in_many_runs(continued: Story, life: str) -> None:
    await LIVES[life](continued)
    rows = await continued.store.journal(continued.number)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert len(set(continued.sink.message_ids)) == len(continued.sink.letters)
