"""Whose digest says what: each open case under everybody who answers for it, one digest a person (§5, §7, §10)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from complaints.contacts import Contacts, Person
from complaints.mail.recipients import People
from complaints.responsible import REPRESENTATIVE, Responsible
from complaints.rules.digest import PARTS, DigestDay, Part, Standing
from complaints.rules.letters import CARE_TEAM, Contents
from complaints.rules.policy import Policy
from complaints.rules.privacy_requests import PrivacyRequest, near_their_end
from complaints.rules.report.review_record import ReviewAction


@dataclass
class Digest:
    """What one person is told."""

    key: str
    """Whom: the first of the keys under which the contacts know them, or a digest of an address they do not list."""
    person: Person
    cases: dict[Part, list[tuple[Standing, datetime | None]]] = field(default_factory=dict)
    """By part, the most urgent first."""
    actions: list[ReviewAction] = field(default_factory=list)
    """Of reviews, open and due."""
    requests: list[PrivacyRequest] = field(default_factory=list)
    """About personal data, late or near the end of their term."""

    @property
    def count(self) -> int:
        """How many things it names."""
        return sum(map(len, self.cases.values())) + len(self.actions) + len(self.requests)


def digests_of(
    cases: Iterable[Standing],
    actions: Sequence[ReviewAction],
    *,
    day: DigestDay,
    contacts: Contacts,
    policy: Policy,
    requests: Iterable[PrivacyRequest] = (),
) -> list[Digest]:
    """One for each person who has something; nobody else gets any. Of `requests` those that are late or near."""
    found = _Digests(contacts, policy, day)
    for case in cases:
        for part, when in case.parts(day):
            for person in found.whose(case, part):
                found.of(person).cases.setdefault(part, []).append((case, when))
    for action in actions:
        person = found.responsible.person(action.owner) or contacts.care_team.on(
            day.day
        )  # whoever left leaves it to them
        found.of(person).actions.append(action)
    if near := near_their_end(requests, policy, day.at):  # no stage has them: the care team answers
        found.of(contacts.care_team.on(day.day)).requests.extend(near)
    return found.all()


class _Digests:
    def __init__(self, contacts: Contacts, policy: Policy, day: DigestDay) -> None:
        self.responsible = Responsible(contacts, day.day)
        self._contacts, self._policy, self._day = contacts, policy, day
        self._by_mailbox: dict[str, Digest] = {}
        self._working_on: dict[tuple[str | None, str | None], Person] = {}
        self._heads: dict[str | None, str | None] = {}
        self._keys: dict[str, str] = {}
        for key in self.responsible.keys:
            if person := self.responsible.person(key):
                self._keys.setdefault(person.email.casefold(), key)

    def of(self, person: Person) -> Digest:
        """That person's, whatever they are called by: who has two roles gets one."""
        mailbox = person.email.casefold()
        if mailbox not in self._by_mailbox:
            self._by_mailbox[mailbox] = Digest(self._keys.get(mailbox) or stranger(mailbox), person)
        return self._by_mailbox[mailbox]

    def whose(self, case: Standing, part: Part) -> list[Person]:
        """Who hears of the case there, each mailbox once."""
        people = [person for key in self._answering(case, part) if (person := self._person(key, case))]
        return list({person.email.casefold(): person for person in people}.values())

    def all(self) -> list[Digest]:
        """In the order of the contacts, the parts in their own."""
        order = {key: place for place, key in enumerate(self.responsible.keys)}
        found = sorted(self._by_mailbox.values(), key=lambda one: (order.get(one.key, len(order)), one.key))
        for digest in found:
            digest.cases = {part: digest.cases[part] for part in PARTS if part in digest.cases}
        return found

    def _answering(self, case: Standing, part: Part) -> list[str]:
        ladder = self._policy.escalation.levels
        risen = list(ladder[: case.level])
        if part == "legal":  # as the letters of the law do: the first rung, and every rung that has the case
            return [self._working(case), *(risen or ladder[:1])]
        if part == "calls":
            return [REPRESENTATIVE if case.representative else CARE_TEAM]
        if part == "untouched":
            return risen[-1:]
        keys = [self._working(case), *risen[-1:]]
        if part == "late" and case.stage == "investigation" and (head := self._head(case)):
            keys.append(head)
        return keys

    def _working(self, case: Standing) -> str:
        """Who does what is to be done next: in the first two stages the care team, then whoever it was assigned to."""
        if case.stage in ("assessment", "assignment"):
            return CARE_TEAM
        return REPRESENTATIVE if case.representative else self._head(case) or CARE_TEAM

    def _person(self, key: str, case: Standing) -> Person | None:
        if key != REPRESENTATIVE:
            return self.responsible.person(key)
        known = (case.representative, case.department)
        if known not in self._working_on:
            self._working_on[known] = self._worker(case)
        return self._working_on[known]

    def _head(self, case: Standing) -> str | None:
        if case.department not in self._heads:
            self._heads[case.department] = self.responsible.head(case.department)
        return self._heads[case.department]

    def _worker(self, case: Standing) -> Person:
        contents = Contents(representative=case.representative, department=case.department)
        person = People(self._contacts, contents, self._day.day).representative
        head = self._head(case)
        # Nobody knows a stranger's address: the head of their department stands in, and the care team for a head.
        return person or (self.responsible.person(head) if head else None) or self._contacts.care_team.on(self._day.day)


def stranger(email: str) -> str:
    """The key of a representative whom the contacts do not list, known by their address at the school."""
    return f"{REPRESENTATIVE}{hashlib.sha256(email.casefold().encode()).hexdigest()[:12]}"
