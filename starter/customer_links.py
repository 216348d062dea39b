"""Links to customers' own pages: handed out by staff, mailed anew to the address on record, checked, and ended."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from complaints.contacts import Contacts
from complaints.mail.headers import AddressUnusable, UnsafeLetter
from complaints.mail.links import Link, Token, form_mark, is_form_mark, link_token, same_mailbox
from complaints.mail.new_link import NEW_LINK, render_new_link
from complaints.mail.outgoing import Mailer
from complaints.mailer import own_addresses
from complaints.own_pages import NoLinks, OwnPages
from complaints.records.errors import RecordsError, UnknownComplaint
from complaints.records.links import REVOKED, LinkUse
from complaints.records.store import Store
from complaints.rules.after_end import Afterword
from complaints.rules.facts import Via
from complaints.rules.journal import CaseRecord
from complaints.rules.letters import CUSTOMER, Order
from complaints.rules.same_person import email_key
from complaints.settings import Settings, SettingsError
from complaints.words.catalogue import N_, language_of
from starter.afterwords import noted_before
from starter.errors import NotFound, Refused
from starter.sending_by_hand import claimed, in_one_piece, sent

LOG = logging.getLogger("complaints.links")

GIVEN = "link-given"
"""What the records note beside the case's journal when staff hand a link out."""

MOST_ASKED = 3
"""New links that are mailed for one complaint in an hour, whoever asks."""

MOST_SENT = 30
"""Forms of one complaint's page that count in an hour; nobody who writes by hand reaches it."""

BEGINS_AFTER = (0.3, 0.8)
"""Seconds after which a new link that was asked for is looked into: the answer is out by then."""

HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=15)
"""Longer than the longest answer of a mail server."""


class HandedOut(BaseModel):
    """A link to the customer's page that was made to be handed out."""

    model_config = ConfigDict(frozen=True)

    number: str
    address: str
    until: str
    """ISO date: the last day on which it works."""


class Revoked(BaseModel):
    """The links of a complaint that were ended."""

    model_config = ConfigDict(frozen=True)

    number: str
    already: bool
    """This very request had ended them before."""


