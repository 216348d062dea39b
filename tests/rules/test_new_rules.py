"""Other rules for a running case: its deadlines count by them from now on, and what is recorded stays recorded."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from complaints.policy_file import changed
from complaints.rules.case import Case, parsed
from complaints.rules.facts import RulesChanged
from complaints.rules.new_rules import differences
from complaints.rules.policy import Policy, Rules, rules_in_force
from complaints.rules.refusals import NotNow
from complaints.rules.requests import Carried
from complaints.rules.stages import Effect
from complaints.rules.times import LAST_YEAR
from tests.casebook import BY_PHONE, Tale, lima, shown
from tests.rules.test_case_machine import POLICIES, Complaints
from workflows.opening import carried_case


def rules(received: str = "2026-07-22", **changes: Any) -> Rules:
    """Those of a policy with changes, such as `windows={"assessment": 3}`."""
    return rules_in_force(changed(Policy(), changes), date.fromisoformat(received))


def change(tale: Tale, *, on: str | None = None, **changes: Any) -> Effect:
    return tale.says("rules-changed", on=on, rules=rules(**changes).model_dump(mode="json"), by="luis", via="cli")


def closed(*days: str) -> dict[str, Any]:
    return {"calendar": {"extra_closed_days": list(days)}}


def test_a_suddenly_closed_day_moves_every_deadline_that_counts_it_by_one() -> None:
    tale = Tale.begins()
    before = {name: tale.due(name) for name in ("assessment", "escalation", "legal/15", "update", "acknowledgement")}
    assert change(tale, on="2026-07-23 10:00", **closed("2026-07-24")) is Effect.APPLIES
    assert before == {
        "assessment": "2026-07-27 18:00", "escalation": "2026-08-03 18:00", "legal/15": "2026-08-18 18:00",
        "update": "2026-07-25 09:00", "acknowledgement": None,
    }  # fmt: skip
    assert {name: tale.due(name) for name in before} == {
        "assessment": "2026-07-30 18:00",  # the 28th and 29th are holidays
        "escalation": "2026-08-04 18:00",
        "legal/15": "2026-08-18 18:00",  # the law counts the nation's days
        "update": "2026-07-25 09:00",  # §5.4 counts days of the calendar
        "acknowledgement": None,
    }


def test_a_day_that_no_deadline_counts_moves_none() -> None:
    tale = Tale.begins()
    change(tale, on="2026-07-23 10:00", **closed("2026-07-21"))  # the day before the receipt
    assert tale.case.rows[-1].data["moved"] == {}


def test_the_row_says_who_changed_what_and_which_deadlines_moved() -> None:
    tale = Tale.begins()
    change(tale, on="2026-07-23 10:00", version="2026-07", windows={"assessment": 3})
    row = tale.case.rows[-1]
    assert (row.what, row.by, row.via.value, row.data["version"]) == ("rules-changed", "luis", "cli", "2026-07")
    assert row.data["changes"] == {"version": ["2023-07-23", "2026-07"], "windows.assessment": [2, 3]}
    assert row.data["moved"]["assessment"] == ["2026-07-27T23:00:00Z", "2026-07-30T23:00:00Z"]
    assert tale.case.rules_since == row.at


def test_the_same_rules_a_second_time_change_nothing_and_say_so() -> None:
    tale = Tale.begins()
    change(tale, windows={"assessment": 3})
    told = tale.case.model_dump(exclude={"rows", "junk"})
    assert change(tale, windows={"assessment": 3}) is Effect.IGNORED
    assert tale.case.rows[-1].data["reason"] == "these rules hold for it already"
    assert tale.case.model_dump(exclude={"rows", "junk"}) == told


def test_who_is_late_stays_late_though_the_window_is_longer_now() -> None:
    tale = Tale.begins().until("2026-07-28 09:00")
    change(tale, windows={"assessment": 5})
    assert tale.case.late_for == ["assessment"]
    tale.until("2026-08-20 09:00")
    assert [line for line in tale.happened("late") if "assessment" in line] == ["2026-07-27 18:00 late/assessment"]


def test_a_window_that_by_the_new_rules_is_over_is_late_at_once_with_the_date_on_which_it_was_due() -> None:
    tale = Tale.begins(policy={"windows": {"assessment": 5}}).until("2026-07-27 10:00")
    change(tale, windows={"assessment": 1})
    tale.until("2026-07-27 10:01")
    late = next(row for row in tale.case.rows if row.what == "late/assessment")
    assert (shown(late.at), late.data["due"]) == ("2026-07-27 10:00", "2026-07-24T23:00:00Z")


def test_an_escalation_under_five_days_that_would_not_have_come_under_seven() -> None:
    five, seven = Tale.begins(), Tale.begins()
    change(seven, on="2026-07-30 10:00", escalation={"after": 7})
    resolved = {"on": "2026-08-04 10:00", "text": "Se reponen las horas."}
    assert five.says("resolved", **resolved) is seven.says("resolved", **resolved) is Effect.IMPLIES
    assert [tale.happened("escalated") for tale in (five, seven)] == [["2026-08-03 18:00 escalated"], []]


def test_a_level_counts_from_its_own_beginning_whatever_the_policy_counts_from() -> None:
    tale = Tale.begins().until("2026-08-04 10:00")
    since = tale.case.escalation_since
    change(tale, escalation={"counted_from": "investigation"})
    assert tale.case.escalation_since == since
    below = Tale.begins()
    change(below, escalation={"counted_from": "investigation"})
    assert (below.case.escalation_since, below.due("escalation")) == (None, None)
    change(below)
    assert below.due("escalation") == "2026-08-03 18:00"


def test_a_shorter_ladder_than_the_case_has_climbed_is_refused() -> None:
    tale = Tale.begins().until("2026-08-12 10:00")
    assert tale.case.level == 2
    shorter = rules(escalation={"levels": ["administration_manager"]})
    with pytest.raises(NotNow, match="it is at level 2, and the new ladder ends at 1"):
        tale.case.expect(RulesChanged(rules=shorter))


LEGAL: list[tuple[str, dict[str, Any], list[str]]] = [
    ("told of day 10, and 10 is the limit now", {"business_days": 10, "warn_on": [8]},
     ["2026-08-11 18:00 warned/legal/10", "2026-08-12 09:00 late/legal"]),
    ("told of day 10, and one earlier day more", {"warn_on": [8, 10, 13]},
     ["2026-08-11 18:00 warned/legal/10", "2026-08-14 18:00 warned/legal/13", "2026-08-18 18:00 late/legal"]),
    ("a longer limit", {"business_days": 20, "warn_on": [10, 18]},
     ["2026-08-11 18:00 warned/legal/10", "2026-08-21 18:00 warned/legal/18", "2026-08-25 18:00 late/legal"]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "limit", "told"), LEGAL, ids=[case[0] for case in LEGAL])
def test_the_laws_clock_tells_nobody_twice(why: str, limit: dict[str, Any], told: list[str]) -> None:
    tale = Tale.begins().until("2026-08-12 09:00")
    change(tale, legal_limit=limit)
    tale.until("2026-09-10 09:00")
    assert [line for line in tale.happened("warned", "late") if "legal" in line] == told, why
    assert "legal" in tale.case.late_for
    assert tale.told("administration_manager").count("legal-breach") == 1


def test_a_legal_breach_stays_one_under_a_longer_limit() -> None:
    tale = Tale.begins().until("2026-08-19 09:00")
    change(tale, legal_limit={"business_days": 20, "warn_on": []})
    tale.until("2026-09-10 09:00")
    assert [line for line in tale.happened("late") if "legal" in line] == ["2026-08-18 18:00 late/legal"]
    assert "legal" in tale.case.late_for


def test_a_call_that_is_due_on_a_day_that_is_closed_now_moves_to_the_office_hours_before() -> None:
    tale = Tale.begins("2026-09-07 09:00", customer=BY_PHONE, channel="phone").until("2026-09-11 10:00")
    task = tale.case.open_call
    assert task is not None
    day = shown(task.due)[:10]
    change_on = rules("2026-09-07", **closed(day))
    tale.says("rules-changed", rules=change_on.model_dump(mode="json"))
    moved = tale.case.open_call
    assert moved is not None
    assert tale.case.calendar.is_business_day(tale.case.calendar.local_date(moved.due))


def test_a_promised_day_keeps_its_date_and_ends_when_the_office_now_closes() -> None:
    tale = Tale.begins()
    tale.says("date-promised", date="2026-07-31")
    change(tale, calendar={"office_hours": [["09:00", "13:00"]]})
    assert tale.due("promise") == "2026-07-31 13:00"


def test_the_rows_alone_tell_the_same_case() -> None:
    tale = Tale.begins()
    change(tale, on="2026-07-24 10:00", **closed("2026-07-27"), windows={"assessment": 4})
    tale.says("assigned", on="2026-07-30 12:00", department="academic")
    change(tale, on="2026-08-03 10:00", escalation={"after": 9})
    tale.until("2026-08-20 10:00")
    not_told = {"recorded", "passed", "as_of"}
    assert tale.again().model_dump(exclude=not_told) == tale.case.model_dump(exclude=not_told)
    carried = Case.model_validate_json(tale.case.model_dump_json())
    assert carried == tale.case
    assert carried.calendar.deadline(lima("2026-07-22 09:00"), 3) == lima("2026-07-30 18:00")  # 23, 27, 28, 29 closed


def test_a_row_keeps_the_rules_whole_so_that_a_later_default_cannot_change_them() -> None:
    tale = Tale.begins()
    change(tale, windows={"assessment": 3})
    assert tale.case.rows[-1].data["rules"] == tale.case.rules.model_dump(mode="json")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"2026-07-24": "NUL\x00"}, "holds the control character U.0000"),
        ({"2026-07-24": ""}, "should have at least 1"),
        ({f"{LAST_YEAR + 1}-01-01": "x"}, "lies outside the years"),
    ],
)
def test_closed_days_that_no_database_keeps_are_refused(days: dict[str, str], said: str) -> None:
    tale = Tale.begins()
    with pytest.raises(ValueError, match=said):
        tale.says("rules-changed", rules={"policy": {}, "closed_days": days})


def test_what_differs_is_named_as_in_the_file() -> None:
    found = differences(rules(), rules(updates={"every_days": 2}, **closed("2026-12-24")))
    assert found == {
        "updates.every_days": [3, 2], "calendar.extra_closed_days": [[], ["2026-12-24"]],
        "closed_days": [[], ["2026-12-24"]],
    }  # fmt: skip


class WithNewRules(Complaints):
    """One complaint, to which anything may happen, other rules too."""

    @rule(policy=st.sampled_from([*POLICIES, {"legal_limit": {"business_days": 10, "warn_on": [5]}}]))
    def the_rules_change(self, policy: dict[str, Any]) -> None:
        case = self.case
        since = case.calendar.local_date(case.rows[0].at)
        said = {"rules": rules_in_force(changed(Policy(), policy), since).model_dump(mode="json")}
        late = list(case.late_for)
        same = case.rules.model_dump(mode="json") == said["rules"]
        effect = case.apply(parsed("rules-changed", (said,)), now=self.now)
        assert effect is Effect.IGNORED or not same
        if effect is not Effect.IGNORED:
            assert [name for name in late if name in case.late_for] == late, "what was late stays late"


THOROUGH = settings(
    max_examples=40, stateful_step_count=30, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)  # fmt: skip


@pytest.mark.timeout(900)
def test_a_case_whose_rules_change_never_contradicts_itself() -> None:
    run_state_machine_as_test(WithNewRules, settings=THOROUGH)


def test_cases_of_equal_rules_hold_them_once_also_in_their_first_row_and_when_they_are_carried() -> None:
    one, other = Tale.begins().case, Tale.begins("2026-07-22 11:00").case
    carried = Carried.model_validate_json(Carried(carried=other).model_dump_json())
    other_again = carried_case(carried, now=other.as_of, continued=True)
    for case in (other, other_again):
        assert case.rules is one.rules
        assert case.rows[0].data["rules"] is one.rows[0].data["rules"]
    assert one.rows[0].data["rules"] == one.rules.model_dump(mode="json")


def test_rules_that_change_for_one_case_change_for_no_other() -> None:
    tale, other = Tale.begins(), Tale.begins().case
    before = other.model_dump()
    change(tale, on="2026-07-23 10:00", **closed("2026-07-24"))
    assert tale.case.rules != other.rules
    assert other.model_dump() == before
    assert tale.case.rows[0].data["rules"] == other.rows[0].data["rules"], "which held when it was received"
