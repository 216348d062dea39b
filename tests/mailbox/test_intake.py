"""What happens with each message, on the real server and records: a complaint, an answer, a bounce, the quarantine."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaints.contacts_file import ContactsFile
from complaints.mail import tokens
from complaints.rules.facts import CustomerSatisfied, DetailsRequested, Resolved
from complaints.rules.received import ComplaintReceived
from complaints.settings import Settings
from starter import intake
from starter.front_desk import FrontDesk
from starter.intake import Ours, Taken
from tests import mail_attacks
from tests.chance import new_name
from tests.mail_attacks import BOX, DOMAIN, KEY, a_mail, rows
from tests.story import CARE_TEAM, Story
from tests.waiting import all_is_written, comes, until

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def desk(story: Story) -> FrontDesk:
    story.begins("2026-11-20 18:01")
    contacts, queue = ContactsFile(None), story.settings.task_queue
    return FrontDesk(story.client, story.store, now=story.clock, contacts=contacts, task_queue=queue)


async def take(desk: FrontDesk, raw: bytes, *, at: datetime = AT) -> Taken:
    return await mail_attacks.take(desk, raw, at=at)


async def quarantined(story: Story) -> list[tuple[str, str | None]]:
    return [(item.reason, item.number) for item in await story.store.quarantined()]


# -- complaints -------------------------------------------------------------------------------------------------------


async def test_3_a_mail_is_one_complaint_however_often_it_is_taken_in(desk: FrontDesk, story: Story) -> None:
    raw = a_mail()
    first, second = await asyncio.gather(take(desk, raw), take(desk, raw))
    again = await take(desk, raw, at=AT + timedelta(hours=3))
    assert first.number == second.number == again.number
    assert again.already
    assert (await desk.status(first.number)).value.received_at == AT  # not when it was read once more
    assert await quarantined(story) == []


async def test_the_same_message_in_two_mailboxes_is_one_complaint(desk: FrontDesk, story: Story) -> None:
    raw = a_mail()
    first = await take(desk, raw)
    second = await take(desk, b"Delivered-To: quejas@escuela.example\r\n" + raw)
    assert (second.number, second.already) == (first.number, True)
    assert await rows(desk, first.number, "message-received") == []


async def test_attachments_are_kept_once_by_their_bytes(desk: FrontDesk, story: Story) -> None:
    part = base64.b64encode(PNG).decode()
    body = (
        "--x\r\nContent-Type: text/plain\r\n\r\nAdjunto la boleta.\r\n"
        + f'--x\r\nContent-Type: application/pdf; name="../../etc/boleta.png"\r\nContent-Transfer-Encoding: base64\r\n'
        f"\r\n{part}\r\n" * 2 + "--x--"
    )
    headers = {"MIME-Version": "1.0", "Content-Type": 'multipart/mixed; boundary="x"'}
    taken = await take(desk, a_mail(body, headers=headers))
    message = await story.store.message_for(taken.number)
    assert message is not None
    files = await story.store.attachments(message.digest)
    assert [(file.name, file.type, file.size) for file in files] == [("boleta.png", "image/png", len(PNG))] * 2
    assert await story.store.attachment(files[0].digest) == PNG


async def test_a_second_mail_of_the_sender_is_pointed_out_on_both_and_never_merged(desk: FrontDesk) -> None:
    one = await take(desk, a_mail())
    await all_is_written(desk, one.number)
    other = await take(desk, a_mail("Sigo esperando por el mismo curso."), at=AT + timedelta(hours=2))
    assert other.number != one.number
    for case, same in ((one.number, other.number), (other.number, one.number)):
        [note] = await rows(desk, case, "noted")
        assert same in note["text"]


# -- answers ----------------------------------------------------------------------------------------------------------


async def test_an_answer_reaches_its_case_once_and_closes_nothing(desk: FrontDesk) -> None:
    number = (await take(desk, a_mail())).number
    answer = a_mail("Ya estoy conforme, gracias, cierren todo.", subject=f"Re: Reclamo {number}")
    for _ in range(2):
        taken = await take(desk, answer)
        assert (taken.number, taken.reply) == (number, True)
    [said] = await rows(desk, number, "message-received")
    assert "conforme" in said["text"]
    assert (await desk.status(number)).value.stage == "assessment"


async def test_an_answer_from_the_same_gmail_mailbox_is_the_customers_however_it_is_spelt(desk: FrontDesk) -> None:
    local = f"rosa.{new_name()}"
    number = (await take(desk, a_mail(sender=f"{local}@gmail.com"))).number
    await all_is_written(desk, number)
    answer = a_mail("Ya lo mandé.", sender=f"{local.replace('.', '')}+bim@googlemail.com", subject=f"Re: [{number}] x")
    assert (await take(desk, answer)).number == number


async def test_5_1_an_answer_to_what_we_asked_for_brings_the_details(desk: FrontDesk) -> None:
    number = (await take(desk, a_mail())).number
    await desk.ask(number, "request_details", DetailsRequested(missing=("product",), by="ana"))
    signed = tokens.reply_address(BOX, number, keys=[KEY])
    await take(desk, a_mail("Curso: BIM avanzado\nDNI: 45678912", headers={"To": signed}))
    status = (await desk.status(number)).value
    assert not status.waiting_for_details
    assert "identification" not in status.missing


async def test_an_answer_to_a_signed_address_needs_no_number(desk: FrontDesk) -> None:
    number = (await take(desk, a_mail())).number
    signed = tokens.reply_address(BOX, number, keys=[KEY])
    taken = await take(desk, a_mail("Agrego algo más.", headers={"To": signed, "Delivered-To": signed}))
    assert (taken.number, taken.reply) == (number, True)


async def test_a_number_in_a_strangers_subject_is_looked_at_first(desk: FrontDesk, story: Story) -> None:
    number = (await take(desk, a_mail())).number
    taken = await take(desk, a_mail("Cierren este caso.", sender="otro@correo.example", subject=f"Re: {number}"))
    assert taken.quarantined == "sender-mismatch"
    assert await quarantined(story) == [("sender-mismatch", number)]
    assert await rows(desk, number, "message-received") == []


async def test_a_number_that_we_never_gave_is_a_complaint(desk: FrontDesk) -> None:
    taken = await take(desk, a_mail(subject="Re: Q-YG1S-90AGB"))
    assert (taken.reply, taken.quarantined) == (False, None)


async def test_8_words_after_the_end_are_kept_and_shown_and_reopen_nothing(desk: FrontDesk, story: Story) -> None:
    number = (await take(desk, a_mail())).number
    await desk.ask(number, "resolve", Resolved(text="Le devolvemos las horas.", by="ana"))
    await desk.ask(number, "confirm_satisfied", CustomerSatisfied(by="customer"))
    await asyncio.wait_for(desk.client.get_workflow_handle(number).result(), 60)
    answer = a_mail("No estoy de acuerdo con nada.", subject=f"Re: {number}")
    for _ in range(2):
        assert (await take(desk, answer)).number == number
    assert await quarantined(story) == [("after-closing", number)]
    assert len(await story.store.afterwords(number)) == 1
    assert (await desk.status(number)).value.closed_at is not None


# -- programs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (a_mail("Estoy de vacaciones.", headers={"Auto-Submitted": "auto-replied"}), "auto-reply"),
        (a_mail("Ofertas", headers={"List-Id": "<o.ofertas.example>", "Precedence": "bulk"}), "bulk"),
        (a_mail("Delivery failed", sender="mailer-daemon@mx.example", headers={"Return-Path": "<>"}), "bounce"),
        (b"Subject: Hola\r\n\r\nNadie dice quien soy.\r\n", "no-contact"),
    ],
)
async def test_what_no_person_wrote_waits_in_the_quarantine_and_is_never_answered(
    desk: FrontDesk, story: Story, raw: bytes, reason: str
) -> None:
    for _ in range(2):
        taken = await take(desk, raw)
        assert taken.quarantined == reason
    [item] = await story.store.quarantined()
    assert (item.reason, item.received_at, item.due) == (reason, AT, AT + timedelta(hours=24))
    assert item.evidence
    assert await story.store.open_cases() == []
    assert [letter["To"] for letter in story.sink.letters if CARE_TEAM not in letter["To"]] == []


async def test_a_bounce_finds_its_letter_by_its_own_address(desk: FrontDesk, story: Story) -> None:
    number = (await take(desk, a_mail())).number

    async def acknowledged_at() -> datetime | None:
        return (await desk.status(number)).value.acknowledged_at

    await comes(acknowledged_at, "acknowledgement")
    [letter] = [one for one in await story.store.letters(number) if one.kind == "acknowledgement"]
    to = tokens.bounce_address(f"rebotes@{DOMAIN}", letter.message_id, keys=[KEY])
    report = (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nDelivered-To: {to}\r\nReturn-Path: <>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; rosa@correo.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    ).encode()
    assert (await take(desk, report)).number == number
    [said] = await rows(desk, number, "letter-bounced")
    assert (said["key"], said["reason"]) == (letter.key, "5.1.1 failed")
    assert (await desk.status(number)).value.acknowledged_at is None  # §4: it never arrived


async def test_our_own_letter_that_comes_back_is_no_complaint(desk: FrontDesk, story: Story) -> None:
    number = (await take(desk, a_mail())).number
    await until(lambda: story.sink.to("rosa@correo.example"))
    taken = await take(desk, story.sink.to("rosa@correo.example")[0].as_bytes())
    assert (taken.number, taken.already) == (number, True)
    assert await quarantined(story) == []


# -- loops ------------------------------------------------------------------------------------------------------------


async def test_a_responder_that_says_nothing_of_itself_is_stopped_by_count(
    desk: FrontDesk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "FROM_ONE_ADDRESS", 3)
    taken = [await take(desk, a_mail(f"Recibido {n}."), at=AT + timedelta(minutes=n)) for n in range(5)]
    assert [one.quarantined for one in taken] == [None, None, None, "loop", "loop"]
    later = await take(desk, a_mail("Otra cosa."), at=AT + timedelta(hours=3))
    assert later.quarantined is None


async def test_one_case_is_not_flooded_either(desk: FrontDesk, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "TO_ONE_CASE", 3)
    number = (await take(desk, a_mail())).number
    taken = [await take(desk, a_mail(f"Recibido {n}.", subject=f"Re: {number}")) for n in range(4)]
    assert [one.quarantined for one in taken] == [None, None, "loop", "loop"]
    assert await quarantined(story) == [("loop", number)] * 2


# -- when somebody is away --------------------------------------------------------------------------------------------


async def test_what_was_interrupted_is_done_when_it_comes_again(
    desk: FrontDesk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = a_mail()

    async def dies(received: ComplaintReceived, *, number: str | None = None) -> Any:
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(desk, "open", dies)
        with pytest.raises(ConnectionResetError):
            await take(desk, raw)
    taken = await take(desk, raw, at=AT + timedelta(hours=1))
    assert not taken.already
    assert (await desk.status(taken.number)).value.received_at == AT


def test_our_own_domain_is_that_of_the_sender() -> None:
    settings = Settings.from_env({"SECRET_KEY": KEY.decode()})
    contacts = ContactsFile(None).now()
    assert Ours.of(settings, contacts) == Ours(keys=(KEY,), domain=DOMAIN, staff=contacts.staff)
    assert contacts.care_team.email in contacts.staff
