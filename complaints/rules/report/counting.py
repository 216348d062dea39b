"""The report's figures (§10), counted from the lives of the complaints to which something happened. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor
from typing import TypeVar

from complaints.rules.report.lives import Event, Life
from complaints.rules.report.prevention import SHOWN, prevention_of
from complaints.rules.report.report import (
    BUCKETS,
    DIMENSIONS,
    NOBODY,
    OTHERS,
    STEPS,
    WINDOWS,
    CorrectiveAction,
    Counted,
    Group,
    Kept,
    Lesson,
    MonthBefore,
    Only,
    Period,
    Report,
    Survey,
    Took,
    Totals,
)
from complaints.rules.report.review import Escalations
from complaints.rules.rounds import begins_round

MOST_GROUPS = 12
"""So many products or categories are listed; the rest is one group."""
MOST_WORDS = 10
MOST_ACTIONS = 20
MOST_LESSONS = 12
WORST_WAITS = 3
LOW_SCORE = 2
"""At most this, and with words: it teaches something."""
LONGEST_SAID = 280
"""Characters of a customer's words."""

_LESSONS = ("reopened", "escalated-twice", "legal", "disputed", "low-score", "worst-wait")


@dataclass(frozen=True)
class Standing:
    """What stands at the end of the period, and what the lives do not tell."""

    open_at_end: int
    unconfirmed: tuple[str, ...]
    past_legal_limit: int
    dismissed: tuple[str, ...]
    longest_waiting: tuple[Life, ...]
    """Open and without a resolution at the end; the oldest first."""
    months: tuple[MonthBefore, ...]


def report_of(lives: Sequence[Life], standing: Standing, *, period: Period, only: Only) -> Report:
    """The report; every figure is about what happened in the period, whenever the complaint was received."""
    happened = [(life, event) for life in lives for event in life.now]
    what = Counter(event.what for _, event in happened)
    return Report(
        period=period,
        only=only,
        totals=Totals(
            received=what["received"],
            reopened=what["reopened"],
            open_at_end=standing.open_at_end,
            closed=dict(sorted(Counter(str(e.data.get("outcome")) for _, e in happened if e.what == "closed").items())),
            unconfirmed=standing.unconfirmed,
            past_legal_limit=standing.past_legal_limit,
            by_decision=tuple(sorted({life.number for life, e in happened if e.data.get("outcome") == "decision"})),
            dismissed=standing.dismissed,
        ),
        prevention=prevention_of(lives, period),
        windows=tuple(_windows(lives, period)),
        times=tuple(_took(step, _hours_to(step, lives, period)) for step in STEPS),
        escalations=tuple(_escalations(event for _, event in happened if event.what == "escalated")),
        survey=_survey(lives, period),
        groups={name: tuple(_groups(name, lives, period)) for name in DIMENSIONS},
        causes=tuple(_causes(event for _, event in happened if event.what == "resolved")),
        actions=tuple(_actions(happened)),
        lessons=tuple(_lessons(lives, standing.longest_waiting, period)),
        months=standing.months,
    )


def _windows(lives: Sequence[Life], period: Period) -> Iterator[Kept]:
    begins, ends = period.begins, period.ends
    ended = Counter((e.window, e.in_time) for life in lives for e in life.endings() if begins <= e.at < ends)
    for window in WINDOWS:
        yield Kept(
            window=window,
            in_time=None if window == "call" else ended[window, True],
            late=ended[window, False],
        )


def _hours_to(step: str, lives: Iterable[Life], period: Period) -> list[float]:
    begins, ends = period.begins, period.ends
    return sorted(
        (at - life.received_at).total_seconds() / 3600
        for life in lives
        if (at := life.reached.get(step)) is not None and begins <= at < ends
    )


def _took(step: str, hours: Sequence[float]) -> Took:
    counts = [0] * (len(BUCKETS) + 1)
    for value in hours:
        counts[next((place for place, end in enumerate(BUCKETS) if value <= end), len(BUCKETS))] += 1
    return Took(
        step=step, cases=len(hours), median=part_of(hours, 0.5), ninetieth=part_of(hours, 0.9), buckets=tuple(counts)
    )


