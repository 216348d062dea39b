"""Links to customers' own pages: handed out by staff, mailed anew to the address on record, and read."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from complaints.contacts import Contacts
from complaints.mail.headers import AddressUnusable
from complaints.mail.links import Link, form_mark, is_form_mark, link_in, page_address
from complaints.mail.new_link import NEW_LINK, render_new_link
from complaints.mail.outgoing import Mailer
from complaints.mailer import own_addresses
from complaints.records.errors import RecordsError
from complaints.records.folding import email_folded
from complaints.records.links import LinkUse
from complaints.records.store import Store
from complaints.rules.facts import Via
from complaints.rules.journal import CaseRecord
from complaints.rules.letters import CUSTOMER, Order
from complaints.settings import Settings, SettingsError
from starter.errors import NotFound, Refused
from starter.sending_by_hand import claimed, in_one_piece, sent

LOG = logging.getLogger("complaints.links")

GIVEN = "link-given"
"""What the records note beside the case's journal when staff hand a link out."""

MOST_ASKED = 3
"""New links that are mailed for one complaint in an hour, whoever asks."""

MOST_SENT = 30
"""Forms of one complaint's page that count in an hour; nobody who writes by hand reaches it."""

HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=15)
"""Longer than the longest answer of a mail server."""


class HandedOut(BaseModel):
    """A link for a customer."""

    model_config = ConfigDict(frozen=True)

    number: str
    address: str
    until: str
    """ISO date: the last day on which it works."""


@dataclass
class CustomerLinks:
    """What is needed to make links and to understand them. Without an address and a key there are none."""

    store: Store
    settings: Settings
    contacts: Callable[[], Contacts]
    timezone: str
    _sending: set["asyncio.Task[None]"] = field(default_factory=set)

    # -- reading -----------------------------------------------------------------------------------------------------

    def read(self, token: str) -> Link | None:
        """What a link is for, expired or not; None if it is none of ours."""
        return link_in(token, keys=self.settings.secret_keys)

    def is_good(self, link: Link, now: datetime) -> bool:
        """Whether it still opens the page."""
        return now.astimezone(ZoneInfo(self.timezone)).date() <= link.until

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

    def made(self, number: str, now: datetime) -> HandedOut:
        """A link as of now. Raises Refused where the settings allow none."""
        link = Link(number, now.astimezone(ZoneInfo(self.timezone)).date() + timedelta(days=self.settings.link_days))
        if not (self.settings.public_url and self.settings.secret_keys):
            raise Refused(
                "No se pueden hacer enlaces: diga PUBLIC_URL y SECRET_KEY, o inicie `complaints up`.",
                "No links can be made: set PUBLIC_URL and SECRET_KEY, or start `complaints up`.",
            )
        address = page_address(self.settings.public_url, link, keys=self.settings.secret_keys)
        return HandedOut(number=number, address=address, until=link.until.isoformat())

    async def hand_out(self, number: str, *, by: str, at: datetime, event_id: str | None = None) -> HandedOut:
        """A link for staff to pass on; noted with who did. Raises NotFound, and Refused where there are none."""
        if await self.store.record(number) is None:
            raise NotFound.number(number)
        handed = self.made(number, at)
        await self.store.add_afterword(
            number, event_id=event_id or str(uuid4()), at=at, what=GIVEN, by=by, via=Via.CLI,
            data={"until": handed.until},
        )  # fmt: skip
        return handed

    async def ask_anew(self, number: str, email: str, *, now: datetime) -> None:
        """Mails a new link if that is the address on record of that complaint; what was done, nobody is told.

        The letter goes out after the answer, so that the time it takes tells nothing either.
        """
        record = await self.store.record(number)
        asked = email_folded(email)
        if record is None or not asked or asked != email_folded(record.email or ""):
            return
        if await self.store.use_link(number, LinkUse.ASKED, most=MOST_ASKED, within=HOUR):
            task = asyncio.create_task(self._mailed(record, now))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _mailed(self, record: CaseRecord, now: datetime) -> None:
        try:
            handed = self.made(record.number, now)
            order = Order(
                number=record.number,
                key=f"{NEW_LINK}/{now:%Y%m%dT%H%M%S%f}/{CUSTOMER}",
                kind=NEW_LINK,
                recipient=CUSTOMER,
                language="en" if record.language == "en" else "es",
                at=now,
                resend_uncertain=False,
            )
            letter = render_new_link(
                order,
                to_email=record.email or "",
                link=handed.address,
                until=datetime.fromisoformat(handed.until).date(),
                contacts=self.contacts(),
                timezone=self.timezone,
                own=own_addresses(self.settings),
            )

            async def work(mailer: Mailer) -> None:
                claim = await claimed(self.store, order, letter, lease=LEASE)  # once, or the customer asks again
                await sent(self.store, mailer, order, letter, claim)

            await in_one_piece(self.settings, work)
        except (AddressUnusable, RecordsError, Refused, SettingsError) as error:
            LOG.warning("%s: a new link was not mailed (%s)", record.number, type(error).__name__)
