"""Customers' own pages: the link of a letter is made when its bytes go out, and checked whenever it is used."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from complaints.mail.letters import Letter, OwnAddresses, link_until
from complaints.mail.links import Link, Token, page_address, same_mailbox
from complaints.records.links import Links, LinksOf
from complaints.rules.letters import CUSTOMER, Order
from complaints.words.page_links import shown

NO_LINKS = "no link to the customer's page can be made: set PUBLIC_URL and SECRET_KEY"


class NoLinks(Exception):
    """A letter has a place for a link, and the settings allow none: it must wait until they do."""

    def __init__(self) -> None:
        super().__init__(NO_LINKS)


@dataclass(frozen=True)
class OwnPages:
    """What links are made of, and checked against."""

    store: Links
    public_url: str | None
    own: OwnAddresses
    timezone: str

    @property
    def keys(self) -> Sequence[bytes]:
        """They sign links; the first signs, all are understood."""
        return self.own.keys

    # -- letters -----------------------------------------------------------------------------------------------------

    async def known_for(self, order: Order) -> LinksOf | None:
        """What the link of that letter must agree with; asked before it is claimed. None for staff: they get none."""
        return await self.store.links_of(order.number) if order.recipient == CUSTOMER else None

    def put_into(self, letter: Letter, order: Order, known: LinksOf | None) -> Letter:
        """The letter that is sent, with the link to its customer's page if it has a place for one.

        The link is of the address that the letter goes to: where that is not the one on record any more, it opens
        nothing. Raises NoLinks.
        """
        if not letter.wants_page:
            return letter
        if known is None:  # a customer's quoted words, kept before keys were covered
            return replace(letter, text=shown(letter.text, letter.language), html=shown(letter.html, letter.language))
        until = link_until(order, timezone=self.timezone, own=self.own)
        return letter.with_page(self.address(self.link(order.number, until, letter.envelope_to[0], known)))

    # -- links -------------------------------------------------------------------------------------------------------

    def link(self, number: str, until: date, email: str | None, known: LinksOf) -> Link:
        """A link for whoever reads that mailbox; without one, for whoever it is handed to."""
        mailbox = same_mailbox(email)
        return Link(number, until, mailbox, known.ended(mailbox))

    def address(self, link: Link) -> str:
        """As it is printed or sent. Raises NoLinks."""
        if not (self.public_url and self.keys):
            raise NoLinks
        return page_address(self.public_url, link, keys=self.keys)

    async def opens(self, token: Token, now: datetime) -> bool:
        """Whether it still opens its page: signed by us, for the address on record or for none, and not ended.

        The same work whether there is such a complaint or not.
        """
        known = await self.store.links_of(token.number)
        mailbox = same_mailbox(known.email)
        good = [
            token.is_of(Link(token.number, token.until, mailbox, known.ended(mailbox)), keys=self.keys),
            # Handed out while there was no address: one that is added takes nothing from whoever has it.
            token.is_of(Link(token.number, token.until, "", known.ended("")), keys=self.keys),
            token.is_of_old(keys=self.keys) and not known.old_ended(token.until),
        ]
        in_time = now.astimezone(ZoneInfo(self.timezone)).date() <= token.until
        return known.known and in_time and any(good)
