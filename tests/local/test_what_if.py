"""Past cases on the real engine: told again as they were, and as other rules would have had them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.client import Client

from complaints.policy_file import changed
from complaints.rules.letters import LetterOutcome, LetterState
from complaints.rules.policy import Policy
from local.stories.what_if import CaseUnder, WhatIf, what_if
from local.stories.what_if_control import Unlike, unlike
from local.stories.what_if_engine import Engine
from local.stories.what_if_past import past_case
from tests.casebook import BY_PHONE, FAILED, SENT, Tale, lima, shown
from tests.rules.test_new_rules import rules

RESOLUTION = {"text": "Se reponen las horas.", "by": "ana", "outcome": "upheld"}


@pytest.fixture(scope="module")
async def engine(temporal: Client) -> AsyncIterator[Engine]:
    """On this session's server, with a worker of its own."""
    async with Engine(temporal, task_queue="what-if").working() as there:
        yield there


async def asked(engine: Engine, *tales: Tale, now: str = "2026-11-01 09:00", **changes: Any) -> WhatIf:
    journals = {f"Q-{number}": tale.case.rows for number, tale in enumerate(tales)}
    return await what_if(
        lambda: nullcontext(engine), journals, changed(Policy(), {"version": "other", **changes}), now=lima(now)
    )


# -- the lives -------------------------------------------------------------------------------------------------------


def smooth() -> Tale:
    """Every step in time."""
    tale = Tale.begins()
    tale.says("assessed", on="2026-07-22 15:00", by="ana", category="cursos")
    tale.says("assigned", on="2026-07-24 11:00", department="academic", by="ana")
    tale.says("involved", on="2026-07-27 11:00", whom="academic", question="¿Hubo clase?", by="ana")
    tale.says("resolved", on="2026-07-30 12:00", **RESOLUTION)
    tale.says("customer-satisfied", on="2026-07-31 20:00", by="customer", via="link")
    return tale


def escalated() -> Tale:
    """Resolved a day after the five business days."""
    tale = Tale.begins()
    tale.says("assigned", on="2026-07-24 11:00", department="academic", by="ana")
    tale.says("resolved", on="2026-08-04 12:00", **RESOLUTION)
    tale.says("customer-satisfied", on="2026-08-05 20:00", by="customer", via="link")
    return tale


def silent() -> Tale:
    """Nobody does anything, and it is open still."""
    return Tale.begins().until("2026-09-01 09:00")


def disputed_and_reopened() -> Tale:
    """Three rounds, one of them three weeks after the end."""
    tale = Tale.begins()
    tale.says("resolved", on="2026-07-27 12:00", **RESOLUTION)
    tale.says("customer-dissatisfied", on="2026-07-30 09:00", reason="No es así.", by="customer", via="reply")
    tale.says("resolved", on="2026-08-04 12:00", **RESOLUTION)
    tale.says("customer-satisfied", on="2026-08-05 12:00", by="customer", via="reply")
    tale.says("customer-dissatisfied", on="2026-08-26 09:00", reason="No se dictaron.", by="customer", via="reply")
    tale.says("resolved", on="2026-08-28 12:00", **RESOLUTION)
    tale.says("customer-satisfied", on="2026-08-29 12:00", by="customer", via="reply")
    return tale


def waiting_for_details() -> Tale:
    """The windows pause, and a promised date passes."""
    tale = Tale.begins(product=None)
    tale.says("details-requested", on="2026-07-24 10:00", by="ana")
    tale.says("details-received", on="2026-07-31 10:00", product="Curso de BIM", by="customer", via="reply")
    tale.says("assigned", on="2026-08-03 10:00", department="academic", by="ana")
    tale.says("date-promised", on="2026-08-04 10:00", date="2026-08-07", by="ana")
    return tale.until("2026-08-20 10:00")


def by_telephone() -> Tale:
    """Called, not reached, called again."""
    tale = Tale.begins("2026-09-07 11:00", customer=BY_PHONE, channel="phone")
    tale.says("called", on="2026-09-10 10:00", reached=False, by="ana", via="call")
    tale.says("called", on="2026-09-10 15:00", reached=True, by="ana", via="call")
    tale.says("resolved", on="2026-09-11 17:00", told_in_call=True, **RESOLUTION)
    return tale.until("2026-10-01 10:00")


def address_dead() -> Tale:
    """No letter reaches the customer, who has a telephone."""
    tale = Tale.begins("2026-09-07 09:00", mail=FAILED)
    tale.says("called", on="2026-09-08 10:00", reached=True, by="ana", via="call")
    return tale.until("2026-09-16 10:00")


def mail_server_away() -> Tale:
    """For thirty hours nothing goes out: the 24 hours of §4 pass."""
    tale = Tale.begins("2026-09-07 09:00", mail=None).until("2026-09-08 15:00")
    tale.mail = SENT
    tale.post()
    return tale.until("2026-09-12 10:00")


