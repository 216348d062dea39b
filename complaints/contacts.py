"""Who is who (§3, §5, §7): the school, its intake, the ladder with substitutes, departments; contacts.toml."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from complaints.rules.languages import Language
from complaints.rules.letters import CARE_TEAM, CUSTOMER, DEPARTMENT_HEAD, REPRESENTATIVE
from complaints.rules.policy import Policy, RoleKey
from complaints.rules.text import WrittenLine, one_line, without_accents
from complaints.text_blocks import TextBlock
from complaints.toml_file import FileError, Unfit, read_toml, tables_in, validated
from complaints.words.catalogue import N_

_MANAGER = "administration_manager"
_TAKEN_ROLES = frozenset({CARE_TEAM, CUSTOMER, DEPARTMENT_HEAD, REPRESENTATIVE})
"""What letters already call somebody else by; no key of `people`."""


class ContactsError(FileError):
    """The contacts cannot be used as they are: a sentence that names the field, without people's data."""


class UnknownDepartment(ContactsError):
    """Nobody knows this department; the sentence lists those that exist."""

    def __init__(self, named: str, known: str) -> None:
        self.named, self.known = named, known
        super().__init__(N_("There is no department {named}; there are: {known}.", named=named, known=known))


class UnknownRole(ContactsError):
    """No person has this role; the sentence lists the roles that exist."""


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""ASCII, and nothing that a header could take for something else: RFC 5322 §3.4.1 without quoted local parts."""


def _email(address: str) -> str:
    if not _EMAIL.fullmatch(address):
        raise Unfit(N_("must be an email address like nombre@escuela.example"))
    return address


def _phone(number: str) -> str:
    if len(number) > 60 or sum(sign.isdecimal() for sign in number) < 5:
        raise Unfit(N_("must be a telephone number, such as +51 967 090 448"))
    return number


def _ruc(number: str) -> str:
    if not re.fullmatch(r"[0-9]{11}", number):
        raise Unfit(N_("must be a RUC: 11 digits in quotes"))
    return number


Email = Annotated[str, AfterValidator(_email)]
Phone = Annotated[str, AfterValidator(_phone)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Person(_Entry):
    """Somebody to whom letters go. A shared mailbox may be one."""

    name: WrittenLine
    email: Email
    phone: Phone | None = None
    language: Language | None = None
    """In which they read; None: the school's."""


class Substitute(Person):
    """Who stands in on the days from `since` to `until`, both included."""

    since: date = Field(alias="from")
    until: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until < self.since:
            raise Unfit(N_("until must not be before from"))
        return self


class Post(Person):
    """Somebody to whom letters go, and who stands in for them when."""

    substitutes: tuple[Substitute, ...] = ()

    @field_validator("substitutes")
    @classmethod
    def _one_a_day(cls, substitutes: tuple[Substitute, ...]) -> tuple[Substitute, ...]:
        ordered = sorted(substitutes, key=lambda substitute: substitute.since)
        for earlier, later in pairwise(ordered):
            if later.since <= earlier.until:
                raise Unfit(N_("must not name two people for {day}", day=later.since.isoformat()))
        return substitutes

    def on(self, day: date) -> Person:
        """Who gets this role's letters on `day`."""
        for substitute in self.substitutes:
            if substitute.since <= day <= substitute.until:
                return substitute
        return self


class School(_Entry):
    """The school's name, tax number and address, as letters give them."""

    name: WrittenLine
    ruc: Annotated[str, AfterValidator(_ruc)] | None = None
    """Its tax number."""
    address: WrittenLine | None = None
    website: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None


class Intake(_Entry):
    """Where customers complain (§3)."""

    emails: Annotated[tuple[Email, ...], Field(min_length=1)]
    telephone: Phone


class Sender(_Entry):
    """What letters to customers come from."""

    name: WrittenLine
    address: Email


class Names(_Entry):
    """A department's name in each language."""

    es: WrittenLine
    en: WrittenLine


class Department(_Entry):
    """Who investigates (§5.2, §5.3)."""

    key: RoleKey
    """The name of its table in the file."""
    name: Names
    head: Post

    def named(self, language: Language) -> str:
        """Its name in `language`; in Spanish where the file has none in a language that came later."""
        return str(getattr(self.name, language) or self.name.es)


