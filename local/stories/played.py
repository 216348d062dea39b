"""A story that was played: everything that happened, when it would have been due, and how late it was."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict, computed_field

from complaints.records.ledger import LetterRow
from complaints.rules.case import Case
from complaints.rules.clocks import running
from complaints.rules.journal import Row
from complaints.rules.retelling import told_again
from complaints.rules.stages import Stage
from local.stories.playing import Happening

SENDING_TAKES = timedelta(minutes=5)
"""A letter that leaves within so long of its occasion is not late."""

ENDS_A_WINDOW = frozenset({"assessed", "assigned", "resolved"})


class SentLetter(BaseModel):
    """What went to somebody, as the ledger of Postgres has it."""

    model_config = ConfigDict(frozen=True)

    kind: str
    recipient: str
    """A role: `customer`, `care_team`, `administration_manager` …"""
    language: str
    subject: str


class Entry(Happening):
    """One line of the timeline."""

    due: AwareDatetime | None = None
    """When it was due; None where nothing was."""
    letter: SentLetter | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def late_by_hours(self) -> float | None:
        """How late it was, in hours by the clock; None: in time, or nothing was due."""
        late = self.late_by
        return _hours(late) if late else None

    @property
    def late_by(self) -> timedelta | None:
        """The same as a time span."""
        patience = SENDING_TAKES if self.what.startswith("letter-") else timedelta(0)
        return self.at - self.due if self.due is not None and self.at > self.due + patience else None


class OpenDeadline(BaseModel):
    """What is still to be done when the story ends."""

    model_config = ConfigDict(frozen=True)

    name: str
    due: AwareDatetime
    late_by_hours: float | None = None
    """At the end of the story; None: there is still time."""


class Played(BaseModel):
    """A scenario as it was played: what happened when, and how it ended."""

    model_config = ConfigDict(frozen=True)

    number: str
    title: str
    says: str
    timezone: str
    received_at: AwareDatetime
    until: AwareDatetime
    """Where the story stopped."""
    stage: str
    level: int
    round: int
    outcome: str | None = None
    late: bool
    """Whether anything was late at the end."""
    timeline: tuple[Entry, ...]
    deadlines: tuple[OpenDeadline, ...] = ()
    """Missed and still not done, then what is still to come."""
    rows: int
    """Of the journal in Postgres."""
    letters: int
    """That were sent."""


def told(
    happenings: Sequence[Happening],
    rows: list[Row],
    letters: list[LetterRow],
    *,
    number: str,
    title: str,
    says: str,
    until: datetime,
) -> Played:
    """The story from what was seen and from what Postgres has."""
    case = told_again(number, rows)
    dues = due_of(number, rows)
    end = max(case.as_of, until) if not case.ended else max(happening.at for happening in happenings)
    by_key = {letter.key: letter for letter in letters}
    entries = []
    in_journal = 0
    for happening in happenings:
        row = rows[in_journal] if in_journal < len(rows) else None
        is_row = row is not None and (row.at, row.what) == (happening.at, happening.what)
        in_journal += is_row
        entries.append(
            Entry(
                **happening.model_dump(),
                due=dues.get(row.seq) if row is not None and is_row else None,
                letter=_letter(by_key.get(happening.data.get("key", ""))),
            )
        )
    return Played(
        number=number,
        title=title,
        says=says,
        timezone=case.policy.calendar.timezone,
        received_at=case.received_at,
        until=end,
        stage=case.stage.value,
        level=case.level,
        round=case.round.number,
        outcome=case.outcome,
        late=bool(case.late_for),
        timeline=tuple(entries),
        deadlines=(*_missed(case, rows, dues, end), *_to_come(case)),
        rows=len(rows),
        letters=sum(letter.state.value == "sent" for letter in letters),
    )


def _missed(case: Case, rows: list[Row], dues: dict[int, datetime], end: datetime) -> list[OpenDeadline]:
    due = {row.what: dues[row.seq] for row in rows if row.what.startswith("late/")}
    return [
        OpenDeadline(name=name, due=due[f"late/{name}"], late_by_hours=_hours(end - due[f"late/{name}"]))
        for name in case.late_for
    ]


def _to_come(case: Case) -> list[OpenDeadline]:
    return [OpenDeadline(name=clock.name, due=clock.due) for clock in running(case) if clock.name not in case.late_for]


def _hours(span: timedelta) -> float:
    return round(span.total_seconds() / 3600, 2)


def due_of(number: str, rows: list[Row]) -> dict[int, datetime]:
    """When each row was due, by its seq: told from the journal alone, with the rules that the case began with."""
    final = told_again(number, rows)
    occasions = {notice.key: notice.at for notice in final.notices}
    windows: dict[str, datetime] = {}
    dues: dict[int, datetime] = {}
    for index, row in enumerate(rows):
        if "due" in row.data:
            dues[row.seq] = datetime.fromisoformat(row.data["due"])
        if row.what == "call-done" and row.data["outcome"] == "reached":
            task = final.calls[row.data["task"] - 1]
            dues[row.seq] = max(task.due, task.next_at or task.due)  # not reached, it is tried again later
        elif row.what.startswith("late/"):
            windows[row.what.removeprefix("late/")] = dues[row.seq]
        elif row.what == "acknowledged":
            dues[row.seq] = final.received_at + timedelta(hours=final.policy.acknowledgement.hours)
        elif row.what == "letter-sent":
            dues[row.seq] = occasions[row.data["key"]]
        elif row.what in ("updated", "reminded") or (row.what == "escalated" and row.data.get("reason") == "time"):
            dues[row.seq] = row.at  # the clock that made the row
        elif row.what in ENDS_A_WINDOW and (due := _window_ended(number, rows[:index], row, windows)) is not None:
            dues[row.seq] = due
        elif row.what == "escalated":
            windows.clear()  # a new round has windows of its own
    return dues


def _window_ended(number: str, before: list[Row], row: Row, breached: dict[str, datetime]) -> datetime | None:
    """When the window was due that this fact ended, if it ended one (§5.1 to §5.3)."""
    case = told_again(number, before)
    stage = case.stage.value
    if case.stage in (Stage.CONFIRMATION, Stage.CLOSED) or (stage == "investigation" and row.what != "resolved"):
        return None
    if stage == "assignment" and row.what == "assessed":
        return None
    clock = next((clock for clock in running(case) if clock.name == stage), None)
    return clock.due if clock else breached.get(stage)


def _letter(row: LetterRow | None) -> SentLetter | None:
    if row is None:
        return None
    return SentLetter(kind=row.kind, recipient=row.recipient, language=row.language, subject=row.subject)
