"""The daily digest as a letter: each line a whole sentence on one case, with the way to its form (§5.3, §7).

Who it is and what it is about is told by a short name and in the customer's own words; to a department neither the
name nor anything that identifies or reaches them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from complaints.contacts import Contacts, Person
from complaints.mail.desk_links import case_link
from complaints.mail.letters import Letter
from complaints.mail.masking import without_identifiers
from complaints.mail.recipients import People
from complaints.mail.staff_notice import staff_notice
from complaints.mail.templating import rendered
from complaints.rules.calendar import Calendar
from complaints.rules.digest import DEPARTMENT, DigestDay, DigestOrder, Part, Standing
from complaints.rules.letters import CARE_TEAM, Contents
from complaints.rules.privacy_requests import PrivacyRequest
from complaints.rules.report.review_record import ReviewAction
from complaints.rules.text import one_line
from complaints.words.catalogue import N_, NN_, NP_, Message, catalogue
from complaints.words.vocabulary import PRIVACY_RIGHTS, REVIEW_ACTIONS, Language, Words
from complaints.words.wording import Wording

MOST = 12
"""Lines of one part; the others are counted."""

LONGEST_ACTION = 160
"""Characters of an action's words; the review has them whole."""

Cases = Mapping[Part, Sequence[tuple[Standing, datetime | None]]]


@dataclass(frozen=True)
class Line:
    """One line of the digest: a case or an action of the review that waits for the reader."""

    name: str
    said: str
    url: str | None = None
    """The case or the review."""
    act: str | None = None
    """What to do, as the link to its form is called."""
    act_url: str | None = None


