"""A small school's host as `complaints init` and `up` make it: a year of it, weighed by a part that is lived.

uv run python -m benchmarks.small_host [--lives 60] [--open 500] [--a-day 20] [--rest 60]
uv run python -m benchmarks.small_host --year 7300 [--most-minutes 60]

So many lives are lived on the real host, each from receipt to closing; what each leaves on the disk is the slope
between the first half and the second, so that what an empty host weighs does not count. A year follows from it:
records stay for ever, Temporal's data for its retention. Then so many complaints are opened and stay open, and the
memory of all processes is added up by their proportional shares (PSS: what several share, such as Postgres' buffers and
the programs themselves, counts once in all); power cuts, and how long the host takes then. With `--year` nothing but
lives, so many or as many as the minutes allow: a line with the bytes of each store and the memory after every 200.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from benchmarks.abreast import abreast
from benchmarks.contestant import LETTERS, SAID, received
from benchmarks.lives import cpu_of
from benchmarks.mail_counter import MailCounter, mail_counter
from complaints.records.store import Store
from local.host import written
from local.host.wishes import Wishes
from local.stack.guard import descendants
from local.stack.temporal_ready import RETENTION
from starter.front_desk import FrontDesk
from starter.home_keys import ring_of_home
from starter.stack_addresses import find_stack
from workflows.connection import connect
from workflows.key_ring import Keys

MIB = 2**20
AT_ONCE = 10

STORES = {"our records": "public", "Temporal's runs": "temporal", "Temporal's lists": "temporal_visibility"}
"""Schemas of the one database."""


@dataclass
class Host:
    """The host that is up."""

    process: asyncio.subprocess.Process
    home: Path
    mail: MailCounter
    desk: FrontDesk
    database: str
    ready_after: float = 0.0
    """Seconds of the clock."""
    ready_cpu: float = 0.0
    """Seconds of processor time of all its processes until then: what a busy machine does not change much."""

    async def lives(self, count: int, *, to_the_end: bool) -> float:
        """So many complaints, closed or only acknowledged; seconds of processor time that the host took for each."""
        before = cpu_of(self.process.pid)
        await abreast(AT_ONCE, range(count), lambda _: self._one(to_the_end=to_the_end))
        return (cpu_of(self.process.pid) - before) / count

    async def _one(self, *, to_the_end: bool) -> None:
        number = (await self.desk.open(received())).number
        await self.mail.until(number, 1)
        if not to_the_end:
            return
        case = self.desk.client.get_workflow_handle(number)
        for fact, letters in SAID:
            await case.signal(fact.name, fact)
            await self.mail.until(number, letters)
        assert self.mail.letters[number] == LETTERS
        await case.result()

    async def weighs(self) -> dict[str, int]:
        """Bytes of each store, vacuumed; `files` is the whole folder of Postgres, with what it writes ahead."""
        connection = await asyncpg.connect(self.database)
        try:
            await connection.execute("VACUUM ANALYZE")
            query = """SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
                       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind IN ('r', 'm')"""
            stores = {name: int(await connection.fetchval(query, schema)) for name, schema in STORES.items()}
        finally:
            await connection.close()
        files = sum(file.stat().st_size for file in (self.home / "postgres").rglob("*") if file.is_file())
        return {**stores, "files": files}

    def memory(self) -> dict[str, float]:
        """MiB of each program by proportional shares, and of all of them."""
        found: dict[str, float] = {}
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            name = _name(pid)
            found[name] = found.get(name, 0.0) + _share(pid)
        return {**dict(sorted(found.items())), "all": sum(found.values())}

    async def loses_power(self) -> None:
        """Every process at one moment."""
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await self.process.wait()
        while find_stack(self.home) is not None:  # noqa: ASYNC110 - its guards go last
            await asyncio.sleep(0.05)


def _name(pid: int) -> str:
    """What it is, by its command line: guards and Postgres' many processes under one name each."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return "gone"
    known = ("guard.py", "temporal-server", "temporal-ui", "worker", "mailbox", "desk", "nightly", "postgres")
    return next((name for name in known if name in words), "up")


def _share(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024


@asynccontextmanager
async def up(home: Path, mail: MailCounter) -> AsyncIterator[Host]:
    """The host's own program, ready; its power is gone with the block."""
    began = time.perf_counter()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("COMPLAINTS_", "TEMPORAL_"))}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli.main", "up", "--home", str(home), "--json"),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=environ,
    )  # fmt: skip
    assert process.stdout is not None
    assert await process.stdout.readline(), "complaints up did not get ready"
    ready, ready_cpu = time.perf_counter() - began, cpu_of(process.pid)
    stack = find_stack(home)
    assert stack is not None
    client = await connect(address=stack.temporal, namespace=stack.namespace, keys=Keys(ring_of_home(home)))
    store = await Store.connect(stack.database, max_size=4)
    host = Host(process, home, mail, FrontDesk(client, store), stack.database, ready, ready_cpu)
    try:
        yield host
    finally:
        await store.close()
        if process.returncode is None:
            await host.loses_power()


