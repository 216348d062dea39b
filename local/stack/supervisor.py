"""Runs all parts of Complaint Desk on this machine, in one home folder, and keeps them running."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.client import Client

from complaints.records.migrate import migrated_at_once
from complaints.words.catalogue import _
from local.stack.finishing import gathered
from local.stack.home import StackRefused, check_kind, held
from local.stack.logs import put_aside
from local.stack.part import TRIES, Kept, Part, PartFailed, PortTaken
from local.stack.parts import (
    client_of,
    mail_part,
    postgres_part,
    program_part,
    run_first,
    temporal_part,
    temporal_ui_part,
)
from local.stack.plan import Parts, Ports, environment, ours
from local.stack.ports import LOOPBACK, free_ports, is_free
from local.stack.postgres_place import DAILY_ROLE, ROLE, PostgresPlace
from local.stack.temporal_find import find_beside_records, find_temporal
from local.stack.temporal_program import Place, TemporalPorts, TemporalProgram
from local.stack.voice import Say, to_stderr
from starter.home_keys import ring_of_home
from starter.keys import ensure_ring
from starter.page_behind import Behind
from starter.stack_addresses import Addresses, Status, find_stack, last_addresses, write_addresses
from starter.stack_links import ensure_key

__all__ = [
    "Addresses",
    "PartFailed",
    "Parts",
    "Ports",
    "Stack",
    "StackRefused",
    "find_stack",
    "run_until_stopped",
    "to_stderr",
]

#: Seconds between two looks at the size of the logs.
TIDY_EVERY = 60.0

#: Seconds after which it is said why a stop takes its time: more than a worker leaves what it does undisturbed.
TELL_AFTER = 10.0


class Stack:
    """One stack in one home. `async with Stack.running(home) as stack:` gives it, ready, and ends it with the block."""

    def __init__(
        self,
        home: Path,
        *,
        time_skipping: bool = False,
        ports: Ports | None = None,
        parts: Parts | None = None,
        say: Say = to_stderr,
        steps: bool = False,
    ) -> None:
        self.home = home.absolute()
        self.time_skipping = time_skipping
        self.wished = ports or Ports()
        self.parts = parts or Parts()
        self.say, self._steps = say, steps
        self._kept: dict[str, Kept] = {}
        self._hold = -1
        self._addresses: Addresses | None = None
        self._connecting: asyncio.Task[Client] | None = None
        self._database_is_up = asyncio.Event()

    @property
    def addresses(self) -> Addresses:
        """Where it can be reached; also in `<home>/stack.json`."""
        assert self._addresses is not None
        return self._addresses

    @property
    def environment(self) -> dict[str, str]:
        """For a program that works with this stack."""
        return environment(self.home, self.addresses, self.parts)

    @classmethod
    @asynccontextmanager
    async def running(
        cls,
        home: Path,
        *,
        time_skipping: bool = False,
        ports: Ports | None = None,
        parts: Parts | None = None,
        say: Say = to_stderr,
        steps: bool = False,
    ) -> "AsyncIterator[Stack]":
        """Starts everything in `home`, or goes on where the last stack there ended.

        Args:
            home: the one folder in which all state lies; made if missing.
            time_skipping: whether cases' time can be skipped; for the whole life of the home.
            ports: asked for; others are the last time's, or free ones.
            parts: what runs beside the servers; default: the records' schema and the worker.
            say: told what takes time and what has died.
            steps: whether it is told each part that is up, too.

        Raises:
            StackRefused: another stack runs in the home, it is of the other kind, or a port is taken.
            PartFailed, NoPostgres, TemporalMissing: something does not start; the message says what to do.
        """
        stack = cls(home, time_skipping=time_skipping, ports=ports, parts=parts, say=say, steps=steps)
        check_kind(stack.home, time_skipping=time_skipping, catches=stack.parts.catches)
        if time_skipping and not stack.parts.catches:
            raise StackRefused(_("{home} serves real customers: their time is not skipped.").format(home=stack.home))
        if time_skipping and stack.parts.temporal_address:
            raise StackRefused(_("--time-skipping needs a Temporal of our own: unset TEMPORAL_ADDRESS."))
        async with held(stack.home, say=say) as stack._hold:
            try:
                await stack._start()
                tidy = asyncio.create_task(stack._tidy())
                try:
                    yield stack
                finally:
                    tidy.cancel()
            finally:
                await stack._stop()

    async def _start(self) -> None:
        logs = self.home / "logs"
        logs.mkdir(mode=0o700, exist_ok=True)
        (self.home / "temporal").mkdir(mode=0o700, exist_ok=True)
        ensure_key(self.home)
        ensure_ring(ring_of_home(self.home))
        for tries_left in reversed(range(TRIES)):
            try:
                await self._start_at(self._choose_ports())
                return
            except PortTaken:
                if not tries_left:
                    raise
            # Free when it was chosen, taken now: the next choice takes another, or refuses the one that was asked for.
            self.say(_("Another program has just taken one of the ports: starting again with others."))
            await self._stop()
            self._begin_anew()

    def _begin_anew(self) -> None:
        if self._connecting:
            self._connecting.cancel()
        self._kept, self._connecting, self._addresses = {}, None, None
        self._database_is_up = asyncio.Event()

    async def _start_at(self, ports: dict[str, int]) -> None:
        logs = self.home / "logs"
        database, program = await gathered(self._postgres(ports), self._temporal())
        self._addresses = self._first_addresses(ports, database, page=self._page(program, ports))
        self._write("starting")
        mail = [self._mail_catcher(ports)] if self.parts.catches else []
        await gathered(self._start_parts(mail), self._start_database(database), self._start_temporal(program, ports))
        programs = [
            program_part(
                one,
                port=ports.get(one.port or ""),
                env=self.environment,
                log=logs / f"{one.name}.log",
                client=self._client,
            )
            for one in self.parts.programs
        ]
        await gathered(self._start_parts(programs), self._run_each(self.parts.beside))
        self._write("ready")

    def _mail_catcher(self, ports: dict[str, int]) -> Part:
        log = self.home / "logs" / "mail.log"
        return mail_part(
            self.home, self.parts, smtp=ports["smtp"], page=ports["mailbox"], env=self.environment, log=log
        )

    async def _start_database(self, place: PostgresPlace | None) -> None:
        if place:
            await self._start_parts([postgres_part(place)])
        self._database_is_up.set()
        # An empty database, or one that has it all, in this process; a program of its own only where steps are to go.
        if self.parts.records and await migrated_at_once(self._owner_dsn) is None:
            await self._run_each([ours("migrate")])
        await self._run_each(self.parts.first)

    async def _start_temporal(self, program: TemporalProgram | None, ports: dict[str, int]) -> None:
        if program is None:
            return
        place = self._temporal_place(ports)
        if place.dsn:
            await self._database_is_up.wait()
        parts = [temporal_part(program, place, self.parts)]
        if program.ui_order(place):
            parts.append(temporal_ui_part(program, place))
        await self._start_parts(parts)

    @property
    def _owner_dsn(self) -> str:
        return self.addresses.database_owner or self.addresses.database

    async def _run_each(self, commands: Sequence[Sequence[str]]) -> None:
        owner = {"DATABASE_URL": self._owner_dsn}
        for command in commands:
            log = self.home / "logs" / "setup.log"
            await run_first(list(command), env=self.environment | owner, log=log, hold=self._hold)

    async def _start_parts(self, parts: Sequence[Part]) -> None:
        kept = [Kept(part, hold=self._hold, say=self.say, changed=self._changed, steps=self._steps) for part in parts]
        self._kept.update({one.part.name: one for one in kept})
        await gathered(*(one.start() for one in kept))

    async def _postgres(self, ports: dict[str, int]) -> PostgresPlace | None:
        if self.parts.database_url:
            return None
        log = self.home / "logs" / "postgres.log"
        return await PostgresPlace.prepared(self.home, log=log, port=ports.get("database"), durable=self.parts.durable)

    async def _temporal(self) -> TemporalProgram | None:
        if self.parts.temporal_address:
            return None
        if self.parts.one_database:
            return await find_beside_records(say=self.say)
        return await find_temporal(say=self.say, time_skipping=self.time_skipping)

    def _temporal_place(self, ports: dict[str, int]) -> Place:
        return Place(
            self.home / "temporal",
            TemporalPorts.choose(frontend=ports["temporal"], ui=ports["temporal_ui"]),
            time_skipping=self.time_skipping,
            dsn=self._owner_dsn if self.parts.one_database and self._addresses else None,
            ui=self.parts.temporal_ui,
            dynamic=self.parts.dynamic,
            logs=self.home / "logs",
        )

    def _choose_ports(self) -> dict[str, int]:
        """A port each: the one asked for, else the last time's if it is still free, else any free one."""
        last = last_addresses(self.home)
        remembered = last.ports if last else {}
        names = ["temporal", "temporal_ui", *(["smtp", "mailbox"] if self.parts.catches else [])]
        names += [one.port for one in self.parts.programs if one.port]
        names += ["database"] if self.wished.database or "database" in remembered else []
        fresh = free_ports(len(names))
        chosen: dict[str, int] = {}
        for name in names:
            asked = getattr(self.wished, name, None)
            if asked and not is_free(asked):
                raise StackRefused(
                    _("Port {asked} for {name} is taken: stop what listens there, or choose another.").format(
                        asked=asked, name=name
                    )
                )
            old = remembered.get(name)
            chosen[name] = asked or (old if old and is_free(old) else fresh.pop())
        return chosen

    def _page(self, program: TemporalProgram | None, ports: dict[str, int]) -> Behind | None:
        return program.page(self._temporal_place(ports)) if program else None

    def _first_addresses(
        self, ports: dict[str, int], database: PostgresPlace | None, *, page: Behind | None
    ) -> Addresses:
        if database and database.port:
            ports = {**ports, "database": database.port}
        daily = DAILY_ROLE if self.parts.two_roles else ROLE
        return Addresses(
            status="starting",
            pid=os.getpid(),
            temporal=self.parts.temporal_address or f"{LOOPBACK}:{ports['temporal']}",
            temporal_ui=f"http://{LOOPBACK}:{ports['desk']}/temporal" if page and "desk" in ports else None,
            page_behind=page.url if page else None,
            page_trust=str(page.trust) if page and page.trust else None,
            database=database.dsn(role=daily) if database else self.parts.database_url or "",
            database_owner=database.dsn() if database and self.parts.two_roles else None,
            smtp=f"smtp://{LOOPBACK}:{ports['smtp']}" if self.parts.catches else None,
            mailbox=f"http://{LOOPBACK}:{ports['mailbox']}/" if self.parts.catches else None,
            desk=f"http://{LOOPBACK}:{ports['desk']}/" if "desk" in ports else None,
            time_skipping=self.time_skipping,
            ports=ports,
        )

    async def _client(self) -> Client:
        """Connected once, for all who ask."""
        if self._connecting is None:
            ours = None if self.parts.temporal_address else self.addresses.temporal
            self._connecting = asyncio.create_task(client_of(ours))
        return await asyncio.shield(self._connecting)

    def _changed(self) -> None:
        self._write(self.addresses.status)

    def _write(self, status: Status) -> None:
        pids = {name: kept.child.pid for name, kept in self._kept.items() if kept.child and kept.child.is_running()}
        self._addresses = self.addresses.model_copy(update={"status": status, "pids": pids})
        write_addresses(self.home, self._addresses)

    async def _tidy(self) -> None:
        while True:
            for log in (self.home / "logs").glob("*.log"):
                await asyncio.to_thread(put_aside, log)
            await asyncio.sleep(TIDY_EVERY)

    async def _stop(self) -> None:
        """Programs first, then what they use, at most 3, 3 and 2.5 seconds.

        A program is granted the time that a mail server may take to answer for a letter (complaints/stopping.py).
        """
        servers = (("mail",), ("temporal", "temporal_ui"), ("postgres",))
        programs = self._kept.keys() - {name for group in servers for name in group}
        for group in (programs, *servers):
            kept = [self._kept[name] for name in group if name in self._kept]
            told = asyncio.create_task(self._tell_who_takes_long(kept))
            await asyncio.gather(*(one.stop() for one in kept))
            told.cancel()
        if self._addresses:
            self._write("stopped")

    async def _tell_who_takes_long(self, kept: Sequence[Kept]) -> None:
        """Somebody may sit before a terminal that does not come back."""
        await asyncio.sleep(TELL_AFTER)
        for one in kept:
            if one.child and one.child.is_running():
                most = f"{one.child.order.grace / 60:.0f} min"
                self.say(
                    _("{title} ends what it has in hand (a letter waits for its answer): up to {most}.").format(
                        title=one.part.title, most=most
                    )
                )


async def run_until_stopped(
    home: Path,
    *,
    time_skipping: bool = False,
    ports: Ports | None = None,
    parts: Parts | None = None,
    say: Say = to_stderr,
    on_ready: Callable[[Addresses], None] = lambda addresses: None,
) -> None:
    """What `complaints up` does: runs the stack until Ctrl-C, SIGTERM or the terminal's end, then stops it cleanly.

    The arguments and errors are those of `Stack.running`; `on_ready` gets the addresses once.
    """
    stopped, ready = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)

    async def run() -> None:
        async with Stack.running(
            home, time_skipping=time_skipping, ports=ports, parts=parts, say=say, steps=True
        ) as stack:
            ready.set()
            on_ready(stack.addresses)
            await stopped.wait()

    running = asyncio.create_task(run())
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not running.done() and not ready.is_set():
        running.cancel()
    try:
        await running
    except asyncio.CancelledError:
        say(_("Stopped before everything had started."))