@dataclass(frozen=True)
class Lines:
    """One part of the digest: a heading, and the lines under it."""

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
    calendar: Calendar,
    desk_url: str | None = None,
    head: tuple[datetime, str] | None = None,
    requests: Sequence[PrivacyRequest] = (),
) -> Letter:
    """The letter that was ordered. `desk_url`: where staff open the desk; `calendar` counts the business days late.

    `head`: of the hash chains, and of which moment, for who keeps it outside of the database.
    Raises AddressUnusable: never to be sent.
    """
    language: Language = person.language or order.language
    words = Wording(language, timezone, order.day.day)
    say = DigestInWords(
        order.day, cases, actions, words, contacts, calendar,
        desk=desk_url.rstrip("/") if desk_url else None, to_department=order.recipient.startswith(DEPARTMENT),
        requests=requests,
    )  # fmt: skip
    _ = catalogue(language).gettext
    context = {
        "language": language,
        "title": say.title,
        "school": contacts.school,
        "person": person,
        "say": say,
        "desk": say.desk,
        "signature": _("Complaint Desk"),
        "footer": [
            _("Internal, one each business day, only to those for whom something waits."),
            *([_("Records as of {at}: {head}").format(at=f"{head[0]:%Y-%m-%dT%H:%MZ}", head=head[1])] if head else []),
        ],
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
    contacts: Contacts
    calendar: Calendar
    desk: str | None = None
    to_department: bool = False
    """Whether its reader may not know who the customer is."""
    requests: Sequence[PrivacyRequest] = ()
    """About personal data."""

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
            title = self.words.gettext("Actions of the review")
            found.append(Lines(title, lines, more=self._more(len(self.actions))))
        if self.requests:
            lines = tuple(self._request(one) for one in self.requests[:MOST])
            title = self.words.gettext("Requests about personal data (Ley 29733)")
            found.append(Lines(title, lines, more=self._more(len(self.requests))))
        return found

    def _part(self, part: Part, told: Sequence[tuple[Standing, datetime | None]]) -> Lines:
        lines = tuple(self._line(part, case, when) for case, when in told[:MOST])
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
        return self.words.gettext("A line can still be added: on the case's page, a “Note” for the customer.")

    def _line(self, part: Part, case: Standing, when: datetime | None) -> Line:
        """`Jorge H. · certificado con nombre mal escrito`: `nadie la evaluó · 6 días hábiles tarde · la tenía …`."""
        of_message = part == "unread" or (part in ("legal", "late") and self._is_only_a_message(case))
        answers = of_message and case.stage != "closed"
        form, act = _ACTS["calls" if part == "calls" else "message" if answers else case.stage]
        said = " · ".join(one for one in (*self._happened(part, case, when), self._whose(case)) if one)
        link = case_link(self.desk, case.number)
        return Line(self._name(case), said, link, self.words.say(act), case_link(self.desk, case.number, form))

    def _name(self, case: Standing) -> str:
        who = None if self.to_department else _short(case.customer)
        about = case.about and one_line(
            without_identifiers(case.about) if self.to_department else case.about, longest=70
        )
        number = None if self.desk and (who or about) else case.number
        return " · ".join(part for part in (number, who, about) if part)

    def _happened(self, part: Part, case: Standing, when: datetime | None) -> Iterator[str]:
        _ = self.words.gettext
        if part in ("legal", "late"):
            told = "message" if self._is_only_a_message(case) else case.stage
            yield self.words.say(_NOBODY.get(told, _NOBODY["confirmation"]))
            since = case.late_since or case.due
            if late := self._late(since):
                yield late
            elif when is not None and when < self.day.at:
                yield f"{_('was due on')} {self.words.at(when)}"
        elif part == "unread" and when is not None:
            yield f"{_('waits for an answer since')} {self.words.at(when)}"
        elif part == "untouched" and when is not None:
            yield f"{_('escalated on')} {self.words.at(when)}"
        elif when is not None:
            window = self.words.window(case.due_name) if case.due_name and part in ("today", "tomorrow") else None
            said = self.words.at(when) if part == "updates" or when < self.day.at else self.words.until(when)
            yield f"{window or self.words.stage(case.stage)}: {said}"
            if late := self._late(when):
                yield late

    def _is_only_a_message(self, case: Standing) -> bool:
        """Whether it is late because nobody answers the customer, and what its stage waits for is not."""
        on_time = case.due is None or case.due >= self.day.at
        return case.unread_since is not None and on_time and not case.past_legal_limit

    def _late(self, due: datetime | None) -> str | None:
        """`6 días hábiles tarde`; nothing before the first is over."""
        days = self.calendar.counted(due, self.day.at) if due and due < self.day.at else 0
        return self.words.gettext("{days} late").format(days=self.words.business_days(days)) if days else None

    def _whose(self, case: Standing) -> str | None:
        """Who works on it; of a case that rose, who had it before."""
        contents = Contents(representative=case.representative, department=case.department)
        people, _ = People(self.contacts, contents, self.day.day), self.words.gettext
        department = people.department_name(self.words.language)
        worker = people.representative_name() or department or self.words.role(CARE_TEAM)
        return (_("it was with {who}") if case.level else _("it is with {who}")).format(who=worker)

    def _action(self, one: ReviewAction) -> Line:
        kind = _begun(self.words.say(REVIEW_ACTIONS[one.kind]))
        overdue = one.due < self.day.day
        due = self.words.gettext("was due on") if overdue else self.words.pgettext("a day", "by")
        words = one.words
        if len(words) > LONGEST_ACTION:
            words = words[: LONGEST_ACTION - 1].rstrip(" .,;\n") + "…"
        name = self.words.gettext("{kind}, review of {month}").format(kind=kind, month=self.words.month_of(one.month))
        link = f"{self.desk}/reviews/{one.month}" if self.desk else None
        late = self._late(self.calendar.closes(one.due)) if overdue else None
        return Line(name, f"{words} ({due} {self.words.day(one.due)}{f': {late}' if late else ''})", link)

    def _request(self, one: PrivacyRequest) -> Line:
        overdue = one.is_late(self.day.at)
        due = self.words.gettext("was due on") if overdue else self.words.pgettext("a day", "by")
        said = [self.words.say(PRIVACY_RIGHTS[one.right]), f"{due} {self.words.at(one.due)}", self._late(one.due)]
        return Line(one.number, " · ".join(filter(None, said)), case_link(self.desk, one.number))

    def _more(self, count: int) -> str:
        left = count - MOST
        return self.words.gettext("And {left} more, on the board.").format(left=left) if left > 0 else ""


_NOBODY: Words = {
    "assessment": N_("nobody has assessed it"),
    "assignment": N_("nobody has assigned it"),
    "investigation": N_("nobody has resolved it"),
    "confirmation": N_("the customer has no answer yet"),
    "message": N_("nobody has answered what the customer wrote"),
}
"""What did not happen, by the stage that waits for it; or that a message waits."""

_ACTS: dict[str, tuple[str | None, Message]] = {
    "assessment": ("assess", N_("Assess")),
    "assignment": ("assign", N_("Assign")),
    "investigation": ("resolve", N_("Resolve")),
    "confirmation": (None, N_("Open the case")),
    "closed": (None, N_("Open the case")),
    "calls": ("record_call", N_("Call")),
    "message": ("reply", NP_("verb", "Reply")),
}
"""The form that does it, and how the link to it is called."""


def _short(name: str | None) -> str | None:
    """`Jorge H.`: enough to know them by, in a mail that is read in the morning."""
    first, *others = (name or "").split() or [""]
    initial = next((other[0] for other in others if other[0].isupper()), None)
    return f"{first} {initial}." if initial else first or None


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