def closed_in_silence() -> Tale:
    """By a policy that closes after three business days without an answer."""
    tale = Tale.begins("2026-09-07 09:00", policy={"confirmation": {"silence_closes_after": 3}})
    tale.says("resolved", on="2026-09-09 12:00", **RESOLUTION)
    return tale.until("2026-09-20 10:00")


def rules_changed() -> Tale:
    """Its own rules changed while it ran."""
    tale = Tale.begins()
    changed_rules = rules(calendar={"extra_closed_days": ["2026-07-24"]})
    tale.says("rules-changed", on="2026-07-23 10:00", rules=changed_rules.model_dump(mode="json"), by="luis")
    return tale.until("2026-08-10 10:00")


def came_back() -> Tale:
    """The acknowledgement bounced; a call, and then another address that works."""
    tale = Tale.begins("2026-09-07 09:00")
    tale.says("letter-bounced", on="2026-09-07 10:00", key="1/acknowledgement/customer", via="reply")
    tale.says("called", on="2026-09-07 12:00", reached=True, by="ana", via="call")
    tale.says("details-received", on="2026-09-08 12:00", email="otra@correo.example", by="customer", via="call")
    return tale.until("2026-09-13 10:00")


def merged() -> Tale:
    """It ended in another complaint."""
    tale = Tale.begins()
    tale.says("merged", on="2026-07-24 10:00", into="Q-2", by="ana")
    return tale


LIVES = (
    smooth, escalated, silent, disputed_and_reopened, waiting_for_details, by_telephone, address_dead, mail_server_away,
    closed_in_silence, rules_changed, came_back, merged,
)  # fmt: skip


QUICK = (escalated, disputed_and_reopened, came_back, closed_in_silence)
"""The others are many weeks, or many tries."""


def ends(tale: Tale) -> str:
    """The rules' case knows no engine: what is asked of it must end where its rows end."""
    return shown(tale.now)


# -- the control -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "life",
    [life if life in QUICK else pytest.param(life, marks=pytest.mark.slow) for life in LIVES],
    ids=lambda life: life.__name__,
)
async def test_the_engine_tells_every_life_as_it_was(engine: Engine, life: Any) -> None:
    tale = life()
    answer = await asked(engine, tale, now=ends(tale))
    (case,) = answer.cases
    assert (case.why_not, [one.model_dump(mode="json") for one in case.unlike]) == (None, [])


async def test_what_the_engine_cannot_tell_as_it_was_is_said_and_does_not_count(engine: Engine) -> None:
    """The worker was down for seven days: updates that fell due together became one, which nobody can play again."""
    tale = Tale.begins().sleeps(days=7)
    tale.case.settle(tale.now)
    tale.post()
    answer = await asked(engine, tale, smooth(), now=ends(tale))
    outage, fine = answer.cases
    assert {one.kind for one in outage.unlike} == {"new"}
    assert (outage.counts, fine.counts, answer.counted) == (False, True, 1)
    assert answer.totals["closed/satisfied"] == (1, 1)
    assert "open" not in answer.totals


async def test_a_journal_that_is_broken_is_named_and_the_others_are_played(engine: Engine) -> None:
    broken = smooth()
    del broken.case.rows[3]
    answer = await asked(engine, broken, smooth())
    assert [case.why_not is None for case in answer.cases] == [False, True]
    assert "row 4, which is missing" in (answer.cases[0].why_not or "")


def test_the_control_sees_what_is_missing_new_and_moved() -> None:
    rows = smooth().case.rows
    until = lima("2026-08-30 09:00")
    assert unlike(rows, rows, until=until) == []
    without = [row for row in rows if row.what != "assigned"]
    assert [(one.kind, one.what) for one in unlike(rows, without, until=until)] == [("missing", "assigned")]
    assert [(one.kind, one.what) for one in unlike(without, rows, until=until)] == [("new", "assigned")]
    later = [row.model_copy(update={"at": lima("2026-07-24 12:00")}) if row.what == "assigned" else row for row in rows]
    moved = Unlike(kind="moved", what="assigned", at=lima("2026-07-24 11:00"), told_at=lima("2026-07-24 12:00"))
    assert unlike(rows, later, until=until) == [moved]


# -- other rules -----------------------------------------------------------------------------------------------------


def told(case: CaseUnder, kind: str) -> dict[str, tuple[Any, Any]]:
    return {one.name: (_plain(one.before), _plain(one.after)) for one in case.differences if one.kind == kind}


def _plain(value: Any) -> Any:
    return shown(value) if isinstance(value, datetime) else value


async def test_a_case_that_escalated_after_five_days_would_not_have_under_seven(engine: Engine) -> None:
    answer = await asked(engine, escalated(), smooth(), escalation={"after": 7})
    late, fine = answer.cases
    assert answer.changes == {"version": ["2023-07-23", "other"], "escalation.after": [5, 7]}
    assert told(late, "escalated") == {"1/time": ("2026-08-03 18:00", None)}
    assert told(late, "deadline") == {"escalation": ("2026-08-03 18:00", "2026-08-05 18:00")}
    assert told(late, "letters")["customer/escalation"] == (1, None)
    assert told(fine, "deadline") == {"escalation": ("2026-08-03 18:00", "2026-08-05 18:00")}
    assert told(fine, "letters") == {}
    assert answer.totals["escalated/time"] == (1, 0)
    assert answer.totals["escalated/on-schedule"] == (1, 0)