def part_of(ordered: Sequence[float], share: float) -> float | None:
    """The value below which `share` of the ordered values lie, between two neighbours in proportion; None of none."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = ordered[floor(place)]
    high = ordered[min(floor(place) + 1, len(ordered) - 1)]
    return low + (high - low) * (place - floor(place))


def _escalations(events: Iterable[Event]) -> Iterator[Escalations]:
    cases: Counter[tuple[int, str]] = Counter()
    on_schedule: Counter[tuple[int, str]] = Counter()
    for event in events:
        key = (int(event.data.get("level", 0)), str(event.data.get("reason") or ""))
        cases[key] += 1
        on_schedule[key] += bool(event.data.get("on_schedule"))
    for level, reason in sorted(cases):
        yield Escalations(
            level=level, reason=reason, cases=cases[level, reason], on_schedule=on_schedule[level, reason]
        )


def _survey(lives: Sequence[Life], period: Period) -> Survey:
    begins, ends = period.begins, period.ends
    scores: Counter[int] = Counter()
    confirmed = by_resolver = disputed = 0
    for life in lives:
        resolved_by = word_of = None
        for event in life.events:
            if event.what == "resolved":
                resolved_by = event.by or resolved_by
            elif event.what == "customer-satisfied":
                word_of = event.by
            elif event.what == "escalated" and event.data.get("reason") != "time":
                resolved_by = word_of = None
            if not begins <= event.at < ends:
                continue
            scores.update(_score(event))
            disputed += begins_round(event)
            if event.what == "closed" and event.data.get("outcome") == "satisfied":
                own_word = word_of is not None and word_of == resolved_by
                by_resolver += own_word
                confirmed += not own_word
    answers = sum(scores.values())
    return Survey(
        answers=answers,
        average=sum(score * count for score, count in scores.items()) / answers if answers else None,
        scores=dict(sorted(scores.items())),
        confirmed=confirmed,
        confirmed_by_resolver=by_resolver,
        disputed=disputed,
    )


def _score(event: Event) -> tuple[int, ...]:
    """What a survey gave, if it is one that can be read."""
    score = event.data.get("score") if event.what == "survey-answered" else None
    return (score,) if isinstance(score, int) and 1 <= score <= 5 else ()


def _groups(dimension: str, lives: Iterable[Life], period: Period) -> Iterator[Group]:
    members: dict[str, list[Life]] = defaultdict(list)
    for life in lives:
        members[getattr(life, dimension) or NOBODY].append(life)
    found = sorted((_group(name, lives, period) for name, lives in members.items()), key=_by_size)
    yield from found[:MOST_GROUPS]
    if rest := [life for group in found[MOST_GROUPS:] for life in members[group.name]]:
        yield _group(OTHERS, rest, period)


def _by_size(group: Group) -> tuple[int, int, str]:
    return (-group.received, -group.escalated, group.name)


def _group(name: str, lives: Sequence[Life], period: Period) -> Group:
    return Group(
        name=name,
        received=sum(life.counts["received"] for life in lives),
        closed=sum(life.counts["closed"] for life in lives),
        late=sum(life.counts["late"] for life in lives),
        escalated=sum(life.counts["escalated"] for life in lives),
        median_hours_to_resolve=part_of(_hours_to("resolve", lives, period), 0.5),
    )


def _causes(resolutions: Iterable[Event]) -> Iterator[Counted]:
    """The most frequent first."""
    found = _spellings((str(event.data.get("cause") or ""), event) for event in resolutions)
    for words, events in found[:MOST_WORDS]:
        yield Counted(words=words, cases=len(events))


def _actions(happened: Iterable[tuple[Life, Event]]) -> Iterator[CorrectiveAction]:
    """The most frequent first; of each, the newest cases."""
    said = (
        (str(words), (event.at, life.number))
        for life, event in happened
        if event.what in ("resolved", "resolution-corrected")
        for field in ("corrective_actions", "internal_actions")
        for words in event.data.get(field) or ()
    )
    for words, cases in _spellings(said)[:MOST_ACTIONS]:
        newest = sorted(cases, reverse=True)
        numbers = tuple(dict.fromkeys(number for _, number in newest))
        yield CorrectiveAction(words=words, cases=len(numbers), numbers=numbers[:SHOWN], last_at=newest[0][0])


T = TypeVar("T")


def _spellings(said: Iterable[tuple[str, T]]) -> list[tuple[str, list[T]]]:
    """What was said, the most frequent first; capitals and a full stop make no other words, and the usual is shown."""
    found: dict[str, list[tuple[str, T]]] = defaultdict(list)
    for words, whose in said:
        if key := words.strip().casefold().rstrip("."):
            found[key].append((words.strip(), whose))
    ordered = sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    return [(_usual([words for words, _ in ways]), [whose for _, whose in ways]) for _, ways in ordered]


def _usual(words: Sequence[str]) -> str:
    """The spelling that most people chose; of equals the first by the alphabet."""
    times = Counter(words)
    return min(times, key=lambda one: (-times[one], one))


def _lessons(lives: Sequence[Life], waiting: Sequence[Life], period: Period) -> Iterator[Lesson]:
    begins, ends = period.begins, period.ends
    resolved = [life for life in lives if (at := life.reached.get("resolve")) and begins <= at < ends]
    waits = sorted({life.number: life for life in (*resolved, *waiting)}.values(), key=lambda life: -life.waited(ends))
    worst = {life.number for life in waits[:WORST_WAITS]}
    known = {life.number: life for life in (*waiting, *lives)}
    found = [_lesson(life, why, period) for life in known.values() if (why := _why(life, worst=life.number in worst))]
    ranked = sorted(found, key=lambda one: ([name not in one.why for name in _LESSONS], one.number))
    ranked.sort(key=lambda one: -len(one.why))
    others = [one for one in ranked if one.number not in worst][: MOST_LESSONS - len(worst)]
    yield from (one for one in ranked if one.number in worst or one in others)


def _why(life: Life, *, worst: bool) -> tuple[str, ...]:
    now = life.now
    reasons = [event.data.get("reason") for event in now if event.what == "escalated"]
    holds = {
        "reopened": any(event.what == "reopened" for event in now),
        "escalated-twice": bool(reasons) and sum(event.what == "escalated" for event in life.events) > 1,
        "legal": any(event.what == "late/legal" for event in now),
        "disputed": "dissatisfied" in reasons,
        "low-score": _low_score(now) is not None,
        "worst-wait": worst,
    }
    return tuple(name for name in _LESSONS if holds[name])


def _low_score(events: Iterable[Event]) -> Event | None:
    low = [e for e in events if (score := _score(e)) and score[0] <= LOW_SCORE and e.data.get("comment")]
    return low[-1] if low else None


def _lesson(life: Life, why: tuple[str, ...], period: Period) -> Lesson:
    low = _low_score(life.now)
    said = " ".join(str(low.data["comment"]).split()) if low else None
    return Lesson(
        number=life.number,
        why=why,
        waited_hours=round(life.waited(period.ends), 1) if "worst-wait" in why else None,
        resolved="resolve" in life.reached,
        score=low.data["score"] if low else None,
        said=said if said is None or len(said) <= LONGEST_SAID else f"{said[: LONGEST_SAID - 1].rstrip()}…",
        department=life.department,
    )
