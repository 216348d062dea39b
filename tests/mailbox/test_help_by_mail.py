"""Whoever was asked for help answers the letter; whoever asked reads it in the case (§5.3), the customer never does."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from pydantic import SecretStr

from complaints.contacts_file import ContactsFile
from complaints.mail import tokens
from complaints.rules.facts import Involved, MessagesRead, Noted
from complaints.rules.status import Status
from starter.front_desk import FrontDesk
from tests.mail_attacks import BOX, KEY, a_mail
from tests.mailbox.test_answers_by_mail import answer
from tests.mailbox.test_intake import quarantined, take
from tests.story import Story

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ASKED = "academica@escuelaconstrucciondigital.com"
ANSWER = "Ya revisé el acta: la nota correcta es 15 y el docente la corrige mañana."


@pytest.fixture
async def desk(story: Story) -> FrontDesk:
    await story.worker_stops()
    story.settings = story.settings.model_copy(update={"secret_key": SecretStr(KEY.decode())})
    await story.worker_starts()
    story.begins("2026-11-20 18:01")
    contacts, queue = ContactsFile(None), story.settings.task_queue
    return FrontDesk(story.client, story.store, now=story.clock, contacts=contacts, task_queue=queue)


async def status(desk: FrontDesk, number: str) -> Status:
    return (await desk.status(number)).value


async def asked_for_help(desk: FrontDesk, story: Story) -> tuple[str, EmailMessage]:
    """A case with a request for help, and the letter that went out for it."""
    story.number = number = (await take(desk, a_mail("Mi nota de Revit está mal registrada."))).number
    request = Involved(whom="academic", question="¿Cuál es la nota del acta?", by="Ana Torres")
    await desk.ask(number, "involve", request)
    await story.all_is_told()
    [letter] = [one for one in story.sink.to(ASKED) if "¿Cuál es la nota del acta?" in words_of(one)]
    return number, letter


def words_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def answered(letter: EmailMessage, words: str, *, to: str | None = None, sender: str | None = None) -> bytes:
    """The colleague's mail program answers that very letter."""
    reply = EmailMessage()
    reply["From"] = f"Área Académica <{sender or letter['To'].addresses[0].addr_spec}>"
    reply["To"] = to or str(letter["Reply-To"])
    reply["Subject"] = f"Re: {letter['Subject']}"
    reply["Message-ID"] = "<answer-1@escuelaconstrucciondigital.com>"
    reply["In-Reply-To"] = reply["References"] = str(letter["Message-ID"])
    quoted = "\n".join(f"> {line}" for line in words_of(letter).splitlines())
    reply.set_content(f"{words}\n\nEl vie, 20 nov 2026 a las 13:00, Atención <{BOX}> escribió:\n{quoted}\n")
    return reply.as_bytes()


async def test_5_3_the_answer_of_whoever_was_asked_is_a_note_on_the_case_and_new_for_whoever_asked(
    desk: FrontDesk, story: Story
) -> None:
    number, letter = await asked_for_help(desk, story)
    assert tokens.request_in(letter["Reply-To"].addresses[0].addr_spec, keys=[KEY]) == (number, 1)
    taken = await take(desk, answered(letter, ANSWER), at=AT + timedelta(hours=4))
    assert (taken.number, taken.quarantined) == (number, None)
    now = await status(desk, number)
    [waiting] = now.help_answers
    assert (waiting.asked_by, waiting.by) == ("Ana Torres", letter["To"].addresses[0].addr_spec)
    assert (now.unread, now.messages) == (0, ()), "the customer wrote nothing: reminders and clocks go on"
    rows = (await desk.timeline(number)).value
    [note] = [row for row in rows if row.data.get("answers_request")]
    assert (note.what, note.data["text"], bool(note.data.get("for_customer"))) == ("noted", ANSWER, False)
    await desk.ask(number, "mark_read", MessagesRead(row=waiting.row, by="Ana Torres"))
    assert (await status(desk, number)).help_answers == ()


async def test_the_same_answer_counts_once_and_makes_nobody_the_customer(desk: FrontDesk, story: Story) -> None:
    number, letter = await asked_for_help(desk, story)
    raw = answered(letter, ANSWER)
    for _ in range(2):
        await take(desk, raw, at=AT + timedelta(hours=4))
    assert len((await status(desk, number)).help_answers) == 1
    assert await story.store.sender_belongs(number, letter["To"].addresses[0].addr_spec) is False


async def test_an_answer_to_the_plain_mailbox_is_known_by_the_letter_that_it_answers(
    desk: FrontDesk, story: Story
) -> None:
    number, letter = await asked_for_help(desk, story)
    await take(desk, answered(letter, ANSWER, to=BOX), at=AT + timedelta(hours=4))
    assert len((await status(desk, number)).help_answers) == 1


async def test_somebody_else_who_only_knows_the_letter_is_looked_at_first(desk: FrontDesk, story: Story) -> None:
    number, letter = await asked_for_help(desk, story)
    await take(desk, answered(letter, ANSWER, to=BOX, sender="otro@correo.example"), at=AT + timedelta(hours=4))
    assert (await status(desk, number)).help_answers == ()
    assert [one for _, one in await quarantined(story)] == [number]


async def test_no_letter_to_the_customer_holds_what_a_colleague_answered(desk: FrontDesk, story: Story) -> None:
    number, letter = await asked_for_help(desk, story)
    await take(desk, answered(letter, ANSWER), at=AT + timedelta(hours=4))
    told = Noted(text="La nota se corrige mañana.", for_customer=True, by="Ana Torres")
    await desk.ask(number, "add_note", told)
    await story.until("2026-11-25 18:00")
    await story.all_is_told()
    to_customer = [one for one in story.sink.letters if "correo.example" in str(one["To"])]
    assert len(to_customer) >= 2
    assert not any("docente la corrige" in words_of(one) for one in to_customer)
    assert any("La nota se corrige mañana." in words_of(one) for one in to_customer)


async def test_marking_the_answer_read_leaves_what_the_customer_wrote_new(desk: FrontDesk, story: Story) -> None:
    number, letter = await asked_for_help(desk, story)
    await answer(desk, number, "¿Ya vieron mi nota?")
    await take(desk, answered(letter, ANSWER), at=AT + timedelta(hours=4))
    [waiting] = (await status(desk, number)).help_answers
    await desk.ask(number, "mark_read", MessagesRead(row=waiting.row, by="Luis Castellanos"))
    now = await status(desk, number)
    assert (now.unread, now.help_answers) == (1, ())


async def test_the_answer_may_not_be_told_to_the_customer_by_anybody_s_slip() -> None:
    assert not Noted.model_validate({"text": "x", "answers_request": 1, "for_customer": True}).for_customer
