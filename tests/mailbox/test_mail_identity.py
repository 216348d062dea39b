"""Which mail is which, and whose: what was accepted is never nowhere (§3); a From with a number proves nothing."""

import asyncio
import smtplib
import uuid
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from complaints.contacts_file import ContactsFile
from complaints.mail import headers, tokens
from complaints.rules.facts import CustomerSatisfied, DetailsRequested, Resolved
from complaints.settings import Listen, Settings
from starter.front_desk import FrontDesk
from starter.mailbox.delivery import Intake
from starter.mailbox.lmtp import reception
from starter.mailbox.reader import reader_of
from starter.quarantine import released
from tests.chance import new_name
from tests.dovecot import Dovecot, dovecot
from tests.mail_attacks import BOX, DOMAIN, KEY, ROSA, a_mail, acknowledged, rows, status_of, take
from tests.story import CARE_TEAM, MANAGER, Story
from tests.waiting import PATIENCE, until

ON_THE_WAY = (
    b"Return-Path: <rosa@correo.example>\r\nDelivered-To: otro-buzon@escuela.example\r\n"
    b"Received: from a by b; Fri, 20 Nov 2026 10:02:00 -0500\r\nX-Spam-Score: 0.1\r\n"
    b"Authentication-Results: mx; spf=pass\r\nDKIM-Signature: v=1; b=abc\r\n"
)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def desk(story: Story) -> FrontDesk:
    return FrontDesk(story.client, story.store, contacts=ContactsFile(None), task_queue=story.settings.task_queue)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as here:
        yield here


@pytest.fixture
def same() -> dict[str, str]:
    """What the headers of several mails of one test have in common."""
    return {"Message-ID": f"<{uuid.uuid4().hex}@correo.example>", "Date": "Fri, 20 Nov 2026 10:00:00 -0500"}


async def said(desk: FrontDesk, number: str) -> list[str]:
    return [row["text"] for row in await rows(desk, number, "message-received")]


# -- two mails with one Message-ID and sender -------------------------------------------------------------------------


async def test_other_words_under_the_same_id_reach_the_case_once(
    desk: FrontDesk, story: Story, same: dict[str, str]
) -> None:
    number = (await take(desk, a_mail("Faltaron horas.", headers=same))).number
    other = a_mail("Además, nadie me devolvió el dinero.", headers=same)
    for raw in (other, other, ON_THE_WAY + other):
        taken = await take(desk, raw)
        assert (taken.number, taken.reply) == (number, True)
    assert await said(desk, number) == ["Además, nadie me devolvió el dinero."]
    assert len(await story.store.mails_of(number)) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"Date": "Sat, 21 Nov 2026 10:00:00 -0500"},
        {"Subject": "Otro reclamo"},
        {"Cc": "otra@correo.example"},
    ],
    ids=["date", "subject", "cc"],
)
async def test_what_differs_in_a_header_of_the_writer_is_another_mail(
    desk: FrontDesk, changed: dict[str, str], same: dict[str, str]
) -> None:
    number = (await take(desk, a_mail(headers=same))).number
    taken = await take(desk, a_mail(headers={**same, **changed}))
    assert (taken.number, taken.reply) == (number, True)
    assert len(await said(desk, number)) == 1


