"""A letter under way whose attempt is stopped, frozen, or on a machine whose clock is wrong, on a real ledger."""

import ast
import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
import time_machine
from temporalio.activity import ActivityCancellationDetails
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities import letters as sending
from activities.expected import OneLine
from complaints.contacts_file import ContactsFile
from complaints.mail.letters import render
from complaints.mail.outgoing import Mailer, SmtpTimeouts
from complaints.records.errors import Unreachable
from complaints.rules.letters import LetterKind, LetterOutcome, LetterState
from complaints.settings import Settings
from complaints.stopping import ANSWERED_WITHIN, FINISH_WITHIN, STOPS_WITHIN
from local.stack.plan import DESK, WORKER
from starter.sending_by_hand import all_ended, claimed, in_one_piece, sent
from tests.golden_letters.examples import order, rich
from tests.mail.test_sending import Office, office
from tests.smtp_script import SILENCE, Script
from tests.waiting import until

ROOT = Path(__file__).parents[2]
SLOW = SmtpTimeouts(connect=60.0, command=60.0, data_start=60.0, data_block=60.0, data_end=60.0)


class Attempt:
    """One attempt that somebody may stop."""

    def __init__(self, at: Office) -> None:
        self.environment = ActivityEnvironment()
        made = order(LetterKind.ACKNOWLEDGEMENT, rich(LetterKind.ACKNOWLEDGEMENT))
        self.task: asyncio.Task[LetterOutcome] = asyncio.ensure_future(
            self.environment.run(at.letters.send_letter, made)
        )

    def is_stopped(self) -> None:
        """As a worker that shuts down, or a server that has given the attempt up, does it."""
        self.environment.cancel(ActivityCancellationDetails(worker_shutdown=True))


async def reaches(at: Office, command: str) -> None:
    """Waits until the mail server was told this."""
    await until(lambda: any(one.upper().startswith(command) for one in at.script.commands))


# -- stopped ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 3])
async def test_after_its_final_dot_a_stopped_letter_waits_for_the_answer(fresh_database: str, times: int) -> None:
    async with office(fresh_database, Script({"dot": ["after 0.6 s: 250 2.0.0 queued"]})) as at:
        attempt = Attempt(at)
        await until(lambda: at.script.dots)
        for _ in range(times):
            attempt.is_stopped()
            await asyncio.sleep(0.05)
        assert (await attempt.task).state is LetterState.SENT
        [row] = await at.store.letters()
        assert (row.state, row.uncertain_at, len(at.script.accepted)) == (LetterState.SENT, None, 1)


@pytest.mark.parametrize("waits_for", ["connect", "MAIL", "RCPT", "DATA"])
async def test_before_its_final_dot_a_stopped_letter_is_given_back_at_once(fresh_database: str, waits_for: str) -> None:
    async with office(fresh_database, Script({waits_for: [SILENCE]}), timeouts=SLOW) as at:
        attempt = Attempt(at)
        if waits_for == "connect":
            await until(lambda: at.script.connections)
        else:
            await reaches(at, waits_for)
        attempt.is_stopped()
        with pytest.raises(ApplicationError) as failed:
            await asyncio.wait_for(attempt.task, 45)  # the server would be waited for longer
        assert (failed.value.type, failed.value.non_retryable) == ("NotAcceptedYet", False)
        assert await at.state() is LetterState.DUE, "and nobody needs to wait for a lease"
        assert (await at.attempt()).state is LetterState.SENT
        assert len(at.script.accepted) == 1


async def test_one_that_waits_for_its_turn_is_simply_not_begun(fresh_database: str) -> None:
    async with office(fresh_database, Script()) as at:
        async with at.mailer.turn(), at.mailer.turn(), at.mailer.turn():
            attempt = Attempt(at)
            await asyncio.sleep(0.1)
            attempt.is_stopped()
            with pytest.raises(asyncio.CancelledError):
                await attempt.task
        assert await at.store.letters() == []


def test_whoever_stops_our_programs_waits_longer_than_a_mail_server_may_be_slow() -> None:
    assert STOPS_WITHIN > FINISH_WITHIN + ANSWERED_WITHIN
    assert timedelta(minutes=10) <= ANSWERED_WITHIN, "RFC 5321 §4.5.3.2.6"
    for program in (WORKER, DESK):
        assert program.grace >= STOPS_WITHIN.total_seconds()


async def test_a_program_that_ends_waits_for_the_letters_that_people_are_sending(fresh_database: str) -> None:
    """As the desk does before it closes the records: uvicorn cancels requests that take longer than a stop may."""
    async with office(fresh_database, Script({"dot": ["after 0.6 s: 250 2.0.0 queued"]})) as at:
        settings = Settings.from_env({"SMTP_URL": f"smtp://127.0.0.1:{at.script.port}?tls=none"})
        made = order(LetterKind.ACKNOWLEDGEMENT, rich(LetterKind.ACKNOWLEDGEMENT))
        letter = render(made, contacts=ContactsFile(None).now(), timezone="America/Lima", public_url=None)

        async def work(mailer: Mailer) -> tuple[LetterState, str | None]:
            claim = await claimed(at.store, made, letter, lease=timedelta(minutes=15))
            return await sent(at.store, mailer, made, letter, claim)

        request = asyncio.create_task(in_one_piece(settings, work))
        await until(lambda: at.script.dots)
        request.cancel()
        await all_ended()
        [row] = await at.store.letters()
        assert (row.state, len(at.script.accepted)) == (LetterState.SENT, 1)
        assert await request == (LetterState.SENT, None)


