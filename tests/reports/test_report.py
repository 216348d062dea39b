"""The report of July 2026, told by the real case and counted by hand; the same whenever it is asked for."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from complaints.records.store import Store
from complaints.rules.report.prevention import CAUSES
from complaints.rules.report.report import STEPS, WINDOWS, Kept, Only, Period, Report
from complaints.rules.report.review import Escalations
from tests.casebook import Tale, lima
from tests.report_lives import july, kept, smooth

JULY = Period.month("2026-07")
AUGUST = Period.month("2026-08")


@pytest.fixture
async def numbers(store: Store) -> dict[str, str]:
    return await july(store)


@pytest.fixture
async def report(store: Store, numbers: dict[str, str]) -> Report:
    return await store.report(JULY)


async def test_what_came_went_and_stayed(report: Report, numbers: dict[str, str]) -> None:
    assert report.totals.received == 7  # eight, of which one was none
    assert report.totals.closed == {"satisfied": 3, "decision": 1, "withdrawn": 1}
    assert report.totals.reopened == 1
    assert report.totals.open_at_end == 3  # forgotten, on_schedule, reopened
    assert report.totals.dismissed == (numbers["dismissed"],)
    assert report.totals.by_decision == (numbers["disputed"],)
    assert report.totals.past_legal_limit == 1  # forgotten


async def test_each_window_ended_once_in_time_or_late(report: Report) -> None:
    assert report.windows == (
        Kept(window="acknowledgement", in_time=7, late=0),
        Kept(window="assessment", in_time=4, late=3),  # forgotten, late_assessment, waiting_for_details
        Kept(window="assignment", in_time=5, late=0),
        Kept(window="investigation", in_time=5, late=0),
        Kept(window="promise", in_time=1, late=0),
        Kept(window="legal", in_time=5, late=1),
        Kept(window="call", in_time=None, late=1),
    )
    assert [one.window for one in report.windows] == list(WINDOWS)


async def test_how_long_it_took_counts_from_receipt(report: Report) -> None:
    took = {one.step: one for one in report.times}
    assert list(took) == list(STEPS)
    # smooth 120 h, disputed 27 h, reopened 24 h, on_schedule 216 h, late_assessment 217 h
    assert (took["resolve"].cases, took["resolve"].median) == (5, 120)
    assert took["resolve"].ninetieth == pytest.approx(216.6)
    assert took["resolve"].buckets == (0, 0, 1, 1, 0, 1, 2, 0, 0)
    assert took["assess"].median == 24  # smooth 24, disputed 24, reopened 24, on_schedule 56, late_assessment 121


async def test_escalations_are_told_by_level_and_reason_and_those_on_schedule_apart(report: Report) -> None:
    assert report.escalations == (
        Escalations(level=1, reason="dissatisfied", cases=1, on_schedule=0),
        Escalations(level=1, reason="reopened", cases=1, on_schedule=0),
        Escalations(level=1, reason="time", cases=4, on_schedule=1),
        Escalations(level=2, reason="time", cases=1, on_schedule=0),
    )
    assert (report.escalated, report.escalated_on_schedule) == (7, 1)


async def test_each_escalation_stands_once_under_what_would_have_prevented_it(
    report: Report, numbers: dict[str, str]
) -> None:
    found = {one.why: one.numbers for one in report.prevention.causes}
    assert found == {
        "not-assessed": (numbers["forgotten"],),
        "untouched": (numbers["forgotten"],),  # up again, five days later
        "late-assessment": (numbers["late_assessment"],),
        "details-outstanding": (numbers["waiting_for_details"],),
        "on-schedule": (numbers["on_schedule"],),
        "rejected": (numbers["disputed"],),
        "reopened": (numbers["reopened"],),
    }
    assert sum(one.cases for one in report.prevention.causes) == report.prevention.escalations == 7
    assert sum(report.prevention.spent.values()) == pytest.approx(1, abs=0.01)
    assert report.prevention.spent["waiting"] > report.prevention.spent["assignment"]


async def test_the_word_of_whoever_resolved_is_told_apart(report: Report) -> None:
    assert (report.survey.confirmed, report.survey.confirmed_by_resolver, report.survey.disputed) == (2, 1, 2)
    assert report.survey.scores == {1: 1, 5: 1}
    assert report.survey.average == 3


async def test_groups_add_up_to_the_whole(report: Report) -> None:
    for name, groups in report.groups.items():
        assert sum(one.received for one in groups) == report.totals.received, name
        assert sum(one.escalated for one in groups) == report.escalated, name
    departments = {one.name: (one.received, one.late, one.escalated) for one in report.groups["department"]}
    assert departments == {"": (3, 3, 4), "academic": (3, 0, 2), "billing": (1, 2, 1)}


async def test_causes_in_other_spellings_are_one(report: Report) -> None:
    assert [(one.words, one.cases) for one in report.causes] == [("Horas no dictadas", 2)]
    assert [one.words for one in report.actions] == ["Devolver el pago", "Revisar el horario"]


async def test_the_same_corrective_action_stands_once(store: Store) -> None:
    for day, words in (("02", "Revisar el horario"), ("03", "revisar el horario."), ("06", "Devolver el pago")):
        tale = Tale.begins("2026-07-01 09:00")
        tale.says("resolved", on=f"2026-07-{day} 09:00", text="Listo.", corrective_actions=[words], by="Jorge Ramos")
        await kept(store, day, tale)
    first, second = (await store.report(JULY)).actions
    assert (first.words, first.cases, len(first.numbers)) == ("Revisar el horario", 2, 2)
    assert first.last_at == lima("2026-07-03 09:00")
    assert (second.words, second.cases) == ("Devolver el pago", 1)


async def test_cases_that_teach_something_say_why(report: Report, numbers: dict[str, str]) -> None:
    lessons = {one.number: one for one in report.lessons}
    assert report.lessons[0].number == numbers["forgotten"]
    assert lessons[numbers["forgotten"]].why == ("escalated-twice", "legal", "worst-wait")
    assert not lessons[numbers["forgotten"]].resolved
    assert lessons[numbers["disputed"]].why == ("disputed", "low-score")
    assert lessons[numbers["disputed"]].said == "Nadie leyó mi correo."
    assert lessons[numbers["reopened"]].why == ("reopened",)
    assert numbers["smooth"] not in lessons


async def test_a_filter_leaves_the_others_out(store: Store, numbers: dict[str, str]) -> None:
    academic = await store.report(JULY, Only(department="academic"))
    assert academic.totals.received == 3
    assert academic.totals.open_at_end == 1
    assert academic.months[-1].received == 3
    assert {one.number for one in academic.lessons} <= set(numbers.values())
    nobody = await store.report(JULY, Only(department=""))
    assert nobody.totals.received == 3
    assert (await store.report(JULY, Only(channel="phone"))).totals.received == 1
    assert (await store.report(JULY, Only(product="Curso de Revit"))).totals.open_at_end == 1


async def test_a_filter_and_its_rest_make_the_whole(store: Store, numbers: dict[str, str], report: Report) -> None:
    parts = [await store.report(JULY, Only(department=name)) for name in ("academic", "billing", "")]
    assert sum(part.totals.received for part in parts) == report.totals.received
    assert sum(part.escalated for part in parts) == report.escalated
    assert sum(part.totals.open_at_end for part in parts) == report.totals.open_at_end
    assert sum(part.months[-1].closed for part in parts) == report.months[-1].closed


async def test_the_month_after_begins_with_what_was_open(store: Store, numbers: dict[str, str]) -> None:
    august = await store.report(AUGUST)
    assert august.totals.received == 0
    assert [one.open_at_end for one in august.months[-3:]] == [0, 3, 3]
    assert august.months[-2].month == date(2026, 7, 1)
    assert august.months[-2].median_hours_to_resolve == 120
    assert august.months[-2].average_score == 3
    assert august.months[-2].late == 4  # three assessments and a legal limit; the call apart


async def test_a_past_month_is_the_same_whenever_it_is_asked_for(store: Store, numbers: dict[str, str]) -> None:
    before = await store.report(JULY)
    later = Tale.begins("2026-08-03 09:00", product="Curso de BIM")
    later.says("resolved", on="2026-08-04 09:00", text="Listo.", by="Jorge Ramos")
    await kept(store, "later", later)
    assert await store.report(JULY) == before


async def test_who_never_answered_is_listed_until_something_is_heard(store: Store) -> None:
    silent = Tale.begins("2026-07-01 09:00")
    silent.says("resolved", on="2026-07-02 09:00", text="Listo.", by="Jorge Ramos")
    number = await kept(store, "silent", silent.until("2026-07-20 09:00"))
    assert silent.happened("unconfirmed") == ["2026-07-14 09:00 unconfirmed"]
    assert (await store.report(JULY)).totals.unconfirmed == (number,)
    silent.says("customer-satisfied", on="2026-07-21 09:00", by="customer")
    await kept(store, "silent", silent)
    assert (await store.report(JULY)).totals.unconfirmed == ()


async def test_days_begin_in_lima(store: Store) -> None:
    await kept(store, "june", Tale.begins("2026-06-30 23:59"))
    await kept(store, "first", Tale.begins("2026-07-01 00:00"))
    await kept(store, "last", Tale.begins("2026-07-31 23:59"))
    await kept(store, "august", Tale.begins("2026-08-01 00:00"))
    assert (await store.report(JULY)).totals.received == 2


async def test_a_survey_after_the_end_counts_too(store: Store) -> None:
    number = await kept(store, "smooth", smooth())
    at = lima("2026-07-20 10:00")
    await store.add_afterword(
        number, event_id="1", at=at, what="survey-answered", data={"score": 2, "comment": "Tarde."}
    )
    report = await store.report(JULY)
    assert report.survey.scores == {2: 1, 5: 1}
    assert [one.said for one in report.lessons if one.score] == ["Tarde."]


async def test_an_empty_month_is_a_report_too(store: Store) -> None:
    report = await store.report(JULY)
    assert report.totals.closed_in_all == report.escalated == 0
    assert [one.median for one in report.times] == [None] * 4
    assert len(report.months) == 12


@pytest.mark.parametrize(
    ("now", "name"),
    [("2026-08-01 00:00", "2026-07"), ("2026-07-31 23:59", "2026-06"), ("2026-01-15 12:00", "2025-12")],
)
def test_last_month_is_the_one_before_the_day_in_lima(now: str, name: str) -> None:
    assert Period.last_month(lima(now)).name == name


def test_every_cause_has_its_words() -> None:
    from complaints.reports import words

    assert set(words.CAUSES) == set(CAUSES)
    assert set(words.STEPS) == set(STEPS)


# -- causes of disputes: a table, each row a resolution ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("resolution", "why"),
    [
        ({}, "unexplained"),
        ({"text": "No corresponde.", "outcome": "not", "corrective_actions": ["Avisar"]}, "rejected"),
        ({"text": "Se dictarán.", "outcome": "upheld"}, "no-corrective-action"),
        ({"text": "Se dictarán.", "outcome": "partly", "corrective_actions": ["Dictarlas"]}, "remedy-refused"),
        ({"told_in_call": True}, "no-corrective-action"),
    ],
)
async def test_a_dispute_is_put_down_to_its_resolution(store: Store, resolution: dict[str, object], why: str) -> None:
    tale = Tale.begins("2026-07-01 09:00")
    tale.says("assigned", on="2026-07-01 10:00", department="academic")
    tale.says("resolved", on="2026-07-02 10:00", by="Jorge Ramos", **resolution)
    tale.says("customer-dissatisfied", on="2026-07-03 10:00", reason="No basta.", by="customer")
    await kept(store, "disputed", tale)
    assert [one.why for one in (await store.report(JULY)).prevention.causes] == [why]


def _not_assigned(tale: Tale) -> None:
    tale.says("assessed", on="2026-07-02 09:00")


def _late_assignment(tale: Tale) -> None:
    tale.says("assessed", on="2026-07-02 09:00")
    tale.says("assigned", on="2026-07-06 09:00", department="academic")


def _promise_broken(tale: Tale) -> None:
    tale.says("assigned", on="2026-07-02 09:00", department="academic")
    tale.says("date-promised", on="2026-07-02 10:00", date="2026-07-06")


def _on_schedule(tale: Tale) -> None:
    tale.says("assigned", on="2026-07-02 09:00", department="academic")


@pytest.mark.parametrize(
    ("lives", "why"),
    [
        (_not_assigned, "not-assigned"),
        (_late_assignment, "late-assignment"),
        (_promise_broken, "promise-broken"),
        (_on_schedule, "on-schedule"),
    ],
)
async def test_an_escalation_by_time_is_put_down_to_where_the_time_went(
    store: Store, lives: Callable[[Tale], None], why: str
) -> None:
    tale = Tale.begins("2026-07-01 09:00")
    lives(tale)
    tale.until("2026-07-09 09:00")
    assert tale.happened("escalated") == ["2026-07-08 18:00 escalated"]
    await kept(store, "time", tale)
    assert [one.why for one in (await store.report(JULY)).prevention.causes] == [why]


def test_a_period_of_days_is_named_by_both_its_ends() -> None:
    assert Period(first=date(2026, 7, 6), after=date(2026, 7, 11)).name == "2026-07-06_2026-07-10"
    assert JULY.begins == datetime.fromisoformat("2026-07-01T05:00:00+00:00")
