"""Scenarios played on the real server: the essential dates of each that comes with the program."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from complaints.policy_file import PolicyError, load_policy
from complaints.records.store import Store
from complaints.settings import Settings, SmtpServer, Tls
from local.stack.postgres import Postgres
from local.stories.played import Played
from local.stories.playing import Play, PlayFailed
from local.stories.scenario import Scenario, load, shipped
from local.stories.simulation import FragileMail, Stage
from tests.story import shown
from worker import working


@pytest.fixture(scope="module")
async def stage(
    temporal: Client, postgres: Postgres, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """A stage on this session's servers, with a worker, a database and a mail server of its own."""
    dsn = await postgres.create_database("simulation", template=migrated_template)
    store = await Store.connect(dsn, max_size=4)
    queue = "simulation"
    async with FragileMail.catching(tmp_path_factory.mktemp("letters")) as post:
        settings = Settings.from_env({"DATABASE_URL": dsn, "COMPLAINTS_SIMULATION": "1"}).model_copy(
            update={"smtp": SmtpServer(host="127.0.0.1", port=post.smtp_port, tls=Tls.NONE), "task_queue": queue}
        )
        try:
            async with working(temporal, settings, store=store):
                yield Stage(temporal, store, load_policy(), post, queue)
        finally:
            await store.close()
    await postgres.drop_database("simulation")


def happened(story: Played, *what: str) -> list[str]:
    """When these things happened, in Lima; all but letters if none is named."""
    return [
        f"{shown(entry.at)} {entry.what}"
        for entry in story.timeline
        if entry.what in what
        or entry.what.split("/")[0] in what
        or (not what and not entry.what.startswith(("letter-", "acknowledged", "received")))
    ]


def letters(story: Played, recipient: str) -> list[str]:
    """When somebody got which letter."""
    return [
        f"{shown(entry.at)} {entry.letter.kind}"
        for entry in story.timeline
        if entry.what == "letter-sent" and entry.letter and entry.letter.recipient == recipient
    ]


def due(story: Played, what: str) -> list[str]:
    """When these things were due."""
    return [shown(entry.due) for entry in story.timeline if entry.what == what and entry.due]


def late(story: Played) -> list[str]:
    """What was done late, and by how many hours."""
    return [f"{entry.what} {entry.late_by_hours}" for entry in story.timeline if entry.late_by_hours]


def test_eight_scenarios_come_with_the_program() -> None:
    assert shipped() == [
        "dissatisfied-twice", "fiestas-patrias", "missing-details", "out-of-order", "phone-only", "reopened",
        "silent-staff", "smooth",
    ]  # fmt: skip


async def test_smooth_is_in_time_from_the_first_day_to_the_last(stage: Stage) -> None:
    story = await stage.play(load("smooth"))
    assert happened(story) == [
        "2026-07-20 15:00 assessed",
        "2026-07-20 16:30 assigned",
        "2026-07-22 11:00 involved",
        "2026-07-24 12:00 resolved",
        "2026-07-25 20:15 customer-satisfied",
        "2026-07-25 20:15 closed",
        "2026-07-26 18:00 survey-answered",
    ]
    assert letters(story, "customer") == [
        "2026-07-20 09:30 acknowledgement",
        "2026-07-23 09:30 update",
        "2026-07-24 12:00 resolution",
        "2026-07-25 20:15 closing",
    ]
    assert due(story, "acknowledged") == ["2026-07-21 09:30"]
    assert due(story, "assessed") == ["2026-07-22 18:00"]
    assert due(story, "resolved") == ["2026-07-30 18:00"]  # the 23rd, 28th and 29th are holidays
    assert (story.outcome, story.level, story.late, late(story), story.deadlines) == ("satisfied", 0, False, [], ())


