"""The clocks (§4, §5, §7, §8, Ley 31435): when each strikes, who is told, and that it strikes once."""

from typing import Any

import pytest

from complaints.rules.letters import LetterKind
from complaints.rules.stages import Effect
from complaints.rules.status import explained, record_of, status_of
from tests.casebook import BY_MAIL, BY_PHONE, FAILED, WEDNESDAY, Tale, lima, shown


def since(tale: Tale) -> str | None:
    """Since when it is late, in Lima, as page and records have it."""
    told, kept = status_of(tale.case).late_since, record_of(tale.case).late_since
    assert told == kept
    return shown(told) if told else None


# -- when ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "assessment", "escalation", "legal"),
    [
        ("2026-07-22 09:00", "2026-07-27 18:00", "2026-08-03 18:00", "2026-08-18 18:00"),  # Fiestas Patrias
        ("2026-07-24 09:00", "2026-07-30 18:00", "2026-08-04 18:00", "2026-08-19 18:00"),
        ("2026-04-01 09:00", "2026-04-07 18:00", "2026-04-10 18:00", "2026-04-24 18:00"),  # Holy Thursday and Friday
        ("2026-12-04 09:00", "2026-12-10 18:00", "2026-12-15 18:00", "2026-12-30 18:00"),  # 8 and 9 December
        ("2026-12-23 09:00", "2026-12-28 18:00", "2026-12-31 18:00", "2027-01-15 18:00"),  # over the year's end
        (
            "2026-07-22 23:30",
            "2026-07-27 18:00",
            "2026-08-03 18:00",
            "2026-08-18 18:00",
        ),  # in UTC the 23rd
        (
            "2026-07-25 09:00",
            "2026-07-30 18:00",
            "2026-08-04 18:00",
            "2026-08-19 18:00",
        ),  # a Saturday
    ],
)
def test_the_windows_end_on_the_golden_dates(received: str, assessment: str, escalation: str, legal: str) -> None:
    tale = Tale.begins(received)
    assert (tale.due("assessment"), tale.due("escalation"), tale.due("legal/15")) == (assessment, escalation, legal)


def test_each_window_counts_from_the_fact_before_it() -> None:
    tale = Tale.begins()
    tale.says("assessed", on="2026-07-24 10:00")
    assert tale.due("assignment") == "2026-07-27 18:00"
    tale.says("assigned", on="2026-07-24 12:00", department="academic")
    assert tale.due("investigation") == "2026-08-04 18:00"
    tale.says("assigned", on="2026-07-30 12:00", department="finance")
    assert tale.due("investigation") == "2026-08-04 18:00", "handing it on does not start the window anew"


def test_the_24_hours_are_of_the_clock_and_start_at_receipt() -> None:
    tale = Tale.begins("2026-07-24 17:30", mail=None)
    assert tale.due("acknowledgement") == "2026-07-25 17:30"  # a Saturday
    tale.until("2026-07-25 17:29")
    assert tale.happened("late") == []
    tale.until("2026-07-25 17:30")
    assert tale.happened("late") == ["2026-07-25 17:30 late/acknowledgement"]


def test_the_counting_of_the_five_days_may_begin_with_the_investigation() -> None:
    tale = Tale.begins(policy={"escalation": {"counted_from": "investigation"}})
    assert tale.due("escalation") is None
    tale.says("assigned", on="2026-07-24 10:00")
    assert tale.due("escalation") == "2026-08-04 18:00"


# -- who is told -----------------------------------------------------------------------------------------------------

ACADEMIC = {"department": "academic"}
ANA = {"representative": "Ana Torres", "department": "academic"}


