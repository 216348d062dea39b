"""The daily digest as a letter: numbers, stages and dates, nothing of a customer; each line leads to its case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from complaints.contacts import Contacts, Person
from complaints.mail.letters import Letter
from complaints.mail.staff_notice import staff_notice
from complaints.mail.templating import rendered
from complaints.rules.digest import DigestDay, DigestOrder, Part, Standing
from complaints.rules.report.review_record import ReviewAction
from complaints.words.catalogue import NN_, catalogue
from complaints.words.vocabulary import REVIEW_ACTIONS, Language
from complaints.words.wording import Wording

MOST = 12
"""Lines of one part; the others are counted."""

LONGEST_ACTION = 160
"""Characters of an action's words; the review has them whole."""

Cases = Mapping[Part, Sequence[tuple[Standing, datetime | None]]]


@dataclass(frozen=True)
class Line:
    """One thing that waits."""

    name: str
    said: str
    url: str | None = None


@dataclass(frozen=True)
class Lines:
    """One part of the digest."""

    title: str
    lines: tuple[Line, ...]
    before: str = ""
    more: str = ""


def render_digest(
    order: DigestOrder,
    person: Person,
    *,
    cases: Cases,
    actions: Sequence[ReviewAction],
    contacts: Contacts,
    timezone: str,
    desk_url: str | None = None,
) -> Letter:
    """The letter that was ordered. `desk_url`: where staff open the desk. Raises AddressUnusable: never to be sent."""
    language: Language = person.language or order.language
    words = Wording(language, timezone, order.day.day)
    say = DigestInWords(order.day, cases, actions, words, desk_url.rstrip("/") if desk_url else None)
    _ = catalogue(language).gettext
    context = {
        "language": language,
        "title": say.title,
        "school": contacts.school,
        "person": person,
        "say": say,
        "desk": say.desk,
        "signature": _("Complaint Desk"),
        "footer": [_("Internal, one each business day, only to those for whom something waits.")],
    }
    parts = rendered(f"digest/{language}", context)
    return staff_notice(
        order,
        person,
        title=say.title,
        parts=parts,
        contacts=contacts,
        timezone=timezone,
        language=language,
    )


@dataclass(frozen=True)
class DigestInWords:
    """A digest as a reader of one language sees it."""

    day: DigestDay
    cases: Cases
    actions: Sequence[ReviewAction]
    words: Wording
    desk: str | None = None

    @property
    def today(self) -> str:
        """`lunes 27 de julio`."""
        return self.words.day(self.day.day)

    @property
    def title(self) -> str:
        """The subject: `Quejas de hoy, lunes 27 de julio: 2 vencidas, 1 por llamar`."""
        counted = [
            NN_("{n} late", "{n} late", len(self.cases.get("late", ()))),
            NN_("{n} new message", "{n} new messages", len(self.cases.get("unread", ()))),
            NN_("{n} to call", "{n} to call", len(self.cases.get("calls", ()))),
            NN_("{n} due today", "{n} due today", len(self.cases.get("today", ()))),
        ]
        said = [self.words.say(one) for one in counted if one.values["n"]]
        begun = self.words.gettext("Complaints today, ") + self.today
        return f"{begun}: {', '.join(said)}" if said else begun

    @property
    def parts(self) -> list[Lines]:
        """What waits, the gravest first; the review's actions last."""
        found = [self._part(part, told) for part, told in self.cases.items() if told]
        if self.actions:
            lines = tuple(self._action(one) for one in self.actions[:MOST])
            title = self.words.gettext("Actions of the review (§10)")
            found.append(Lines(title, lines, more=self._more(len(self.actions))))
        return found

    def _part(self, part: Part, told: Sequence[tuple[Standing, datetime | None]]) -> Lines:
        url = f"{self.desk}/cases/" if self.desk else None
        lines = tuple(
            Line(case.number, self._said(part, case, when), f"{url}{case.number}" if url else None)
            for case, when in told[:MOST]
        )
        return Lines(
            self._title(part), lines, before=self._before_they_go() if part == "updates" else "",
            more=self._more(len(told)),
        )  # fmt: skip

    def _title(self, part: Part) -> str:
        tomorrow = self.words.day(self.day.next_day)
        return {
            "legal": self.words.gettext("Past the legal limit"),
            "late": self.words.pgettext("complaints", "Late"),
            "unread": self.words.gettext("The customer wrote"),
            "calls": self.words.gettext("Calls to make"),
            "untouched": self.words.gettext("Escalated, and nobody has touched them"),
            "today": self.words.gettext("Due today"),
            "tomorrow": self.words.gettext("Due on {tomorrow}").format(tomorrow=tomorrow),
            "updates": self.words.gettext("The customer hears from us today"),
        }[part]

    def _before_they_go(self) -> str:
        note = "complaints note Q-… --for-customer --text …"
        return self.words.gettext(
            "A line can still be added: on the case's page, a “Note” for the customer; or {note}"
        ).format(note=note)

    def _said(self, part: Part, case: Standing, when: datetime | None) -> str:
        """`Investigación y resolución: venció el lunes 27 de julio, a las 18:00`."""
        stage = _begun(self.words.stage(case.stage))
        if part == "untouched" and when is not None:
            return f"{stage}: {self.words.gettext('escalated on')} {self.words.at(when)}"
        if when is None:
            return stage
        if part == "unread":
            return f"{stage}: {self.words.gettext('waits for an answer since')} {self.words.at(when)}"
        if part == "updates":
            return f"{stage}: {self.words.at(when)}"
        window = _begun(self.words.window(case.due_name)) if case.due_name and part != "calls" else stage
        if when < self.day.at:
            return f"{window}: {self.words.gettext('was due on')} {self.words.at(when)}"
        return f"{window}: {self.words.until(when)}"

    def _action(self, one: ReviewAction) -> Line:
        kind = _begun(self.words.say(REVIEW_ACTIONS[one.kind]))
        overdue = one.due < self.day.day
        due = self.words.gettext("was due on") if overdue else self.words.pgettext("a day", "by")
        words = one.words
        if len(words) > LONGEST_ACTION:
            words = words[: LONGEST_ACTION - 1].rstrip(" .,;\n") + "…"
        name = self.words.gettext("{kind}, review of {month}").format(kind=kind, month=one.month)
        link = f"{self.desk}/reviews/{one.month}" if self.desk else None
        return Line(name, f"{words} ({due} {self.words.day(one.due)})", link)

    def _more(self, count: int) -> str:
        left = count - MOST
        return self.words.gettext("And {left} more, on the board.").format(left=left) if left > 0 else ""


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
