"""What templates ask for beyond words: who has the case, its story, what is missing, the letter's foot."""

import re
from dataclasses import dataclass
from datetime import datetime

from complaints.mail.recipients import People
from complaints.rules.letters import Contents, StoryLine
from complaints.words import vocabulary
from complaints.words.catalogue import N_
from complaints.words.script import Call, to_read_out
from complaints.words.wording import Wording

LONGEST_TO_STAFF = 4_000
"""Characters of the customer's words that a staff letter repeats; the case has them whole."""

_NOBODY = {
    "assessment": N_("Nobody has assessed it since {day}"),
    "assignment": N_("Nobody has assigned it since {day}"),
    "investigation": N_("Nobody has resolved it since {day}"),
}
"""What did not happen, by the stage that waits for it."""

Pairs = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Told:
    """One line of a story, as it is printed."""

    when: str
    what: str
    text: str | None


@dataclass(frozen=True)
class Saying:
    """A letter's contents in words, for one reader."""

    wording: Wording
    people: People
    contents: Contents
    to_customer: bool

    @property
    def owner(self) -> str:
        """Who has the case."""
        return self.people.owner(self.wording, to_customer=self.to_customer)

    @property
    def about(self) -> str | None:
        """What the case is about, for a colleague."""
        return self.contents.about

    @property
    def waiting(self) -> str | None:
        """How long the customer waits, and why nothing happened: for a colleague, above everything else."""
        said = self.contents
        _ = self.wording.gettext
        customer = said.customer_name or _("The customer")
        days = self.wording.business_days(said.waited) if said.waited else None
        sentences = [_("{customer} has been waiting for {days}.").format(customer=customer, days=days)] if days else []
        if said.stage in _NOBODY and said.waiting_since:
            who = self.people.owner(self.wording, to_customer=False, role=said.had_by)
            pattern = _("{nobody}; it was with {who}.") if said.had_by else _("{nobody}; it is with {who}.")
            nobody = self.wording.say(_NOBODY[said.stage]).format(day=self.wording.day(said.waiting_since))
            sentences.append(pattern.format(nobody=nobody, who=who))
        return " ".join(sentences) or None

    @property
    def department(self) -> str | None:
        """The case's department by name."""
        return self.people.department_name(self.wording.language)

    @property
    def representative(self) -> str | None:
        """Who is assigned; for a customer only a name they may know."""
        return self.people.representative_name() or (None if self.to_customer else self.contents.representative)

    @property
    def missing(self) -> list[str]:
        """Exactly what is missing, each as an item of a list."""
        return [self.wording.missing(detail) for detail in self.contents.missing]

    @property
    def understood(self) -> Pairs:
        """What we understood (§4), with its labels."""
        return self._labelled(self.contents.understood)

    @property
    def noted(self) -> Pairs:
        """What was understood from the message that this letter thanks for, with its labels."""
        return self._labelled(self.contents.noted)

    @property
    def description(self) -> str | None:
        """The customer's words: all of them to the customer, their beginning to staff."""
        text = self.contents.description
        if text is None or self.to_customer or len(text) <= LONGEST_TO_STAFF:
            return text
        return text[:LONGEST_TO_STAFF].rstrip() + " […]"

    @property
    def since_last_word(self) -> list[Told]:
        """What happened since the customer last heard from us."""
        lines = (self._told_to_customer(line) for line in self.contents.since_last_word)
        return [line for line in lines if line]

    @property
    def story(self) -> list[Told]:
        """The whole story, for whoever takes the case over (§7)."""
        return [
            Told(
                self.wording.at(line.at),
                self.wording.happened(line.what) + (f" ({self._who(line.by)})" if line.by else ""),
                self._text(line),
            )
            for line in self.contents.story
        ]

    @property
    def due(self) -> str | None:
        """`lunes 3 de agosto, hasta las 18:00 (quedan 2 días hábiles)`."""
        if self.contents.due is None:
            return None
        due = self.wording.until(self.contents.due)
        return due if self.contents.days_left is None else f"{due} ({self.wording.days_left(self.contents.days_left)})"

    @property
    def next_word(self) -> str | None:
        """The day by whose end the customer hears from us next: our letters keep no office hours, our promises do."""
        return self.wording.day(self.contents.next_word_at) if self.contents.next_word_at else None

    @property
    def page(self) -> tuple[str, str]:
        """What the link to the customer's own page is called, and what is said of it."""
        _ = self.wording.gettext
        return (
            _("See my complaint"),
            _(
                "Your page shows how your complaint is going; you can write to us or send us files there. It is for "
                "you alone: do not share this link."
            ),
        )

    @property
    def signature(self) -> str:
        """Who signs."""
        _ = self.wording.gettext
        if self.to_customer:
            return _("Customer Care")
        return _("Complaint Desk")

    @property
    def footer(self) -> list[str]:
        """The lines under the letter: who we are, and that a person reads the answer."""
        contacts, _ = self.people.contacts, self.wording.gettext
        mail, phone = contacts.intake.emails[0], contacts.intake.telephone
        if not self.to_customer:
            return [_("Internal notice: do not forward it to the customer. Customer Care reads your answer.")]
        school = contacts.school
        identity = [school.name, f"RUC {school.ruc}" if school.ruc else None, school.address, school.website]
        return [
            _("Our system prepared this message, but a person reads your answer."),
            f"{mail} · {phone}",
            " · ".join(part for part in identity if part),
        ]

    def rows(self, *pairs: tuple[str, str | None]) -> Pairs:
        """Labels and values, without those that have no value."""
        return [(label, value) for label, value in pairs if value]

    def to_read_out(self, number: str, school: str) -> list[str]:
        """What to say in the call that this letter asks for; the same as `complaints calls take` shows."""
        call = Call(
            number=number,
            school=school,
            kinds=self.contents.script,
            customer=self.contents.customer_name,
            received_at=self.contents.received_at,
            stage=self.contents.stage,
            owner=self.owner,
            next_word_at=self.contents.next_word_at,
            missing=self.contents.missing,
            question=self.contents.question,
            resolution=self.contents.resolution,
            outcome=self.contents.resolution_outcome,
            may_be_a_no=self.contents.may_be_a_no,
            replies=self.contents.replies,
        )
        return to_read_out(call, self.wording)

    def _labelled(self, values: dict[str, str]) -> Pairs:
        return [
            (self.wording.understood(name, to_staff=not self.to_customer), self.wording.value(name, value))
            for name, value in values.items()
        ]

    def _told_to_customer(self, line: StoryLine) -> Told | None:
        what = self.wording.happened_to_customer(line.what)
        if what is None:
            return None
        if line.what == "escalated" and line.text:
            what, text = self.wording.happened_to_customer(line.what, level=int(line.text)) or what, None
        elif line.what == "assigned" and line.text:
            what, text = f"{what[:-1]}: {self.people.named_department(line.text, self.wording.language)}.", None
        elif line.what == "date-promised" and line.text:
            what, text = f"{what[:-1]}: {self.wording.iso_day(line.text)}.", None
        else:
            text = line.text
        return Told(self.wording.at(line.at), what, text)

    def _who(self, by: str) -> str:
        return self.wording.who(by)

    def _text(self, line: StoryLine) -> str | None:
        """A story's text: codes and dates of the journal in words, people's words as they are."""
        text = line.text
        if not text:
            return None
        if line.what.startswith("letter-"):
            return self.wording.letter(text)
        if line.what == "assigned":
            return self.people.named_department(text, self.wording.language)
        if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", text):
            return self.wording.until(datetime.fromisoformat(text))
        if text in vocabulary.ESCALATION_REASONS:
            return self.wording.escalation_reason(text)
        if text in vocabulary.ENDS:
            return self.wording.end(text)
        return self.wording.iso_day(text)