@pytest.mark.parametrize(
    ("assigned", "until", "kind", "told"),
    [
        (None, "2026-07-24 18:00", LetterKind.WARNING, ["warning/assessment → care_team"]),
        (None, "2026-07-27 18:00", LetterKind.LATE, ["late/assessment → care_team"]),
        # investigation: who works on it, copy to the department's head
        ({}, "2026-08-03 18:00", LetterKind.LATE, ["late/investigation → care_team"]),
        (ACADEMIC, "2026-07-31 18:00", LetterKind.WARNING, ["warning/investigation → department_head"]),
        (ACADEMIC, "2026-08-03 18:00", LetterKind.LATE, ["late/investigation → department_head"]),
        (ANA, "2026-07-31 18:00", LetterKind.WARNING, ["warning/investigation → representative"]),
        (ANA, "2026-08-03 18:00", LetterKind.LATE,
         ["late/investigation → representative", "late/investigation → department_head"]),
        # the law: whoever manages it, at the close of days 10 and 13, and at the limit
        (None, "2026-08-11 18:00", LetterKind.LEGAL_WARNING,
         ["legal/10 → administration_manager", "legal/10 → general_director"]),
        (None, "2026-08-18 18:00", LetterKind.LEGAL_BREACH,
         ["legal/15 → administration_manager", "legal/15 → general_director"]),
    ],
)  # fmt: skip
def test_who_is_told_when_a_window_ends(
    assigned: dict[str, str] | None, until: str, kind: LetterKind, told: list[str]
) -> None:
    tale = Tale.begins()
    if assigned is not None:
        tale.says("assigned", **assigned)
    tale.until(until)
    assert tale.notices(kind) == told


def test_an_assignment_that_nobody_makes_is_the_care_teams() -> None:
    tale = Tale.begins()
    tale.says("assessed", on="2026-07-22 10:00")
    tale.until("2026-07-31 18:00")
    assert tale.notices(LetterKind.LATE) == ["late/assignment → care_team"]
    assert tale.happened("late") == ["2026-07-24 18:00 late/assignment"]


def test_an_acknowledgement_not_delivered_in_time_is_told_and_telephoned() -> None:
    tale = Tale.begins(mail=None).until("2026-07-23 09:00")
    told = ["late/acknowledgement → care_team", "late/acknowledgement → administration_manager"]
    assert tale.notices(LetterKind.ACKNOWLEDGEMENT_LATE) == told
    assert tale.case.open_call is not None
    assert tale.case.open_call.kinds == ("acknowledgement",)
    assert tale.case.late_for == ["acknowledgement"]
    assert since(tale) == "2026-07-23 09:00"
    tale.says("called", reached=True)
    assert tale.case.late_for == []
    assert tale.case.open_call is None


def test_a_breach_is_recorded_and_told_once_and_the_wait_goes_on() -> None:
    tale = Tale.begins().until("2026-08-20 09:00")
    assert tale.happened("late") == [
        "2026-07-27 18:00 late/assessment",
        "2026-08-18 18:00 late/legal",
    ]
    assert tale.case.stage == "assessment"
    assert tale.says("assessed") is Effect.APPLIES


# -- pauses (§5.1) ---------------------------------------------------------------------------------------------------


def test_days_at_whose_close_details_are_outstanding_do_not_count() -> None:
    tale = Tale.begins()
    tale.says("details-requested", on="2026-07-22 10:00", question="¿Qué grupo?")
    tale.says("details-received", on="2026-07-27 12:00", text="El grupo 4")
    # closes of the 22nd and 24th passed meanwhile: +1 is the 27th, +2 the 30th
    assert tale.due("assessment") == "2026-07-30 18:00"
    assert tale.due("escalation") == "2026-08-04 18:00"
    assert tale.due("legal/15") == "2026-08-18 18:00"


def test_an_open_wait_is_taken_to_go_on_but_for_five_days_at_most() -> None:
    tale = Tale.begins()
    tale.says("assigned", on="2026-07-22 10:00")
    tale.says("details-requested", on="2026-07-24 10:00", question="¿Qué grupo?")
    # paused: 24, 27, 30, 31 July, 3 August; counted: 4, 5, 7, 10, 11
    assert tale.due("investigation") == "2026-08-11 18:00"
    tale.until("2026-08-11 18:00")
    assert tale.happened("late") == ["2026-08-11 18:00 late/investigation"]


