"""What would have prevented an escalation (§7, §10): its one main cause, from the facts before it. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from complaints.rules.report.lives import Event, Life
from complaints.rules.report.report import Period, Preventable, Prevention
from complaints.rules.resolved import ResolutionOutcome, resolutions_of, standing_resolution
from complaints.rules.rounds import begins_round, this_round

CAUSES = (
    "not-assessed",
    "not-assigned",
    "late-assessment",
    "late-assignment",
    "details-outstanding",
    "promise-broken",
    "untouched",
    "long-investigation",
    "on-schedule",
    "unexplained",
    "rejected",
    "no-corrective-action",
    "remedy-refused",
    "reopened",
)
"""Every main cause that an escalation may have; the words are `complaints.reports.words`."""

SHOWN = 6
"""So many numbers stand with each cause."""

_BY_PEOPLE = frozenset(
    {"assessed", "assigned", "resolved", "noted", "involved", "date-promised", "details-requested", "called"}
)
_STEPS = ("assessment", "assignment", "investigation")


def prevention_of(lives: Iterable[Life], period: Period) -> Prevention:
    """Each escalation of the period under its main cause, and where the time went before those by time."""
    causes: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    spent: dict[str, float] = defaultdict(float)
    begins, ends = period.begins, period.ends
    for life in lives:
        for place, event in enumerate(life.events if life.counts["escalated"] else ()):
            if event.what == "escalated" and begins <= event.at < ends:
                before = life.events[:place]
                causes[cause_of(before, event)].append((event.at, life.number))
                if event.data.get("reason") == "time":
                    for step, hours in hours_spent(life.received_at, before, event).items():
                        spent[step] += hours
    found = [
        Preventable(
            why=why, cases=len(which), numbers=tuple(dict.fromkeys(number for _, number in sorted(which)))[:SHOWN]
        )
        for why, which in causes.items()
    ]
    total = sum(spent.values())
    return Prevention(
        escalations=sum(one.cases for one in found),
        causes=tuple(sorted(found, key=lambda one: (-one.cases, CAUSES.index(one.why)))),
        spent={step: round(spent[step] / total, 3) for step in (*_STEPS, "waiting") if spent.get(step)},
    )


def cause_of(before: Sequence[Event], escalated: Event) -> str:
    """The main cause, of `CAUSES`: what, done otherwise, would most plainly have kept this complaint down."""
    events = this_round(before)
    match escalated.data.get("reason"):
        case "reopened":
            return "reopened"
        case "dissatisfied":
            return _of_dispute(events)
        case _:
            return _of_time(events, escalated)


def _of_time(events: Sequence[Event], escalated: Event) -> str:
    what = [event.what for event in events]
    if _is_untouched(events):
        return "untouched"
    later_round = bool(events) and begins_round(events[0])
    if not later_round and "assigned" not in what:
        if _waits(events):
            return "details-outstanding"
        return "not-assigned" if "assessed" in what else "not-assessed"
    for window in ("assessment", "assignment"):
        if f"late/{window}" in what:
            return f"late-{window}"
    if _waits(events):
        return "details-outstanding"
    if "late/promise" in what:
        return "promise-broken"
    return "on-schedule" if escalated.data.get("on_schedule") else "long-investigation"


def _of_dispute(events: Sequence[Event]) -> str:
    if not any(one.data.get("explained") or one.data.get("told_in_call") for one in resolutions_of(events)):
        return "unexplained"
    resolution = standing_resolution(events)
    if resolution.get("outcome") == ResolutionOutcome.NOT_UPHELD:
        return "rejected"
    return "remedy-refused" if resolution.get("corrective_actions") else "no-corrective-action"


def _is_untouched(events: Sequence[Event]) -> bool:
    """It has escalated by time in this round already, and nobody has done anything with it since."""
    since = [place for place, event in enumerate(events) if event.what == "escalated" and not begins_round(event)]
    return bool(since) and not any(event.what in _BY_PEOPLE for event in events[since[-1] :])


def _waits(events: Sequence[Event]) -> bool:
    """Details are outstanding (§5.1)."""
    last = [event for event in events if event.what in ("details-requested", "details-received")]
    return bool(last) and (last[-1].what == "details-requested" or bool(last[-1].data.get("still_missing")))


def hours_spent(received_at: datetime, before: Sequence[Event], escalated: Event) -> dict[str, float]:
    """Wall-clock hours since the level's days began to count, by stage; those spent waiting for details apart."""
    since = next((event.at for event in reversed(before) if event.what == "escalated"), received_at)
    spent: dict[str, float] = defaultdict(float)
    stage, waiting, at = "assessment", False, received_at
    for event in (*before, escalated):
        began, at = max(at, since), event.at
        if at > began:
            spent["waiting" if waiting else stage] += (at - began) / timedelta(hours=1)
        stage, waiting = _stage_after(event, stage), _waiting_after(event, waiting)
    return dict(spent)


def _stage_after(event: Event, stage: str) -> str:
    if event.what == "assessed" and stage == "assessment":
        return "assignment"
    return "investigation" if event.what == "assigned" or begins_round(event) else stage


def _waiting_after(event: Event, waiting: bool) -> bool:
    if event.what == "details-requested":
        return True
    return waiting and (event.what != "details-received" or bool(event.data.get("still_missing")))