async def test_silent_staff_is_overtaken_by_every_clock(stage: Stage) -> None:
    story = await stage.play(load("silent-staff"))
    assert happened(story) == [
        "2026-07-24 18:00 warned/assessment",
        "2026-07-27 18:00 late/assessment",
        "2026-08-03 18:00 escalated",
        "2026-08-11 18:00 escalated",
        "2026-08-11 18:00 warned/legal/10",
        "2026-08-14 18:00 warned/legal/13",
        "2026-08-18 18:00 late/legal",
    ]
    assert letters(story, "customer")[:4] == [
        "2026-07-22 09:00 acknowledgement",
        "2026-07-25 09:00 update",  # a Saturday
        "2026-07-28 09:00 update",  # Fiestas Patrias
        "2026-07-31 09:00 update",
    ]
    assert (story.outcome, story.level, story.stage, story.late) == (None, 2, "assessment", True)
    missed = [(deadline.name, shown(deadline.due)) for deadline in story.deadlines if deadline.late_by_hours]
    assert missed == [("assessment", "2026-07-27 18:00"), ("legal", "2026-08-18 18:00")]


async def test_dissatisfied_twice_climbs_the_ladder_at_once(stage: Stage) -> None:
    story = await stage.play(load("dissatisfied-twice"))
    assert happened(story, "resolved", "escalated", "closed") == [
        "2026-09-10 11:00 resolved",
        "2026-09-11 09:00 escalated",
        "2026-09-14 12:00 resolved",
        "2026-09-15 19:30 escalated",
        "2026-09-17 17:00 resolved",
        "2026-09-18 08:45 closed",
    ]
    assert due(story, "resolved") == ["2026-09-14 18:00", "2026-09-18 18:00", "2026-09-22 18:00"]  # fresh windows
    assert letters(story, "administration_manager")[0] == "2026-09-11 09:00 escalated-to-you"
    assert letters(story, "general_director") == ["2026-09-15 19:30 escalated-to-you"]
    assert (story.outcome, story.level, story.round) == ("satisfied", 2, 3)


async def test_missing_details_stop_the_windows_but_not_the_updates(stage: Stage) -> None:
    story = await stage.play(load("missing-details"))
    assert due(story, "assessed") == ["2026-09-14 18:00"]  # of the 8th, 9th and 10th none counts: +2 is the 14th
    assert letters(story, "customer")[:4] == [
        "2026-09-07 09:00 acknowledgement",
        "2026-09-08 10:00 details-request",
        "2026-09-11 10:00 update",
        "2026-09-14 10:00 update",
    ]
    assert (story.outcome, late(story)) == ("satisfied", [])


async def test_phone_only_is_told_by_calls(stage: Stage) -> None:
    story = await stage.play(load("phone-only"))
    assert happened(story, "call-task", "called", "call-done") == [
        "2026-09-10 09:00 call-task",  # the morning before the 3 days are over
        "2026-09-10 10:00 called",  # nobody answered
        "2026-09-10 13:30 called",
        "2026-09-10 13:30 call-done",
        "2026-09-11 09:00 call-task",  # Friday: the 3 days end on Sunday
        "2026-09-11 17:00 call-done",
        "2026-09-14 09:00 call-task",
        "2026-09-14 10:30 call-done",
    ]
    assert happened(story, "acknowledged") == ["2026-09-07 11:00 acknowledged"]
    assert letters(story, "customer") == []
    assert (story.outcome, late(story)) == ("satisfied", [])


async def test_fiestas_patrias_are_no_business_days(stage: Stage) -> None:
    story = await stage.play(load("fiestas-patrias"))
    assert due(story, "assessed") == ["2026-07-27 18:00"]
    assert due(story, "assigned") == ["2026-07-27 18:00"]
    assert due(story, "resolved") == ["2026-08-05 18:00"]
    assert happened(story, "escalated", "late", "warned") == ["2026-07-24 18:00 warned/assignment"]
    updates = [line for line in letters(story, "customer") if line.endswith("update")]
    assert [line[:10] for line in updates] == ["2026-07-25", "2026-07-28", "2026-07-31", "2026-08-03"]
    assert story.outcome == "satisfied"


async def test_out_of_order_signals_carry_it_to_its_end(stage: Stage) -> None:
    story = await stage.play(load("out-of-order"))
    assert happened(story) == [
        "2026-09-07 13:00 customer-satisfied",  # held
        "2026-09-08 09:00 assigned",  # implies the assessment
        "2026-09-08 11:00 assessed",
        "2026-09-09 10:00 resolved",
        "2026-09-09 10:00 closed",
        "2026-09-10 10:00 ignored",
    ]
    assert (story.outcome, story.round) == ("satisfied", 1)


