"""What customers say on their own page: kept with their files, then told to the case, with the link as evidence."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from complaints.mail.answers import seems_in
from complaints.mail.attachments import Attachment
from complaints.mail.incoming import ZONE, read_details
from complaints.mail.kinds import Evidence, Kind
from complaints.mail.proposals import proposals_in
from complaints.records.errors import RecordsError
from complaints.rules.details import FIELD_OF
from complaints.rules.facts import (
    CustomerDissatisfied,
    CustomerSatisfied,
    DetailsReceived,
    Fact,
    MessageReceived,
    Via,
)
from complaints.rules.heard import is_same
from complaints.rules.quarantine import Quarantined
from complaints.rules.status import Status
from complaints.scanning import LookedAt
from complaints.words.catalogue import LANGUAGES, N_, catalogue
from starter.errors import FrontDeskError, Refused
from starter.front_desk import FrontDesk
from starter.intake import NAME, answered_by
from starter.kept_forms import as_message, keep_form

MAILBOX = "link"
"""Where such messages came in, beside the mailboxes of mail."""

LARGEST_A_DAY = 100_000_000
"""Bytes of the files of one complaint in a day."""

HEARD_WITHIN = timedelta(seconds=3)
"""How long the page waits to show what was said; it is accepted before."""


@dataclass(frozen=True)
class Sent:
    """What was filled in and attached."""

    event_id: str
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    """Labelled details: name and value."""
    files: tuple[LookedAt, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.text or self.fields or self.files)


class CustomerWords:
    """What one complaint's customer says through its link."""

    def __init__(self, desk: FrontDesk, number: str) -> None:
        assert desk.store is not None
        self._desk, self._store, self._number = desk, desk.store, number

    async def tell(self, *facts: Fact) -> bool:
        """Tells the case; whether it has been heard by now. Raises what `FrontDesk.tell` raises."""
        for fact in facts:
            await self._desk.tell(self._number, fact)
        return await self._heard({str(fact.event_id) for fact in facts})

    async def was_said(self, fact: Fact) -> bool:
        """Whether this very thing was said under its id before; something else may have been."""
        timeline = (await self._desk.timeline(self._number)).value
        after = await self._store.afterwords(self._number)
        said = [(row.what, row.data) for row in timeline if row.data.get("event_id") == fact.event_id]
        said += [(word.what, word.data) for word in after if word.event_id == fact.event_id]
        return any(is_same(what, data, fact) for what, data in said)

    async def was_sent(self, sent: Sent) -> bool:
        """Whether these very words and files came under this id before."""
        record = await self._store.record(self._number)
        raw = _as_message(self._number, sent, sender=record.email if record else None)
        return await self._store.mail(hashlib.sha256(raw).hexdigest()) is not None

    async def send(self, sent: Sent, status: Status, *, now: datetime) -> bool:
        """Words and files: kept first, then details if some are missing, else a message; each sending counts once.

        What comes after the end is put before staff too, as mail is. Raises Refused where the files are too many.
        """
        if sent.files:
            await self._expect_room(sent.files, now)
        digest = await self._kept(sent, now)
        closed = status.closed_at is not None
        heard = await self.tell(self._fact(sent, status, now, closed=closed))
        await self._store.mail_taken(digest, "reply", self._number)
        if closed:
            await self._put_before_staff(digest, now)
        return heard

    def _fact(self, sent: Sent, status: Status, now: datetime, *, closed: bool) -> Fact:
        names = ", ".join(file.name for file in sent.files)
        said: dict[str, Any] = {
            "text": "\n\n".join(filter(None, (sent.text, f"[{names}]" if names else ""))),
            **signed(sent.event_id),
        }
        given = dict(sent.fields)
        proposals = proposals_in(sent.text, written_on=now.astimezone(ZONE).date()) if sent.text else ()
        said |= {"read": read_details(proposals, sent.text), "seems": seems_in(sent.text)}
        if closed or not (given or status.waiting_for_details):
            return MessageReceived.model_validate(said)
        # Words or files may hold all that is missing: what is not among them, people see. Bare fields are just these.
        whole = sent.text or sent.files
        left = () if whole else tuple(item for item in status.missing if FIELD_OF.get(item) not in given)
        return DetailsReceived.model_validate({**said, **given, "still_missing": left})

    async def _expect_room(self, files: Sequence[Attachment], now: datetime) -> None:
        before = await self._store.bytes_sent(self._number, MAILBOX, since=now - timedelta(days=1))
        if before + sum(file.size for file in files) > LARGEST_A_DAY:
            raise Refused(
                N_("We have had many files for this complaint today: send the rest tomorrow, or call us."),
            )

    async def _kept(self, sent: Sent, now: datetime) -> str:
        """The message as evidence, with its files by digest; a form sent twice is one message."""
        record = await self._store.record(self._number)
        raw = _as_message(self._number, sent, sender=record.email if record else None)
        evidence = Evidence(N_("sent by the customer's own link"), 1.0, Kind.REPLY)
        await keep_form(
            self._store, raw, sent.files, mailbox=MAILBOX, source_key=sent.event_id, received_at=now, evidence=evidence
        )
        return hashlib.sha256(raw).hexdigest()

    async def _put_before_staff(self, digest: str, now: datetime) -> None:
        due = answered_by(self._desk, "after-closing", now)
        await self._store.quarantine(
            digest, reason="after-closing", number=self._number, sender=None,
            subject=_SUBJECT, received_at=now, due=due,
        )  # fmt: skip
        await self._desk.watch(Quarantined(name=digest[:NAME], due=due))

    async def _heard(self, event_ids: set[str]) -> bool:
        """Waits a moment for the case to have it: the next page should show it."""
        deadline = asyncio.get_running_loop().time() + HEARD_WITHIN.total_seconds()
        while asyncio.get_running_loop().time() < deadline:
            try:
                timeline = (await self._desk.timeline(self._number)).value
                after = {word.event_id for word in await self._store.afterwords(self._number)}
            except (FrontDeskError, RecordsError):
                return False  # accepted, and nobody answers just now
            if event_ids <= after | {str(row.data.get("event_id")) for row in timeline}:
                return True
            await asyncio.sleep(0.05)
        return False


