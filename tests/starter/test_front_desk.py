"""The front desk on the real server: opening, asking, telling, reopening; what it answers when somebody is away."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from complaints.contacts_file import ContactsFile
from complaints.records.errors import Unreachable
from complaints.records.store import Store
from complaints.rules.facts import (
    Assessed,
    Assigned,
    CustomerDissatisfied,
    CustomerSatisfied,
    FeedbackGiven,
    MessageReceived,
    Noted,
    Resolved,
    SurveyAnswered,
    Via,
)
from complaints.rules.journal import RecordBatch
from complaints.rules.number import complaint_number, key_digest
from complaints.rules.received import ComplaintReceived
from starter.errors import Away, NotFound, NotKnown, Refused
from starter.front_desk import FrontDesk
from starter.runs import FailedStart
from tests.chance import new_key, new_name
from tests.patience import nobody_answers
from tests.story import Story
from tests.waiting import all_is_written, becomes, comes
from workflows import names
from workflows.connection import connect


def a_complaint(key: str | None = None, **changes: Any) -> ComplaintReceived:
    content: dict[str, Any] = {
        "source_key": key or new_key("test"),
        "channel": "web",
        "customer": {"name": "Rosa Quispe", "email": "rosa@correo.example", "phone": "+51 987 654 321"},
        "problem": {"description": "El curso de BIM no tuvo las horas prometidas."},
    }
    return ComplaintReceived.model_validate(content | changes)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def desk(story: Story) -> FrontDesk:
    return FrontDesk(story.client, story.store, contacts=ContactsFile(None), task_queue=story.settings.task_queue)


async def a_closed_one(desk: FrontDesk) -> str:
    """A complaint that went its way and whose run has ended."""
    number = (await desk.open(a_complaint())).number
    await desk.ask(number, "resolve", Resolved(text="Le devolvemos las horas.", by="ana"), "resolved-1")
    await desk.ask(number, "confirm_satisfied", CustomerSatisfied(by="customer", via=Via.CALL), "satisfied-1")
    await asyncio.wait_for(desk.client.get_workflow_handle(number).result(), 60)
    return number


# -- opening ----------------------------------------------------------------------------------------------------------


async def test_3_one_arrival_is_one_complaint_however_often_it_is_started(desk: FrontDesk) -> None:
    received = a_complaint("form/1")
    first, second = await asyncio.gather(desk.open(received), desk.open(received))
    again = await desk.open(received)
    assert {first.number, second.number, again.number} == {complaint_number("form/1")}
    assert sorted([first.already, second.already]) == [False, True]
    assert again.already


async def test_a_number_that_another_key_has_gives_way_to_the_next_salt(desk: FrontDesk, story: Story) -> None:
    ours = new_key("form")
    await story.client.start_workflow(
        names.COMPLAINT,
        a_complaint("the other"),
        id=complaint_number(ours),
        task_queue=story.settings.task_queue,
        memo={names.KEY_DIGEST_MEMO: key_digest("the other")},
    )
    assert (await desk.open(a_complaint(ours))).number == complaint_number(ours, salt=1)
    assert (await desk.open(a_complaint(ours))).already


async def test_what_a_plain_client_started_is_known(desk: FrontDesk, story: Story) -> None:
    key = new_key("plain")
    number = complaint_number(key)
    await story.client.start_workflow(
        names.COMPLAINT, a_complaint(key), id=number, task_queue=story.settings.task_queue
    )
    assert (await desk.open(a_complaint(key))).model_dump() == {
        "number": number,
        "already": True,
        "pending": False,
    }


async def test_a_number_of_ones_own_is_kept_and_never_shared(desk: FrontDesk) -> None:
    own = f"own-{new_name()}"
    assert (await desk.open(a_complaint("a"), number=own)).number == own
    with pytest.raises(Refused, match="choose another"):
        await desk.open(a_complaint("b"), number=own)
    with pytest.raises(Refused, match="40"):
        await desk.open(a_complaint("c"), number="no spaces, please")


async def test_the_records_know_an_arrival_after_temporal_has_forgotten_it(desk: FrontDesk) -> None:
    number = await _forgotten(desk, await a_closed_one(desk))
    key = (await desk.store.record(number)).source_key  # type: ignore[union-attr]
    assert (await desk.open(a_complaint(key))).model_dump() == {"number": number, "already": True, "pending": False}


async def test_a_problem_in_the_future_is_a_slip(desk: FrontDesk) -> None:
    tomorrow = {"description": "x", "occurred_on": (date.today() + timedelta(days=3)).isoformat()}  # noqa: DTZ011
    with pytest.raises(Refused, match="occurred_on"):
        await desk.open(a_complaint(problem=tomorrow))
    opened = await desk.open(a_complaint(channel="email", problem=tomorrow))
    status = await desk.status(opened.number)
    assert "occurred_on" in status.value.missing


async def test_what_temporals_page_says_of_a_start_names_nobody(desk: FrontDesk) -> None:
    opened = await desk.open(a_complaint())
    described = await desk.client.get_workflow_handle(opened.number).describe()
    page = f"{await described.static_summary()} {await described.static_details()}"
    assert "web" in page
    assert not any(word in page for word in ("Rosa", "987", "BIM", "correo.example"))


async def test_a_start_that_came_to_nothing_does_not_block_its_arrival(desk: FrontDesk, story: Story) -> None:
    number = complaint_number("form/slip")
    handle = await story.client.start_workflow(
        names.COMPLAINT, {"problem": {}}, id=number, task_queue=story.settings.task_queue
    )
    with pytest.raises(Exception, match="failed"):
        await handle.result()
    with pytest.raises(NotFound, match="doctor"):
        await desk.status(number)
    assert (await desk.open(a_complaint("form/slip"))).model_dump() == {
        "number": number,
        "already": False,
        "pending": False,
    }


async def test_failed_starts_name_the_field_and_never_its_value(desk: FrontDesk, story: Story) -> None:
    number = f"junk-{new_name()}"
    junk = {"customer": {"email": "not-an-address"}, "problem": {"description": "x"}}
    await story.client.start_workflow(names.COMPLAINT, junk, id=number, task_queue=story.settings.task_queue)

    async def failed() -> list[FailedStart]:
        return [start for start in await desk.failed_starts() if start.number == number]

    [found] = await comes(failed, "start that failed")
    assert "email" in found.reason
    assert "not-an-address" not in found.reason
    assert found.said("es") == "customer.email: no es una dirección de correo."
    assert found.model_dump().keys() == {"number", "started_at", "reason"}


# -- Temporal out of reach --------------------------------------------------------------------------------------------


@pytest.fixture
async def cut_off(story: Story, nowhere: str) -> FrontDesk:
    """A front desk whose Temporal server does not answer."""
    client = await connect(address=nowhere, lazy=True)
    return FrontDesk(client, story.store, task_queue=story.settings.task_queue)


@pytest.mark.slow
async def test_3_a_call_is_taken_down_without_temporal_and_started_later(cut_off: FrontDesk, desk: FrontDesk) -> None:
    called_at = datetime.now(UTC) - timedelta(minutes=5)
    received = a_complaint("call/1", channel="phone", received_at=called_at.isoformat())
    with nobody_answers():
        kept = await cut_off.open(received)
        assert (kept.number, kept.pending) == (complaint_number("call/1"), True)
        with pytest.raises(Refused, match="doctor --mend"):
            await cut_off.status(kept.number)
        with pytest.raises(Away):
            await cut_off.start_pending()
    assert await desk.start_pending() == [(kept.number, None)]
    assert await desk.start_pending() == []
    assert (await desk.status(kept.number)).value.received_at == called_at
    assert (await desk.open(received)).already


@pytest.mark.slow
async def test_3_a_mail_is_not_accepted_without_temporal(cut_off: FrontDesk) -> None:
    with nobody_answers(), pytest.raises(Away):
        await cut_off.open(a_complaint(channel="email"))
    assert await cut_off.store.pending() == []  # type: ignore[union-attr]


async def test_without_postgres_everything_that_runs_goes_on(story: Story, nowhere: str) -> None:
    away = await Store.connect(f"postgresql://x:y@{nowhere}/x")
    desk = FrontDesk(story.client, away, task_queue=story.settings.task_queue)
    opened = await desk.open(a_complaint("form/away"))
    assert (opened.number, opened.already) == (complaint_number("form/away"), False)
    assert (await desk.open(a_complaint("form/away"))).already
    await desk.ask(opened.number, "assess", Assessed())
    await desk.tell(opened.number, MessageReceived(text="hola"))
    assert (await desk.timeline(opened.number)).source == "workflow"
    with pytest.raises(Unreachable):
        await desk.status("Q-0000-00000")
    await away.close()


# -- asking -----------------------------------------------------------------------------------------------------------


async def test_a_request_answers_with_the_new_status(desk: FrontDesk) -> None:
    number = (await desk.open(a_complaint())).number
    assert (await desk.ask(number, "assess", Assessed(category="curso"))).stage == "assignment"
    status = await desk.ask(number, "assign", Assigned(department="Área Académica", representative="ana"))
    assert (status.stage, status.department) == ("investigation", "academic")


async def test_a_request_is_applied_once_for_its_event_id(desk: FrontDesk) -> None:
    number = (await desk.open(a_complaint())).number
    for _ in range(2):
        await desk.ask(number, "add_note", Noted(text="una vez"), "note-1")
    timeline = (await desk.timeline(number)).value
    assert [entry.what for entry in timeline].count("noted") == 1


async def test_a_repeat_after_the_end_is_known_to_be_done(desk: FrontDesk) -> None:
    number = await a_closed_one(desk)
    again = await desk.ask(number, "confirm_satisfied", CustomerSatisfied(), "satisfied-1")
    assert again.outcome == "satisfied"


async def test_an_unknown_department_is_refused_with_those_that_exist(desk: FrontDesk) -> None:
    number = (await desk.open(a_complaint())).number
    with pytest.raises(Refused, match="academic"):
        await desk.ask(number, "assign", Assigned(department="Cocina"))


async def test_a_request_that_does_not_fit_says_what_to_do_in_both_languages(desk: FrontDesk) -> None:
    number = (await desk.open(a_complaint())).number
    with pytest.raises(Refused) as refusal:
        await desk.ask(number, "answer_survey", SurveyAnswered(score=5))
    assert refusal.value.en == f"{number} is in assessment: the survey comes with the closing (§8)."
    assert refusal.value.es == f"{number} está en evaluación inicial: la encuesta llega con el cierre."


async def test_nobody_knows_a_number_that_nobody_gave(desk: FrontDesk) -> None:
    for asked in (
        desk.ask("Q-0000-00000", "assess", Assessed()),
        desk.tell("Q-0000-00000", MessageReceived(text="hola")),
        desk.status("Q-0000-00000"),
        desk.timeline("Q-0000-00000"),
        desk.explain("Q-0000-00000"),
        desk.reopen("Q-0000-00000", CustomerDissatisfied()),
        desk.restart_lost("Q-0000-00000"),
        desk.merge("Q-0000-00000", "Q-0000-00001"),
    ):
        with pytest.raises(NotFound, match="Q-0000-0000"):
            await asked


@pytest.mark.slow
async def test_without_a_worker_a_request_is_not_known_to_be_applied(story: Story) -> None:
    alone = FrontDesk(story.client, story.store, task_queue=f"nobody-{new_name()}")
    number = (await alone.open(a_complaint())).number
    with nobody_answers(), pytest.raises(NotKnown, match="--id note-7"):
        await alone.ask(number, "add_note", Noted(text="x"), "note-7")
    with nobody_answers(), pytest.raises(Away, match="worker"):
        await alone.status(number)
    await alone.tell(number, MessageReceived(text="a signal is accepted"))
    await story.client.get_workflow_handle(number).terminate()


# -- telling, and after the end ---------------------------------------------------------------------------------------


async def test_8_what_is_said_after_closing_is_kept(desk: FrontDesk) -> None:
    number = await a_closed_one(desk)
    await desk.ask(number, "give_feedback", FeedbackGiven(text="Bien atendida", by="customer"))
    await desk.ask(number, "answer_survey", SurveyAnswered(score=5), "survey-1")
    await desk.ask(number, "answer_survey", SurveyAnswered(score=5), "survey-1")
    await desk.tell(number, MessageReceived(text="Gracias", event_id="mail-9"))
    with pytest.raises(Refused, match="answered already"):
        await desk.ask(number, "answer_survey", SurveyAnswered(score=1), "survey-2")
    with pytest.raises(Refused, match="reopen it"):
        await desk.ask(number, "add_note", Noted(text="tarde"))
    told = [(entry.what, entry.seq) for entry in (await desk.timeline(number)).value][-3:]
    assert told == [("feedback-given", 0), ("survey-answered", 0), ("message-received", 0)]


async def test_8_a_dispute_after_closing_reopens_one_level_up(desk: FrontDesk) -> None:
    number = await a_closed_one(desk)
    status = await desk.reopen(number, CustomerDissatisfied(reason="No fue así", by="customer"), "again-1")
    assert (status.stage, status.round, status.level) == ("investigation", 2, 1)
    assert (await desk.reopen(number, CustomerDissatisfied(reason="No fue así"), "again-1")).round == 2
    with pytest.raises(Refused, match="something else was sent under this id"):
        await desk.reopen(number, CustomerDissatisfied(reason="Y otra cosa"), "again-1")
    with pytest.raises(Refused, match="dissatisfied"):
        await desk.reopen(number, CustomerDissatisfied(), "again-2")
    whats = [entry.what for entry in (await desk.timeline(number)).value]
    assert whats.count("reopened") == 1
    assert whats[0] == "received"


async def test_8_a_dispute_as_a_signal_reopens_too(desk: FrontDesk) -> None:
    number = await a_closed_one(desk)
    await desk.tell(number, CustomerDissatisfied(reason="No", by="customer", via=Via.REPLY))
    assert (await desk.status(number)).value.round == 2


async def test_8_a_dispute_that_comes_too_late_is_kept_and_refused(story: Story) -> None:
    today = FrontDesk(story.client, story.store, task_queue=story.settings.task_queue)
    number = await a_closed_one(today)
    later = FrontDesk(
        story.client,
        story.store,
        now=lambda: datetime.now(UTC) + timedelta(days=31),
        task_queue=story.settings.task_queue,
    )
    with pytest.raises(Refused, match="30"):
        await later.reopen(number, CustomerDissatisfied())
    with pytest.raises(Refused, match="30"):
        await later.tell(number, CustomerDissatisfied(reason="Tarde, pero no"))
    assert (await later.timeline(number)).value[-1].what == "customer-dissatisfied"
    assert (await later.status(number)).value.outcome == "satisfied"


async def test_a_lost_run_is_started_again_from_its_journal(desk: FrontDesk) -> None:
    number = (await desk.open(a_complaint())).number
    await desk.ask(number, "assign", Assigned(department="academic"))
    with pytest.raises(Refused, match="not lost"):
        await desk.restart_lost(number)
    await all_is_written(desk, number)
    await desk.client.get_workflow_handle(number).terminate()
    await becomes(desk.lost_runs, [number])  # who runs is asked of Temporal's lists, which follow a moment later
    with pytest.raises(Refused, match="doctor --mend"):
        await desk.ask(number, "assess", Assessed())
    await desk.restart_lost(number)
    status = await desk.ask(number, "assess", Assessed(category="curso"))
    assert (status.stage, status.department) == ("investigation", "academic")
    await becomes(desk.lost_runs, [])


# -- questions --------------------------------------------------------------------------------------------------------


async def test_the_records_answer_where_the_run_is_gone(desk: FrontDesk) -> None:
    known = await a_closed_one(desk)
    told = (await desk.timeline(known)).value
    number = await _forgotten(desk, known)
    status, timeline, explained = await asyncio.gather(desk.status(number), desk.timeline(number), desk.explain(number))
    assert {status.source, timeline.source, explained.source} == {"records"}
    assert (status.value.stage, status.value.outcome) == ("closed", "satisfied")
    assert timeline.value == told


async def test_an_ended_ones_records_answer(story: Story, desk: FrontDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page asks several at once; the first answer drops an ended run from a worker's memory, the rest may be lost."""
    number = await a_closed_one(desk)
    await story.worker_stops()
    monkeypatch.setattr("starter.answers.LIMIT", timedelta(days=1))
    status, timeline, explained = await asyncio.gather(desk.status(number), desk.timeline(number), desk.explain(number))
    assert {status.source, timeline.source, explained.source} == {"records"}
    assert status.value.outcome == "satisfied"
    assert "closed" in [entry.what for entry in timeline.value]


async def test_a_merged_complaint_ends_and_the_other_learns_of_it(desk: FrontDesk) -> None:
    kept, second = [(await desk.open(a_complaint())).number for _ in range(2)]
    with pytest.raises(Refused, match="itself"):
        await desk.merge(second, second)
    assert (await desk.merge(second, kept)).outcome == "merged"
    await asyncio.wait_for(desk.client.get_workflow_handle(second).result(), 60)
    assert "merged" in [entry.what for entry in (await desk.timeline(kept)).value]
    third = (await desk.open(a_complaint())).number
    with pytest.raises(Refused, match="open one"):
        await desk.merge(third, second)


async def _forgotten(desk: FrontDesk, number: str) -> str:
    """The number of a complaint with the same story that Temporal does not know, as after its retention."""
    assert desk.store is not None
    record, rows = await desk.store.record(number), await desk.store.journal(number)
    assert record is not None
    other = record.model_copy(update={"number": f"{number}-old", "source_key": f"{record.source_key}-old"})
    await desk.store.write(RecordBatch(record=other, rows=tuple(rows)))
    return other.number
