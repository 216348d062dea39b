"""The review's letter (§10): a month's figures in words, for the manager; no customer is named in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from complaints.contacts import Contacts, Department, Person, UnknownDepartment
from complaints.mail.letters import Attachment, Letter
from complaints.mail.saying import Pairs
from complaints.mail.staff_notice import staff_notice
from complaints.mail.templating import rendered
from complaints.rules.report.review import REVIEWER, Escalations, MonthFigures, ReviewOrder
from complaints.words.catalogue import N_
from complaints.words.vocabulary import Language, Words
from complaints.words.wording import Wording

_CHANNELS: Words = {
    "email": N_("Email"),
    "phone": N_("Telephone"),
    "web": N_("Web page"),
}
_NO_DEPARTMENT = N_("Not assigned")


@dataclass(frozen=True)
class Enclosed:
    """What goes with the letter: what would have prevented the escalations, which stands first, and the report."""

    title: str = ""
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    file: Attachment | None = None


def reviewer(recipient: str, contacts: Contacts, on: date) -> Person:
    """Who reads the review: the contacts' reviewer of that day, a manager, or the care team. Raises UnknownRole."""
    return contacts.reviewer(on) if recipient == REVIEWER else contacts.person(recipient, on)


def render_review(
    order: ReviewOrder,
    *,
    contacts: Contacts,
    timezone: str,
    enclosed: Enclosed = Enclosed(),
    desk_url: str | None = None,
) -> Letter:
    """The letter that was ordered. `desk_url`: where staff open the desk. Raises AddressUnusable: never to be sent."""
    at = order.at.astimezone(ZoneInfo(timezone))
    person = reviewer(order.recipient, contacts, at.date())
    language: Language = person.language or order.language
    say = ReviewInWords(order.figures, contacts, Wording(language, timezone, at.date()))
    month = f"{order.figures.first:%Y-%m}"
    link = f"{desk_url.rstrip('/')}/reviews/{month}" if desk_url else None
    more = {"enclosed": enclosed, "opened": order.opened, "desk": link, "month": month}
    parts = rendered(f"review/{language}", _context(say, contacts, person) | more)
    return staff_notice(
        order,
        person,
        title=say.title,
        parts=parts,
        contacts=contacts,
        timezone=timezone,
        language=language,
        attachments=(enclosed.file,) if enclosed.file else (),
    )


@dataclass(frozen=True)
class ReviewInWords:
    """The figures as a reader of one language sees them."""

    figures: MonthFigures
    contacts: Contacts
    wording: Wording

    @property
    def month(self) -> str:
        """`julio de 2026`, `July 2026`."""
        return self.wording.month(self.figures.first)

    @property
    def title(self) -> str:
        """The subject: `Revisión de quejas: julio de 2026`."""
        return self.wording.gettext("Complaints reviewed: ") + self.month

    @property
    def totals(self) -> Pairs:
        """What came, went and stayed."""
        figures = self.figures
        return [
            (self.wording.pgettext("complaints", "Received"), str(figures.received)),
            (self.wording.pgettext("complaints", "Closed"), str(sum(figures.closed.values()))),
            (self.wording.gettext("Open when the month ended"), str(figures.open_at_end)),
        ]

    @property
    def channels(self) -> Pairs:
        """Received, by channel (§3)."""
        return [(self._word(_CHANNELS, name), str(cases)) for name, cases in self.figures.by_channel.items()]

    @property
    def departments(self) -> Pairs:
        """Received, by the department that has them (§5.2)."""
        return [(self._department(name), str(cases)) for name, cases in self.figures.by_department.items()]

    @property
    def closed(self) -> Pairs:
        """How the closed ones ended (§8)."""
        return [(_begun(self.wording.end(name)), str(cases)) for name, cases in self.figures.closed.items()]

    @property
    def late(self) -> Pairs:
        """Windows that were missed (§4, §5)."""
        return [(_begun(self.wording.window(name)), str(cases)) for name, cases in self.figures.late.items()]

    @property
    def escalations(self) -> list[str]:
        """One line for whom they went to and why (§7)."""
        return [self._escalation(one) for one in self.figures.escalations]

    @property
    def medians(self) -> Pairs:
        """How long it took, half of the complaints at most."""
        figures = self.figures
        return [
            (self.wording.gettext("To acknowledge"), self._hours(figures.median_hours_to_acknowledge)),
            (self.wording.gettext("To assess"), self._hours(figures.median_hours_to_assess)),
            (self.wording.gettext("To resolve"), self._hours(figures.median_hours_to_resolve)),
        ]

    @property
    def scores(self) -> Pairs:
        """How many gave each score in the survey (§8), best first; the average first of all."""
        found = self.figures.satisfaction
        if found.average is None:
            return []
        average = (self.wording.gettext("Average"), f"{self.wording.decimal(found.average)} / 5 ({found.answers})")
        return [average, *((str(score), str(count)) for score, count in sorted(found.scores.items(), reverse=True))]

    def _escalation(self, one: Escalations) -> str:
        level = self.wording.level(one.level)
        reason = self.wording.escalation_reason(one.reason)
        kept = self.wording.gettext("with every window kept")
        on_schedule = f" ({kept}: {one.on_schedule})" if one.on_schedule else ""
        return f"{level}, {reason}: {one.cases}{on_schedule}"

    def _hours(self, hours: float | None) -> str | None:
        if hours is None:
            return None
        if hours < 1:
            return self.wording.gettext("less than 1 hour")
        if hours < 48:
            return self.wording.gettext("{hours} hours").format(hours=self.wording.decimal(hours))
        days = self.wording.decimal(hours / 24)
        return self.wording.gettext("{days} days").format(days=days)

    def _department(self, key: str) -> str:
        if key == "unassigned":
            return self.wording.say(_NO_DEPARTMENT)
        try:
            found: Department = self.contacts.department(key)
        except UnknownDepartment:
            return key
        return found.named(self.wording.language)

    def _word(self, table: Words, key: str) -> str:
        return self.wording.say(table[key]) if key in table else key


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _context(say: ReviewInWords, contacts: Contacts, person: Person) -> dict[str, Any]:
    _ = say.wording.gettext
    return {
        "language": say.wording.language,
        "title": say.title,
        "school": contacts.school,
        "say": say,
        "figures": say.figures,
        "person": person,
        "signature": _("Complaint Desk"),
        "footer": [_("Internal, once a month. The figures come from the records of complaints and name no customer.")],
    }
