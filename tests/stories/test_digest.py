"""At the opening of each business day everybody for whom something waits gets one mail, and nobody else."""

import asyncio
import hashlib
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError, WorkflowHandle

import activities.digest
from complaints.rules.digest import DigestOutcome
from complaints.rules.report.review import Month
from complaints.rules.report.review_record import NewAction, Signed
from starter.replaying import patient_replayer
from tests.chance import new_name
from tests.rings import session_keys
from tests.story import CARE_TEAM, DIRECTOR, HEAD, MANAGER, QUIET, SYSTEMS, Story, lima
from tests.waiting import PATIENCE
from workflows import names
from workflows.connection import data_converter
from workflows.digest import DailyDigest

Handle = WorkflowHandle[Any, DigestOutcome]


async def starts(story: Story, at: str) -> Handle:
    """The digest that the schedule starts, at that Lima time."""
    offset = lima(at) - datetime.now(UTC)
    return await story.client.start_workflow(
        names.DAILY_DIGEST,
        {"clock_offset": offset.total_seconds()},
        id=f"digest-{new_name()}",
        task_queue=story.settings.task_queue,
        result_type=DigestOutcome,
    )


async def digest(story: Story, at: str) -> DigestOutcome:
    return await asyncio.wait_for((await starts(story, at)).result(), PATIENCE)


def digests(story: Story, to: str) -> list[EmailMessage]:
    return [letter for letter in story.sink.to(to) if "Quejas de hoy" in str(letter["Subject"])]


