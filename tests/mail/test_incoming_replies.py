"""Replies find their case: the signed address, our letters, the number; and the sender must belong to it."""

from dataclasses import dataclass, field, replace

from complaints.mail import tokens
from complaints.mail.bounces import Bounce
from complaints.mail.incoming import Reading, read
from complaints.mail.replies import NO_CASE, Match, bounced_letter, token_number, which_case
from complaints.rules.number import complaint_number
from tests.incoming_expected import MAILBOX, OURS, RECEIVED, reading_of

KEYS = (b"k" * 32,)
BY_TOKEN, BY_LETTER, BY_NUMBER = (complaint_number(key) for key in ("token", "letter", "number"))
ROSA = "rosa.quispe@correo.example"


@dataclass
class Records:
    """Cases by number with their customers' addresses, and the letters that were sent."""

    customers: dict[str, str] = field(default_factory=lambda: dict.fromkeys((BY_TOKEN, BY_LETTER, BY_NUMBER), ROSA))
    letters: dict[str, str] = field(default_factory=lambda: {OURS: BY_LETTER})

    async def number_of_letter(self, message_id: str) -> str | None:
        return self.letters.get(message_id)

    async def belongs(self, number: str, address: str) -> bool | None:
        return self.customers[number] == address.lower() if number in self.customers else None


def answer(*, token: bool = True, letter: bool = True, number: bool = True, sender: str = ROSA) -> Reading:
    to = tokens.reply_address(MAILBOX, BY_TOKEN, keys=KEYS) if token else MAILBOX
    subject = f"Re: [{BY_NUMBER}] Recibimos su queja" if number else "Re: Recibimos su queja"
    references = f"In-Reply-To: {OURS}\n" if letter else ""
    raw = f"From: {sender}\nTo: {to}\nSubject: {subject}\n{references}\nMi DNI es 45678912.\n"
    return read(raw.encode(), mailbox=MAILBOX, received_at=RECEIVED)


async def test_the_signed_address_is_believed_first_then_our_letters_then_the_number() -> None:
    records = Records()
    assert await which_case(answer(), records, keys=KEYS) == Match(BY_TOKEN, "token", sender_belongs=True)
    assert await which_case(answer(token=False), records, keys=KEYS) == Match(BY_LETTER, "message-id", True)
    assert await which_case(answer(token=False, letter=False), records) == Match(BY_NUMBER, "number", True)
    assert await which_case(answer(token=False, letter=False, number=False), records) == NO_CASE


async def test_a_sender_who_does_not_belong_needs_review_even_with_a_token() -> None:
    match = await which_case(answer(sender="mallory@rara.example"), Records(), keys=KEYS)
    assert match == Match(BY_TOKEN, "token", sender_belongs=False)
    assert match.needs_review


async def test_a_forged_token_counts_for_nothing() -> None:
    forged = replace(answer(), delivered_to=(f"soporte+{BY_TOKEN}-aaaaaaaaaaaaaaaa@escuela.example",))
    assert (await which_case(forged, Records(), keys=KEYS)).by == "message-id"
    assert token_number(answer(), keys=(b"x" * 32,)) is None, "another key"


async def test_a_number_that_we_never_gave_is_no_case() -> None:
    assert await which_case(answer(token=False, letter=False), Records(customers={})) == NO_CASE


def test_a_reply_address_is_seen_without_any_key() -> None:
    found = answer()
    assert found.token is not None
    assert BY_TOKEN.lower() in found.token.lower()
    assert found.number == BY_NUMBER
    assert answer(token=False).token is None


def test_a_bounce_finds_its_letter_by_its_address_else_by_what_it_carries() -> None:
    bounce = reading_of("bounces/german_gmx")
    assert bounced_letter(bounce, domain="escuela.example", keys=KEYS) is None
    signed = tokens.bounce_address("rebotes@escuela.example", OURS, keys=KEYS)
    assert bounced_letter(replace(bounce, delivered_to=(signed,)), domain="escuela.example", keys=KEYS) == OURS
    assert bounced_letter(reading_of("bounces/exim"), domain="escuela.example") == OURS
    referring = replace(bounce, references=("<x@other.example>", OURS))
    assert bounced_letter(referring, domain="escuela.example") == OURS
    assert isinstance(bounce.bounce, Bounce)
