"""Anyone may send anything (design §4): a stranger's signal never freezes or fails a case, a start that cannot be a
complaint fails and names the field, a request is refused with a sentence."""

import asyncio
import itertools
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from tests.chance import new_name
from tests.story import CUSTOMER, PROBLEM, QUIET, Story
from tests.waiting import PATIENCE
from workflows import names
from workflows.complaint import Complaint

SECRET = "Quispe Mamani"
"""A value that no error may repeat."""

JUNK: list[tuple[str, list[Any], str]] = [
    # signal, its arguments, what the journal says about it
    ("nobody-knows-this", [{"x": 1}], "nobody-knows-this: no signal of this name"),
    ("Assigned", [], "Assigned: no signal of this name"),
    ("assigned", ["academic"], "assigned: "),
    ("assigned", [42], "assigned: "),
    ("assigned", [[{"department": "academic"}]], "assigned: "),
    ("assigned", [{"department": {"name": SECRET}}], "assigned: department: "),
    ("assigned", [{"department": "a" * 301}], "assigned: department: "),
    ("resolved", [{"text": SECRET, "outcome": "perhaps"}], "resolved: outcome: "),
    ("resolved", [{"text": "NUL \x00 inside"}], "resolved: text: holds the control character U+0000"),
    ("resolved", [{"text": "x" * 1_000_000}], "resolved: text: "),
    ("noted", [], "noted: text: "),
    ("noted", [{"text": "   "}], "noted: text: "),
    ("date-promised", [{"date": "soon"}], "date-promised: date: "),
    ("date-promised", [{"date": "9999-12-31"}], "date-promised: "),
    ("assessed", [{"at": "2026-07-22T10:00:00"}], "assessed: at: "),
    ("assessed", [{"at": "0001-01-01T00:00:00Z"}], "assessed: at: "),
    ("called", [{"reached": "maybe"}], "called: reached: "),
    ("survey-answered", [{"score": 6}], "survey-answered: score: "),
    ("customer-satisfied", [{"by": "two\nlines"}], "customer-satisfied: by: "),
    ("letter-bounced", [{}], "letter-bounced: key: "),
    ("merged", [{}], "merged: into: "),
]


