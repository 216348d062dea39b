"""Every refusal of the rules, word for word as before it had a code: records and programs keep what they know."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from temporalio.exceptions import ApplicationError

from complaints.rules.case import parsed
from complaints.rules.facts import FACTS
from complaints.rules.received import ComplaintReceived, Customer, Problem
from complaints.rules.refusals import clause, refusals_of
from complaints.rules.stages import Stage
from tests.casebook import Tale, a_complaint
from tests.rules.test_table import SAID, a_case_in
from workflows.handlers import Handlers
from workflows.opening import carried_or_received, rules_request
from workflows.payloads import Unreadable

BEFORE = Path(__file__).parents[1] / "refusals_before.json"
"""What was said where, taken down from the code before it had codes: `python -m tests.rules.test_refusals` writes it
anew, which nobody should need: a sentence that changes here is one that an old journal says otherwise."""

WIDE = "ñ" * 100_000

BAD: dict[str, Any] = {
    "none": None, "number": 9, "less": -1, "fraction": 1.5, "blank": " ", "control": "a\0b", "override": "a\u202eb",
    "lines": "a\nb", "line too long": "x" * 400, "text too long": "x" * 100_001, "list": [], "blank in a list": [" "],
    "too many": ["x"] * 21, "object": {}, "word": "ayer", "naive": "2026-07-22T09:00", "ancient": "1970-01-01T00:00Z",
    "no day": "2026-02-30", "far": "P999999D", "flag": "maybe",
}  # fmt: skip

STARTS: dict[str, tuple[tuple[Any, ...], str]] = {
    "nothing": ((), "Q-1"),
    "null": ((None,), "Q-1"),
    "unreadable": ((Unreadable("json/x"),), "Q-1"),
    "nobody to answer": (({"customer": {}, "problem": {"description": "x"}},), "Q-1"),
    "two reasons": (({"customer": {"phone": "12"}, "problem": {}},), "Q-1"),
    "a workflow id with blanks": ((), "a name with spaces"),
    "carried under another number": (({"carried": Tale.begins().case.model_dump(mode="json")},), "Q-2"),
    "carried without a complaint": (({"carried": {"number": "Q-1"}},), "Q-1"),
    "carried with a level too many": (
        ({"carried": {**Tale.begins().case.model_dump(mode="json"), "level": 9}},), "Q-7KF3-02M9D"
    ),
}  # fmt: skip


class OneCase(Handlers):
    """The message handlers of one case, without a server."""

    def __init__(self, tale: Tale) -> None:
        super().__init__()
        self.case, self.at = tale.case, tale.now

    def now(self) -> datetime:
        return self.at

    def heard(self, name: str, payload: tuple[Any, ...]) -> str:
        """Why a signal was ignored, as the journal says."""
        assert self.case is not None
        rows = len(self.case.rows)
        self.hear(name, payload)
        assert (self.case.rows[rows].what, len(self.case.rows)) == ("ignored", rows + 1)
        return str(self.case.rows[rows].data["reason"])

    def refused(self, name: str, payload: tuple[Any, ...]) -> str:
        """Why a request is refused, as the program reads that made it."""
        with pytest.raises(Exception) as error:  # noqa: PT011 - what kind it is, another test says
            self.may(name, payload)
        return str(error.value.message if isinstance(error.value, ApplicationError) else error.value)


def told(**facts: Any) -> Tale:
    tale = Tale.begins()
    for name, said in facts.items():
        tale.says(name.replace("_", "-"), **said)
    return tale


def long_told() -> Tale:
    tale = Tale.begins()
    for _ in range(5):
        tale.says("message-received", text=WIDE)
    return tale


def full() -> Tale:
    tale = Tale.begins()
    for number in range(320):
        tale.says("noted", text=f"{number} {'x' * 1_900}")
    return tale


def at_level_two() -> Tale:
    return Tale.begins().until("2026-08-20 09:00")


def satisfied() -> Tale:
    return told(**RESOLVED, customer_satisfied={})


SHORT_LADDER = {"policy": {"escalation": {"levels": ["administration_manager"]}}, "closed_days": {}}
RESOLVED = {"resolved": {"text": "Se repone."}}


def objections() -> dict[str, tuple[Tale, str, dict[str, Any]]]:
    """What a case objects to: its tale so far, and what is said then."""
    return {
        "explained already": (told(**RESOLVED), "resolved", {"text": "Otra vez."}),
        "an explanation without words": (told(resolved={}), "resolved", {}),
        "nothing is missing": (told(), "details-requested", {}),
        "a day that is over": (told(), "date-promised", {"date": "2026-07-21"}),
        "a day on which nobody is there": (told(), "date-promised", {"date": "2026-07-28"}),
        "an answer on a Sunday": (told(), "involved", {"whom": "ana", "question": "¿Qué?", "answer_by": "2026-08-02"}),
        "merged when resolved": (told(**RESOLVED), "merged", {"into": "Q-2"}),
        "merged into nothing": (told(), "merged", {}),
        "merged into itself": (told(), "merged", {"into": "Q-7KF3-02M9D"}),
        "absorbs itself": (told(), "merged", {"absorbed": "Q-7KF3-02M9D"}),
        "happened tomorrow": (told(), "details-received", {"occurred_on": "2026-07-30"}),
        "disputed when merged": (told(merged={"into": "Q-2"}), "customer-dissatisfied", {}),
        "disputed late": (satisfied().until("2026-09-22 09:00"), "customer-dissatisfied", {}),
        "a second survey": (told(**RESOLVED, survey_answered={"score": 5}), "survey-answered", {"score": 1}),
        "the same rules": (told(), "rules-changed", {"rules": told().case.rules.model_dump(mode="json")}),
        "a shorter ladder": (at_level_two(), "rules-changed", {"rules": SHORT_LADDER}),
        "full": (full(), "noted", {"text": "Una nota."}),
    }  # fmt: skip


def sentences() -> Iterator[tuple[str, str]]:
    """Where something is refused, and what is said."""
    for fact in FACTS:
        for stage in Stage:
            hall, payload = OneCase(a_case_in(stage)), (SAID.get(fact, {}),)
            if hall.case and hall.case.effect_of(parsed(fact, payload))[0] == "ignored":
                yield f"request {fact} at {stage}", hall.refused(fact, payload)
                yield f"signal {fact} at {stage}", hall.heard(fact, payload)
    for place, (tale, fact, said) in objections().items():
        yield f"request {place}", OneCase(tale).refused(fact, (said,))
        yield f"signal {place}", OneCase(tale).heard(fact, (said,))
    almost_full = OneCase(long_told()).refused("noted", ({"text": WIDE},))
    yield "request almost full", re.sub(r"\d+ characters", "N characters", almost_full)  # as much as its rules leave
    yield "signal of no name", OneCase(told()).heard("no-such-signal", ())
    yield "signal unreadable", OneCase(told()).heard("noted", (Unreadable("json/x"),))
    yield "request unreadable", OneCase(told()).refused("noted", (Unreadable("json/x"),))
    yield "signal of two reasons", OneCase(told()).heard("called", ({"next_at": "ayer"},))
    yield "request of two reasons", OneCase(told()).refused("called", ({"next_at": "ayer"},))
    for place, (arguments, number) in STARTS.items():
        with pytest.raises(ApplicationError) as failed:
            carried_or_received(arguments, number)
        yield f"start: {place}", failed.value.message
    now = datetime(2026, 7, 22, 14, tzinfo=UTC)
    with pytest.raises(ApplicationError) as failed:
        rules_request(a_complaint(received_at=now - timedelta(days=800)), now)
    yield "start: years ago", failed.value.message
    yield from validations()


def validations() -> Iterator[tuple[str, str]]:
    """What each kind of field cannot hold; the first field of a kind stands for the others."""
    seen = set()
    models: list[type[BaseModel]] = [*FACTS.values(), Customer, Problem, ComplaintReceived]
    for model in models:
        for name, info in model.model_fields.items():
            kind = (str(info.annotation), str(info.metadata), info.is_required(), name in ("email", "phone"))
            if kind in seen or (isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)):
                continue
            seen.add(kind)
            for bad, value in {**BAD, "missing": ...}.items():
                content = dict(SAID.get(getattr(model, "name", ""), {}))
                content |= {info.alias or name: value}
                if value is ...:
                    del content[info.alias or name]
                try:
                    model.model_validate(content)
                except ValidationError as error:
                    yield f"{model.__name__}.{name}: {bad}", clause(*refusals_of(error))


def test_every_refusal_is_said_as_before() -> None:
    assert dict(sentences()) == json.loads(BEFORE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    BEFORE.write_text(json.dumps(dict(sentences()), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
