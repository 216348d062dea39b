"""What became of a case under one set of rules, in the figures that what-if compares."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules.case import Case
from complaints.rules.journal import Row
from complaints.rules.letters import CUSTOMER
from complaints.rules.retelling import told_again
from complaints.rules.rounds import Round

NEXT_ROUND = frozenset({"dissatisfied", "reopened"})
"""Reasons of an escalation with which a round begins (§7, §8)."""


class Life(BaseModel):
    """One case, told to its end or as far as it goes."""

    model_config = ConfigDict(frozen=True)

    deadlines: dict[str, AwareDatetime]
    """`1/assessment`: a window's end in its round; `escalation`: the first by time, were it never resolved; `legal`."""
    late: dict[str, AwareDatetime]
    """What passed, and when it was due: `1/assessment`, `legal`, `call/2`, `promise/2026-08-05`."""
    escalated: dict[str, AwareDatetime]
    """`1/time`: to which level and why, and when."""
    on_schedule: int
    """Of those by time: though every deadline was kept (design §2, §7)."""
    letters: dict[str, int]
    """That were sent, by audience and kind: `customer/update`, `staff/late`."""
    calls: int
    """Call tasks."""
    outcome: str | None
    closed_at: AwareDatetime | None

    @property
    def figures(self) -> Counter[str]:
        """What is counted over many cases."""
        audiences = dict.fromkeys(("customer", "staff"), 0)
        for key, count in self.letters.items():
            audiences[key.partition("/")[0]] += count
        return Counter(
            {
                **Counter(f"late/{_window(name)}" for name in self.late),
                **Counter(f"escalated/{name.partition('/')[2]}" for name in self.escalated),
                "escalated/on-schedule": self.on_schedule,
                **{f"letters/{audience}": count for audience, count in audiences.items()},
                "calls": self.calls,
                f"closed/{self.outcome}" if self.outcome else "open": 1,
            }
        )


def life_of(number: str, rows: Sequence[Row]) -> Life:
    """From the rows alone. Raises JournalBroken."""
    case = told_again(number, list(rows))
    return Life(
        deadlines=dict(_deadlines(case)),
        late=dict(_late(rows)),
        escalated={f"{row.data['level']}/{row.data['reason']}": row.at for row in _named("escalated", rows)},
        on_schedule=sum(bool(row.data.get("on_schedule")) for row in _named("escalated", rows)),
        letters=Counter(_audience(row) + row.data["kind"] for row in _named("letter-sent", rows)),
        calls=len(_named("call-task", rows)),
        outcome=case.outcome,
        closed_at=case.closed_at,
    )


def _named(what: str, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.what == what]


def _audience(row: Row) -> str:
    return "customer/" if row.data.get("recipient") == CUSTOMER else "staff/"


def _deadlines(case: Case) -> Iterator[tuple[str, datetime]]:
    windows, calendar = case.policy.windows, case.calendar
    for each in case.rounds:
        if each.number == 1:
            yield "1/assessment", calendar.deadline(each.started_at, windows.assessment, case.paused)
            if each.assessed_at and each.assessed_at != each.assigned_at:  # a later fact may have implied it
                yield "1/assignment", calendar.deadline(each.assessed_at, windows.assignment, case.paused)
        if (since := _investigated_from(each)) is not None:
            yield f"{each.number}/investigation", calendar.deadline(since, windows.investigation, case.paused)
    escalation = case.policy.escalation
    counts_from = case.received_at if escalation.counted_from == "receipt" else case.rounds[0].assigned_at
    if counts_from is not None:
        yield "escalation", calendar.deadline(counts_from, escalation.after, case.paused)
    yield "legal", case.legal_due


def _investigated_from(each: Round) -> datetime | None:
    if each.number > 1:
        return each.started_at
    return each.assigned_at if each.assigned_at != each.resolved_at else None


def _late(rows: Sequence[Row]) -> Iterator[tuple[str, datetime]]:
    number = 1
    for row in rows:
        number += row.what == "escalated" and row.data.get("reason") in NEXT_ROUND
        if row.what.startswith("late/"):
            name = row.what.removeprefix("late/")
            due = datetime.fromisoformat(row.data["due"])
            if name in ("acknowledgement", "legal"):
                yield name, due
            elif name in ("call", "promise"):
                yield f"{name}/{row.data.get('task') or row.data.get('date')}", due
            else:
                yield f"{number}/{name}", due


def _window(name: str) -> str:
    """`1/assessment` is the assessment of round 1, `call/2` the second call."""
    first, _, rest = name.partition("/")
    return rest if first.isdigit() else first
