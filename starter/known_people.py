"""Whom an act of staff names: found among departments, accounts and contacts before the case is asked.

A department goes by its key, a colleague by the name of the account, and what would go to somebody who is away goes
to whoever stands in. At the desk, where people choose from lists, a name that nobody has is refused; commands and
programs may name whom they like, as bare signals do, and then letters go to the care team.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from complaints.colleagues import named, on_that_day, standing_in
from complaints.contacts import Contacts, UnknownDepartment
from complaints.contacts_file import ContactsFile
from complaints.mail.headers import AddressUnusable
from complaints.mail.recipients import People
from complaints.records.absences import Colleague
from complaints.records.errors import RecordsError
from complaints.records.store import Store
from complaints.rules.facts import FACTS, ActHeld, Assigned, Fact, Involved, Noted, Via
from complaints.rules.letters import Contents
from complaints.rules.policy import Policy
from starter.refusals import not_fitting

_MENTION = re.compile(r"(?<![\w.@+-])@([a-z0-9](?:[a-z0-9._@+-]*[a-z0-9])?)", re.IGNORECASE)
"""`@ana.torres`: an account after an at sign, and no part of an address."""


class KnownPeople:
    """The people of one school, as files and records have them at the moment of asking."""

    def __init__(self, contacts: ContactsFile | None, store: Store | None, policy: Policy) -> None:
        self._contacts, self._store = contacts, store
        self._zone = ZoneInfo(policy.calendar.timezone)

    async def put_into(self, fact: Fact, at: datetime) -> Fact:
        """The fact with the people whom it means. Raises Refused for a department that there is not, and at the desk
        for anybody else whom nobody knows."""
        match fact:
            case Assigned():
                return await self._assigned(fact, at)
            case Involved() if fact.via is Via.DESK:
                return await self._involved(fact, at)
            case Noted() if not fact.for_customer and (called := mentioned_in(fact.text)):
                known = {one.account for one in await self._colleagues()}
                return fact.model_copy(update={"mentions": tuple(account for account in called if account in known)})
            case ActHeld():  # refused before it waits; none that may wait is changed by whom it names
                await self.put_into(FACTS[fact.act].model_validate({**fact.said, "by": fact.by, "via": fact.via}), at)
        return fact

    async def _assigned(self, fact: Assigned, at: datetime) -> Assigned:
        contacts = self._contacts.now() if self._contacts else None
        department = fact.department
        if contacts and department is not None:
            try:
                department = contacts.department(department).key
            except UnknownDepartment as error:
                raise not_fitting("department.unknown", "department", named=error.named, known=error.known) from error
        representative = fact.representative
        if representative is not None:
            colleagues = await self._colleagues()
            if found := named(representative, colleagues):
                representative = standing_in(found, colleagues, at.astimezone(self._zone).date()).name
            elif fact.via is Via.DESK and contacts and not _is_known(representative, contacts):
                known = ", ".join(one.name for one in colleagues)
                raise not_fitting("representative.unknown", "representative", known=known)
        return fact.model_copy(update={"department": department, "representative": representative})

    async def _involved(self, fact: Involved, at: datetime) -> Involved:
        if self._contacts is None:
            return fact
        day = at.astimezone(self._zone).date()
        contacts = on_that_day(self._contacts.now(), await self._colleagues(), day)
        try:
            People(contacts, Contents(), day).helper(fact.whom)
        except AddressUnusable as error:
            raise not_fitting("helper.unknown", "whom") from error
        return fact

    async def _colleagues(self) -> list[Colleague]:
        """Nobody where the records are away: what is said is taken as it is."""
        if self._store is None:
            return []
        try:
            return await self._store.colleagues()
        except RecordsError:
            return []


def mentioned_in(text: str) -> tuple[str, ...]:
    """The accounts that a text calls, each once, as accounts are spelled."""
    return tuple(dict.fromkeys(found.lower() for found in _MENTION.findall(text)))


def _is_known(text: str, contacts: Contacts) -> bool:
    return contacts.representative(text) is not None or People.of_the_school(text, contacts) is not None