async def test_no_junk_freezes_or_fails_a_case_and_each_is_journalled_with_its_reason(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    for signal, arguments, _ in JUNK:
        await story.handle.signal(signal, args=arguments)
    status = await story.comes_true(lambda status: status.ignored == len(JUNK))
    assert (status.stage, status.outcome) == ("assessment", None)
    told = await story.why_ignored()
    for (signal, _, reason), said in zip(JUNK, told, strict=True):
        assert said.startswith(reason), signal
        assert SECRET not in said
        assert len(said) < 1_200
    for signal in ("assigned", "resolved", "customer-satisfied"):
        await story.says(signal)
    assert await story.outcome() == "satisfied"
    assert len([row for row in await story.store.journal(story.number) if row.what == "ignored"]) == len(JUNK)


async def test_one_argument_too_many_is_not_in_the_way(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.handle.signal("assigned", args=[{"department": "academic"}, "one", {"too": "many"}])
    await story.handle.signal("resolved", args=[None, None])
    await story.handle.signal("customer-satisfied", args=[{}, 1, 2, 3])
    assert await story.outcome() == "satisfied"


async def test_fields_that_nobody_knows_are_no_reason_to_ignore_a_fact(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.says("assigned", department="academic", favourite_colour="green")
    assert (await story.status()).department == "academic"


UNREADABLE = {
    "malformed": Payload(metadata={"encoding": b"json/plain"}, data=b"{not json"),
    "foreign key": Payload(metadata={"encoding": b"binary/encrypted", "encryption-key-id": b"ours?"}, data=b"\x00\xff"),
    "nothing": Payload(metadata={}, data=b""),
}


HOSTILE = [
    *UNREADABLE.values(),
    *(
        Payload(metadata={"encoding": b"json/plain"}, data=said)
        for said in (
            b'{"at":"2026-07-22T10:00:00"}', b'{"at":"9999-12-31T23:59:59Z"}', b'{"by":"a\\u0000b"}', b'[[[[]]]]',
            b'"x"', b'{"event_id":NaN}', b'{"by":' + b"[" * 5_000, b'{"by":"\\ud800"}',
            b'{"by":"' + b"x" * 1_500_000 + b'"}', b'{"at":' + b"9" * 5_000 + b"}",
        )
    ),
    Payload(metadata={"encoding": b"binary/plain"}, data=b"\x00\xff"),
    Payload(metadata={"encoding": b"json/protobuf", "messageType": b"temporal.api.common.v1.Payload"}, data=b"{}"),
]  # fmt: skip
"""What no fact, request or question takes, whichever it is."""


async def test_every_handler_that_the_workflow_declares_bears_what_it_is_sent(story: Story) -> None:
    """A handler that is added tomorrow is attacked too: names are the workflow's own."""
    declared = workflow._Definition.must_from_class(Complaint)
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    turn = itertools.cycle(HOSTILE)
    signals = [name or "nobody-knows-this" for name in declared.signals] * 2
    for name in signals:
        await story.handle.signal(name, args=[RawValue(next(turn))])
    await story.comes_true(lambda status: status.ignored == len(signals))
    for name in filter(None, declared.updates):
        with pytest.raises(WorkflowUpdateFailedError):
            await asyncio.wait_for(story.handle.execute_update(name, args=[RawValue(next(turn))]), PATIENCE)
    for name in filter(None, declared.queries):
        assert await asyncio.wait_for(story.handle.query(name, args=[RawValue(next(turn))]), PATIENCE)
    for name in ("assigned", "resolved", "customer-satisfied"):
        await story.says(name)
    assert await story.outcome() == "satisfied"
    kinds = {event.event_type for event in (await story.handle.fetch_history()).events}
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED not in kinds


async def test_beyond_a_hundred_junk_is_only_counted(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    for _ in range(120):
        await story.handle.signal("nobody-knows-this")
    await story.comes_true(lambda status: status.ignored == 120)
    assert len(await story.why_ignored()) == 100
    status = await story.asks("assign", department="academic")
    assert status.stage == "investigation"


BASE = {"customer": CUSTOMER, "problem": PROBLEM}
REACHED = {"email": "rosa@correo.example"}

BAD_STARTS: list[tuple[list[Any], str]] = [
    ([], "customer"),
    (["a complaint"], "a"),
    ([None], ""),
    ([{"customer": {"name": SECRET}, "problem": PROBLEM}], "email or a phone"),
    ([{"customer": {"name": SECRET, "email": "", "phone": ""}, "problem": PROBLEM}], "email"),
    ([{"customer": {"email": f"{SECRET}@"}, "problem": PROBLEM}], "customer.email"),
    ([{"customer": {"phone": "call me"}, "problem": PROBLEM}], "customer.phone"),
    ([{"customer": REACHED, "problem": {"description": "  "}}], "problem.description"),
    ([{"customer": REACHED}], "problem"),
    ([{**BASE, "channel": "fax"}], "channel"),
    ([{**BASE, "received_at": "2026-07-22T09:00:00"}], "received_at"),
    ([{**BASE, "received_at": "0001-01-01T00:00:00Z"}], "received_at"),
    ([{**BASE, "problem": {"description": "x" * 1_000_000}}], "problem.description"),
    ([{**BASE, "product": "NUL \x00"}], "product"),
    ([{**BASE, "policy": {"windows": {"assessment": -1}}}], "windows.assessment"),
    ([{**BASE, "policy": {"windws": {}}}], "windws"),
    ([{"carried": {"number": SECRET}}], "carried"),
]


@pytest.mark.parametrize(("arguments", "field"), BAD_STARTS)
async def test_what_cannot_be_a_complaint_fails_and_names_the_field_never_its_value(
    story: Story, arguments: list[Any], field: str
) -> None:
    handle = await story.client.start_workflow(
        names.COMPLAINT, args=arguments, id=story.number, task_queue=story.settings.task_queue
    )
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(handle.result(), PATIENCE)
    said = _whole(failed.value)
    assert field in said
    assert SECRET not in said
    assert await story.store.journal(story.number) == []  # nothing half-written


@pytest.mark.parametrize("wish", [{"clock_offset": 86_400.0}, {"policy": {"windows": {"assessment": 9}}}])
async def test_a_worker_that_was_not_started_for_simulation_plays_none(story: Story, wish: dict[str, Any]) -> None:
    await story.worker_stops()
    story.settings = story.settings.model_copy(update={"simulation": False})
    await story.worker_starts()
    handle = await story.client.start_workflow(
        names.COMPLAINT, {**BASE, **wish}, id=story.number, task_queue=story.settings.task_queue
    )
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(handle.result(), PATIENCE)
    assert "plays no simulations" in _whole(failed.value)


@pytest.mark.parametrize("payload", UNREADABLE.values(), ids=list(UNREADABLE))
async def test_a_start_that_cannot_be_read_fails(story: Story, payload: Payload) -> None:
    handle = await story.client.start_workflow(
        names.COMPLAINT, RawValue(payload), id=story.number, task_queue=story.settings.task_queue
    )
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(handle.result(), PATIENCE)
    assert "cannot be read" in _whole(failed.value)


@pytest.mark.parametrize("payload", UNREADABLE.values(), ids=list(UNREADABLE))
async def test_a_request_that_cannot_be_read_fails_alone(story: Story, payload: Payload) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await asyncio.wait_for(story.handle.execute_update("assign", args=[RawValue(payload)]), PATIENCE)
    assert "cannot be read" in _whole(refused.value)
    assert (await story.asks("assign", department="academic")).stage == "investigation"


@pytest.mark.parametrize("number", ["with a blank", "a/b", "x" * 41, "número"])
async def test_a_bad_number_fails(story: Story, number: str) -> None:
    number = f"{number}{new_name(4)}" if len(number) < 30 else number
    handle = await story.client.start_workflow(names.COMPLAINT, BASE, id=number, task_queue=story.settings.task_queue)
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(handle.result(), PATIENCE)
    assert "workflow id" in _whole(failed.value)


async def test_a_start_takes_more_arguments_and_fields_than_it_knows(story: Story) -> None:
    handle = await story.client.start_workflow(
        names.COMPLAINT, args=[{**BASE, "mood": "bad"}, "more"], id=story.number, task_queue=story.settings.task_queue
    )
    await story.is_opened()
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING


@pytest.mark.parametrize(
    ("update", "asked", "said"),
    [
        ("assign", ["academic"], "valid dictionary"),
        ("resolve", [{"outcome": "perhaps"}], "outcome"),
        ("promise_date", [{"date": "2026-07-21"}], "promise a day to come"),
        ("close_by_decision", [{}], "reason"),
        ("answer_survey", [{"score": 3}], "the survey comes with the closing"),
        ("nobody_knows_this", [{}], "nobody_knows_this"),
    ],
)
async def test_a_junk_request_is_refused_with_a_sentence_and_leaves_no_trace(
    story: Story, update: str, asked: list[Any], said: str
) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.all_is_told()
    before = len((await story.handle.fetch_history()).events)
    with pytest.raises(Exception) as refused:  # noqa: PT011 - which error it is depends on who refuses
        await asyncio.wait_for(story.handle.execute_update(update, args=asked), PATIENCE)
    assert said in _whole(refused.value)
    assert "ValidationError" not in _whole(refused.value)
    assert len((await story.handle.fetch_history()).events) == before
    assert (await story.status()).ignored == 0


async def test_a_cancel_request_is_journalled_and_ignored(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.handle.cancel()
    await story.comes_true(lambda status: status.ignored == 1)
    assert (await story.why_ignored())[0].startswith("cancel: a complaint cannot be cancelled")
    await story.until("2026-07-27 18:01")
    assert await story.happened("late") == ["2026-07-27 18:00 late/assessment"]  # its clocks go on
    for signal in ("assigned", "resolved", "customer-satisfied"):
        await story.says(signal)
    assert await story.outcome() == "satisfied"
    assert (await story.handle.describe()).status is WorkflowExecutionStatus.COMPLETED


async def test_cancelled_while_letters_and_rows_are_on_their_way_nothing_is_dropped(
    story: Story, rare_retries: None
) -> None:
    await story.sink.go_away()
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.handle.cancel()
    await story.comes_true(lambda status: status.ignored == 1)
    await story.sink.come_back()
    await story.passes(hours=5, minutes=1)
    await story.all_is_told()
    assert await story.kinds() == ["acknowledgement"]


async def test_a_fact_with_an_id_is_applied_once(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    for _ in range(3):
        await story.says("noted", text="Llamó la madre.", event_id="note-1")
    first = await story.asks("assign", department="academic", event_id="assign-1")
    again = await story.asks("assign", department="academic", event_id="assign-1")
    assert (first.department, again.department) == ("academic", "academic")
    assert len(await story.happened("noted")) == 1
    assert len(await story.happened("assigned")) == 1
    assert (await story.status()).ignored == 0


async def test_a_fact_said_before_its_time_counts_now_and_one_from_the_past_when_it_happened(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.until("2026-07-24 10:00")
    await story.says("assessed", at="2026-07-30T10:00:00-05:00")
    await story.says("noted", text="Ayer", at="2026-07-24T09:00:00-05:00")
    assert await story.happened("assessed", "noted") == ["2026-07-24 10:00 assessed", "2026-07-24 10:00 noted"]
    kept = {row.what: row.data.get("said_at") for row in await story.timeline()}
    assert str(kept["noted"]).startswith("2026-07-24T")


def _whole(error: BaseException) -> str:
    """What an error and its causes say."""
    said = [str(error)]
    while (cause := getattr(error, "cause", None)) is not None:
        error = cause
        said.append(str(error))
        if isinstance(error, ApplicationError) and error.details:
            said.append(str(error.details))
    return " | ".join(said)
