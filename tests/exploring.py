"""A case explored in full, not sampled: every sequence of facts, letters and clock strikes up to a depth.

From each state every move is made; states that have the same future are one (by a digest), so that what merges is
explored once. Every law of tests/rules/case_laws.py is tried after every move; the journal is told again, carried into
a new run in every state that is new, and compared with its records (`complaints verify`) in one of four.
"""

import hashlib
import io
import json
import math
import pickle
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from complaints.policy_file import changed
from complaints.rules.case import Case, parsed
from complaints.rules.letters import CUSTOMER, LetterOutcome, LetterState
from complaints.rules.notices import lanes, letter_ended, next_letter
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.stages import Effect
from tests.casebook import BY_MAIL, BY_PHONE, ROSA, WEDNESDAY, a_complaint, lima
from tests.rules import case_laws
from tests.rules.case_laws import Before

SENT = LetterOutcome(state=LetterState.SENT, message_id="<1@x.example>")
FAILED = LetterOutcome(state=LetterState.FAILED, message_id="<1@x.example>", reason="550")


@dataclass(frozen=True)
class Start:
    """A complaint that arrives, under a policy."""

    name: str
    channel: str = "email"
    customer: dict[str, Any] = field(default_factory=lambda: ROSA)
    policy: dict[str, Any] = field(default_factory=dict)

    def case(self) -> Case:
        rules = rules_in_force(changed(Policy(), self.policy), lima(WEDNESDAY).date())
        received = a_complaint(WEDNESDAY, channel=self.channel, customer=self.customer)
        return Case.opened(received, number="Q-1", rules=rules, now=lima(WEDNESDAY))


STARTS = (
    Start("by mail"),
    Start("by telephone, no mail", "phone", BY_PHONE),
    Start("by mail, no telephone", "web", BY_MAIL),
    Start("silence closes", policy={"confirmation": {"silence_closes_after": 4, "reminders": 1}}),
    Start(
        "three levels, a day each, from the investigation on",
        policy={
            "escalation": {
                "after": 1, "counted_from": "investigation",
                "levels": ["administration_manager", "general_director", "board"],
            },
            "calls": {"after_attempts": "manager", "attempts": 1},
        },
    ),
    Start("no warnings, a word a day", policy={"windows": {"warn_before": 0}, "updates": {"every_days": 1}}),
)  # fmt: skip

OTHER_RULES = rules_in_force(changed(Policy(version="2"), {"windows": {"investigation": 2}}), lima(WEDNESDAY).date())

RECORDED_OF = 4
"""One new state of so many is compared with its records (`complaints verify`): that costs as much as all the rest."""

FACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("assessed", {"category": "docencia"}),
    ("details-requested", {"missing": ["la boleta"]}),
    ("details-received", {"text": "Aquí está."}),
    ("details-received", {"email": "nueva@correo.example"}),
    ("assigned", {"department": "academic"}),
    ("assigned", {"representative": "Jorge Ramos"}),
    ("noted", {"text": "…"}),
    ("involved", {"whom": "academic", "question": "¿?"}),
    ("date-promised", {"date": lima("2026-07-27 09:00").date()}),
    ("resolved", {}),
    ("resolved", {"text": "Se repone.", "outcome": "upheld"}),
    ("resolved", {"text": "Se repone.", "told_in_call": True}),
    ("customer-satisfied", {}),
    ("customer-dissatisfied", {"reason": "No."}),
    ("called", {"reached": True}),
    ("called", {"reached": False}),
    ("called", {"reached": True, "direction": "inbound", "notes": "Pregunta."}),
    ("message-received", {"text": "¿Y?"}),
    ("messages-read", {}),
    ("reading-rejected", {"field": "document"}),
    ("feedback-given", {"text": "Bien."}),
    ("survey-answered", {"score": 4}),
    ("withdrawn", {}),
    ("not-a-complaint", {"reason": "Consulta."}),
    ("merged", {"into": "Q-2"}),
    ("merged", {"into": "Q-2", "whose": "same"}),
    ("merged", {"into": "Q-2", "whose": "other"}),
    ("merged", {"absorbed": "Q-3", "received_at": lima("2026-07-20 09:00"), "whose": "same", "text": "Mía."}),
    ("merged", {"absorbed": "Q-4", "whose": "other"}),
    ("message-received", {"text": "¿Y la otra?", "of": "Q-3"}),
    ("separated", {}),
    ("separated", {"absorbed": "Q-3"}),
    ("separated", {"absorbed": "Q-4"}),
    ("closed-by-decision", {"reason": "Decidido."}),
    ("act-held", {"act": "resolved", "said": {"text": "Se repone."}}),
    ("act-held", {"act": "withdrawn"}),
    ("act-withdrawn", {}),
    ("act-sent-now", {}),
    ("replied", {"text": "Mañana le llamamos."}),
    ("resolution-corrected", {"text": "Se reponen todas.", "corrective_actions": ()}),
    ("rules-changed", {"rules": OTHER_RULES.model_dump(mode="json")}),
)
"""Each fact with as little as makes it a kind of its own."""