def test_two_waits_share_the_five_days() -> None:
    tale = Tale.begins()
    tale.says("details-requested", on="2026-07-22 10:00", question="¿Qué grupo?")
    tale.says("details-received", on="2026-07-27 12:00")
    tale.says("details-requested", on="2026-07-30 10:00", question="¿Qué sede?")
    assert len(tale.case.paused) == 5


def test_the_24_hours_and_the_updates_do_not_pause() -> None:
    tale = Tale.begins(mail=None)
    tale.says("details-requested", on="2026-07-22 09:00", question="¿Qué grupo?")
    assert tale.due("acknowledgement") == "2026-07-23 09:00"
    assert tale.due("update") == "2026-07-25 09:00"


def test_a_resolution_ends_the_wait() -> None:
    tale = Tale.begins()
    tale.says("details-requested", question="¿Qué grupo?")
    tale.says("resolved", on="2026-07-27 10:00", text="Se repone.")
    assert tale.case.details_outstanding is None
    assert [str(day) for day in tale.case.paused] == ["2026-07-22", "2026-07-24"]


# -- the law ---------------------------------------------------------------------------------------------------------


def test_the_legal_clock_stops_at_the_first_resolution_communicated() -> None:
    tale = Tale.begins()
    tale.says("resolved", on="2026-08-10 10:00", text="Se repone.")
    tale.says("customer-dissatisfied", on="2026-08-11 10:00", reason="No basta")
    tale.until("2026-08-31 10:00")
    assert tale.happened("warned/legal", "late/legal") == []


def test_a_resolution_that_only_waits_for_the_mail_server_does_not_stop_it() -> None:
    tale = Tale.begins()
    tale.mail = None
    tale.says("resolved", on="2026-08-10 10:00", text="Se repone.")
    tale.until("2026-08-18 18:00")
    assert "2026-08-18 18:00 late/legal" in tale.happened("late")


def test_once_breached_it_is_listed_until_the_end() -> None:
    tale = Tale.begins().until("2026-08-19 09:00")
    tale.says("resolved", text="Se repone.")
    assert tale.case.late_for == ["legal"]
    assert since(tale) == "2026-08-18 18:00"
    tale.says("customer-satisfied")
    assert (tale.case.late_for, since(tale)) == ([], None)


def test_since_when_it_is_late_is_told_by_what_is_late_the_longest() -> None:
    tale = Tale.begins().until("2026-08-20 09:00")
    assert since(tale) == "2026-07-27 18:00", "the assessment, not the law's limit"
    tale.says("assessed")
    assert since(tale) == "2026-08-18 18:00"


def test_a_bounced_resolution_was_not_communicated() -> None:
    tale = Tale.begins()
    tale.says("resolved", on="2026-07-24 10:00", text="Se repone.")
    tale.says("letter-bounced", on="2026-07-24 11:00", key="1/resolution/customer")
    assert tale.due("legal/10") == "2026-08-11 18:00"


def test_the_first_of_two_communicated_resolutions_may_bounce() -> None:
    tale = Tale.begins()
    tale.says("resolved", on="2026-07-24 10:00", text="Se repone.")
    tale.says("customer-dissatisfied", on="2026-07-24 11:00")
    tale.says("resolved", on="2026-07-27 10:00", text="Se devuelve el dinero.")
    tale.says("letter-bounced", on="2026-07-27 11:00", key="1/resolution/customer")
    assert tale.case.first_communicated_at == lima("2026-07-27 10:00")
    assert tale.due("legal/15") is None


# -- order -----------------------------------------------------------------------------------------------------------