# -- leases ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LEASE", timedelta(seconds=3))
    monkeypatch.setattr(sending, "HEARTBEAT_EVERY", timedelta(seconds=0.1))


async def test_a_living_attempt_keeps_its_letter_however_slow_the_mail_server_is(
    fresh_database: str, short: None
) -> None:
    async with office(fresh_database, Script({"dot": ["when released: 250 2.0.0 queued"]}), timeouts=SLOW) as at:
        first = Attempt(at)
        await until(lambda: at.script.dots)
        leased = time.monotonic() + sending.LEASE.total_seconds()
        while time.monotonic() < leased + 0.5:  # well beyond the first lease
            assert (await at.fails()).type == "StillClaimed"
            await asyncio.sleep(0.1)
        at.script.released.set()
        assert (await first.task).state is LetterState.SENT
        assert len(at.script.accepted) == 1


async def test_an_attempt_that_slept_while_another_took_over_gives_its_letter_up(
    fresh_database: str, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen before the dot, it is not heard of; awake again it must not send what another attempt has sent."""
    monkeypatch.setattr(sending, "HEARTBEAT_EVERY", timedelta(seconds=60))
    async with office(fresh_database, Script({"RCPT": ["when released: 250 2.1.5 ok"]}), timeouts=SLOW) as at:
        frozen = Attempt(at)
        await reaches(at, "RCPT")
        await asyncio.sleep(sending.LEASE.total_seconds())
        assert (await at.attempt()).state is LetterState.SENT
        at.script.released.set()
        with pytest.raises(ApplicationError, match="another attempt"):
            await frozen.task
        [row] = await at.store.letters()
        assert (row.state, len(at.script.accepted)) == (LetterState.SENT, 1)


async def test_who_has_the_letter_in_hand_is_said_in_seconds(fresh_database: str) -> None:
    async with office(fresh_database, Script({"dot": ["when released: 250 2.0.0 queued"]})) as at:
        first = Attempt(at)
        await reaches(at, "DATA")
        refused = await at.fails()
        assert refused.next_retry_delay is not None
        assert timedelta(seconds=30) < refused.next_retry_delay <= sending.LEASE + timedelta(seconds=1)
        assert "UTC" not in str(refused)
        at.script.released.set()
        await first.task


# -- clocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_worker_whose_clock_is_an_hour_off_changes_nothing(fresh_database: str, hours: int) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
        async with office(fresh_database, Script({"dot": ["when released: 250 2.0.0 queued"]})) as at:
            first = Attempt(at)
            await reaches(at, "DATA")
            delay = (await at.fails()).next_retry_delay
            assert delay is not None
            assert timedelta(seconds=30) < delay <= sending.LEASE + timedelta(seconds=1)
            at.script.released.set()
            await first.task
            [row] = await at.store.letters()
            connection = await asyncpg.connect(fresh_database)
            try:
                now = await connection.fetchval("SELECT clock_timestamp()")
            finally:
                await connection.close()
    assert row.claimed_at is not None
    assert row.sent_at is not None
    assert row.claimed_at <= row.sent_at <= now
    assert now - row.claimed_at < timedelta(minutes=1)


def test_the_ledger_and_whoever_sends_look_at_no_clock_but_the_databases() -> None:
    """Spans are measured by a clock that nobody sets; times are Postgres' own."""
    files = [*(ROOT / "complaints" / "records").glob("*.py"), *(ROOT / "activities").glob("*.py")]
    files += [ROOT / "starter" / f"{name}.py" for name in ("sending_by_hand", "resending")]
    looks = [
        f"{file.name}:{node.lineno} {ast.unparse(node)}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"datetime.now", "datetime.utcnow", "time.time"}
    ]
    assert looks == []


# -- the log ---------------------------------------------------------------------------------------------------------


class _Raises(ActivityInboundInterceptor):
    def __init__(self, error: BaseException) -> None:
        self.error = error

    async def execute_activity(self, input: ExecuteActivityInput) -> None:  # noqa: A002 - Temporal's name
        raise self.error


SAYS_NO = [
    (Unreachable("The database does not answer: start it."), logging.INFO, "Unreachable"),
    (ApplicationError("Q-1: it is being sent.", type="StillClaimed", category=ApplicationErrorCategory.BENIGN),
     logging.INFO, "StillClaimed"),
    (ApplicationError("Q-1: no such role.", type="UnknownRole", non_retryable=True), logging.WARNING, "UnknownRole"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "level", "kind"), SAYS_NO)
async def test_what_an_activity_says_no_to_is_one_line_and_no_mistake_to_the_sdk(
    error: Exception, level: int, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    door = OneLine().intercept_activity(_Raises(error))

    async def activity() -> None:
        await door.execute_activity(ExecuteActivityInput(fn=activity, args=[], executor=None, headers={}))

    with caplog.at_level(logging.INFO), pytest.raises(ApplicationError) as raised:
        await ActivityEnvironment().run(activity)
    assert (raised.value.type, raised.value.category) == (kind, ApplicationErrorCategory.BENIGN)
    assert raised.value.non_retryable is getattr(error, "non_retryable", False)
    [record] = caplog.records
    assert (record.levelno, record.exc_info, "\n" in record.getMessage()) == (level, None, False)


async def test_a_mistake_of_ours_keeps_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    door = OneLine().intercept_activity(_Raises(KeyError("ours")))

    async def activity() -> None:
        await door.execute_activity(ExecuteActivityInput(fn=activity, args=[], executor=None, headers={}))

    with pytest.raises(KeyError):
        await ActivityEnvironment().run(activity)
    assert caplog.records == []
