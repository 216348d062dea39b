"""What Temporal keeps of a complaint is sealed; strangers may send in clear, and with keys of their own."""

import asyncio
import dataclasses
from functools import partial
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError

from complaints.rules.status import Status
from starter.replaying import patient_replayer
from tests.rings import session_keys
from tests.story import PROBLEM, QUIET, Story
from workflows import names
from workflows.connection import data_converter
from workflows.key_ring import Key, KeyRing, Keys
from workflows.sealing import Sealing

PERSONAL = ("Rosa Quispe", "45678912", "rosa@correo.example", "987 654 321", PROBLEM["description"], "Mentira")


def with_converter(client: Client, converter: Any) -> Client:
    """The same server, for a program that works otherwise."""
    return Client(client.service_client, namespace=client.namespace, data_converter=converter)


def bare(story: Story) -> WorkflowHandle[Any, Any]:
    """The case, for a program that knows of no seal."""
    return with_converter(story.client, pydantic_data_converter).get_workflow_handle(story.number)


async def test_nothing_personal_is_in_a_history_summaries_failures_and_details_included(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.says("assigned", department="academic", representative="Rosa Quispe")
    with pytest.raises(WorkflowUpdateFailedError):
        await story.handle.execute_update("resolve", {"text": "Mentira", "date": 3, "outcome": "perhaps"})
    await story.says("resolved", text="Mentira")
    await story.says("customer-dissatisfied", reason="Mentira de Rosa Quispe")
    await story.all_is_told()
    history = await story.handle.fetch_history()
    kept = "".join(str(event) for event in history.events)
    assert [word for word in PERSONAL if word in kept] == []
    said = [event.user_metadata.summary for event in history.events if event.HasField("user_metadata")]
    assert said
    assert {payload.metadata["encoding"] for payload in said} == {b"binary/encrypted"}
    clear = [payload for payload in _payloads(history) if payload.metadata["encoding"] != b"binary/encrypted"]
    # Temporal's core notes beside a local activity's result which try of which it was.
    assert [payload for payload in clear if payload.data and b'"activity_id"' not in payload.data] == []
    await patient_replayer(data_converter(session_keys())).replay_workflow(history)


def _payloads(history: Any) -> list[Any]:
    """Every payload of it but those of search attributes, which hold nobody and are never sealed."""
    found: list[Any] = []

    def look(message: Any) -> None:
        if message.DESCRIPTOR.full_name == "temporal.api.common.v1.Payload":
            found.append(message)
            return
        for field, value in message.ListFields():
            if field.message_type is None or field.message_type.full_name.endswith("SearchAttributes"):
                continue
            if field.message_type.GetOptions().map_entry:
                many = value.values() if field.message_type.fields_by_name["value"].message_type else ()
            else:
                many = value if hasattr(value, "__len__") and not hasattr(value, "ListFields") else [value]
            for one in many:
                look(one)

    for event in history.events:
        look(event)
    return found


async def test_who_sends_in_clear_is_heard_and_the_journal_says_so(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await bare(story).signal("assigned", {"department": "academic", "in_clear": False})
    await story.comes_true(lambda status: status.department == "academic")
    answered = await bare(story).execute_update("add_note", {"text": "Sin sello"}, id="bare")
    assert answered["department"] == "academic", "who asks in clear is answered in clear"
    assert (await bare(story).query("status"))["department"] == "academic"
    await story.says("noted", text="Con sello", in_clear=True)
    await story.all_is_told()
    rows = {row.what + str(row.data.get("text", "")): row.data for row in await story.store.journal(story.number)}
    assert rows["assigned"]["in_clear"] is True
    assert rows["notedSin sello"]["in_clear"] is True
    assert "in_clear" not in rows["notedCon sello"], "nobody says so of themselves"
    assert "in_clear" not in rows["received"]
    assert await story.store.came_in_clear() == 2


async def test_a_start_in_clear_is_a_complaint_too(story: Story) -> None:
    client = with_converter(story.client, pydantic_data_converter)
    started = dataclasses.replace(story, client=client)
    await started.complaint_arrives("2026-07-22 09:00", policy=QUIET, opened=False)
    await story.is_opened()
    await story.all_is_told()
    [received] = [row for row in await story.store.journal(story.number) if row.what == "received"]
    assert received.data["in_clear"] is True


async def test_a_foreign_key_is_refused_in_a_sentence_and_the_case_goes_on(story: Story, tmp_path: Any) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    foreign, mangled = tmp_path / "foreign.keys", tmp_path / "mangled.keys"
    foreign.write_text(KeyRing((Key("k-theirs", b"1" * 32),)).text())
    mangled.write_text(KeyRing((Key(session_keys().ring.sealing.id, b"2" * 32),)).text())
    for place, ring in enumerate((foreign, mangled), start=1):
        client = with_converter(story.client, data_converter(Keys(ring)))
        await client.get_workflow_handle(story.number).signal("assigned", {"department": "academic"})
        status = await story.comes_true(partial(_ignored, place))
        assert status.department is None
        asked = client.get_workflow_handle(story.number).execute_update("add_note", {"text": "x"})
        with pytest.raises(WorkflowUpdateFailedError):
            await asyncio.wait_for(asked, 60)
    said = await story.why_ignored()
    assert "sealed with a key that this system does not have ('k-theirs')" in said[0]
    for signal in ("assigned", "resolved", "customer-satisfied"):
        await story.says(signal)
    assert await story.outcome() == "satisfied"


def _ignored(count: int, status: Status) -> bool:
    return status.ignored == count


async def test_what_is_refused_is_read_by_whoever_has_the_key(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await story.handle.execute_update("add_note", {"text": "   "})
    assert isinstance(refused.value.cause, ApplicationError)
    assert "text" in refused.value.cause.message


async def test_a_key_is_followed_by_another_while_everything_runs(story: Story, tmp_path: Any) -> None:
    """Old payloads stay readable, and a program learns of the new key from the file."""
    path = tmp_path / "payload.keys"
    old = session_keys().ring
    path.write_text(old.text())
    codec = Sealing(Keys(path))
    new = Key.made()
    [before] = await codec.encode([_payload()])
    path.write_text(KeyRing((new, *old.keys)).text())
    [after] = await codec.encode([_payload()])
    assert before.metadata["encryption-key-id"] == old.sealing.id.encode()
    assert after.metadata["encryption-key-id"] == new.id.encode()
    assert await codec.decode([before, after]) == [_payload(), _payload()]


def _payload() -> Any:
    return pydantic_data_converter.payload_converter.to_payload({"text": "Faltan horas"})


def test_search_attributes_hold_nobody() -> None:
    """They are never sealed: stage, rung, lateness, channel, department, date, whether something is unread."""
    assert {key.name for key in names.SEARCH_ATTRIBUTES} == {
        "ComplaintStage", "ComplaintLevel", "ComplaintLate", "ComplaintChannel", "ComplaintDepartment", "ComplaintDue",
        "ComplaintUnread",
    }  # fmt: skip
