"""What managers see of a complaint in Temporal's UI: search attributes, summaries, and current details in Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from temporalio.common import SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

from complaints.rules.calendar import Calendar
from complaints.rules.case import Case
from complaints.rules.clocks import Clock, overdue, running
from complaints.rules.journal import RecordBatch
from complaints.rules.letters import COLLEAGUE, REPRESENTATIVE, Notice
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.received import ComplaintReceived
from complaints.rules.telling import Step
from complaints.words.wording import Wording
from workflows import names

LATEST = 8
"""Rows of the journal that the page shows."""

DEADLINES = 6
"""Deadlines that it shows."""


@dataclass(frozen=True)
class View:
    """The search attributes of a case; no personal data, they are never encrypted."""

    stage: str | None = None
    level: int | None = None
    late: bool | None = None
    channel: str | None = None
    department: str | None = None
    due: datetime | None = None
    unread: bool | None = None
    """True while something that the customer wrote waits; never False, so that nothing is written for the others."""

    @classmethod
    def of_run(cls, attributes: TypedSearchAttributes) -> "View":
        """What the run has: it was started with some, or goes on from a run that had them."""
        return cls(**{field: attributes.get(key) for key, field in _FIELDS})

    @property
    def attributes(self) -> TypedSearchAttributes:
        """As a start gives them."""
        given = [(key, getattr(self, field)) for key, field in _FIELDS]
        return TypedSearchAttributes([SearchAttributePair(key, value) for key, value in given if value is not None])

    def attributes_changed_since(self, shown: "View") -> list[SearchAttributeUpdate[Any]]:
        """One batch of updates: each upsert is an event in the history."""
        changes: list[SearchAttributeUpdate[Any]] = []
        for key, field in _FIELDS:
            value = getattr(self, field)
            if value != getattr(shown, field):
                changes.append(key.value_unset() if value is None else key.value_set(value))
        return changes


_FIELDS: tuple[tuple[Any, str], ...] = (
    (names.STAGE, "stage"),
    (names.LEVEL, "level"),
    (names.LATE, "late"),
    (names.CHANNEL, "channel"),
    (names.DEPARTMENT, "department"),
    (names.DUE, "due"),
    (names.UNREAD, "unread"),
)


def first_view(received: ComplaintReceived, *, policy: Policy, now: datetime) -> View:
    """Of a complaint that arrives, as whoever starts it expects it: Temporal lists it right from its first moment. What
    the run finds to be different, because its worker has another policy, it changes once it has told its first step."""
    day = Calendar(policy.calendar).local_date(min(received.received_at or now, now))
    return view_of(Case.opened(received, number="", rules=rules_in_force(policy, day), now=now))


def view_of(case: Case) -> View:
    """What the search attributes of this case are now."""
    due = case.due
    return View(
        stage=case.stage.value,
        level=case.level,
        late=bool(case.late_for),
        channel=case.received.channel.value,
        department=case.department,
        due=due[1] if due else None,
        unread=True if case.unread else None,
    )


def clock_summary(case: Case, name: str, due: datetime) -> str:
    """Beside a timer."""
    return _cut(f"{_words(case).window(name)}: {_words(case).at(due)}")


def letter_summary(case: Case, notice: Notice) -> str:
    """Beside a letter's activity; an involved person's address and a colleague's account are not shown."""
    own = "@" in notice.recipient or notice.recipient.startswith(COLLEAGUE)
    recipient = "involved" if own else notice.recipient
    about = _words(case).letter(notice.kind.value, window=notice.data.get("window"))
    return _cut(f"{about} → {_words(case).role(recipient)}")


def step_summary(case: Case, step: Step, notices: Sequence[Notice]) -> str:
    """Beside the activity that tells them: the rows, and the letters that go out."""
    rows = [rows_summary(step.batch)] if step.batch else []
    return _cut("; ".join(rows + [letter_summary(case, notice) for notice in notices]))


def rows_summary(batch: RecordBatch) -> str:
    """Beside the records' activity."""
    return f"§9: {batch.rows[0].seq}-{batch.rows[-1].seq}"


def details(case: Case) -> str:
    """Current details: stage, what it is about, who has it, late since when, deadlines, the last events.

    What it is about is the category that staff chose, and who has it a colleague's name: never the customer's name or
    words.
    """
    words = _words(case)
    _ = words.gettext
    about = [*([_plain(case.category)] if case.category else []), *([_plain(case.severity)] if case.severity else [])]
    lines = [" · ".join([f"**{words.stage(case.stage.value)}**", *about])]
    if not case.ended:
        lines.append(f"**{_('Who has it')}:** {_who_has_it(case, words)}")
    if late := list(overdue(case)):
        lines.append(f"**{words.pgettext('came late', 'Late')}**")
        lines.append("\n".join(f"- {_late(case, clock, words)}" for clock in late))
    if case.unread:
        waits = words.ngettext("{n} new message", "{n} new messages", len(case.unread)).format(n=len(case.unread))
        lines.append(f"**{_('The customer wrote')}:** {waits}, {words.at(case.unread[0].at)}")
    if case.missing and not case.ended:
        missing = ", ".join(words.missing(detail) for detail in case.missing)
        lines.append(f"**{_('Missing')}:** {_plain(missing)}")
    if case.held is not None:
        lines.append(f"**{_('The customer is satisfied already')}:** {_('it counts once it is resolved')}")
    if clocks := running(case)[:DEADLINES]:
        lines.append(f"**{_('Deadlines')}**")
        lines.append("\n".join(f"- {words.at(clock.due)}: {words.window(clock.name)}" for clock in clocks))
    lines.append(f"**{_('Latest')}**")
    told = [row for row in case.rows if row.what not in _NOT_ON_PAGE][-LATEST:]
    lines.append(
        "\n".join(f"- {words.at(row.at)}: {_plain(words.happened(row.what, row.data))}" for row in reversed(told))
    )
    return "\n\n".join(lines)


def _who_has_it(case: Case, words: Wording) -> str:
    """`Ana Torres · systems`, `Gerente de Administración · systems`: as the case names them, never an address."""
    named = case.representative if case.owner == REPRESENTATIVE else None
    whom = named if named and "@" not in named else words.role(case.owner)
    return " · ".join(_plain(text) for text in (whom, case.department) if text)


def _late(case: Case, clock: Clock, words: Wording) -> str:
    """`plazo de evaluación: desde el viernes 24 de julio, a las 6:00 p. m. (tarde 6 días hábiles)`."""
    days = case.calendar.counted(clock.due, case.as_of) if case.as_of > clock.due else 0
    since = words.gettext("{what}: since {when} ({late})")
    return since.format(what=words.window(clock.name), when=words.at(clock.due), late=words.late_by(days))


_NOT_ON_PAGE = frozenset({"letter-sent", "letter-superseded"})
"""Rows that would crowd out what people did; the timeline has them."""


def _words(case: Case) -> Wording:
    return Wording(language=case.policy.language, timezone=case.policy.calendar.timezone)


def _plain(text: str) -> str:
    """Text of people in Markdown: nothing of it is mark-up."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+!|<>~" else c for c in text.replace("\n", " "))[:500]


def _cut(text: str) -> str:
    return text if len(text.encode()) <= 190 else text.encode()[:190].decode(errors="ignore")
