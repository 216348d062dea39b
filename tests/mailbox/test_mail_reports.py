"""A delivery report switches a customer's letters off only where nobody else can have written it (§4)."""

from dataclasses import replace

import pytest

from complaints.contacts_file import ContactsFile
from complaints.mail import headers, tokens
from complaints.records.ledger import LetterRow
from complaints.rules.facts import DetailsReceived, DetailsRequested, MessageReceived
from starter.front_desk import FrontDesk
from tests.mail_attacks import DOMAIN, KEY, OURS, ROSA, a_mail, a_report, acknowledged, rows, take
from tests.story import Story
from tests.waiting import becomes, comes, until


@pytest.fixture
def desk(story: Story) -> FrontDesk:
    return FrontDesk(story.client, story.store, contacts=ContactsFile(None), task_queue=story.settings.task_queue)


async def a_letter(desk: FrontDesk) -> LetterRow:
    return await acknowledged(desk, (await take(desk, a_mail("Faltaron horas.\nTeléfono: 987 654 321"))).number)


def back(letter: LetterRow) -> str:
    """Where that letter comes back to: in the envelope of the letter alone."""
    return tokens.bounce_address(f"rebotes@{DOMAIN}", letter.message_id, keys=[KEY])


async def waits(story: Story, letter: LetterRow) -> bool:
    """Whether the report waits for a person under its case, and the letter counts as arrived."""
    items = [(item.reason, item.number) for item in await story.store.quarantined()]
    return items == [("bounce", letter.number)]


async def is_switched_off(desk: FrontDesk, letter: LetterRow) -> bool:
    """Whether the customer is called from now on, because no letter reaches them."""
    return bool(await rows(desk, letter.number, "call-task"))


# -- what the attacker of 2026-11-28 did ------------------------------------------------------------------------------


async def test_whoever_knows_a_number_cannot_make_the_message_id_of_its_letters(desk: FrontDesk, story: Story) -> None:
    letter = await a_letter(desk)
    guessed = headers.message_id(letter.number, letter.key, domain=DOMAIN)
    assert letter.message_id != guessed
    taken = await take(desk, a_report(ROSA, message_id=guessed))
    assert taken.quarantined == "bounce"
    assert await rows(desk, letter.number, "letter-bounced") == []
    assert not await is_switched_off(desk, letter)


async def test_a_letters_message_id_stays_the_same_for_ever_and_later_letters_refer_to_it(
    desk: FrontDesk, story: Story
) -> None:
    letter = await a_letter(desk)
    await desk.ask(letter.number, "request_details", DetailsRequested(missing=("identification",), by="ana"))
    secret = await story.store.letters_secret()
    assert letter.message_id == headers.message_id(letter.number, letter.key, domain=DOMAIN, secret=secret)
    assert len(secret) >= 32
    await until(lambda: len(story.sink.to(ROSA)) >= 2)
    assert letter.message_id in str(story.sink.to(ROSA)[1]["References"])


async def test_a_report_that_only_knows_the_id_waits_for_a_person(desk: FrontDesk, story: Story) -> None:
    """The ID stands in the letter: whoever was ever sent one, or was written to beside the customer, knows it."""
    letter = await a_letter(desk)
    taken = await take(desk, a_report("otra@correo.example", message_id=letter.message_id))
    assert taken.quarantined == "bounce"
    assert await waits(story, letter)
    assert not await is_switched_off(desk, letter)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("words", "Your message <{id}> to <{to}> could not be delivered: 550 5.1.1 user unknown.\r\nMessage-ID: {id}"),
        ("spanish", "El usuario {to} no existe.\r\n550 5.1.1\r\n\r\n> Message-ID: {id}\r\n> To: {to}"),
    ],
)
async def test_mere_words_are_no_report(desk: FrontDesk, story: Story, kind: str, text: str) -> None:
    letter = await a_letter(desk)
    raw = a_mail(
        text.format(id=letter.message_id, to=ROSA),
        sender="mailer-daemon@mx.example",
        subject="Undelivered Mail Returned to Sender",
        headers={"Return-Path": "<>", "In-Reply-To": letter.message_id},
    )
    assert (await take(desk, raw)).quarantined == "bounce"
    assert await waits(story, letter)
    assert not await is_switched_off(desk, letter)


@pytest.mark.parametrize(
    ("report_type", "reason"), [("feedback-report", "bounce"), ("disposition-notification", "auto-reply")]
)
async def test_a_readers_mark_and_a_receipt_switch_nothing_off(
    desk: FrontDesk, story: Story, report_type: str, reason: str
) -> None:
    letter = await a_letter(desk)
    signed = a_report(ROSA, message_id=letter.message_id, to=back(letter))
    raw = signed.replace(b"report-type=delivery-status", f"report-type={report_type}".encode())
    raw = raw.replace(b"message/delivery-status", f"message/{report_type}".encode())
    raw = raw.replace(b"MAILER-DAEMON@mx.example", ROSA.encode()).replace(b"Undelivered Mail Returned to Sender", b"Re")
    assert (await take(desk, raw)).quarantined == reason
    assert await rows(desk, letter.number, "letter-bounced") == []


async def test_a_forged_absence_note_switches_nothing_off(desk: FrontDesk, story: Story) -> None:
    letter = await a_letter(desk)
    head = {"Auto-Submitted": "auto-replied", "In-Reply-To": letter.message_id, "To": back(letter)}
    assert (await take(desk, a_mail("Esta cuenta ya no existe.", headers=head))).quarantined == "auto-reply"
    assert not await is_switched_off(desk, letter)


