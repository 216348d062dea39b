"""A case told again from its journal (§9): the same, or an alarm that names the row."""

from collections.abc import Callable

import pytest

from complaints.rules.journal import Row
from complaints.rules.retelling import JournalBroken, told_again
from tests.casebook import BY_PHONE, FAILED, SENT, Tale, lima
from tests.rules.case_laws import comparable


def _silence() -> Tale:
    return Tale.begins().until("2026-09-01 09:00")


def _dispute() -> Tale:
    tale = Tale.begins()
    tale.says("assigned", on="2026-07-24 10:00", by="ana", via="desk", department="academic")
    tale.says("customer-satisfied", on="2026-07-24 11:00")
    tale.says("customer-dissatisfied", on="2026-07-24 12:00", reason="No")
    tale.says("resolved", on="2026-07-30 10:00", text="Se repone.", by="ana")
    tale.says("customer-dissatisfied", on="2026-07-31 10:00", reason="No")
    tale.says("resolved", on="2026-08-03 10:00", by="ana")
    tale.says("survey-answered", score=2)
    tale.says("customer-satisfied", on="2026-08-05 10:00")
    tale.says("customer-dissatisfied", on="2026-08-10 10:00", reason="Otra vez")
    return tale


def _telephone() -> Tale:
    tale = Tale.begins(customer=BY_PHONE, channel="phone").until("2026-07-28 09:00")
    tale.says("called", reached=False, **{"with": "su hermano"})
    tale.says("called", on="2026-07-28 10:00", reached=True, at=lima("2026-07-28 09:30"))
    return tale.until("2026-08-10 10:00")


def _refused_mail() -> Tale:
    tale = Tale.begins(mail=FAILED).until("2026-07-24 10:00")
    tale.mail = SENT
    tale.says("details-received", email="rosa@otro.example", event_id="e1")
    tale.says("details-requested", missing=["la boleta"])
    tale.case.ignore("cancel", "a complaint cannot be cancelled")
    return tale.until("2026-08-01 10:00")


def _outage() -> Tale:
    tale = Tale.begins().sleeps(days=12)
    tale.says("resolved", text="Se repone.")
    tale.says("merged", absorbed="Q-3", received_at=lima("2026-07-01 09:00"))
    return tale.until("2026-08-10 10:00")


def _a_future_date() -> Tale:
    return Tale.begins(problem={"description": "x", "occurred_on": "2026-09-01"}).until("2026-07-24 10:00")


LIVES: list[Callable[[], Tale]] = [_silence, _dispute, _telephone, _refused_mail, _outage, _a_future_date]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.__name__.strip("_"))
def test_the_journal_is_the_state(life: Callable[[], Tale]) -> None:
    tale = life()
    again = told_again(tale.case.number, [Row.model_validate_json(row.model_dump_json()) for row in tale.case.rows])
    again.settle(tale.case.as_of)
    assert comparable(again) == comparable(tale.case)
    assert again.recorded == len(tale.case.rows)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.__name__.strip("_"))
def test_any_beginning_of_a_journal_can_be_told(life: Callable[[], Tale]) -> None:
    """Postgres may be behind: what it has is a case too."""
    rows = life().case.rows
    for length in range(1, len(rows) + 1):
        again = told_again("Q-7KF3-02M9D", rows[:length])
        assert again.recorded == length
        assert again.rows == rows[: len(again.rows)], "an act of which rows are missing is told whole, to be written"


def test_a_fact_right_after_a_deadline_of_the_same_instant_stays_after_it() -> None:
    tale = Tale.begins().until("2026-07-25 09:00")  # an update, which leaves no row of its own, strikes now
    tale.says("resolved", text="Se repone.")
    assert tale.told() == ["acknowledgement", "update", "resolution"]
    assert comparable(tale.again()) == comparable(tale.case)


BREACH = 7
"""The row `late/assessment` of a case that nobody assesses."""


def _changed(rows: list[Row], seq: int, **update: object) -> list[Row]:
    return [row.model_copy(update=update) if row.seq == seq else row for row in rows]


def _and(rows: list[Row], what: str, **data: object) -> list[Row]:
    return [*rows, Row(seq=len(rows) + 1, at=rows[-1].at, what=what, data=data)]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda rows: _changed(rows, BREACH, at=lima("2026-07-27 17:59")), "does not follow from the rows before it"),
        (lambda rows: _changed(rows, BREACH, what="late/assignment"), "comes out differently: what"),
        (lambda rows: _changed(rows, BREACH, data={}), "comes out differently: data"),
        (lambda rows: _changed(rows, 1, by="mallory", data={}), r"row 1 \(received\) cannot be read"),
        (lambda rows: [row for row in rows if row.seq != BREACH], "in the place of row 7, which is missing"),
        (lambda rows: [rows[0], *rows], r"row 1 \(received\) stands in the place of row 2, which is missing"),
        (lambda rows: _and(rows, "assessed", x=1), r"\(assessed\) comes out differently: data"),
        (lambda rows: _and(rows, "survey-answered", score=5), r"\(survey-answered\) would be ignored now"),
        (
            lambda rows: _and(rows, "letter-sent", key="1/x/customer"),
            "about a letter that nobody ordered: 1/x/customer",
        ),
        (lambda rows: _and(rows, "assessed", category="\x00"), r"\(assessed\) cannot be read"),
        (lambda rows: _and(rows, "letter-sent"), r"\(letter-sent\) cannot be read"),
        (lambda rows: _and(rows, "late/legal"), r"\(late/legal\) does not follow"),
    ],
)
def test_rows_that_do_not_tell_a_case_are_an_alarm(broken: Callable[[list[Row]], list[Row]], says: str) -> None:
    rows = Tale.begins().until("2026-07-30 09:00").case.rows
    with pytest.raises(JournalBroken, match=says) as alarm:
        told_again("Q-7KF3-02M9D", broken(rows))
    assert "Q-7KF3-02M9D" in str(alarm.value)


def test_no_rows_are_no_case() -> None:
    with pytest.raises(JournalBroken, match="has no rows"):
        told_again("Q-7KF3-02M9D", [])


def test_cases_of_the_same_rules_share_them_and_another_has_its_own() -> None:
    """Read once, the calendar's days are counted once too; whoever changes a row of them gets none that was shared."""
    first, second = (told_again(tale.case.number, tale.case.rows) for tale in (_silence(), _dispute()))
    assert first.rules is second.rules
    rows = _silence().case.rows
    rules = rows[0].data["rules"]
    windows = {**rules["policy"]["windows"], "assessment": 3}
    changed = {**rules, "policy": {**rules["policy"], "windows": windows}}
    rows[0] = rows[0].model_copy(update={"data": {**rows[0].data, "rules": changed}})
    with pytest.raises(JournalBroken):
        told_again("Q-7KF3-02M9D", rows)
    again = told_again("Q-7KF3-02M9D", rows[:1])
    assert (again.policy.windows.assessment, first.policy.windows.assessment) == (3, 2)