async def measured(options: argparse.Namespace) -> dict[str, object]:
    """All of it, on one home."""
    with tempfile.TemporaryDirectory(prefix="small-host-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        async with mail_counter() as mail:
            written.home_of(_wishes(mail), home)
            async with up(home, mail) as host:
                idle, first_start = host.memory(), (host.ready_after, host.ready_cpu)
                half = options.lives // 2
                await host.lives(half, to_the_end=True)
                middle = await host.weighs()
                a_life = await host.lives(options.lives - half, to_the_end=True)
                end = await host.weighs()
                slope = {name: (end[name] - middle[name]) / (options.lives - half) for name in STORES}
                an_arrival = await host.lives(options.open, to_the_end=False)
                opened = await host.weighs()
                busy = host.memory()
                await asyncio.sleep(options.rest)  # what a storm took is given back; 500 do not come at once
                rested = host.memory()
            starts = []
            for _ in range(2):
                async with up(home, mail) as host:
                    starts.append((host.ready_after, host.ready_cpu))
                    after_cut = host.memory()
    return {
        "processor time of a life, ms": round(a_life * 1000),
        "processor time of an arrival, ms": round(an_arrival * 1000),
        "KiB a closed life": {name: round(each / 1024, 1) for name, each in slope.items()},
        "KiB an open complaint": {name: round((opened[name] - end[name]) / options.open / 1024, 1) for name in STORES},
        "MiB after a year": dict(_year(slope, options.a_day)),
        "MiB of Postgres' files, with what it writes ahead": round(opened["files"] / MIB),
        "memory idle, MiB": {name: round(each) for name, each in idle.items()},
        f"memory with {options.open} open, {options.rest:.0f} s later, MiB": {
            name: round(each) for name, each in rested.items()
        },
        f"memory right after {options.open} arrivals at once, MiB": {name: round(each) for name, each in busy.items()},
        "memory after a cut, MiB": {name: round(each) for name, each in after_cut.items()},
        "ready, s, and processor time of it": {
            "first start": [round(each, 1) for each in first_start],
            "after a cut": [round(each, 1) for each in min(starts)],
        },
        "load": [round(each, 1) for each in os.getloadavg()],
    }


async def lived(options: argparse.Namespace) -> None:
    """One closed life after the other into the same home; a line of JSON after every `EACH`."""
    until, done = time.monotonic() + options.most_minutes * 60, 0
    with tempfile.TemporaryDirectory(prefix="small-host-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        async with mail_counter() as mail:
            written.home_of(_wishes(mail), home)
            async with up(home, mail) as host:
                while done < options.year and time.monotonic() < until:
                    cpu = await host.lives(EACH, to_the_end=True)
                    done += EACH
                    said = {
                        "lives": done,
                        "days": done / options.a_day,
                        "processor time of a life, ms": round(cpu * 1000),
                    }
                    stores = {name: round(each / MIB, 1) for name, each in (await host.weighs()).items()}
                    print(json.dumps(said | {"MiB": stores, "memory, MiB": _rounded(host.memory())}), flush=True)
            async with up(home, mail) as host:
                print(json.dumps({"after a cut": _rounded(host.memory()), "ready": [host.ready_after, host.ready_cpu]}))


EACH = 200


def _rounded(memory: dict[str, float]) -> dict[str, int]:
    return {name: round(each) for name, each in memory.items()}


def _year(slope: dict[str, float], a_day: int) -> Iterator[tuple[str, int]]:
    """What is there after it: Temporal forgets a run so long after it was closed."""
    for name, each in slope.items():
        days = 365 if STORES[name] == "public" else RETENTION.days
        yield name, round(each * a_day * days / MIB)


def _wishes(mail: MailCounter) -> Wishes:
    return Wishes(
        school="Colegio San José",
        intake="quejas@colegio.example",
        smtp=f"smtp://127.0.0.1:{mail.port}?tls=none",
        imap=None,
        public_url=None,
        language="es",
        admin="ana",
        admin_name="Ana Ruiz",
    )


def main() -> None:
    """As the file's first lines say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lives", type=int, default=60)
    parser.add_argument("--open", type=int, default=500)
    parser.add_argument("--a-day", type=int, default=20)
    parser.add_argument("--rest", type=float, default=60)
    parser.add_argument("--year", type=int, default=0)
    parser.add_argument("--most-minutes", type=float, default=60)
    if parser.parse_args().year:
        asyncio.run(lived(parser.parse_args()))
        return
    print(json.dumps(asyncio.run(measured(parser.parse_args())), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
