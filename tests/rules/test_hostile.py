"""Hostile payloads through everything that a running case hears, without a server: as bytes, as a bare client sends
them. Whatever is taken can be kept, passed on and told again; whatever is not is journalled, or answered."""

import itertools
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.exceptions import ApplicationError

from complaints.records.keepable import as_json, refuse_unkeepable
from complaints.rules.case import Case
from complaints.rules.contents import letter_order
from complaints.rules.facts import FACTS, UPDATES
from complaints.rules.journal import RecordBatch, Row
from complaints.rules.letters import LetterOrder
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.received import ComplaintReceived
from complaints.rules.requests import Carried
from complaints.rules.retelling import told_again
from complaints.rules.status import explained, record_of, status_of, timeline_of
from tests.casebook import FAILED, WEDNESDAY, Tale, a_complaint, lima
from tests.exploring import FACTS as EXAMPLES
from tests.rules.test_case_handlers import OneCase
from workflows.opening import carried_case, carried_or_received, rules_request
from workflows.payloads import ForgivingConverter

DEEP = 150

VALUES: dict[str, str] = {
    "null": "null", "true": "true", "zero": "0", "negative": "-1", "half": "0.5", "NaN": "NaN", "infinite": "-Infinity",
    "beyond a float": "1e999", "beyond 64 bits": "18446744073709551616", "5,000 digits": "9" * 5_000,
    "nothing said": '""', "blank": '" \\t "', "NUL": '"a\\u0000b"', "half a pair": '"\\ud800x"', "ESC": '"\\u001b[2J"',
    "right to left": '"\\u202etxt.exe"', "lines": '"a\\r\\nb\\u2028c"', "long": json.dumps("ñ" * 120_000),
    "a list": "[]", "list of null": "[null]", "list of lists": '[["x"],["x"]]',
    "5,000 in a list": json.dumps(["x"] * 5_000),
    "an object": "{}", "an object within": '{"a":{"b":null}}', "deep list": "[" * DEEP + "]" * DEEP,
    "deep object": '{"a":' * DEEP + "1" + "}" * DEEP, "odd keys": '{"\\u0000":1,"__class__":2,"":3}',
    "a day": '"2026-07-24"', "year 9999": '"9999-12-31"', "year 1": '"0001-01-01"', "no day": '"2026-02-30"',
    "a time": '"2026-07-24T10:00:00Z"', "naive": '"2026-07-24T10:00:00"',
    "last instant": '"9999-12-31T23:59:59.999999Z"',
    "first instant": '"0001-01-01T00:00:00+23:59"', "seconds": "1785000000", "far seconds": "1e17",
    "span": '"P999999999D"',
    "digest": json.dumps("e" * 64), "a number of ours": '"Q-7KF3-02M9D"',
}  # fmt: skip
"""JSON as it stands in a payload, by what it is."""


