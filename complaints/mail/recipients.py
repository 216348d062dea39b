"""Who gets a letter, and how the people of a case are named in it, from the contacts of that day."""

from dataclasses import dataclass
from datetime import date

from complaints.contacts import Contacts, Department, Person, UnknownDepartment, UnknownRole
from complaints.mail.audience import is_person_name
from complaints.mail.headers import AddressUnusable
from complaints.rules.letters import (
    CARE_TEAM,
    COLLEAGUE,
    CUSTOMER,
    DEPARTMENT_HEAD,
    REPRESENTATIVE,
    Contents,
    LetterKind,
    LetterOrder,
)
from complaints.words.vocabulary import Language
from complaints.words.wording import Wording


@dataclass(frozen=True)
class People:
    """The contacts as they are on one day, for one case."""

    contacts: Contacts
    contents: Contents
    on: date
    """The local day: substitutes stand in by their dates."""

    def addressee(self, order: LetterOrder) -> Person:
        """The staff member for the order's recipient. Raises AddressUnusable where nobody is known by it.

        For a representative or department that the contacts do not know the care team stands in: somebody has to know,
        and a department's head may not read how to reach the customer (§5.3).
        """
        if order.recipient == CUSTOMER:
            raise AddressUnusable("a customer is not in the contacts: the order brings their address")
        if order.recipient == REPRESENTATIVE:
            return self.representative or self._care_team
        if order.recipient == DEPARTMENT_HEAD:
            return self._head or self._care_team
        if order.kind is LetterKind.MENTION:
            return self.colleague(order.recipient)
        try:
            return self.contacts.person(order.recipient, self.on)
        except UnknownRole:
            return self.helper(order.recipient)

    def colleague(self, recipient: str) -> Person:
        """Whoever has the account that a note calls. Raises AddressUnusable where the account has no address."""
        post = self.contacts.representatives.get(recipient.removeprefix(COLLEAGUE))
        if post is None:
            raise AddressUnusable("the account that a note calls has no address: its owner reads the note at the desk")
        return post.on(self.on)

    def told_already(self, order: LetterOrder) -> bool:
        """Whether the order's recipient hears of the same occasion in another of their roles."""
        mine = self.addressee(order).email.casefold()
        others = (order.model_copy(update={"recipient": role}) for role in order.told_too)
        return any(self.addressee(other).email.casefold() == mine for other in others)

    @property
    def representative(self) -> Person | None:
        """The assigned representative: as the contacts know them by key, name or address, or by a school address."""
        text = self.contents.representative
        return (self._representative(text) or self._by_address(text)) if text else None

    @property
    def department(self) -> Department | None:
        """The case's department, if the contacts know it."""
        return self._department(self.contents.department)

    @property
    def _head(self) -> Person | None:
        return self.department.head.on(self.on) if self.department else None

    @property
    def _care_team(self) -> Person:
        return self.contacts.care_team.on(self.on)

    def _representative(self, text: str | None) -> Person | None:
        """A representative whom the contacts know, or who stands in for them that day."""
        post = self.contacts.representative(text) if text else None
        return post.on(self.on) if post else None

    def _department(self, text: str | None) -> Department | None:
        try:
            return self.contacts.department(text) if text else None
        except UnknownDepartment:
            return None

    def helper(self, whom: str) -> Person:
        """Who is asked for help (§5.3): a department, a representative's key, or an address of a domain of the school.

        Raises AddressUnusable.
        """
        if department := self._department(whom):
            return department.head.on(self.on)
        if person := self._representative(whom):
            return person
        if person := self._by_address(whom):
            return person
        raise AddressUnusable(
            "whoever was to be involved is in no entry of contacts.toml and has no address of the school: "
            "name a department, a representative, or an address of the school's staff"
        )

    def _by_address(self, whom: str) -> Person | None:
        return self.of_the_school(whom, self.contacts)

    @staticmethod
    def of_the_school(whom: str, contacts: Contacts) -> Person | None:
        """Somebody of the staff by an address of the school's own domains; never an intake address."""
        local, _, domain = whom.rpartition("@")
        # Of the posts alone: an account may have an address that it shares with half the country.
        posts = (post.email for field, post in contacts.posts() if not field.startswith("representatives."))
        domains = {email.rpartition("@")[2].lower() for email in posts}
        if local and domain.lower() in domains and not contacts.is_intake(whom):
            return Person.model_construct(name=local, email=whom, phone=None, language=None)
        return None

    # -- as letters name them ----------------------------------------------------------------------------------------

    def department_name(self, language: Language) -> str | None:
        """`Área Académica`; a department that the contacts do not list is named as the case names it."""
        known = self.department
        return known.named(language) if known else self.contents.department

    def named_department(self, text: str, language: Language) -> str:
        """Any department by its name in that language, as far as it is known."""
        known = self._department(text)
        return known.named(language) if known else text

    def representative_name(self) -> str | None:
        """The representative's name as a customer may read it; None for accounts and addresses."""
        text = self.contents.representative
        if known := self._representative(text):
            return known.name
        return text if text and is_person_name(text) else None

    def owner(self, wording: Wording, *, to_customer: bool, role: str | None = None) -> str:
        """Who has the case, or is that `role` in it, by name and role where the reader may know the name (§7 names the
        ladder itself)."""
        role = role or self.contents.owner or CARE_TEAM
        if role in self.contacts.people:
            return f"{self.contacts.person(role, self.on).name}, {wording.role(role)}"
        name = self.representative_name() if role == REPRESENTATIVE else None
        if name and (department := self.department_name(wording.language)):
            return f"{name} ({department})"
        if name:
            return name
        if role == REPRESENTATIVE and to_customer:
            return self.department_name(wording.language) or wording.role(CARE_TEAM)
        return (self.contents.representative if role == REPRESENTATIVE else None) or wording.role(role)
