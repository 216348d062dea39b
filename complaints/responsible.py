"""Who answers for what, as keys that can be kept: the care team, the ladder, quality, heads and representatives.

`care_team`, `quality`, a role of the ladder, `department/academic`, `representative/ana`; or the address or name of a
representative whom the contacts do not list, as a case names them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from complaints.contacts import Contacts, Department, Person, UnknownDepartment
from complaints.rules.digest import DEPARTMENT
from complaints.rules.letters import CARE_TEAM
from complaints.words.catalogue import catalogue
from complaints.words.vocabulary import Language
from complaints.words.wording import Wording

QUALITY = "quality"
REPRESENTATIVE = "representative/"


@dataclass(frozen=True)
class Responsible:
    """Everybody of the contacts on one day, each under every key they answer for."""

    contacts: Contacts
    on: date
    """The local day: substitutes stand in by their dates."""

    @property
    def keys(self) -> list[str]:
        """Whom something may be given to."""
        return list(self._by_key)

    def person(self, key: str) -> Person | None:
        """Who that is; None where the contacts know nobody under that key any more."""
        return self._by_key.get(key)

    def name(self, key: str, language: Language) -> str:
        """`Ana Torres (representante)`; a key that nobody has any more is shown as it is."""
        person = self.person(key)
        if person is None:
            return key
        if key.startswith(REPRESENTATIVE) or person.name in (said := self._post(key, language)):
            return person.name
        return f"{person.name} ({said})"

    def head(self, department: str | None) -> str | None:
        """The key of a case's department; None where the contacts do not know it."""
        found = self._department(department)
        return f"{DEPARTMENT}{found.key}" if found else None

    def representative(self, text: str | None) -> str | None:
        """The key of a case's representative, who may be named by key, name or address; None for strangers."""
        person = self.contacts.representative(text) if text else None
        keys = (key for key, known in self.contacts.representatives.items() if known is person)
        return next((f"{REPRESENTATIVE}{key}" for key in keys), None)

    @cached_property
    def _by_key(self) -> dict[str, Person]:
        return dict(self._people())

    def _people(self) -> Iterator[tuple[str, Person]]:
        contacts = self.contacts
        yield CARE_TEAM, contacts.care_team.on(self.on)
        for role, post in contacts.people.items():
            yield role, post.on(self.on)
        if contacts.quality:
            yield QUALITY, contacts.quality.on(self.on)
        for key, department in contacts.departments.items():
            yield f"{DEPARTMENT}{key}", department.head.on(self.on)
        for key, person in contacts.representatives.items():
            yield f"{REPRESENTATIVE}{key}", person.on(self.on)

    def _department(self, text: str | None) -> Department | None:
        try:
            return self.contacts.department(text) if text else None
        except UnknownDepartment:
            return None

    def _post(self, key: str, language: Language) -> str:
        if key.startswith(DEPARTMENT):
            return self.contacts.departments[key.removeprefix(DEPARTMENT)].named(language)
        if key == QUALITY:
            return catalogue(language).gettext("quality")
        return Wording(language).role(key)
