"""The rows of the matrix: what each breaks while complaints are lived, and when that was over."""

import asyncio
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from benchmarks.chaos import catcher
from benchmarks.chaos.junk import thrown_at
from benchmarks.chaos.lives import BY_MAIL, DISPUTED, PLAIN, Lives
from benchmarks.chaos.other_program import one_change_ahead
from benchmarks.chaos.scene import COMPLAINTS, Scene, scene
from benchmarks.chaos.verdict import Verdict, judged

TWICE = (sys.executable, "-m", "benchmarks.chaos.twice")

MOST_BY_MAIL = 40
"""New complaints by mail in ten minutes are braked above 60."""

LIBFAKETIME = "faketime/libfaketimeMT.so.1"


@dataclass(frozen=True)
class Size:
    """How much of it."""

    cases: int = 100
    times: int = 5
    """How often something is done that is done again and again."""
    kills: int = 28
    seconds: float = 40.0
    """How long something lasts that lasts."""
    frozen: float = 60.0
    """Seconds that a worker is frozen: longer than the lease of 45 s, or nobody would take anything over."""
    slow: float = 12.0
    """Seconds that a slow mail server takes to answer the dot."""


SMALL = Size(cases=6, times=1, kills=2, seconds=6.0, frozen=50.0, slow=3.0)
"""For CI."""

Breaks = Callable[[Scene, Lives, Size], Awaitable[float]]
"""Breaks something while complaints are lived, and mends it; the moment at which that was over (monotonic)."""


@dataclass(frozen=True)
class Row:
    """One kind of fault."""

    name: str
    sentence: str
    """What is done, as docs/reliability.md tells it."""
    breaks: Breaks
    deliveries: int = 1
    """How many times everything is said, at the same moment."""
    by_mail: bool = False
    """Whether some complaints come by mail."""
    lacks: Callable[[], str] = str
    """Why it cannot be tried here; empty if it can."""