class Contacts(_Entry):
    """The people behind the roles that the policy names."""

    school: School
    intake: Intake
    sender: Sender
    people: dict[RoleKey, Post]
    """By role."""
    care_team: Post
    quality: Post | None = None
    """Who gets the periodic review (§10); None: the administration manager."""
    departments: Annotated[dict[RoleKey, Department], Field(min_length=1)]
    representatives: dict[RoleKey, Post] = {}
    """By short key. Optional: a representative may also be named by name or email alone."""
    text_blocks: dict[RoleKey, TextBlock] = {}
    """What is answered often, by key, in the order of the file."""

    @field_validator("departments", mode="before")
    @classmethod
    def _keyed(cls, tables: Any) -> Any:
        if not isinstance(tables, Mapping):
            return tables
        return {key: {**table, "key": key} if isinstance(table, Mapping) else table for key, table in tables.items()}

    @field_validator("departments")
    @classmethod
    def _told_apart(cls, departments: dict[str, Department]) -> dict[str, Department]:
        known: dict[str, str] = {}
        for key, department in departments.items():
            for name in {name_key(text) for text in (key, department.name.es, department.name.en)}:
                if known.setdefault(name, key) != key:
                    raise Unfit(N_("must not give {one} and {other} the same name", one=known[name], other=key))
        return departments

    @field_validator("people")
    @classmethod
    def _roles_of_their_own(cls, people: dict[str, Post]) -> dict[str, Post]:
        taken = sorted(_TAKEN_ROLES & people.keys())
        if taken:
            raise Unfit(
                N_("must not use {taken} as a role: letters call somebody else by that name", taken=", ".join(taken))
            )
        return people

    @model_validator(mode="after")
    def _somebody_reads_the_review(self) -> Self:
        if self.quality is None and _MANAGER not in self.people:
            raise Unfit(
                N_(
                    "without {place} there must be a table [quality]: who gets the review of §10?",
                    place=f"people.{_MANAGER}",
                )
            )
        return self

    def check(self, policy: Policy) -> None:
        """Raises `ContactsError` where a level has no person, or a letter to staff would come in as a complaint."""
        missing = [role for role in policy.escalation.levels if role not in self.people]
        if missing:
            raise ContactsError(
                N_(
                    "The policy's escalation.levels name {missing}, and contacts.toml has no such person: "
                    "add {table} or take the level out of the policy.",
                    missing=", ".join(missing),
                    table=f"[people.{missing[0]}]",
                )
            )
        for field, address in self._staff_addresses():
            if self.is_intake(address):
                raise ContactsError(
                    N_(
                        "contacts.toml: {field} is an intake address, so each letter to it would come in as a "
                        "complaint: give another address there, or take it out of intake.emails.",
                        field=field,
                    )
                )

    def person(self, role: str, on: date) -> Person:
        """Who gets the letters of `role` on the day `on`: a key of `people`, or `care_team`. Raises `UnknownRole`."""
        if role == CARE_TEAM:
            return self.care_team.on(on)
        if role not in self.people:
            known = ", ".join([*self.people, CARE_TEAM])
            raise UnknownRole(
                N_(
                    "Nobody has the role {role} in contacts.toml; there are: {known}.",
                    role=repr(one_line(role, longest=60)),
                    known=known,
                )
            )
        return self.people[role].on(on)

    def reviewer(self, on: date) -> Person:
        """Who gets the periodic review (§10) on the day `on`."""
        return self.quality.on(on) if self.quality else self.person(_MANAGER, on)

    def department(self, text: str) -> Department:
        """The department with this key or name; accents and case do not matter. Raises `UnknownDepartment`."""
        wanted = name_key(text)
        for department in self.departments.values():
            if wanted in {name_key(department.key), name_key(department.name.es), name_key(department.name.en)}:
                return department
        known = ", ".join(f"{department.key} ({department.name.es})" for department in self.departments.values())
        raise UnknownDepartment(repr(one_line(text, longest=60)), known)

    def representative(self, text: str) -> Post | None:
        """The representative with this key, name or email; None where they are not listed, which is allowed."""
        wanted = name_key(text)
        for key, person in self.representatives.items():
            if wanted in {name_key(key), name_key(person.name), name_key(person.email)}:
                return person
        return None

    def names(self, language: Language) -> dict[str, str]:
        """What departments and representatives are called, by the keys and addresses under which facts mean them."""
        people = {key: person.name for key, person in self.representatives.items()}
        people |= {person.email: person.name for person in self.representatives.values()}
        return people | {key: department.named(language) for key, department in self.departments.items()}

    def is_intake(self, address: str) -> bool:
        """Whether mail to `address` comes in as a complaint: case and what stands behind a plus do not matter."""
        return _mailbox(address) in {_mailbox(email) for email in self.intake.emails}

    @property
    def staff(self) -> frozenset[str]:
        """Every address that staff letters go to."""
        return frozenset(address for _, address in self._staff_addresses())

    def _staff_addresses(self) -> Iterator[tuple[str, str]]:
        """Each address that staff letters go to, with its field."""
        for field, post in self.posts():
            yield f"{field}.email", post.email
            for place, substitute in enumerate(post.substitutes):
                yield f"{field}.substitutes[{place}].email", substitute.email

    def posts(self) -> Iterator[tuple[str, Post]]:
        """Everybody, by their place in the file: `care_team`, `people.general_director` …"""
        yield "care_team", self.care_team
        if self.quality:
            yield "quality", self.quality
        yield from ((f"people.{role}", post) for role, post in self.people.items())
        yield from ((f"departments.{key}.head", department.head) for key, department in self.departments.items())
        yield from ((f"representatives.{key}", post) for key, post in self.representatives.items())


def load_contacts(path: Path | None = None) -> Contacts:
    """The contacts of the file at `path`; None: those that come with the program. Raises `ContactsError`.

    Whoever sends letters calls `check` too, with the policy.
    """
    data = read_toml(path, packaged="contacts.toml", error=ContactsError)
    named = path.name if path else "contacts.toml"
    return validated(Contacts, data, named=named, error=ContactsError, show_values=False)


def contacts_in(text: str, *, named: str) -> Contacts:
    """The contacts of a file's text, before it is one. Raises `ContactsError`."""
    data = tables_in(text, named=named, error=ContactsError)
    return validated(Contacts, data, named=named, error=ContactsError, show_values=False)


def _mailbox(address: str) -> str:
    """Where `address` ends up: the same for every spelling of one mailbox (RFC 5233 for the plus)."""
    local, _, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain.rstrip('.')}"


def name_key(text: str) -> str:
    """How a name is compared: without accents, case, and the difference between blanks, hyphens and underscores."""
    return " ".join(re.sub(r"[\s_-]+", " ", without_accents(text)).split())