def places(said: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in it; of many alike the first two."""
    if path:
        yield path
    inner = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list | tuple) else ()
    for place, (key, value) in enumerate(inner):
        alike = isinstance(key, int) or key[:1].isdigit()  # of a list, or of many days
        if place < 2 or not alike:
            yield from places(value, (*path, key))


MARK = "…HERE…"


def put(said: Any, path: tuple[Any, ...], raw: str) -> bytes:
    """The JSON of `said` with these characters at that place."""

    def copied(value: Any, left: tuple[Any, ...]) -> Any:
        if not left:
            return MARK
        if isinstance(value, dict):
            return {**value, left[0]: copied(value.get(left[0]), left[1:])}
        return [copied(one, left[1:]) if place == left[0] else one for place, one in enumerate(value)]

    return json.dumps(copied(said, path), default=str).replace(json.dumps(MARK), raw).encode()


AT_EACH = 2
"""Values at each place, the next place has the next ones, so that each goes through many; all of them are `slow`."""


def hostile(name: str, *, all_of_them: bool) -> Iterator[tuple[str, bytes]]:
    """What is hostile to that fact: values in each of its fields, and in the place of all; what is no JSON."""
    examples = [json.loads(json.dumps(said, default=str)) for fact, said in EXAMPLES if fact == name] or [{}]
    own = {field.alias or key for key, field in FACTS[name].model_fields.items()}
    turn = itertools.cycle(VALUES)
    for example in examples:
        for path in (*places(example), *((field,) for field in sorted(own - example.keys())), ("nobody",)):
            for what in VALUES if all_of_them else itertools.islice(turn, AT_EACH):
                yield f"{what} at {path}", put(example, path, VALUES[what])
    for what, raw in VALUES.items():
        yield what, raw.encode()
    for broken in (b"", b"{", b"\xff\xfe", b'{"a":1,"a":2}', b'{"text":"\xed\xa0\x80"}', b"[" * 100_000, b"nul"):
        yield repr(broken[:20]), broken


def heard(payload: bytes) -> tuple[Any, ...]:
    return tuple(ForgivingConverter().from_payloads([Payload(metadata={"encoding": b"json/plain"}, data=payload)]))


def is_sound(case: Case) -> None:
    """What comes of a case can be kept, passed on to another run and activity, asked for, and told again."""
    batch = RecordBatch(record=record_of(case), rows=tuple(case.rows), calls=tuple(case.calls))
    for one in (batch, Carried(carried=case)):
        [payload] = ForgivingConverter().to_payloads([one])
        [again] = ForgivingConverter().from_payloads([payload], [type(one)])
        assert again == one
    for row in case.rows:
        refuse_unkeepable(row.model_dump(mode="json"), place="row")
        as_json(row.data)
    refuse_unkeepable(batch.record.model_dump(mode="json"), place="record")
    ForgivingConverter().to_payloads([status_of(case), timeline_of(case), explained(case)])
    for notice in case.notices:
        order = letter_order(case, notice, staff_language="es")
        [payload] = ForgivingConverter().to_payloads([order])
        assert ForgivingConverter().from_payloads([payload], [LetterOrder]) == [order]
    kept = [Row.model_validate_json(row.model_dump_json()) for row in case.rows]
    assert told_again(case.number, kept).rows == case.rows


def a_hall(stage: str) -> tuple[OneCase, Case]:
    tale = Tale.begins()
    if stage == "confirmation":
        tale.says("assigned", on="2026-07-24 10:00", department="academic", by="ana")
        tale.says("resolved", on="2026-07-24 11:00", text="Se repone.", by="ana", outcome="upheld")
    hall = OneCase()
    hall.case, hall.at = tale.case, tale.now
    return hall, tale.case


def goes_through(name: str, stage: str, *, all_of_them: bool) -> None:
    """Every payload as a signal, and as the request of that fact if there is one; each case that takes one is sound."""
    requests = [update for update, fact in UPDATES.items() if fact.name == name]
    hall, case = a_hall(stage)
    for what, payload in hostile(name, all_of_them=all_of_them):
        rows, arguments = len(case.rows), heard(payload)
        try:
            if requests:
                hall.may(name, arguments)
                hall.grant(name, arguments)
        except ApplicationError as refused:
            refuse_unkeepable([refused.message, *refused.details], place=what)
        hall.hear(name, arguments)
        if len(case.rows) > rows and case.rows[rows].what != "ignored":
            is_sound(case)
            hall, case = a_hall(stage)
        elif len(case.rows) > rows:
            refuse_unkeepable(case.rows[-1].data, place=what)
    is_sound(case)


@pytest.mark.parametrize("name", FACTS)
def test_whatever_a_fact_is_said_with_the_case_goes_on(name: str) -> None:
    goes_through(name, "assessment", all_of_them=False)


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["assessment", "confirmation"])
@pytest.mark.parametrize("name", FACTS)
def test_every_value_in_every_field_of_a_fact(name: str, stage: str) -> None:
    goes_through(name, stage, all_of_them=True)


def test_a_key_that_nobody_can_keep_is_not_repeated_as_it_came() -> None:
    """The name of a field may be anybody's words too: it stands in the reason, and with a NUL in it no row of the case
    would ever have been written again."""
    policy = {"\0\x1b\u202e": 1, "x" * 5_000: 1}
    hall, case = a_hall("assessment")
    hall.hear("rules-changed", ({"rules": {"policy": policy, "closed_days": {}}},))
    reason = case.rows[-1].data["reason"]
    assert reason.startswith("rules.policy.���: Extra inputs are not permitted; rules.policy.xxx")
    assert len(reason) < 300
    is_sound(case)


# -- starts ----------------------------------------------------------------------------------------------------------


def started(example: Any, *, every: int) -> Iterator[tuple[str, Carried | ComplaintReceived]]:
    """Each start that is taken, of those with a hostile value in one place: every so many of them."""
    said = json.loads(json.dumps(example, default=str))
    tried = ((path, what) for path in (*places(said), ("nobody",)) for what in VALUES)
    for path, what in itertools.islice(tried, 0, None, every):
        try:
            yield f"{what} at {path}", carried_or_received(heard(put(said, path, VALUES[what])), "Q-7KF3-02M9D")
        except ApplicationError as refused:
            refuse_unkeepable([refused.message, *refused.details], place=what)


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_whatever_starts_a_complaint_is_one_that_goes_on_or_names_the_field(every: int) -> None:
    read = [{"field": "document", "value": "45678912", "words": "DNI 45678912", "evident": True}]
    example = a_complaint(read=read, subject="Aula", files=("a.pdf",), by="ana").model_dump(mode="json", by_alias=True)
    for what, received in started(example, every=every):
        assert isinstance(received, ComplaintReceived), what
        now = lima(WEDNESDAY)
        with suppress(ApplicationError):
            asked = rules_request(received, now)
            rules = rules_in_force(Policy(), asked.received_at.date())
            is_sound(Case.opened(received, number="Q-7KF3-02M9D", rules=rules, now=now))


def busy() -> Tale:
    """A case with a call to make, details outstanding, a promise, a message to answer, and something that waits."""
    tale = Tale.begins(mail=FAILED)
    tale.says("details-requested", on="2026-07-24 09:00", missing=["la boleta"], by="ana")
    tale.says("assigned", on="2026-07-24 10:00", department="academic", by="ana")
    tale.says("message-received", on="2026-07-24 11:00", text="¿Y?", via="reply")
    tale.says("date-promised", on="2026-07-24 12:00", date="2026-07-31", by="ana")
    tale.says("act-held", on="2026-07-24 13:00", act="resolved", said={"text": "Se repone."}, by="ana", via="desk")
    assert tale.case.pending_act is not None
    assert tale.case.calls
    return tale


@pytest.mark.parametrize("every", [211, pytest.param(1, marks=pytest.mark.slow)])
def test_whatever_a_case_is_carried_with_it_goes_on_or_names_the_field(every: int) -> None:
    tale, taken = busy(), 0
    example = {"carried": tale.case.model_dump(mode="json")}
    for what, carried in started(example, every=every):
        assert isinstance(carried, Carried), what
        try:
            case = carried_case(carried, now=lima("2026-07-24 14:00"), continued=False)
        except ApplicationError:
            continue
        taken += 1
        try:
            for _ in range(10):
                if clock := case.next_clock:
                    case.settle(clock.due)
            [payload] = ForgivingConverter().to_payloads([RecordBatch(record=record_of(case), rows=tuple(case.rows))])
            ForgivingConverter().to_payloads([status_of(case), timeline_of(case), explained(case)])
        except Exception as error:
            raise AssertionError(what) from error
        assert b"\\u0000" not in payload.data, what
    assert taken > 20
    whole = Carried.model_validate(json.loads(json.dumps(example, default=str)))
    assert carried_case(whole, now=lima("2026-07-24 14:00"), continued=False).rows == tale.case.rows


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("pending_act", "act"), "no-such-act"),
        (("pending_act", "said"), {"text": 7}),
        (("rounds", 0, "resolution"), "a\0b"),
    ],
)
def test_a_case_that_could_not_go_on_opens_no_run_and_one_that_was_continued_is_never_ended(
    place: tuple[Any, ...], value: Any
) -> None:
    example = {"carried": busy().case.model_dump(mode="json")}
    carried = carried_or_received(heard(put(example, ("carried", *place), json.dumps(value))), "Q-7KF3-02M9D")
    assert isinstance(carried, Carried)
    with pytest.raises(ApplicationError, match="carried: does not hold together"):
        carried_case(carried, now=lima("2026-07-24 14:00"), continued=False)
    assert carried_case(carried, now=lima("2026-07-24 14:00"), continued=True) is carried.carried