def words(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


async def test_on_a_business_day_the_care_team_hears_what_is_due_and_nobody_else_hears_anything(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.until("2026-07-27 08:00")
    await story.all_is_told()
    for _ in range(2):  # started twice, it is one letter
        outcome = await digest(story, "2026-07-27 09:00")
        assert (outcome.told, outcome.none_because) == ({"care_team": "sent"}, None)
    [letter] = digests(story, CARE_TEAM)
    assert letter["Subject"] == "Quejas de hoy, lunes 27 de julio: 1 vence hoy"
    assert story.number in words(letter)
    assert "evaluación inicial: lunes 27 de julio, hasta las 6:00 p. m." in words(letter)
    assert "Quispe" not in letter.as_string(), "a short name"
    assert [to for to in (MANAGER, DIRECTOR, HEAD, SYSTEMS) if digests(story, to)] == []


async def test_on_fiestas_patrias_nobody_gets_one_and_the_day_after_tells_what_is_late(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.until("2026-07-30 08:00")
    await story.all_is_told()
    for holiday in ("2026-07-28 09:00", "2026-07-29 09:00", "2026-08-01 09:00"):
        assert (await digest(story, holiday)).none_because == "closed"
    assert digests(story, CARE_TEAM) == []
    assert (await digest(story, "2026-07-30 09:00")).told == {"care_team": "sent"}
    [letter] = digests(story, CARE_TEAM)
    assert letter["Subject"] == "Quejas de hoy, jueves 30 de julio: 1 vencida"


async def test_an_update_that_goes_out_today_is_announced_while_a_line_can_be_added(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 15:00")
    await story.asks("assign", department="academic")
    await story.until("2026-07-31 09:00")
    await story.all_is_told()
    assert (await digest(story, "2026-07-31 09:00")).told == {"department/academic": "sent"}
    [letter] = digests(story, HEAD)
    assert "EL CLIENTE RECIBE HOY NOTICIAS" in words(letter)
    assert "viernes 31 de julio, a las 3:00 p. m." in words(letter)
    assert "una «Nota» para el cliente" in words(letter)
    await story.asks("add_note", text="Ya hablamos con el docente.", for_customer=True)
    await story.until("2026-07-31 16:00")
    await story.all_is_told()
    assert "Ya hablamos con el docente." in await story.text("update")


async def test_nothing_waits_nobody_hears_and_after_closing_time_it_is_tomorrows(story: Story) -> None:
    assert (await digest(story, "2026-07-27 09:00")).told == {}
    assert (await digest(story, "2026-07-27 18:00")).none_because == "over"
    assert story.sink.letters == []


async def test_it_waits_for_the_office_to_open(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.until("2026-07-27 00:05")
    await story.all_is_told()
    handle = await starts(story, "2026-07-27 00:05")
    await asyncio.wait_for(story.skipper.fast_forward(handle, timedelta(hours=8, minutes=50)), PATIENCE)
    assert digests(story, CARE_TEAM) == []
    await asyncio.wait_for(story.skipper.fast_forward(handle, timedelta(minutes=10)), PATIENCE)
    assert (await asyncio.wait_for(handle.result(), PATIENCE)).told == {"care_team": "sent"}
    [letter] = digests(story, CARE_TEAM)
    assert "27 Jul 2026 09:0" in str(letter["Date"]), "by the school's clock"
    await patient_replayer(data_converter(session_keys()), DailyDigest).replay_workflow(await handle.fetch_history())


async def test_an_escalated_case_reaches_its_manager_the_head_and_whoever_works_on_it(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="academic", representative="jefe@otra.example")
    await story.until("2026-08-04 10:00")
    await story.all_is_told()
    outcome = await digest(story, "2026-08-04 10:00")
    assert outcome.told == dict.fromkeys(("administration_manager", "department/academic"), "sent")
    [to_manager], [to_head] = digests(story, MANAGER), digests(story, HEAD)
    assert "escaló el lunes 3 de agosto" in words(to_manager)
    assert story.number in words(to_head)


async def test_who_answers_for_the_records_keeps_their_head_outside_of_them(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the head of a moment that can be asked for again; whoever works on a case needs none."""
    monkeypatch.setattr(activities.digest, "_WRITTEN_BY_NOW", -timedelta(minutes=2))  # the story was written just now
    await story.complaint_arrives("2026-07-22 09:00")
    await story.until("2026-08-04 08:00")
    await story.all_is_told()
    await digest(story, "2026-08-04 09:00")
    [letter] = digests(story, MANAGER)
    [(at, head)] = re.findall(r"Registro al (\S+): ([0-9a-f]{64})", words(letter))
    assert head != hashlib.sha256(b"").hexdigest(), "of what was written, not of nothing"
    assert await story.store.chain_head(datetime.fromisoformat(at)) is not None
    assert "Registro al" not in words(digests(story, CARE_TEAM)[0])


async def test_the_head_of_nothing_is_not_sent(story: Story) -> None:
    """Records that are younger than the moment that is settled have none to keep."""
    await story.complaint_arrives("2026-07-22 09:00")
    await story.until("2026-08-04 08:00")
    await story.all_is_told()
    assert await story.store.chain_head(datetime.now(UTC) - timedelta(hours=1)) is None
    await digest(story, "2026-08-04 09:00")
    [letter] = digests(story, MANAGER)
    assert "Registro al" not in words(letter)


async def test_a_mailbox_that_refuses_delays_nobody_else(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="academic")
    await story.until("2026-08-04 10:00")
    await story.all_is_told()
    story.sink.refuses[HEAD] = "550 No such mailbox"
    outcome = await digest(story, "2026-08-04 10:00")
    assert outcome.told == {"administration_manager": "sent", "department/academic": "failed"}


async def test_an_action_of_a_review_reaches_its_owner_when_it_is_due(story: Story) -> None:
    month, opened = Month.named("2026-07", timezone="America/Lima"), lima("2026-08-03 09:00")
    await story.store.open_review(month, at=opened)
    action = NewAction(
        kind="process", words="Lista diaria de no evaluadas.", owner="department/systems", due=lima("2026-08-12").date()
    )
    await story.store.plan("2026-07", action, Signed(by="Ana", via="cli", at=opened), event_id="1")
    assert (await digest(story, "2026-08-10 09:00")).told == {}
    assert (await digest(story, "2026-08-11 09:00")).told == {"department/systems": "sent"}
    [letter] = digests(story, SYSTEMS)
    assert "Lista diaria de no evaluadas. (hasta el miércoles 12 de agosto)" in words(letter)


async def test_junk_fails_the_digest_and_names_the_field(story: Story) -> None:
    handle = await story.client.start_workflow(
        names.DAILY_DIGEST,
        {"clock_offset": "soon"},
        id=f"digest-{new_name()}",
        task_queue=story.settings.task_queue,
    )
    with pytest.raises(WorkflowFailureError) as failure:
        await asyncio.wait_for(handle.result(), PATIENCE)
    assert "clock_offset" in str(failure.value.cause)