async def test_a_shorter_window_that_was_kept_only_ends_earlier(engine: Engine) -> None:
    answer = await asked(engine, smooth(), windows={"investigation": 2})
    (case,) = answer.cases
    assert told(case, "late") == {}, "it was resolved six hours before that"
    assert told(case, "deadline") == {"1/investigation": ("2026-08-04 18:00", "2026-07-30 18:00")}


async def test_shorter_windows_make_breaches_and_letters(engine: Engine) -> None:
    answer = await asked(engine, smooth(), windows={"investigation": 1})
    (case,) = answer.cases
    assert told(case, "late") == {"1/investigation": (None, "2026-07-27 18:00")}
    assert told(case, "letters") == {"staff/warning": (1, 2), "staff/late": (None, 1)}
    assert answer.totals["late/investigation"] == (0, 1)


async def test_a_customer_who_answered_after_the_case_had_closed_in_silence_opens_it_again(engine: Engine) -> None:
    """What people did stays; what it does depends on where the other rules have the case."""
    tale = Tale.begins("2026-09-07 09:00")
    tale.says("resolved", on="2026-09-09 12:00", **RESOLUTION)
    tale.says("customer-dissatisfied", on="2026-09-21 09:00", reason="No.", by="customer", via="reply")
    tale.says("resolved", on="2026-09-22 12:00", **RESOLUTION)
    tale.says("customer-satisfied", on="2026-09-22 15:00", by="customer", via="reply")
    answer = await asked(engine, tale, confirmation={"silence_closes_after": 3})
    (case,) = answer.cases
    assert told(case, "escalated") == {
        "1/dissatisfied": ("2026-09-21 09:00", None), "1/reopened": (None, "2026-09-21 09:00"),
    }  # fmt: skip
    assert (case.before and case.before.outcome, case.after and case.after.outcome) == ("satisfied", "satisfied")


async def test_a_case_that_closed_in_silence_would_be_open_under_rules_that_wait(engine: Engine) -> None:
    answer = await asked(engine, closed_in_silence())
    assert told(answer.cases[0], "closed") == {"closed": ("silence", None)}
    assert (answer.totals["closed/silence"], answer.totals["open"]) == ((1, 0), (0, 1))


async def test_an_address_that_was_dead_is_dead_under_other_rules_too(engine: Engine) -> None:
    tale = address_dead()
    answer = await asked(engine, tale, now=ends(tale), updates={"every_days": 1})
    (case,) = answer.cases
    assert case.after is not None
    assert not any(name.startswith("customer/") for name in case.after.letters)


async def test_the_same_rules_change_nothing(engine: Engine) -> None:
    answer = await asked(engine, smooth(), escalated(), version="2023-07-23")
    assert answer.changes == {}
    assert [case.differences for case in answer.cases] == [(), ()]
    assert all(before == after for before, after in answer.totals.values())


async def test_rules_that_hold_from_the_first_day_need_no_change_on_the_way(engine: Engine) -> None:
    tale = rules_changed()
    answer = await asked(engine, tale, now=ends(tale))
    assert told(answer.cases[0], "deadline")["1/assessment"] == ("2026-07-30 18:00", "2026-07-27 18:00")


async def test_it_says_how_far_it_is(engine: Engine) -> None:
    heard: list[tuple[int, int]] = []
    journals = {"Q-1": smooth().case.rows, "Q-2": escalated().case.rows}
    await what_if(
        lambda: nullcontext(engine),
        journals,
        Policy(),
        now=datetime.now(UTC),
        on_progress=lambda done, all_: heard.append((done, all_)),
    )
    assert heard == [(1, 2), (2, 2)]


async def test_many_cases_are_played_by_one_engine_after_another(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.stories.what_if.PER_ENGINE", 2)
    started: list[Engine] = []

    @asynccontextmanager
    async def another() -> AsyncIterator[Engine]:
        started.append(engine)
        yield engine

    journals = {f"Q-{number}": smooth().case.rows for number in range(5)}
    answer = await what_if(another, journals, Policy(), now=datetime.now(UTC))
    assert len(started) == 3
    assert sorted(case.number for case in answer.cases) == sorted(journals)


async def test_nothing_of_a_case_stays_with_the_engine(engine: Engine) -> None:
    await asked(engine, smooth())
    assert engine.played == {}


def test_a_letter_that_is_uncertain_stays_uncertain_when_it_is_played() -> None:
    uncertain = LetterOutcome(state=LetterState.UNCERTAIN, reason="lost")
    tale = Tale.begins("2026-09-07 09:00", mail=uncertain).until("2026-09-08 10:00")
    past = past_case("Q-1", tale.case.rows, now=lima("2026-09-08 10:00"))
    assert past.letters["1/acknowledgement/customer"].outcome.state is LetterState.UNCERTAIN