@dataclass
class Moment:
    """A case, and what the clock on the wall shows."""

    case: Case
    now: datetime


def _says(name: str, payload: dict[str, Any]) -> Callable[[Moment], bool]:
    def move(at: Moment) -> bool:
        fact = parsed(name, ({**payload, "event_id": f"e-{len(at.case.rows)}"},))
        rows = len(at.case.rows)
        applied = at.case.apply(fact, now=at.now) is not Effect.IGNORED
        told = len(at.case.rows)
        assert not applied or told > rows
        if applied:
            at.case.apply(fact, now=at.now)
            assert len(at.case.rows) == told, "an event id is applied once"
        return True

    return move


def _bounces(at: Moment) -> bool:
    sent = [notice.key for notice in at.case.notices if notice.recipient == CUSTOMER and notice.state == "sent"]
    return bool(sent) and _says("letter-bounced", {"key": sent[-1]})(at)


def _strikes(at: Moment) -> bool:
    clock = at.case.next_clock
    if clock is None:
        return False
    at.now = max(at.now, clock.due)
    at.case.settle(at.now)
    case_laws.is_settled(at.case, at.now)
    return True


def _days_pass(at: Moment) -> bool:
    """A week in which the worker is down; then everything that passed strikes at once."""
    if at.case.ended:
        return False
    at.now += timedelta(days=7)
    at.case.settle(at.now)
    case_laws.is_settled(at.case, at.now)
    return True


def _post(at: Moment, to_customer: LetterOutcome) -> bool:
    at.case.settle(at.now, inclusive=False)
    if not lanes(at.case):
        return False
    while waiting := lanes(at.case):
        for recipient in waiting:
            if notice := next_letter(at.case, recipient):
                case_laws.is_fit_for_its_reader(at.case, notice)
                notice.state = LetterState.CLAIMED.value
                letter_ended(at.case, notice.key, to_customer if recipient == CUSTOMER else SENT)
    return True


def _refused(at: Moment) -> bool:
    return CUSTOMER in lanes(at.case) and _post(at, FAILED)


MOVES: dict[str, Callable[[Moment], bool]] = {
    **{f"{name} {json.dumps(p, default=str)[:40]}" if p else name: _says(name, p) for name, p in FACTS},
    "letter-bounced": _bounces,
    "the next deadline comes": _strikes,
    "a week passes, nobody works": _days_pass,
    "letters go out": lambda at: _post(at, SENT),
    "letters go out, the customer's is refused": _refused,
}
"""What may happen; a move that is none in this state says so."""


@dataclass
class Explored:
    """What came of it."""

    start: str
    states: list[int] = field(default_factory=lambda: [1])
    """New ones at each depth, from 0 on; the last depth may be unfinished."""
    transitions: int = 0
    whole_depth: int = 0
    """Every sequence of so many moves was tried."""
    seconds: float = 0.0
    found: dict[str, list[str]] = field(default_factory=dict)
    """By what was broken: the first, and so shortest, sequence of moves that breaks it."""
    happened: Counter[str] = field(default_factory=Counter)
    """Kinds of rows, by how often a move left one."""


