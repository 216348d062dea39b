"""§6 and §8: the customer has the resolution; satisfied, silent, or coming back after the closing."""

import asyncio

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.service import RPCError

from complaints.rules.facts import CustomerDissatisfied, Via
from complaints.rules.requests import Carried
from complaints.rules.retelling import told_again
from tests.story import CARE_TEAM, HEAD, MANAGER, Story, lima
from tests.waiting import PATIENCE
from workflows import names

RESOLUTION = {"text": "Se dictarán las horas que faltan.", "by": "Jorge Ramos", "outcome": "upheld"}


async def test_6_the_resolution_invites_feedback_and_asks_satisfied_or_not(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("resolve", corrective_actions=["Revisar el horario del curso"], **RESOLUTION)
    await story.all_is_told()
    words = await story.text("resolution")
    for said in ("Se dictarán las horas que faltan.", "Revisar el horario del curso", "conforme", "967 090 448"):
        assert said in words


async def test_6_told_by_the_representative_in_a_call_there_is_no_letter(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("resolve", told_in_call=True, **RESOLUTION)
    await story.until("2026-07-25 12:00")
    await story.all_is_told()
    assert await story.kinds() == ["acknowledgement", "reminder"]
    assert "legal/10" not in await story.explains()  # the resolution is communicated


async def test_8_satisfied_is_the_end_with_a_survey(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("resolve", **RESOLUTION)
    await story.until("2026-07-24 12:00")
    await story.asks("confirm_satisfied", by="customer", via="reply", words="Gracias")
    assert await story.outcome() == "satisfied"
    assert "5: muy satisfecho o satisfecha" in await story.text("closing")
    row = next(row for row in await story.timeline() if row.what == "customer-satisfied")
    assert (row.by, row.via, row.data["words"]) == ("customer", "reply", "Gracias")  # the evidence


async def test_8_satisfied_said_by_who_resolved_it_is_allowed_and_marked(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("resolve", **RESOLUTION)
    await story.asks("confirm_satisfied", by="Jorge Ramos", via="call")
    result = await story.handle.result()
    assert (result.outcome, result.satisfied_by_resolver) == ("satisfied", True)


async def test_8_a_silent_customer_is_reminded_three_times_then_called_and_then_the_case_waits(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.until("2026-07-22 11:00")
    await story.asks("resolve", **RESOLUTION)
    await story.until("2026-08-20 12:00")
    await story.all_is_told()
    assert await story.sent("reminder") == ["2026-07-25 11:00", "2026-07-28 11:00", "2026-07-31 11:00"]
    assert await story.happened("unconfirmed", "call-task", "escalated") == [
        "2026-08-03 11:00 unconfirmed",
        "2026-08-03 11:00 call-task",
    ]
    status = await story.status()
    assert (status.stage, status.unconfirmed, status.outcome) == ("confirmation", True, None)
    assert await story.is_open()
    assert set(await story.kinds(CARE_TEAM)) >= {"call-needed", "unconfirmed"}


async def test_8_an_unconfirmed_case_still_hears_its_customer(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy={"confirmation": {"reminders": 0}})
    await story.asks("resolve", **RESOLUTION)
    await story.until("2026-08-20 12:00")
    assert (await story.status()).unconfirmed
    await story.says("customer-satisfied", by="customer", via="link")
    assert await story.outcome() == "satisfied"


async def test_8_silence_closes_where_the_policy_says_so(story: Story) -> None:
    quiet = {"confirmation": {"silence_closes_after": 5, "reminders": 1}}
    await story.complaint_arrives("2026-07-22 09:00", policy=quiet)
    await story.until("2026-07-22 11:00")
    await story.asks("resolve", **RESOLUTION)
    await story.until("2026-08-03 17:59")
    assert await story.is_open()
    await story.passes(minutes=2)
    assert await story.outcome() == "silence"
    assert (await story.kinds())[-1] == "closed-in-silence"
    assert await story.happened("closed") == ["2026-08-03 18:00 closed"]


async def test_6_feedback_and_survey_are_kept(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    assert "closing" in await story.is_refused("answer_survey", score=5)
    await story.asks("resolve", **RESOLUTION)
    await story.asks("give_feedback", text="Me atendieron con amabilidad.", by="customer")
    await story.asks("answer_survey", score=4, comment="Bien", by="customer")
    assert "answered already" in await story.is_refused("answer_survey", score=1)
    await story.says("customer-satisfied")
    await story.outcome()
    kept = {row.what: row.data for row in await story.store.journal(story.number)}
    assert kept["feedback-given"]["text"] == "Me atendieron con amabilidad."
    assert kept["survey-answered"]["score"] == 4


async def test_8_after_the_closing_a_request_is_refused_with_a_sentence(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("resolve", **RESOLUTION)
    await story.asks("confirm_satisfied")
    with pytest.raises((WorkflowUpdateFailedError, RPCError)) as refused:
        await asyncio.wait_for(story.asks("assign", department="academic"), PATIENCE)
    said = str(refused.value.cause if isinstance(refused.value, WorkflowUpdateFailedError) else refused.value)
    assert "closed" in said or "completed" in said


async def test_8_a_dispute_that_comes_before_the_last_letter_opens_the_next_round(
    story: Story, rare_retries: None
) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("resolve", **RESOLUTION)
    await story.all_is_told()
    await story.sink.go_away()
    await story.says("customer-satisfied")
    assert await story.stage() == "closed"
    assert await story.is_open()  # it ends only when its letter is delivered
    assert "it is closed" in await story.is_refused("assign", department="academic")
    await story.says("customer-dissatisfied", reason="Me equivoqué de botón.")
    status = await story.status()
    assert (status.stage, status.round, status.level) == ("investigation", 2, 1)
    await story.sink.come_back()
    await story.passes(hours=5, minutes=1)
    await story.all_is_told()
    assert len(await story.happened("reopened")) == 1
    assert await story.is_open()


async def reopened(story: Story, at: str, reason: str) -> None:
    """As the front desk does it: the case from its journal, carried into a new run under the same id."""
    case = told_again(story.number, await story.store.journal(story.number))
    dispute = CustomerDissatisfied(reason=reason, by="customer", via=Via.REPLY, at=lima(at))
    await story.client.start_workflow(
        names.COMPLAINT,
        Carried(carried=case, clock_offset=story.offset_for(at), reopening=dispute),
        id=story.number,
        task_queue=story.settings.task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )
    await story.is_opened()


async def test_8_within_30_days_a_dispute_reopens_the_case_under_its_number(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="academic")
    await story.asks("resolve", **RESOLUTION)
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"
    before = [row.model_dump() for row in await story.store.journal(story.number)]

    await reopened(story, "2026-08-12 10:00", "Las horas no se dictaron.")
    await story.all_is_told()
    status = await story.status()
    assert (status.stage, status.round, status.level, status.outcome) == ("investigation", 2, 1, None)
    assert (status.department, status.owner) == ("academic", "administration_manager")
    assert (await story.kinds())[-1] == "reopening"
    assert "Las horas no se dictaron." in await story.text("escalated-to-you", MANAGER)
    assert "disputed" in await story.kinds(HEAD)
    kept = [row.model_dump() for row in await story.store.journal(story.number)]
    assert kept[: len(before)] == before  # the first round's verdict stays as it was
    assert {row["what"] for row in kept[len(before) :]} >= {"customer-dissatisfied", "reopened", "escalated"}

    await story.until("2026-08-19 17:59")
    assert await story.happened("late/investigation") == []
    await story.until("2026-08-19 18:01")
    assert await story.happened("late/investigation") == ["2026-08-19 18:00 late/investigation"]
    await story.asks("resolve", text="Se dictaron el sábado.", by="Jorge Ramos")
    await story.says("customer-satisfied")
    result = await story.handle.result()
    assert (result.outcome, result.rounds, result.level) == ("satisfied", 2, 2)


async def test_8_after_30_days_it_stays_closed(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("resolve", **RESOLUTION)
    await story.says("customer-satisfied")
    await story.outcome()
    await reopened(story, "2026-08-25 10:00", "Tarde.")
    assert await story.outcome() == "satisfied"
    assert (await story.store.record(story.number)).stage == "closed"  # type: ignore[union-attr]
    assert (await story.why_ignored())[-1].startswith("customer-dissatisfied: it closed more than 30 days ago")
