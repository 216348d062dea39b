"""What people and programs may say: absurd times, junk and blanks, each refused with its field or taken as nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from complaints.rules.case import parsed
from complaints.rules.facts import FACTS, UPDATES, Called, DetailsReceived, Fact
from complaints.rules.received import ComplaintReceived, occurred_in_the_future, too_old
from complaints.rules.refusals import clause, refusals_of
from tests.casebook import a_complaint, lima

ABSURD = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",  # before the calendar's beginning in UTC
    "9999-12-31T23:59:59-23:59",  # after its end
    "1999-12-31T23:59:59Z",
    "2201-01-01T00:00:00Z",
    "2200-12-31T23:00:00-05:00",  # in UTC the year after
    253_402_300_799,  # seconds: the year 9999
    datetime.max.replace(tzinfo=UTC),
    datetime.min.replace(tzinfo=UTC),
]
NAIVE = ["2026-07-22T09:00:00", datetime(2026, 7, 22, 9)]  # noqa: DTZ001 - it is what must be refused
NEEDED: dict[str, dict[str, Any]] = {
    "noted": {"text": "x"}, "involved": {"whom": "academic", "question": "x"}, "date-promised": {"date": "2026-08-01"},
    "called": {"reached": True}, "letter-bounced": {"key": "k"}, "feedback-given": {"text": "x"},
    "survey-answered": {"score": 3}, "closed-by-decision": {"reason": "x"},
    "rules-changed": {"rules": {"policy": {}, "closed_days": {}}},
}  # fmt: skip


def refused(name: str, **said: Any) -> str:
    """The sentence with which a fact is refused."""
    with pytest.raises(ValidationError) as error:
        parsed(name, ({**NEEDED.get(name, {}), **said},))
    return clause(*refusals_of(error.value))


@pytest.mark.parametrize("name", sorted(FACTS))
@pytest.mark.parametrize("at", [*ABSURD, *NAIVE], ids=str)
def test_no_fact_takes_an_absurd_or_naive_time(name: str, at: Any) -> None:
    assert refused(name, at=at).startswith("at: ")


@pytest.mark.parametrize(("name", "field"), [("called", "next_at"), ("merged", "received_at")])
@pytest.mark.parametrize("at", ABSURD, ids=str)
def test_nor_do_the_other_instants(name: str, field: str, at: Any) -> None:
    assert refused(name, **{field: at}).startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("name", "field"),
    [("date-promised", "date"), ("involved", "answer_by"), ("details-received", "occurred_on")],
)
@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2201-01-01", date.max, date.min], ids=str)
def test_no_day_lies_outside_the_calendar(name: str, field: str, day: Any) -> None:
    assert refused(name, **{field: day}) == f"{field}: lies outside the years 2000 to 2200"


@pytest.mark.parametrize("at", [*ABSURD, *NAIVE], ids=str)
def test_a_complaint_with_an_absurd_receipt_is_refused_with_the_field_never_the_value(at: Any) -> None:
    with pytest.raises(ValidationError) as error:
        a_complaint(received_at=at)
    said = clause(*refusals_of(error.value))
    assert said.startswith("received_at: ")
    assert str(at) not in said


def test_a_complaint_from_years_ago_would_have_years_to_catch_up_with() -> None:
    now = lima("2026-07-22 09:00")
    assert too_old(a_complaint(received_at=now - timedelta(days=731)), now=now) is None
    assert too_old(a_complaint(received_at=now - timedelta(days=732)), now=now) == (
        "receipt.old",
        {"years": "2"},
        "received_at",
    )
    assert too_old(a_complaint(received_at=None), now=now) is None


@pytest.mark.parametrize("offset", [timedelta.max, timedelta.min, timedelta(days=8000), "P30Y"])
def test_a_clock_offset_cannot_leave_the_calendar(offset: Any) -> None:
    with pytest.raises(ValidationError, match="clock_offset"):
        a_complaint(clock_offset=offset)


def test_instants_are_kept_in_utc() -> None:
    fact = parsed("assessed", ({"at": "2026-07-22T09:00:00-05:00"},))
    assert fact.at is not None
    assert fact.at.isoformat() == "2026-07-22T14:00:00+00:00"


def test_occurred_in_the_future_is_about_the_local_day() -> None:
    complaint = a_complaint(problem={"description": "x", "occurred_on": "2026-07-23"})
    assert occurred_in_the_future(complaint, today=date(2026, 7, 22))
    assert not occurred_in_the_future(complaint, today=date(2026, 7, 23))
    assert not occurred_in_the_future(a_complaint(problem={"description": "x"}), today=date(2026, 7, 22))


@pytest.mark.parametrize(
    ("name", "said", "field"),
    [
        ("assessed", {"category": "x" * 301}, "category"),
        ("assessed", {"category": "a\nb"}, "category"),
        ("assessed", {"note": "x" * 100_001}, "note"),
        ("assessed", {"note": "NUL\x00"}, "note"),
        ("assessed", {"by": "a\u2028b"}, "by"),
        ("assessed", {"via": "pigeon"}, "via"),
        ("assessed", {"event_id": "x" * 201}, "event_id"),
        ("assessed", {"category": 7}, "category"),
        ("details-requested", {"missing": ["x"] * 21}, "missing"),
        ("details-requested", {"missing": [" "]}, "missing.0"),
        ("details-received", {"email": "rosa"}, "email"),
        ("details-received", {"email": "a@b, c@d"}, "email"),
        ("details-received", {"phone": "no tengo"}, "phone"),
        ("noted", {"text": "  "}, "text"),
        ("resolved", {"outcome": "maybe"}, "outcome"),
        ("survey-answered", {"score": 6}, "score"),
        ("called", {"reached": "perhaps"}, "reached"),
        ("closed-by-decision", {"reason": ""}, "reason"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(name: str, said: dict[str, Any], field: str) -> None:
    assert refused(name, **said).startswith(f"{field}: ")


@pytest.mark.parametrize("payload", [[], 7, "x", True, 3.5, [["at"]], b"\x00"], ids=str)
def test_what_is_no_object_is_refused(payload: Any) -> None:
    with pytest.raises(ValidationError):
        parsed("assessed", (payload,))


@pytest.mark.parametrize("payload", [(), (None,), ({},), ({"unknown": 1},), ({}, "one too many")], ids=str)
def test_a_bare_signal_and_arguments_too_many_are_facts_too(payload: tuple[Any, ...]) -> None:
    assert parsed("resolved", payload) == FACTS["resolved"]()


def test_what_a_form_left_blank_is_not_said() -> None:
    fact = parsed("details-received", ({"email": " ", "phone": "", "text": "", "product": "BIM"},))
    assert fact == DetailsReceived(product="BIM")
    complaint = a_complaint(customer={"email": "", "phone": "+51 1 224 7777", "name": " "}, product="")
    assert (complaint.customer.email, complaint.customer.name, complaint.product) == (None, None, None)


def test_a_call_is_with_somebody_in_json_and_in_python() -> None:
    assert parsed("called", ({"reached": True, "with": "Rosa"},)) == Called(reached=True, with_="Rosa")
    assert Called(reached=True, with_="Rosa").model_dump(mode="json", by_alias=True)["with"] == "Rosa"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer": {}}, "customer: an email or a phone is needed"),
        ({"customer": {"name": "Rosa"}}, "customer: an email or a phone is needed"),
        ({"customer": {"email": "a b@c"}}, "customer.email: "),
        ({"problem": {}}, "problem.description: "),
        ({"problem": {"description": " \n "}}, "problem.description: "),
        ({"problem": {"description": "x" * 100_001}}, "problem.description: "),
        ({"problem": {"description": "a\x00b"}}, "problem.description: holds the control character U+0000"),
        ({"channel": "pigeon"}, "channel: "),
        ({"source_key": "x" * 1_001}, "source_key: "),
    ],
)
def test_what_cannot_be_a_complaint_is_refused_with_the_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        a_complaint(**changes)
    assert field in clause(*refusals_of(error.value))


def test_every_request_is_a_fact_that_staff_ask_for() -> None:
    assert set(UPDATES.values()) == set(FACTS.values()) - {FACTS["message-received"], FACTS["letter-bounced"]}


_NAMES = sorted({name for fact in FACTS.values() for name in fact.model_fields} | {"customer", "problem", "with"})
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.datetimes()
    | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES) | st.text(max_size=4), inner),
    max_leaves=8,
)


@given(st.sampled_from(sorted(FACTS)), ANYTHING)
def test_whatever_a_stranger_sends_is_a_fact_or_a_sentence(name: str, payload: Any) -> None:
    """No other error may come out: it would fail the workflow task, again and again."""
    fact, sentence = _parsed(name, payload)
    assert (fact is None) == bool(sentence)
    if fact is not None:
        assert type(fact).model_validate(fact.model_dump(mode="json", by_alias=True)) == fact


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(ComplaintReceived.model_fields.keys() - {"policy"})), ANYTHING), JSON)
def test_whatever_a_stranger_starts_is_a_complaint_or_a_sentence(payload: dict[str, Any], policy: Any) -> None:
    """Changes to the policy are any JSON here; whoever applies them looks at them (`policy_file.changed`)."""
    payload |= {"policy": policy}
    complaint, sentence = _received({"customer": {"phone": "12345"}, "problem": {"description": "x"}, **payload})
    assert (complaint is None) == bool(sentence)
    if complaint is not None:
        assert ComplaintReceived.model_validate_json(complaint.model_dump_json()) == complaint


def _received(payload: dict[str, Any]) -> tuple[ComplaintReceived | None, str]:
    try:
        return ComplaintReceived.model_validate(payload), ""
    except ValidationError as error:
        return None, clause(*refusals_of(error))


def _parsed(name: str, payload: Any) -> tuple[Fact | None, str]:
    try:
        return parsed(name, (payload,)), ""
    except ValidationError as error:
        return None, clause(*refusals_of(error))