def signed(event_id: str) -> dict[str, Any]:
    """Who says so and through what."""
    return {"by": "customer", "via": Via.LINK, "event_id": event_id}


_AFTER_ALL = N_("I said no by mistake, or changed my mind: I am satisfied with the answer I was given.")
_SUBJECT = catalogue("es").gettext("From the customer's page")
"""Of a message that is kept: always the same, for what was sent is known again by its bytes."""


def answer(*, satisfied: bool, words: str, status: Status, event_id: str) -> tuple[Fact, ...]:
    """The customer's yes or no (§7, §8).

    A yes after a no: the dispute stays what it was, whoever has the case hears of the change, and the yes is held for
    the resolution that comes.
    """
    if not satisfied:
        return (CustomerDissatisfied(reason=words or None, **signed(event_id)),)
    yes = CustomerSatisfied(words=words or None, **signed(event_id))
    if status.stage == "confirmation":
        return (yes,)
    said, *others = (catalogue(one).say(_AFTER_ALL) for one in LANGUAGES)
    whole = "\n".join([said, *(f"({other})" for other in others)])
    text = "\n\n".join(filter(None, (whole, words)))
    return (MessageReceived(text=text, **signed(f"{event_id}/said")), yes)


def _as_message(number: str, sent: Sent, *, sender: str | None) -> bytes:
    """What was sent, as it is kept."""
    known = {"From": sender} if sender and sender.isascii() and sender.isprintable() else {}
    # X-Customer-Page, not X-Complaint, which marks letters of ours.
    headers = {**known, "Subject": _SUBJECT, "X-Customer-Page": number, "X-Event": sent.event_id}
    return as_message(headers, [sent.text, *(f"{name}: {value}" for name, value in sent.fields)], sent.files)