async def test_a_forged_delay_is_not_even_noted(desk: FrontDesk, story: Story) -> None:
    letter = await a_letter(desk)
    raw = a_report("otra@correo.example", message_id=letter.message_id, action="delayed", status="4.4.1")
    assert (await take(desk, raw)).quarantined == "bounce"
    assert await rows(desk, letter.number, "letter-bounced") == []


async def test_our_server_found_the_report_forged(desk: FrontDesk, story: Story) -> None:
    letter = await a_letter(desk)
    said = "Authentication-Results: mx.escuela.example; dmarc=fail header.from=mx.example\r\n"
    raw = a_report(ROSA, message_id=letter.message_id, headers=said)
    taken = await take(desk, raw, ours=replace(OURS, servers=("mx.escuela.example",)))
    assert taken.quarantined == "bounce"
    assert not await is_switched_off(desk, letter)


# -- what is believed -------------------------------------------------------------------------------------------------


async def test_a_report_at_the_letters_own_address_is_believed(desk: FrontDesk) -> None:
    letter = await a_letter(desk)
    assert (await take(desk, a_report(ROSA, to=back(letter)))).number == letter.number
    assert await is_switched_off(desk, letter)


async def test_a_report_by_the_letters_id_and_address_is_believed(desk: FrontDesk) -> None:
    letter = await a_letter(desk)
    taken = await take(desk, a_report(ROSA.upper(), message_id=letter.message_id))
    assert (taken.number, taken.quarantined) == (letter.number, None)
    assert await is_switched_off(desk, letter)


async def test_what_a_report_says_of_others_is_no_matter(desk: FrontDesk) -> None:
    letter = await a_letter(desk)
    told = (f"{ROSA} delivered 2.0.0", "otra@correo.example failed 5.1.1")
    for raw in (a_report(*told, to=back(letter)), a_report(*told, message_id=letter.message_id)):
        assert (await take(desk, raw)).quarantined is None
    assert not await is_switched_off(desk, letter)


async def test_a_full_mailbox_is_not_for_ever(desk: FrontDesk) -> None:
    letter = await a_letter(desk)
    await take(desk, a_report(ROSA, to=back(letter), status="4.2.2"))
    [said] = await rows(desk, letter.number, "letter-bounced")
    assert said["permanent"] is False
    assert not await is_switched_off(desk, letter)


async def test_words_of_an_odd_server_count_at_the_letters_own_address(desk: FrontDesk) -> None:
    letter = await a_letter(desk)
    head = {"Return-Path": "<>", "To": back(letter), "Subject": "failure notice"}
    raw = a_mail("Sorry, no mailbox here by that name. 550 5.1.1", sender="mailer-daemon@mx.example", headers=head)
    assert (await take(desk, raw)).number == letter.number
    assert await is_switched_off(desk, letter)


async def test_letters_with_the_older_ids_are_found_but_the_id_proves_nothing(desk: FrontDesk, story: Story) -> None:
    """Until 0.1.0 anybody could work them out; they went out, and their reports still come."""
    letter = await a_letter(desk)
    old = headers.message_id(letter.number, letter.key, domain=DOMAIN)
    async with story.store.connection() as connection:
        await connection.execute("UPDATE letters SET message_id = $1 WHERE message_id = $2", old, letter.message_id)
    assert (await take(desk, a_report(ROSA, message_id=old))).quarantined == "bounce"
    assert await waits(story, letter)
    assert not await is_switched_off(desk, letter)
    signed = tokens.bounce_address(f"rebotes@{DOMAIN}", old, keys=[KEY])
    assert (await take(desk, a_report(ROSA, to=signed))).number == letter.number
    assert await is_switched_off(desk, letter)


# -- replays ----------------------------------------------------------------------------------------------------------


async def test_an_old_report_says_nothing_about_a_new_address(desk: FrontDesk, story: Story) -> None:
    letter = await a_letter(desk)
    real = a_report(ROSA, to=back(letter))
    await take(desk, real)
    calls = await rows(desk, letter.number, "call-task")
    assert len(calls) == 1
    await desk.ask(letter.number, "receive_details", DetailsReceived(email="rosa.quispe@correo.example", by="ana"))
    for raw in (real, a_report(ROSA, to=back(letter)), a_report(ROSA, message_id=letter.message_id)):
        await take(desk, raw)
    ignored = [row["reason"] for row in await rows(desk, letter.number, "ignored")]
    assert len(ignored) == 2
    assert all("corrected" in reason for reason in ignored)
    await desk.ask(letter.number, "request_details", DetailsRequested(missing=("identification",), by="ana"))
    assert await rows(desk, letter.number, "call-task") == calls
    await until(lambda: story.sink.to("rosa.quispe@correo.example"))


async def test_a_signal_without_an_address_is_held_to_the_same(desk: FrontDesk) -> None:
    letter = await a_letter(desk)
    await desk.ask(letter.number, "receive_details", DetailsReceived(email="nueva@correo.example", by="ana"))
    handle = desk.client.get_workflow_handle(letter.number)
    await handle.signal("letter-bounced")
    await handle.signal("letter-bounced", {"key": letter.key})

    async def ignored() -> int:
        return len(await rows(desk, letter.number, "ignored"))

    await becomes(ignored, 2)
    assert not await is_switched_off(desk, letter)


async def test_a_letter_to_staff_that_came_back_switches_nothing_off(desk: FrontDesk, story: Story) -> None:
    letter = await a_letter(desk)
    await desk.tell(letter.number, MessageReceived(text="Algo más.", by="customer"))

    async def to_staff() -> list[LetterRow]:
        return [one for one in await story.store.letters(letter.number) if one.recipient != "customer"]

    staff, *_ = await comes(to_staff, "letter to staff")
    raw = a_report(staff.to_address, to=back(staff))
    assert (await take(desk, raw)).quarantined == "bounce"
    assert not await is_switched_off(desk, letter)
