"""A part of a stack: a process that is started, known to be ready, and started again when it dies."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from complaints.words.catalogue import _
from local.stack.child import Child, Order
from local.stack.logs import log_end, says_port_taken
from local.stack.ports import is_free
from local.stack.voice import Say

#: Seconds to wait before each start after a death; the last for all further ones.
BACK_OFF = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0)

#: Seconds after which a part counts as recovered, and the waiting starts from the beginning.
RECOVERED = 60.0


#: A port that was free when it was chosen may be taken a moment later: then the part is prepared anew.
TRIES = 3


class PartFailed(RuntimeError):
    """A part does not start; the message says which, and ends with the last lines of its log."""


class PortTaken(PartFailed):
    """A part does not start because another program listens on one of its ports."""


@dataclass(frozen=True)
class Part:
    """One process of the stack."""

    #: In `stack.json`.
    name: str
    #: In what people read.
    title: str
    #: Prepares the start, each time anew, and says what to run.
    prepare: Callable[[], Awaitable[Order]]
    #: Returns when the process does its work. It may raise; and it is cut short when the process ends.
    ready: Callable[[Child], Awaitable[object]]
    #: Seconds for both.
    limit: float = 180.0
    #: On loopback; nobody else may listen on them. A stranger who answers there would pass for the part.
    ports: tuple[int, ...] = ()


class Kept:
    """A part that is kept running."""

    def __init__(self, part: Part, *, hold: int, say: Say, changed: Callable[[], None], steps: bool = False) -> None:
        """`steps`: whether its first start is said, too, and not only what goes wrong."""
        self.part, self._steps = part, steps
        self.child: Child | None = None
        self._hold, self._say, self._changed = hold, say, changed
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """The first start.

        Raises:
            PortTaken: another program listens on one of its ports.
            PartFailed: it ended, or was not ready in time.
        """
        for tries_left in reversed(range(TRIES)):
            try:
                await self._start()
                break
            except PartFailed as failed:
                if not (isinstance(failed, PortTaken) or self._says_port_taken()):
                    raise
                if not tries_left:
                    raise PortTaken(str(failed)) from failed
                await asyncio.sleep(BACK_OFF[0])  # whoever looks for free ports holds one for a moment
        self._keeper = asyncio.create_task(self._keep())
        if self._steps:
            self._say(_("{part}: up.").format(part=self.part.title))

    async def stop(self) -> None:
        """Ends it for good."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        if self.child:
            await self.child.stop()

    async def _start(self) -> None:
        try:
            async with asyncio.timeout(self.part.limit):
                await self._ready()
        except TimeoutError:
            limit = f"{self.part.limit:.0f} s"
            said = _("was not ready in {limit}").format(limit=limit)
            raise PartFailed(f"{self.part.title} {said}. {self._log_end()}") from None

    async def _ready(self) -> None:
        for port in self.part.ports:
            if not is_free(port):
                taken = _("port {port} is taken by another program").format(port=port)
                raise PortTaken(f"{self.part.title}: {taken}.")
        order = replace(await self.part.prepare(), hold=(self._hold,))
        self.child = await Child.start(order)
        ready = asyncio.ensure_future(self.part.ready(self.child))
        ended = asyncio.ensure_future(self.child.wait())
        try:
            await asyncio.wait([ready, ended], return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                at_start = _("at its start")
                raise PartFailed(f"{self.part.title} {how_it_ended(ended.result())} {at_start}. {self._log_end()}")
            ready.result()
        finally:
            for one in (ready, ended):
                one.cancel()
            await asyncio.wait([ready, ended])
        self._changed()

    async def _keep(self) -> None:
        deaths = 0
        while True:
            assert self.child is not None
            since = time.monotonic()
            code = await self.child.wait()
            deaths = 0 if time.monotonic() - since > RECOVERED else deaths
            deaths = await self._again(f"{self.part.title} {how_it_ended(code)}", deaths)

    async def _again(self, happened: str, deaths: int) -> int:
        """Tries until it is ready, and says so in one line; the number of tries and deaths so far."""
        while True:
            await asyncio.sleep(BACK_OFF[min(deaths, len(BACK_OFF) - 1)])
            deaths += 1
            try:
                await self._start()
            except Exception as error:  # the part is tried for ever: whatever it is, an operator reads it here
                if self.child:
                    await self.child.stop()
                again = _("it does not start again, it will be tried once more")
                self._say(f"{happened}; {again}: {error}")
                continue
            self._say(f"{happened}; {_('it was started again')}.")
            return deaths

    def _says_port_taken(self) -> bool:
        log = self.child.order.log if self.child else None
        return self.child is not None and log is not None and says_port_taken(log, since=self.child.log_began)

    def _log_end(self) -> str:
        """The last lines that this very process wrote: older ones tell of another trouble."""
        if self.child is None or self.child.order.log is None:
            return ""
        log = self.child.order.log
        end = log_end(log, since=self.child.log_began)
        return f"{_('Its log')} {log} {_('ends')}: {end}"


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    with suppress(ValueError):
        if code > 128:
            name = signal.Signals(code - 128).name
            return _("was killed by {name}").format(name=name)
    return _("ended with code {code}").format(code=code)