def test_after_an_outage_what_passed_before_a_fact_stands() -> None:
    """A `resolved` sent on day 7 does not erase the breach and the escalation before it."""
    tale = Tale.begins().sleeps(days=14)
    tale.says("resolved", text="Se repone.")
    assert tale.happened("late", "escalated", "resolved") == [
        "2026-07-27 18:00 late/assessment",
        "2026-08-03 18:00 escalated",
        "2026-08-05 09:00 resolved",
    ]


def test_what_was_done_in_time_during_an_outage_stays_in_time() -> None:
    tale = Tale.begins().sleeps(days=14)
    tale.case.apply(_resolved(at="2026-07-24 10:00"), now=tale.now)
    tale.case.settle(tale.now)
    assert tale.happened("late", "escalated", "resolved") == ["2026-07-24 10:00 resolved"]


def test_a_fact_at_the_very_instant_of_a_deadline_is_in_time() -> None:
    tale = Tale.begins()
    tale.case.apply(_resolved(at="2026-07-27 18:00"), now=lima("2026-07-27 18:00"))
    tale.until("2026-07-28 10:00")
    assert tale.happened("late") == []


def test_at_one_instant_what_was_missed_comes_before_what_is_sent() -> None:
    tale = Tale.begins(policy={"windows": {"assessment": 5}}).until("2026-08-03 18:00")
    assert tale.happened("late", "escalated") == ["2026-08-03 18:00 late/assessment", "2026-08-03 18:00 escalated"]
    (letter,) = tale.letters(LetterKind.ESCALATED_TO_YOU)
    assert not letter.contents.on_schedule


def test_every_running_clock_can_be_explained_day_by_day() -> None:
    tale = Tale.begins()
    found = {clock.name: clock for clock in explained(tale.case)}
    assert set(found) == {
        "warning/assessment", "update", "assessment", "escalation", "legal/10", "legal/13", "legal/15"
    }  # fmt: skip
    days = found["assessment"].days
    assert days is not None
    assert [(str(day.day), day.kind.value) for day in days.days] == [
        ("2026-07-23", "holiday"),
        ("2026-07-24", "counted"),
        ("2026-07-25", "weekend"),
        ("2026-07-26", "weekend"),
        ("2026-07-27", "counted"),
    ]


@pytest.mark.parametrize(
    ("customer", "mail", "due"),
    [
        (None, None, "2026-07-25 09:00"),  # 3 days at the same hour, a Saturday
        (BY_MAIL, None, "2026-07-25 09:00"),
        (BY_PHONE, None, "2026-07-24 09:00"),  # a call: in the last office hours before, from their opening
        (None, FAILED, "2026-07-24 09:00"),
    ],
)
def test_an_update_by_letter_comes_on_weekends_one_by_call_before(customer: Any, mail: Any, due: str) -> None:
    said = {"customer": customer} if customer else {}
    tale = Tale.begins(WEDNESDAY, mail=mail, **said)
    assert tale.due("update") == due


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-09-10 05:00", "2026-09-12 08:00"),  # 3 days end on Sunday; Saturday's office closed at its midnight
        ("2026-09-09 13:00", "2026-09-12 08:00"),  # at Saturday's noon: that day's opening
        ("2026-09-12 07:00", "2026-09-12 08:00"),  # by Tuesday at 7 only Saturday's office is left
        ("2026-09-12 09:00", "2026-09-15 08:00"),
    ],
)
def test_a_call_never_comes_after_the_3_days_though_the_office_closes_at_midnight(received: str, due: str) -> None:
    hours = {"office_hours": [["08:00", "12:00"], ["14:00", "24:00"]], "work_days": ["tue", "sat"]}
    tale = Tale.begins(received, policy={"calendar": hours}, customer=BY_PHONE)
    assert tale.due("update") == due


def _resolved(*, at: str) -> Any:
    from complaints.rules.facts import Resolved

    return Resolved(at=lima(at), text="Se repone.", by="ana")
