"""Answers by mail count (§5.4, §8): new until somebody does what they say; what was read in a mail is used (§4)."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints.contacts_file import ContactsFile
from complaints.mail import tokens
from complaints.rules.facts import Assigned, ClosedByDecision, Resolved
from complaints.rules.readings import Says
from complaints.rules.status import Status
from starter.front_desk import FrontDesk
from starter.intake import Taken
from starter.quarantine import dropped
from tests.mail_attacks import BOX, KEY, a_mail
from tests.mailbox.test_intake import quarantined, take
from tests.story import Story

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def desk(story: Story) -> FrontDesk:
    story.begins("2026-11-20 18:01")
    contacts, queue = ContactsFile(None), story.settings.task_queue
    return FrontDesk(story.client, story.store, now=story.clock, contacts=contacts, task_queue=queue)


async def answer(desk: FrontDesk, number: str, body: str, **headers: str) -> Taken:
    """The customer answers a letter: to the case's own signed address, with our letter quoted below."""
    to = tokens.reply_address(BOX, number, keys=[KEY])
    quoted = "\r\n\r\nEl vie, 20 nov 2026 a las 10:00, Escuela <soporte@escuelaconstrucciondigital.com> escribió:\r\n"
    quoted += "> ¿Está conforme?\r\n> - Estoy conforme\r\n> - No estoy conforme, porque…\r\n"
    raw = a_mail(body + quoted, subject=f"Re: [{number}] Nuestra respuesta", headers={"To": to, **headers})
    return await take(desk, raw.replace(f"To: {BOX}\r\n".encode(), b""), at=AT + timedelta(hours=3))


async def status(desk: FrontDesk, number: str) -> Status:
    return (await desk.status(number)).value


async def a_case(desk: FrontDesk, body: str = "No puedo entrar al aula y nadie me responde.", *, resolved: bool) -> str:
    number = (await take(desk, a_mail(body))).number
    if resolved:
        await desk.ask(number, "assign", Assigned(representative="Ana Torres", by="Ana Torres"))
        await desk.ask(number, "resolve", Resolved(text="Le dimos acceso.", by="Ana Torres"))
    return number


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("Sí, estoy conforme", Says.SATISFIED),
        ("Todo bien, gracias\r\n\r\nEnviado desde mi iPhone", Says.SATISFIED),
        ("No, sigue igual", Says.NOT_SATISFIED),
        ("ya no deseo continuar", Says.WITHDRAWAL),
        ("Yes, I am satisfied.\r\n\r\nSent from my iPhone", Says.SATISFIED),
        ("¿Cuándo llega mi certificado?", None),
    ],
)
async def test_an_answer_is_new_proposes_what_it_seems_to_say_and_does_nothing(
    desk: FrontDesk, body: str, says: Says | None
) -> None:
    number = await a_case(desk, resolved=True)
    before = await status(desk, number)
    assert (await answer(desk, number, body)).reply
    after = await status(desk, number)
    assert (after.unread, after.stage, after.level, after.outcome) == (1, before.stage, before.level, None)
    [message] = after.messages
    assert (message.seems.says if message.seems else None) == says
    assert message.proven


async def test_out_of_office_and_bounces_are_no_message(desk: FrontDesk, story: Story) -> None:
    number = await a_case(desk, resolved=True)
    absent = "Estoy fuera de la oficina hasta el lunes 30. Responderé a mi regreso."
    taken = await answer(desk, number, absent, **{"Auto-Submitted": "auto-replied"})
    assert taken.quarantined == "auto-reply"
    assert (await status(desk, number)).unread == 0


async def test_on_a_closed_case_staff_see_it_in_the_quarantine_and_nothing_acts(desk: FrontDesk, story: Story) -> None:
    number = await a_case(desk, resolved=True)
    await desk.ask(number, "close_by_decision", ClosedByDecision(reason="No procede.", by="Luis Castellanos"))
    await answer(desk, number, "No, sigue igual")
    now = await status(desk, number)
    assert (now.outcome, now.unread, now.unread_since) == ("decision", 1, AT + timedelta(hours=3))
    assert await quarantined(story) == [("after-closing", number)]
    assert desk.store is not None
    [item] = await desk.store.written_after_the_end(number)
    await dropped(desk.store, item.digest, reason="Leído", by="Luis Castellanos")
    now = await status(desk, number)
    assert (now.unread, now.unread_since) == (0, None)


async def test_4_what_the_first_mail_says_is_understood_and_not_asked_for(desk: FrontDesk) -> None:
    body = (
        "Soy Rosa, mi DNI es 44556677. El 10 de noviembre no pude entrar al curso de AutoCAD. Mi celular es 987654321."
    )
    number = await a_case(desk, body, resolved=False)
    record = await desk.store.record(number) if desk.store else None
    now = await status(desk, number)
    assert now.missing == ()
    assert {one.field: one.value for one in now.understood} == {
        "document": "44556677", "occurred_on": "2026-11-10", "product": "AutoCAD", "phone": "987654321",
    }  # fmt: skip
    for one in now.understood:
        assert body[one.start : one.end] == one.words
    assert record is None or record.document == "44556677"


async def test_4_details_that_were_asked_for_are_noted_from_the_answer_and_the_rest_is_proposed(
    desk: FrontDesk,
) -> None:
    number = await a_case(desk, resolved=False)
    assert len((await status(desk, number)).missing) == 3
    await answer(desk, number, "Mi DNI es 44556677, fue el 10/11 en Revit")
    now = await status(desk, number)
    assert now.missing == ("product",)
    assert [(one.field, one.value) for one in now.proposals] == [("product", "Revit")]
    assert now.unread == 1


async def test_4_a_wrong_reading_is_corrected_by_answering(desk: FrontDesk) -> None:
    number = await a_case(desk, "Mi DNI es 44556677 y no puedo entrar.", resolved=False)
    await answer(desk, number, "Mi DNI es 45678912, no 44556677")
    now = await status(desk, number)
    assert [one.value for one in now.understood if one.field == "document"] == ["45678912"]


async def test_4_nothing_is_understood_from_a_mail_that_anybody_may_have_written(desk: FrontDesk) -> None:
    number = await a_case(desk, resolved=False)
    await take(desk, a_mail("Mi DNI es 44556677", subject=f"Re: [{number}] Recibimos su queja"), at=AT)
    now = await status(desk, number)
    assert "identification" in now.missing
    assert [one.value for one in now.proposals] == ["44556677"]
    assert not now.messages[0].proven