async def tried(row: Row, size: Size) -> Verdict:
    """Sets everything up, breaks it as the row says, and looks at what came of it."""
    began = time.monotonic()
    async with scene() as here:
        by_mail = min(MOST_BY_MAIL, size.cases * 2 // 5) if row.by_mail else 0
        lives = Lives(here, deliveries=row.deliveries, by_mail=by_mail)
        over = await row.breaks(here, lives, size)
        await lives.end()
        well_after = lives.well_again_after(over)
        return await judged(here, lives, well_after=well_after, took=time.monotonic() - began)


async def begun(lives: Lives, size: Size) -> None:
    """An undisturbed life of each kind; then all begin."""
    await lives.learn(PLAIN, DISPUTED, *([BY_MAIL] if lives.by_mail else []))
    lives.begin(size.cases)


# -- workers ---------------------------------------------------------------------------------------------------------


async def worker_killed(here: Scene, lives: Lives, size: Size) -> float:
    worker = await here.works()
    await begun(lives, size)
    here.mail.dawdles = 0.05
    killed = time.monotonic()
    for place in range(size.kills):
        await lives.come_to(0.1 + 0.7 * place / size.kills)
        await worker.killed()
        killed = time.monotonic()
        worker = await here.works()
    return killed


async def worker_frozen(here: Scene, lives: Lives, size: Size) -> float:
    first = await here.works()
    await here.works()
    await begun(lives, size)
    await lives.come_to(0.25)
    here.mail.dawdles = 0.5
    await letters_in_hand(here, lives, 3)
    first.signalled(signal.SIGSTOP)
    here.mail.dawdles = 0.0
    await asyncio.sleep(size.frozen)
    first.signalled(signal.SIGCONT)
    return time.monotonic()


async def stopped_with_slow_mail(here: Scene, lives: Lives, size: Size) -> float:
    worker = await here.works()
    await begun(lives, size)
    over = time.monotonic()
    for place in range(size.times):
        await lives.come_to(0.2 + 0.5 * place / size.times)
        here.mail.dawdles = size.slow
        await letters_in_hand(here, lives, 3)
        worker.signalled(signal.SIGTERM)
        old, worker = worker, await here.works()
        await old.ended()
        here.mail.dawdles = 0.0
        over = time.monotonic()
    return over


async def letters_in_hand(here: Scene, lives: Lives, count: int) -> None:
    """Waits until the mail server has so many letters whose answer it owes, or one and nothing more to come."""
    wanted = min(count, sum(1 for _ in lives.under_way()))
    while here.mail.in_hand < wanted and not lives.ended:  # noqa: ASYNC110 - a worker hands them over
        await asyncio.sleep(0.01)


async def two_versions(here: Scene, lives: Lives, size: Size) -> float:
    old = await here.works()
    new = one_change_ahead(here.folder / "ahead")
    await begun(lives, size)
    await lives.come_to(0.1)
    await here.works((*COMPLAINTS, "worker"), cwd=new)
    await lives.come_to(0.5)
    old.signalled(signal.SIGTERM)
    await old.ended()
    return time.monotonic()


async def everything_twice(here: Scene, lives: Lives, size: Size) -> float:
    await here.works(TWICE)
    await begun(lives, size)
    return time.monotonic()


def clock_off_by(shift: str) -> Breaks:
    """A worker whose clock is wrong from the beginning, and a mail server that makes it try again."""

    async def clock_off(here: Scene, lives: Lives, size: Size) -> float:
        await here.works(LD_PRELOAD=str(libfaketime()), FAKETIME=shift, FAKETIME_DONT_FAKE_MONOTONIC="1")
        await begun(lives, size)
        await lives.come_to(0.2)
        here.mail.late = 2.0
        here.mail.misbehaves(catcher.FAULTS * size.times)
        return time.monotonic()

    return clock_off


def libfaketime() -> Path | None:
    """Of Debian's package `faketime`."""
    return next(
        (path for base in ("/usr/lib", "/usr/local/lib") for path in Path(base).glob(f"**/{LIBFAKETIME}")), None
    )


def lacks_faketime() -> str:
    """Why no clock can be moved here; empty if it can."""
    return "" if libfaketime() else "libfaketime is not here: install Debian's package faketime"


# -- Postgres and the mail server ------------------------------------------------------------------------------------


async def postgres_and_mail(here: Scene, lives: Lives, size: Size) -> float:
    await here.works()
    await begun(lives, size)
    here.mail.late = size.slow
    over = time.monotonic()
    for place in range(size.times):
        await lives.come_to(0.1 + 0.7 * place / size.times)
        here.mail.misbehaves(catcher.FAULTS)
        await here.database.crashes()
        await asyncio.sleep(1)
        here.wires["postgres"].cut()
        here.wires["postgres"].mend()
        over = time.monotonic()
    return over


async def postgres_read_only(here: Scene, lives: Lives, size: Size) -> float:
    return await _refusing(
        here, lives, size,
        "ALTER DATABASE complaints SET default_transaction_read_only = on",
        "ALTER DATABASE complaints RESET default_transaction_read_only",
    )  # fmt: skip


_FULL = """
CREATE FUNCTION public.disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
DO $$ DECLARE kept record; BEGIN
    FOR kept IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    LOOP EXECUTE format('CREATE TRIGGER a_disk_is_full BEFORE INSERT OR UPDATE ON %I EXECUTE FUNCTION disk_is_full()',
        kept.relname); END LOOP;
END $$
"""


async def postgres_full(here: Scene, lives: Lives, size: Size) -> float:
    return await _refusing(here, lives, size, _FULL, "DROP FUNCTION public.disk_is_full() CASCADE")


async def _refusing(here: Scene, lives: Lives, size: Size, begins: str, ends: str) -> float:
    """Every write is refused for a while; whoever is connected connects anew, as after a switch to another server."""
    anew = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'complaints'"
    await here.works()
    await begun(lives, size)
    await lives.come_to(0.3)
    await _said_at_last(here, begins, anew)
    await asyncio.sleep(size.seconds)
    await _said_at_last(here, ends, anew)
    return time.monotonic()


async def _said_at_last(here: Scene, *statements: str) -> None:
    """Our own hand takes locks on every table, against programs that write: one of the two may have to begin again."""
    for statement in statements:
        for _ in range(50):
            try:
                await here.database.says(statement)
                break
            except asyncpg.DeadlockDetectedError:
                await asyncio.sleep(0.1)
        else:
            raise AssertionError("fifty deadlocks one after the other")


# -- Temporal --------------------------------------------------------------------------------------------------------


async def temporal_killed(here: Scene, lives: Lives, size: Size) -> float:
    await here.works()
    await begun(lives, size)
    back = time.monotonic()
    for place in range(1 + size.times // 2):
        await lives.come_to(0.15 + 0.2 * place)
        await here.temporal.kill()
        await here.temporal.start()
        back = time.monotonic()
    return back


async def temporal_data_lost(here: Scene, lives: Lives, size: Size) -> float:
    await here.works()
    await begun(lives, size)
    await lives.come_to(0.4)
    await lives.rest()
    before = {life.number: await here.store.record(life.number) for life in lives.all}
    await here.temporal.kill()
    here.temporal.forget()
    await here.temporal.start()
    over = time.monotonic()
    await here.runs("doctor", "--mend", code=(0, 1))
    for life in lives.under_way():
        was, now = before[life.number], await here.store.record(life.number)
        assert was is not None
        assert now is not None
        if (was.stage, was.level, was.round, was.due) != (now.stage, now.level, now.round, now.due):
            life.failure = f"{life.number} is another after it was started again: {was} {now}"
    lives.pause.set()
    return over


async def junk(here: Scene, lives: Lives, size: Size) -> float:
    await here.works()
    await begun(lives, size)
    await lives.come_to(0.1)
    targets = [await lives.opened_only() for _ in range(size.times + 1)]
    living = [life.number for life in lives.all if life.number]
    await thrown_at(here.client, living, targets, starts=size.times * 9)
    over = time.monotonic()
    for number in targets:
        await lives.told(number)
    return over


# -- wires -----------------------------------------------------------------------------------------------------------


def wire_to(name: str) -> Breaks:
    """Slow, cut, and then half open; what a firewall has forgotten it answers with a reset in the end."""

    async def breaks(here: Scene, lives: Lives, size: Size) -> float:
        await here.works()
        await begun(lives, size)
        wire = here.wires[name]
        await lives.come_to(0.2)
        wire.lag = 0.2
        await asyncio.sleep(size.seconds / 2)
        wire.cut()
        await asyncio.sleep(size.seconds / 4)
        wire.mend()
        await lives.come_to(0.6)
        wire.half_open()
        await asyncio.sleep(size.seconds)
        if name == "mail":  # RFC 5321 §4.5.3.2.6: the answer to the dot is waited for ten minutes
            wire.cut()
        wire.mend()
        return time.monotonic()

    return breaks


ROWS = (
    Row("worker-killed", "The worker is killed with SIGKILL 28 times, each time with letters on their way.",
        worker_killed),
    Row("worker-frozen", "One of two workers is frozen (SIGSTOP) with letters in hand, longer than its lease lasts, "
        "and goes on.", worker_frozen),
    Row("worker-stopped", "The worker is told to stop (SIGTERM) while the mail server takes 12 s to answer the dot, "
        "and the next one begins at once, 5 times.", stopped_with_slow_mail),
    Row("two-versions", "The next program, one guarded change ahead, works beside the old one, which then stops.",
        two_versions),
    Row("everything-twice", "Every start, mail and signal comes twice at the same moment, and every activity runs "
        "twice at the same moment.", everything_twice, deliveries=2, by_mail=True),
    Row("clock-ahead", "The worker's clock is an hour ahead (libfaketime), and the mail server refuses, drops and "
        "dawdles.", clock_off_by("+1h"), lacks=lacks_faketime),
    Row("clock-behind", "The same with a clock that is an hour behind.", clock_off_by("-1h"), lacks=lacks_faketime),
    Row("postgres-and-mail", "Postgres crashes (`immediate`) and its connections are cut, 5 times each; the mail "
        "server answers 421, 450, drops letters before and after the dot, and answers late.", postgres_and_mail),
    Row("postgres-read-only", "Postgres takes no writes for 40 s, as a standby or a server being switched over.",
        postgres_read_only),
    Row("postgres-full", "Every write is refused for 40 s as by a full disk (SQLSTATE 53100).", postgres_full),
    Row("temporal-killed", "Temporal is killed with SIGKILL 3 times and comes back on its file.", temporal_killed),
    Row("temporal-lost", "Temporal's database is deleted; `complaints doctor --mend` starts every open complaint again "
        "at the same stage, rung, round and date.", temporal_data_lost),
    Row("junk", "Signals, requests and starts that mean nothing rain on complaints that live.", junk),
    Row("wire-postgres", "The line to Postgres is slow (0.2 s a piece of data), cut, and half open for 40 s.",
        wire_to("postgres")),
    Row("wire-mail", "The line to the mail server is slow, cut, and half open for 40 s until it is reset.",
        wire_to("mail")),
    Row("wire-temporal", "The line to Temporal is slow, cut, and half open for 40 s.", wire_to("temporal")),
)  # fmt: skip
"""Every row, by its name."""
