"""Which case a message belongs to: the signed address, then our letters that it answers, then the number (§9).

Nothing is believed because of a number alone: whoever writes must belong to the case, else somebody looks first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from complaints.mail import tokens
from complaints.mail.incoming import Reading

By = Literal["token", "message-id", "number"]


class Lookups(Protocol):
    """What the records are asked."""

    async def number_of_letter(self, message_id: str) -> str | None:
        """The complaint that our letter with this Message-ID is about."""

    async def belongs(self, number: str, address: str) -> bool | None:
        """Whether the complaint is this sender's; None where there is no such complaint."""


@dataclass(frozen=True)
class Match:
    """The case found, and whether its customer wrote."""

    number: str | None
    by: By | None
    sender_belongs: bool

    @property
    def needs_review(self) -> bool:
        """A case is named, but by somebody who does not belong to it: staff look before it counts."""
        return self.number is not None and not self.sender_belongs


NO_CASE = Match(number=None, by=None, sender_belongs=False)


async def which_case(reading: Reading, lookups: Lookups, *, keys: Sequence[bytes] = ()) -> Match:
    """The case of a message, by the surest sign that names one that exists; NO_CASE where none does."""
    named: list[tuple[str, By]] = []
    if token := token_number(reading, keys=keys):
        named.append((token, "token"))
    if letter := await _of_letters(reading, lookups):
        named.append((letter, "message-id"))
    if reading.number:
        named.append((reading.number, "number"))
    for number, by in named:
        belongs = await lookups.belongs(number, reading.from_address or "")
        if belongs is not None:
            return Match(number=number, by=by, sender_belongs=belongs)
    return NO_CASE


def token_number(reading: Reading, *, keys: Sequence[bytes]) -> str | None:
    """The complaint in the signed reply address that the message went to."""
    found = (tokens.number_in(address, keys=keys) for address in reading.delivered_to)
    return next((number for number in found if number), None)


def came_back(reading: Reading, *, domain: str, keys: Sequence[bytes]) -> str | None:
    """The Message-ID of the letter to whose own signed address the message came; None: nothing proves that it is back.

    Where a letter comes back to, stands in its envelope: whoever got it knows it, and nobody else can make it.
    """
    found = (tokens.letter_in(address, domain=domain, keys=keys) for address in reading.delivered_to)
    return next((letter for letter in found if letter), None)


def bounced_letter(reading: Reading, *, domain: str, keys: Sequence[bytes] = ()) -> str | None:
    """The Message-ID of our letter that a bounce is about: by its signed address, else by what it carries.

    `domain` is that of our sender, as in our Message-IDs.
    """
    if letter := came_back(reading, domain=domain, keys=keys):
        return letter
    if reading.bounce and reading.bounce.original_message_id:
        return reading.bounce.original_message_id
    return next((one for one in answered_letters(reading) if one.lower().endswith(f"@{domain.lower()}>")), None)


async def _of_letters(reading: Reading, lookups: Lookups) -> str | None:
    for message_id in answered_letters(reading):
        if number := await lookups.number_of_letter(message_id):
            return number
    return None


def answered_letters(reading: Reading) -> list[str]:
    """What it answers, the nearest first."""
    nearest = [reading.in_reply_to] if reading.in_reply_to else []
    return list(dict.fromkeys([*nearest, *reversed(reading.references)]))