async def test_the_very_same_mail_by_another_way_stays_one(desk: FrontDesk, story: Story, same: dict[str, str]) -> None:
    raw = a_mail("Sin tildes: nina.", headers={**same, "MIME-Version": "1.0", "Content-Type": "text/plain"})
    number = (await take(desk, raw)).number
    again = raw.replace(b"Content-Type: text/plain", b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64")
    again = again.replace(b"Sin tildes: nina.", b"U2luIHRpbGRlczogbmluYS4=")  # a relay encoded it again
    for other in (ON_THE_WAY + raw, ON_THE_WAY + again):
        taken = await take(desk, other)
        assert (taken.number, taken.already) == (number, True)
    assert await said(desk, number) == []


async def test_two_at_once_are_both_on_the_case(desk: FrontDesk, story: Story, same: dict[str, str]) -> None:
    mails = [a_mail(f"Palabras {n}.", headers=same) for n in range(4)]
    taken = await asyncio.gather(*(take(desk, raw) for raw in mails))
    [number] = {one.number for one in taken}
    assert sum(one.reply for one in taken) == 3
    first = next(n for n, one in enumerate(taken) if not one.reply)
    assert sorted(await said(desk, number)) == [f"Palabras {n}." for n in range(4) if n != first]


async def test_answers_under_one_id_all_reach_their_case(desk: FrontDesk, same: dict[str, str]) -> None:
    number = (await take(desk, a_mail())).number
    for words in ("Primero.", "Segundo.", "Tercero."):
        assert (await take(desk, a_mail(words, subject=f"Re: {number}", headers=same))).number == number
    assert await said(desk, number) == ["Primero.", "Segundo.", "Tercero."]


async def test_what_is_in_the_quarantine_hides_nothing(desk: FrontDesk, story: Story, same: dict[str, str]) -> None:
    note = a_mail("Estoy de vacaciones.", headers={**same, "Auto-Submitted": "auto-replied"})
    assert (await take(desk, note)).quarantined == "auto-reply"
    other = a_mail("Regreso el lunes.", headers={**same, "Auto-Submitted": "auto-replied"})
    assert (await take(desk, other)).quarantined == "auto-reply"
    complaint = await take(desk, a_mail("Faltaron horas del curso.", headers=same))
    assert (complaint.quarantined, complaint.reply) == (None, False)
    items = await story.store.quarantined()
    assert len(items) == 2
    opened = {(await released(desk, item.name, to=None, new=True, by="ana")).number for item in items}
    assert len(opened | {complaint.number}) == 3, "released, each is a complaint of its own"


async def test_a_mail_kept_before_its_content_was_known_is_held_to_its_bytes(
    desk: FrontDesk, story: Story, same: dict[str, str]
) -> None:
    raw = a_mail("Faltaron horas.", headers=same)
    number = (await take(desk, raw)).number
    async with story.store.connection() as connection:
        await connection.execute("UPDATE arrivals SET content = NULL")
    assert (await take(desk, ON_THE_WAY + raw)).already
    assert await said(desk, number) == []
    await take(desk, a_mail("Otra cosa.", headers=same))
    assert await said(desk, number) == ["Otra cosa."]


async def test_our_own_id_on_other_words_is_read_like_any_mail(desk: FrontDesk, story: Story) -> None:
    letter = await acknowledged(desk, (await take(desk, a_mail())).number)
    taken = await take(desk, a_mail("Quiero reclamar por otra cosa.", headers={"Message-ID": letter.message_id}))
    assert (taken.already, taken.number == letter.number) == (False, False)


async def by_lmtp(intake: Intake, raw: bytes, user: str, server: Dovecot) -> None:
    def send(port: int) -> None:
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.sendmail(ROSA, [BOX], raw)

    async with reception(intake, Listen(host="127.0.0.1", port=0, lmtp=True)) as port:
        await asyncio.to_thread(send, port)


async def by_imap(intake: Intake, raw: bytes, user: str, server: Dovecot) -> None:
    await asyncio.to_thread(server.arrives, user, raw)
    assert await asyncio.to_thread(reader_of(intake, server.server(user), intake.settings).once)


@pytest.mark.parametrize("way", [by_lmtp, by_imap])
async def test_nothing_accepted_is_nowhere_whichever_way_it_comes(
    story: Story, desk: FrontDesk, way: Callable[..., Awaitable[None]], server: Dovecot, same: dict[str, str]
) -> None:
    user = f"u{new_name()}"
    settings = Settings.from_env({"SECRET_KEY": KEY.decode()})
    intake = Intake(desk, settings, ContactsFile(None))
    since = datetime.now(UTC) - timedelta(hours=1)
    for words in ("Primero.", "Segundo.", "Segundo."):
        await way(intake, a_mail(words, headers=same), user, server)
    [number] = await story.store.open_cases_of(ROSA, since=since)
    assert await said(desk, number) == ["Segundo."]


# -- a forged From with the number ------------------------------------------------------------------------------------

FORGED = "DNI: 99999999\nTeléfono: 911 111 111\nCurso: Otro curso\nEstoy conforme, cierren la queja."


async def asked_for_details(desk: FrontDesk) -> str:
    number = (await take(desk, a_mail())).number
    await desk.ask(number, "request_details", DetailsRequested(missing=("product",), by="ana"))
    return number


async def test_a_forged_from_with_the_number_brings_a_message_and_nothing_else(desk: FrontDesk, story: Story) -> None:
    number = await asked_for_details(desk)
    before = await status_of(desk, number)
    taken = await take(desk, a_mail(FORGED, subject=f"Re: {number}"))
    assert (taken.number, taken.reply) == (number, True)
    [row] = await rows(desk, number, "message-received")
    assert row["sender_proven"] is False
    assert "99999999" in row["text"], "staff see what it seems to say"
    after = await status_of(desk, number)
    assert (after.waiting_for_details, after.missing, after.stage) == (True, before.missing, before.stage)
    assert await rows(desk, number, "details-received") == []
    await until(lambda: _about_it(story))
    assert all("no está comprobado" in words for words in _about_it(story))
    assert story.sink.to("911 111 111") == []


def _about_it(story: Story) -> list[str]:
    letters = [*story.sink.to(CARE_TEAM), *story.sink.to(MANAGER)]
    bodies = [body.get_content() for letter in letters if (body := letter.get_body(("plain",)))]
    return [" ".join(body.split()) for body in bodies if "99999999" in body]


async def test_an_answer_to_our_letter_brings_the_details(desk: FrontDesk) -> None:
    number = await asked_for_details(desk)
    letter = await acknowledged(desk, number)
    await take(desk, a_mail("Curso: BIM avanzado", headers={"In-Reply-To": letter.message_id}))
    assert not (await status_of(desk, number)).waiting_for_details


async def test_an_answer_to_a_letter_of_another_case_proves_nothing_about_this_one(desk: FrontDesk) -> None:
    """Whoever has a complaint of their own has our letters, and may name any number above them."""
    number = await asked_for_details(desk)
    own = await acknowledged(desk, (await take(desk, a_mail(sender="mala@correo.example"))).number)
    signed = tokens.reply_address(BOX, own.number, keys=[KEY])
    for head in ({"References": own.message_id}, {"To": signed}):
        await take(desk, a_mail("Curso: Otro", sender=ROSA, subject=f"Re: {number}", headers=head))
    assert (await status_of(desk, number)).waiting_for_details
    assert await rows(desk, number, "details-received") == []


@pytest.mark.parametrize("recipient", ["guessed", "staff"])
async def test_an_id_that_others_can_know_proves_nothing(desk: FrontDesk, story: Story, recipient: str) -> None:
    number = await asked_for_details(desk)
    letter = await acknowledged(desk, number)
    guessed = headers.message_id(number, letter.key, domain=DOMAIN)
    async with story.store.connection() as connection:
        if recipient == "guessed":
            await connection.execute("UPDATE letters SET message_id = $1 WHERE key = $2", guessed, letter.key)
        else:
            await connection.execute("UPDATE letters SET recipient = 'care_team' WHERE key = $1", letter.key)
    answered = guessed if recipient == "guessed" else letter.message_id
    taken = await take(desk, a_mail("Curso: Otro", headers={"In-Reply-To": answered}))
    assert taken.number == number, "it is still understood"
    assert (await status_of(desk, number)).waiting_for_details


async def test_released_from_the_quarantine_it_is_no_more_proven(desk: FrontDesk, story: Story) -> None:
    number = await asked_for_details(desk)
    await take(desk, a_mail(FORGED, sender="otro@correo.example", subject=f"Re: {number}"))
    [item] = await story.store.quarantined()
    await released(desk, item.name, to=number, new=False, by="ana")
    assert (await status_of(desk, number)).waiting_for_details
    [row] = await rows(desk, number, "message-received")
    assert row["sender_proven"] is False


async def test_words_to_a_closed_case_are_kept_as_unproven_too(desk: FrontDesk, story: Story) -> None:
    number = (await take(desk, a_mail())).number
    await desk.ask(number, "resolve", Resolved(text="Le devolvemos las horas.", by="ana"))
    await desk.ask(number, "confirm_satisfied", CustomerSatisfied(by="customer"))
    await asyncio.wait_for(desk.client.get_workflow_handle(number).result(), PATIENCE)
    await take(desk, a_mail(FORGED, subject=f"Re: {number}"))
    [word] = await story.store.afterwords(number)
    assert word.data["sender_proven"] is False


async def test_the_address_on_record_stays_whatever_a_mail_says(desk: FrontDesk, story: Story) -> None:
    number = await asked_for_details(desk)
    letter = await acknowledged(desk, number)
    words = "Curso: BIM\nCorreo: nueva@correo.example\nEmail: nueva@correo.example"
    head = {"In-Reply-To": letter.message_id, "Reply-To": "nueva@correo.example"}
    await take(desk, a_mail(words, headers=head))
    record = await story.store.record(number)
    assert record is not None
    assert record.email == ROSA
    assert story.sink.to("nueva@correo.example") == []
