"""What the signs are looked for in: one message, read once, and its own words without what is not the writer's."""

import re
from dataclasses import dataclass
from email.message import Message
from functools import cached_property

from complaints.mail import parts
from complaints.mail.histories import is_dashed, is_sender
from complaints.mail.people import Ownership, People
from complaints.mail.phrases import is_forwarded, phrases_in, unaccented

TOP, END = 8_000, 4_000
"""Characters of the own words in which phrases are looked for at most."""

LONGEST_PAGE = 100_000
"""Bytes of an HTML part whose build is looked at."""

_MAY_DISCLAIM = (
    *("confiden", "vertraulich", "por error", "in error", "because of an error", "por engano"),
    *("de imprimir", "before printing"),
)
_DISCLAIMER = re.compile(
    r"(?:mensaje|correo|adjunto|destinatari|e-?mail|message|attachment|recipient|mensagem|anexo)s?\b.{0,200}"
    r"(?:confidencia|confidentia|vertraulich|por error\b|in error\b|because of an error|por engano)"
    r"|(?:confidencial|confidential).{0,200}(?:destinatari|adjunto|recipient|attachment|anexo)"
    r"|antes de imprimir|before printing",
    re.IGNORECASE | re.DOTALL,
)
"""A paragraph that a company's server puts under everything that its people write."""

_IN_QUOTES = re.compile(r"[\"“«”][^\"“”«»\n]{5,300}[\"”»“]|(?<!\w)['‘][^'’\n]{5,300}['’](?!\w)")
"""What somebody cites: the words of another."""

_OF_PROGRAMS = frozenset({"absence", "automatic", "challenge", "desk", "receipt", "received", "until"})
"""Families whose words in what somebody passes on are another's."""

_QUOTES = "\"“«”'‘"
"""Looked for first: each alone is found in no time, and most mails have none."""


@dataclass(frozen=True)
class Subject:
    """What the signs are looked for in, read once."""

    message: "Message[str, str]"
    mailbox: str
    from_name: str
    from_address: str | None
    """What stands in From, whoever wrote."""
    subject: str
    own: str
    """Own words, without history."""
    whole: str
    raw_whole: str
    """As decoded, before it was cleaned."""
    labelled: int
    """How many details the writer labelled: a program does not give its identity document."""
    attachments: int
    unread: int
    """Of these, how many may hold words that nobody could take out."""
    people: People
    ownership: Ownership

    @cached_property
    def phrases(self) -> dict[str, list[str]]:
        """What programs' phrases the own words hold, citations left out; of a forward what its sender added to it."""
        whole = self.without_disclaimers
        said = _IN_QUOTES.sub(" … ", whole) if any(mark in whole for mark in _QUOTES) else whole
        found = self.cited_too if said == whole else phrases_in(unaccented(said))
        if above := self._above_what_is_passed_on:
            added = phrases_in(unaccented(above))
            return {name: phrases for name, phrases in found.items() if name not in _OF_PROGRAMS or name in added}
        return found

    @cached_property
    def cited_too(self) -> dict[str, list[str]]:
        """The same, citations included: a bounce cites the mail server."""
        return phrases_in(unaccented(self.without_disclaimers))

    @property
    def _above_what_is_passed_on(self) -> str:
        """Of a forward what its sender wrote themselves; empty where that is nothing, or it is no forward."""
        if not is_forwarded(self.subject):
            return ""
        lines = self.without_disclaimers.split("\n")
        begins = (at for at, line in enumerate(lines) if is_dashed(line) or is_sender(line))
        above = "\n".join(lines[: next(begins, 0)])
        return above if re.search(r"\w", above) else ""

    @cached_property
    def without_disclaimers(self) -> str:
        """The own words without the paragraphs that companies' servers add; all where there is nothing else."""
        own = self.own if len(self.own) <= TOP + END else f"{self.own[:TOP]}\n\n{self.own[-END:]}"
        small = own.lower()
        if not any(word in small for word in _MAY_DISCLAIM):
            return own
        paragraphs = [one for one in re.split(r"\n[ \t]*\n", own) if not _DISCLAIMER.search(one[:2_000])]
        return "\n\n".join(paragraphs) or own

    @cached_property
    def html(self) -> bytes:
        """The beginning of its HTML in small letters; empty where it has none."""
        pages = (part for part in parts.leaves(self.message) if part.get_content_type() == "text/html")
        return b"\n".join(parts.octets(part)[:LONGEST_PAGE] for part in pages)[: 2 * LONGEST_PAGE].lower()