async def test_reopened_after_closing_goes_on_one_level_up_under_its_number(stage: Stage) -> None:
    story = await stage.play(load("reopened"))
    assert happened(story, "closed", "reopened", "escalated", "ignored") == [
        "2026-09-11 08:00 closed",
        "2026-09-26 11:00 reopened",
        "2026-09-26 11:00 escalated",
        "2026-10-01 09:00 closed",
        "2026-11-05 10:00 ignored",  # 35 days later
    ]
    assert due(story, "resolved") == ["2026-09-14 18:00", "2026-10-02 18:00"]
    assert (story.outcome, story.level, story.round) == ("satisfied", 1, 2)


BASE = {
    "title": "A story of a test",
    "says": "Told once.",
    "received": "2026-09-07 09:00",
    "complaint": {"customer": {"email": "ines@correo.example"}, "problem": {"description": "El audio no se oye."}},
}


def told_of(**changes: object) -> Scenario:
    """A short story of a test's own."""
    return Scenario.model_validate({**BASE, **changes})


async def test_a_number_changed_in_the_policy_shows(stage: Stage) -> None:
    story = await stage.play(
        told_of(policy={"windows.assessment": 1, "updates": {"every_days": 2}}, until="2026-09-09 20:00"),
        source_key="test/policy",
    )
    assert happened(story, "warned", "late") == [
        "2026-09-07 18:00 warned/assessment",
        "2026-09-08 18:00 late/assessment",
    ]
    assert letters(story, "customer")[1:] == ["2026-09-09 09:00 update"]


async def test_a_fact_after_its_window_is_late_by_so_much(stage: Stage) -> None:
    steps = [{"at": "2026-09-10 12:00", "who": "ana@escuela.example", "does": "assessed"}]
    story = await stage.play(told_of(step=steps), source_key="test/late")
    assert due(story, "assessed") == ["2026-09-09 18:00"]
    assert late(story) == ["assessed 18.0"]


async def test_letters_wait_for_the_mail_server_and_are_late_by_that(stage: Stage) -> None:
    steps = [
        {"at": "2026-09-07 12:00", "mail_server": "down"},
        {"at": "2026-09-07 13:00", "does": "assigned", "department": "academic"},
        {"after": "2h", "mail_server": "up"},
    ]
    story = await stage.play(told_of(step=steps), source_key="test/outage")
    sent = [entry for entry in story.timeline if entry.letter and entry.letter.recipient == "department_head"]
    assert [shown(entry.due) for entry in sent if entry.due] == ["2026-09-07 13:00"]
    assert 2 <= (sent[0].late_by_hours or 0) < 2.5
    assert happened(story, "assigned") == ["2026-09-07 13:00 assigned"]  # nobody waited for the mail


async def test_a_case_that_is_over_takes_what_is_said_afterwards_and_refuses_the_rest(stage: Stage) -> None:
    steps = [
        {"after": "1h", "does": "withdrawn"},
        {"after": "1d", "does": "feedback-given", "text": "Buena atención."},
        {"after": "1d", "does": "resolved"},
    ]
    story = await stage.play(told_of(step=steps), source_key="test/after")
    assert happened(story)[2:] == ["2026-09-08 10:00 feedback-given", "2026-09-09 10:00 ignored"]
    assert [word.what for word in await stage.store.afterwords(story.number)] == ["feedback-given"]


async def test_changes_that_no_policy_allows_are_refused_before_anything_starts(stage: Stage) -> None:
    with pytest.raises(PolicyError, match=r"windows\.assessment must be greater than 0"):
        await stage.play(told_of(policy={"windows.assessment": -1}), source_key="test/wrong-policy")


async def test_a_stage_without_a_mail_server_of_its_own_says_so(stage: Stage) -> None:
    bare = Stage(stage.client, stage.store, stage.policy, None, stage.task_queue)
    with pytest.raises(PlayFailed, match="not ours to take down"):
        await bare.play(told_of(step=[{"after": "1h", "mail_server": "down"}]), source_key="test/no-post")


async def test_a_complaint_that_cannot_start_says_why(stage: Stage) -> None:
    play = Play(
        told_of(policy={"no-such-window": 1}), client=stage.client, store=stage.store, policy=stage.policy,
        task_queue=stage.task_queue, source_key="test/wrong-start",
    )  # fmt: skip
    with pytest.raises(PlayFailed, match="no-such-window is not known here"):
        [happening async for happening in play.happenings()]