@dataclass
class CustomerLinks:
    """What is needed to make links and to understand them. Without an address and a key there are none."""

    store: Store
    settings: Settings
    contacts: Callable[[], Contacts]
    timezone: str
    _sending: set["asyncio.Task[None]"] = field(default_factory=set)

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def pages(self) -> OwnPages:
        """What links are made of, and checked against."""
        return OwnPages(self.store, self.settings.customers_url, own_addresses(self.settings), self.timezone)

    async def opens(self, token: Token, now: datetime) -> bool:
        """Whether it opens its page now: asked of the records at every use. Raises the records' errors."""
        return await self.pages.opens(token, now)

    def form_mark(self, said: str) -> str:
        """Proof that a form of the page is ours. Asked only where a link was read, so there is a key."""
        return form_mark(said, keys=self.settings.secret_keys)

    def is_form_mark(self, said: str, mark: str) -> bool:
        """Whether that proof is right."""
        return is_form_mark(said, mark, keys=self.settings.secret_keys)

    async def may_send(self, number: str) -> bool:
        """Counts one form; False where there were too many in the last hour."""
        return await self.store.use_link(number, LinkUse.SENT, most=MOST_SENT, within=HOUR)

    # -- making ------------------------------------------------------------------------------------------------------

    async def hand_out(self, number: str, *, by: str, at: datetime, event_id: str | None = None) -> HandedOut:
        """A link for staff to pass on; noted with who did. Raises NotFound, and Refused where there are none, or
        where the event id stands for something else."""
        record = await self.store.record(number)
        if record is None:
            raise NotFound.number(number)
        if event_id is not None:
            await noted_before(self.store, number, event_id, lambda word: word.what == GIVEN)
        until, pages = self._until(at), self.pages
        try:
            link = pages.link(number, until, record.email, await self.store.links_of(number))
            handed = HandedOut(number=number, address=pages.address(link), until=until.isoformat())
        except NoLinks as error:
            raise Refused(
                N_("No links can be made: PUBLIC_URL and SECRET_KEY are not set."),
                N_("No links can be made: set PUBLIC_URL and SECRET_KEY, or start `complaints up`."),
            ) from error
        await self.store.add_afterword(
            number, event_id=event_id or str(uuid4()), at=at, what=GIVEN, by=by, via=Via.CLI,
            data={"until": handed.until},
        )  # fmt: skip
        return handed

    def of_a_form(self, number: str, email: str, *, filled_in: datetime) -> str:
        """The token for whoever opened the complaint by the public form: the first link there is.

        Always the same of one form, so that sending it again brings no link back that has ended.
        """
        link = Link(number, self._until(filled_in), same_mailbox(email))
        return link_token(link, keys=self.settings.secret_keys)

    async def ask_anew(self, number: str, email: str, *, now: datetime) -> None:
        """Mails a new link if that is the address on record of that complaint; what was done, nobody is told.

        Nothing is asked before the answer has gone out, and the work begins at an hour that nobody knows: how long an
        answer takes tells nothing of whether there is such a complaint.
        """
        task = asyncio.create_task(self._asked(number, email, now))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _asked(self, number: str, email: str, now: datetime) -> None:
        await asyncio.sleep(random.uniform(*BEGINS_AFTER))  # noqa: S311 - no secret
        try:
            record = await self.store.record(number)
        except RecordsError as error:
            LOG.warning("a new link was asked for, and the records do not answer (%s)", type(error).__name__)
            return
        asked = email_key(email)
        if record is not None and asked and asked == email_key(record.email or ""):
            await self._mailed(record, now)

    async def _mailed(self, record: CaseRecord, now: datetime) -> None:
        try:
            if not await self.store.use_link(record.number, LinkUse.ASKED, most=MOST_ASKED, within=HOUR):
                return
            order = Order(
                number=record.number,
                key=f"{NEW_LINK}/{now:%Y%m%dT%H%M%S%f}/{CUSTOMER}",
                kind=NEW_LINK,
                recipient=CUSTOMER,
                language=language_of(record.language),
                at=now,
                resend_uncertain=False,
            )
            pages = self.pages
            letter = render_new_link(
                order,
                to_email=record.email or "",
                until=self._until(now),
                contacts=self.contacts(),
                timezone=self.timezone,
                own=replace(pages.own, secret=await self.store.letters_secret()),
            )
            raw = pages.put_into(letter, order, await pages.known_for(order)).as_bytes()

            async def work(mailer: Mailer) -> None:
                claim = await claimed(self.store, order, letter, lease=LEASE)  # once, or the customer asks again
                await sent(self.store, mailer, order, letter, claim, raw=raw)

            await in_one_piece(self.settings, work)
        except (AddressUnusable, UnsafeLetter, NoLinks, RecordsError, Refused, SettingsError) as error:
            LOG.warning("%s: a new link was not mailed (%s)", record.number, type(error).__name__)

    # -- ending ------------------------------------------------------------------------------------------------------

    async def revoke(
        self, number: str, *, by: str, at: datetime, via: Via, reason: str | None = None, event_id: str | None = None
    ) -> Revoked:
        """Every link that is out opens nothing any more, for ever; noted with who did it, and why. Safe to repeat.

        The next letter brings one that works. Raises NotFound, and Refused where the event id stands for something
        else: then nothing was ended.
        """
        try:
            done = await self.store.revoke_links(
                number, event_id=event_id or str(uuid4()), at=at, by=by, via=via, reason=reason
            )
        except UnknownComplaint as error:
            raise NotFound.number(number) from error
        if not done and event_id is not None:
            await noted_before(self.store, number, event_id, lambda word: _ended(word, reason))
        return Revoked(number=number, already=not done)

    def _until(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.timezone)).date() + timedelta(days=self.settings.link_days)


def _ended(word: Afterword, reason: str | None) -> bool:
    return word.what == REVOKED and word.data.get("reason") == (reason or None)
