"""Evidence of who wrote a mail: our signed addresses, our letters, our mail server's word. A From and a number prove
nothing."""

import re
from dataclasses import dataclass

from complaints.contacts import Contacts
from complaints.mail.authentication import authenticated
from complaints.mail.headers import guessable
from complaints.mail.incoming import Reading
from complaints.mail.replies import Match, answered_letters, came_back
from complaints.mail.tokens import request_in
from complaints.records.ledger import LetterRow
from complaints.records.store import Store
from complaints.rules.letters import CUSTOMER, LetterKind, request_of
from complaints.rules.same_person import email_key
from complaints.settings import Settings

NEW_AT_ONCE = 60
"""New complaints by mail in ten minutes; the next ones are looked at first, for their senders may be forged."""

ANSWERS_SEEN = 50
"""Message-IDs of an answer that are looked up; a conversation names the nearest first."""

_LINK = re.compile(r"[a-z]+://\S*")


@dataclass(frozen=True)
class Ours:
    """What tells our own addresses and letters."""

    keys: tuple[bytes, ...] = ()
    """Of SECRET_KEY: signed addresses are believed."""
    domain: str = ""
    """Of our sender, as in our Message-IDs."""
    new_at_once: int = NEW_AT_ONCE
    """New complaints by mail in ten minutes that are let through."""
    servers: tuple[str, ...] = ()
    """Under which names our mail server says what it found out about senders (RFC 8601)."""
    staff: frozenset[str] = frozenset()
    """Colleagues' addresses, in small letters: what they forward is a customer's."""

    @classmethod
    def of(cls, settings: Settings, contacts: Contacts) -> "Ours":
        """As the settings and the contacts have it."""
        return cls(
            keys=settings.secret_keys,
            domain=contacts.sender.address.rpartition("@")[2],
            new_at_once=settings.mail_new_at_once,
            servers=settings.mail_authserv_ids,
            staff=frozenset(address.lower() for address in contacts.staff),
        )


NOBODY = Ours()


class Belief:
    """What one message shows of who wrote it."""

    def __init__(self, store: Store, reading: Reading, ours: Ours) -> None:
        self._store, self._reading, self._ours = store, reading, ours

    async def proven(self, match: Match) -> bool:
        """Whether it brings what only the customer of its case was sent: the signed address, or our letter's own ID."""
        if match.number is None or not match.sender_belongs:
            return False
        if match.by == "token":
            return True
        for message_id in answered_letters(self._reading)[:ANSWERS_SEEN]:
            letter = await self._store.letter_by_message_id(message_id)
            if letter is None or _anybodys(letter):
                continue
            if (letter.number, letter.recipient) == (match.number, CUSTOMER):
                return True
        return False

    async def request(self) -> tuple[str, int] | None:
        """The complaint, and which request for help about it (§5.3), that a colleague answers by this.

        It came to the request's own signed address, or answers that letter from the address that it went to.
        """
        for address in self._reading.delivered_to:
            if named := request_in(address, keys=self._ours.keys):
                return named
        sender = email_key(self._reading.from_address)
        for message_id in answered_letters(self._reading)[:ANSWERS_SEEN]:
            letter = await self._store.letter_by_message_id(message_id)
            if letter is None or letter.kind != LetterKind.INVOLVEMENT or _anybodys(letter):
                continue
            if sender and email_key(letter.to_address) == sender:
                return letter.number, request_of(letter.key)
        return None

    @property
    def forged(self) -> bool:
        """Whether our own mail server says that the sender is not who the From names."""
        reading = self._reading
        sender = reading.from_header or reading.from_address  # a form's own, whoever it names as its writer
        return authenticated(reading.authentication, sender, servers=self._ours.servers) == "fail"

    @property
    def came_back(self) -> bool:
        """Whether it came to the signed address of a letter of ours."""
        return came_back(self._reading, domain=self._ours.domain or "\x00", keys=self._ours.keys) is not None

    def of_report(self, letter: LetterRow) -> bool:
        """Whether a delivery report about this letter is believed; whoever knows a customer can write one.

        It came to the letter's own signed address, or it names a Message-ID that nobody can guess and, by RFC 3464, the
        address that the letter went to. A reader's complaint, an absence and mere words never do.
        """
        if self.came_back:
            return True
        bounce = self._reading.bounce
        named = bounce is not None and bool(bounce.about(letter.to_address))
        return named and not _anybodys(letter) and not self.forged


def _anybodys(letter: LetterRow) -> bool:
    """Whether its Message-ID proves nothing: letters had a guessable one until their key was made."""
    return guessable(letter.message_id, letter.number, letter.key)


def says_what_it_said(reading: Reading, letter: LetterRow) -> bool:
    """Whether the text is the letter's own and no other; its links may differ from those that the ledger has."""
    said = set(map(_bare, letter.text.splitlines()))
    lines = [line for line in map(_bare, reading.whole_text.splitlines()) if line]
    return bool(lines) and not reading.attachments and all(line in said for line in lines)


def _bare(line: str) -> str:
    return " ".join(_LINK.sub("", line).split())
