"""A complaint by the school's own form (§3, §4): kept with its files and the consent, then opened, once a form."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from complaints.mail.incoming import ZONE, read_details
from complaints.mail.kinds import Evidence, Kind
from complaints.mail.proposals import proposals_in
from complaints.records.errors import RecordsError
from complaints.records.form_uses import Allowance
from complaints.rules.channels import PUBLIC_FORM, Channel
from complaints.rules.received import ComplaintReceived
from complaints.rules.same_person import email_key
from complaints.scanning import LookedAt
from complaints.words.catalogue import N_, Language, catalogue
from starter.errors import AlreadySent, Refused
from starter.front_desk import FrontDesk, Opened
from starter.kept_forms import as_message, keep_form

MAILBOX = "form"
"""Where such messages came in, beside the mailboxes of mail."""

CONSENT = "2026-11"
"""Which text the customer consented to (Ley 29733): another text in the form, another name here."""

_SUBJECT = catalogue("es").gettext("From the public form")
"""Of a form that is kept: always the same, for it is known again by its bytes."""

CUSTOMER = ("name", "document", "email", "phone", "guardian")
PROBLEM = ("description", "occurred_on")
FIELDS = (*CUSTOMER, *PROBLEM, "product")
"""What §4 asks for, and how the customer is reached (§3)."""

FROM_ONE_ADDRESS = 10
"""Complaints from one network address in an hour. A telephone company's customers may share one."""

FROM_ONE_SITE = 40
"""Of IPv6, from one /48: whoever has that can choose among 65,536 of the /64 that a household has."""

FOR_ONE_MAILBOX = 5
"""Complaints in an hour that name one mail address: each has it written to, and anybody may name it."""

AT_ONCE = timedelta(minutes=10)
HOUR = timedelta(hours=1)

THERE_WITHIN = timedelta(seconds=5)
"""How long the answer waits until the customer's page can be opened; the complaint is accepted before."""


TOO_MANY = N_("We are getting too many complaints through this page: try again in an hour, or write or call us.")


class TooMany(Refused):
    """More forms than people fill in by hand: the rest may write or call."""


@dataclass(frozen=True)
class Place:
    """Where a form came from, as digests."""

    address: str
    site: str


@dataclass(frozen=True)
class Filled:
    """A form that somebody filled in."""

    form: str
    """The form's own id: under it the complaint counts once."""
    fields: Mapping[str, str]
    language: Language
    files: tuple[LookedAt, ...] = field(default=())

    @property
    def source_key(self) -> str:
        """What makes the arrival unique."""
        return key_of(self.form)

    def complaint(self, now: datetime) -> ComplaintReceived:
        """What a case is opened with. Raises ValidationError."""
        words = self.fields.get("description", "")
        proposals = proposals_in(words, written_on=now.astimezone(ZONE).date())
        return ComplaintReceived.model_validate(
            {
                "source_key": self.source_key,
                "channel": Channel.WEB,
                "customer": self._given(CUSTOMER),
                "problem": {"description": "", **self._given(PROBLEM)},
                "product": self.fields.get("product") or None,
                "language": self.language,
                "read": read_details(proposals, words),
                "files": tuple(file.name for file in self.files),
            }
        )

    def as_message(self) -> bytes:
        """The form as it is kept: evidence also of the consent."""
        consent = f"Ley 29733, {CONSENT}, {self.language}"
        headers = {"Subject": _SUBJECT, "X-Event": self.source_key, "X-Consent": consent}
        return as_message(headers, [f"{name}: {said}" for name, said in self._given(FIELDS).items()], self.files)

    def _given(self, names: Sequence[str]) -> dict[str, str]:
        return {name: self.fields[name] for name in names if self.fields.get(name)}


class PublicForm:
    """The form's way into the front desk."""

    def __init__(self, desk: FrontDesk, *, at_once: int) -> None:
        """`at_once`: complaints by the form in ten minutes, from wherever."""
        assert desk.store is not None
        self._desk, self._store, self._at_once = desk, desk.store, at_once

    async def knows(self, form: str) -> bool:
        """Whether something was sent by this form before."""
        return await self._store.first_arrival(key_of(form)) is not None

    async def open(self, filled: Filled, *, place: Place, now: datetime) -> Opened:
        """Keeps the form, then opens the complaint; the same form again is the same complaint.

        Raises ValidationError, AlreadySent where this form said something else before, TooMany, and what
        `FrontDesk.open` and the records raise: then it is to be sent again, and counts once.
        """
        received, raw = filled.complaint(now), filled.as_message()
        digest = hashlib.sha256(raw).hexdigest()
        first = await self._store.first_arrival(filled.source_key)
        if first is not None and first.number is not None and first.content != digest:
            raise AlreadySent(first.number)
        if first is None and not await self._store.use_form(self._allowances(filled, place)):
            raise TooMany(TOO_MANY)
        evidence = Evidence(N_("sent by the public form"), 1.0, Kind.COMPLAINT)
        await keep_form(
            self._store, raw, filled.files, mailbox=MAILBOX, source_key=filled.source_key, received_at=now,
            evidence=evidence,
        )  # fmt: skip
        opened = await self._desk.open(received)
        await self._store.mail_taken(digest, "complaint", opened.number)
        return opened

    async def is_there(self, number: str) -> bool:
        """Waits a moment for the records to have it: the customer's page asks them."""
        deadline = asyncio.get_running_loop().time() + THERE_WITHIN.total_seconds()
        while asyncio.get_running_loop().time() < deadline:
            try:
                if await self._store.record(number) is not None:
                    return True
            except RecordsError:
                return False
            await asyncio.sleep(0.05)
        return False

    def _allowances(self, filled: Filled, place: Place) -> list[Allowance]:
        counted = [
            Allowance("all", self._at_once, AT_ONCE),
            Allowance(place.address, FROM_ONE_ADDRESS, HOUR),
            Allowance(place.site, FROM_ONE_SITE, HOUR),
        ]
        if mailbox := email_key(filled.fields.get("email", "")):
            digest = hashlib.sha256(f"mailbox/{mailbox}".encode(errors="replace")).hexdigest()
            counted.append(Allowance(digest, FOR_ONE_MAILBOX, HOUR))
        return counted


def key_of(form: str) -> str:
    """The source key of a form."""
    return f"{PUBLIC_FORM}{form}"