def explored(start: Start, *, depth: int, seconds: float = math.inf) -> Explored:
    """Every sequence of up to `depth` moves, or as far as the time reaches."""
    began, result = time.monotonic(), Explored(start.name)
    first = start.case()
    packing = _Packing(first)
    layer: list[tuple[bytes, tuple[str, ...]]] = [(packing.packed(Moment(first, first.as_of)), ())]
    seen = {digest(Moment(first, first.as_of))}
    for _ in range(depth):
        following: list[tuple[bytes, tuple[str, ...]]] = []
        result.states.append(0)
        for packed, path in layer:
            if time.monotonic() - began > seconds:
                result.seconds = time.monotonic() - began
                return result
            for name, at in _moves_from(packing, packed, path, result):
                key = digest(at)
                if key in seen:
                    continue
                seen.add(key)
                result.states[-1] += 1
                if _whole(at, key, (*path, name), result):
                    following.append((packing.packed(at), (*path, name)))
        layer = following
        result.whole_depth += 1
    result.seconds = time.monotonic() - began
    return result


def _moves_from(
    packing: "_Packing", packed: bytes, path: tuple[str, ...], result: Explored
) -> Iterator[tuple[str, Moment]]:
    for name, move in MOVES.items():
        at = packing.unpacked(packed)
        before = Before.of(at.case)
        try:
            if not move(at):
                continue
            case_laws.time_and_level_never_go_back(at.case, before)
            for law in case_laws.LAWS:
                law(at.case)
        except Exception as error:
            _note(error, (*path, name), result)
            continue
        result.transitions += 1
        result.happened.update(row.what for row in at.case.rows[before.rows :])
        yield name, at


def _whole(at: Moment, key: bytes, path: tuple[str, ...], result: Explored) -> bool:
    try:
        case_laws.it_can_be_carried(at.case)
        case_laws.it_can_be_told_again(at.case)
        if key[0] % RECORDED_OF == 0:
            case_laws.it_would_be_whole_in_the_records(at.case)
    except Exception as error:
        _note(error, path, result)
        return False
    return True


def _note(error: Exception, path: tuple[str, ...], result: Explored) -> None:
    traceback, place = error.__traceback__, ""
    while traceback is not None:
        place = f"{traceback.tb_frame.f_code.co_name}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    result.found.setdefault(f"{type(error).__name__} in {place}: {str(error)[:300]}", list(path))


def digest(at: Moment) -> bytes:
    """The same for states that have the same future: of the rows only what rules look at counts."""
    case = at.case
    told = case.model_dump(mode="json", exclude={"rows", "recorded", "junk", "event_ids", "rules", "number", "notices"})
    over: list[tuple[str, ...]] = []
    lanes_: dict[str, list[Any]] = {}  # order counts within a lane, and only of what is still to be told
    for notice in case.notices:
        if notice.state == LetterState.DUE.value:
            later = case.rows[notice.after :]
            moved = any(row.what == "details-received" and row.data.get("email") for row in later)
            lanes_.setdefault(notice.recipient, []).append([notice.model_dump(mode="json", exclude={"after"}), moved])
        else:
            over.append((notice.key, notice.state, notice.at.isoformat()))
    told["letters"] = [sorted(over), sorted(lanes_.items())]
    told["strikes"] = sorted(told["strikes"])
    counted = Counter(row.what for row in case.rows if row.what.startswith(("late/", "assigned", "involved", "survey")))
    parts = [row for row in case.rows if row.what in ("merged", "separated") or row.data.get("of")]
    mergers = [[row.what, {**row.data, "event_id": None}, row.at.isoformat()] for row in parts]
    future = [told, sorted(counted.items()), mergers, case.policy.version, at.now.isoformat()]
    return hashlib.blake2b(json.dumps(future, sort_keys=True).encode(), digest_size=16).digest()


class _Packing:
    """Moments as few bytes: what all cases of a start share is not packed with each."""

    def __init__(self, first: Case) -> None:
        self._shared = {"rules": first.rules, "received": first.received}

    def packed(self, at: Moment) -> bytes:
        shared = {id(value): name for name, value in self._shared.items()}

        class Pickler(pickle.Pickler):
            def persistent_id(self, value: Any) -> str | None:
                return shared.get(id(value))

        at.case.__dict__.pop("calendar", None)
        buffer = io.BytesIO()
        Pickler(buffer, protocol=5).dump((at.case, at.now))
        return zlib.compress(buffer.getvalue(), 1)

    def unpacked(self, packed: bytes) -> Moment:
        shared = self._shared

        class Unpickler(pickle.Unpickler):
            def persistent_load(self, name: str) -> Any:
                return shared[name]

        return Moment(*Unpickler(io.BytesIO(zlib.decompress(packed))).load())
