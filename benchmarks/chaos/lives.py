"""Complaints that are lived while something breaks: what is said is said again until it was heard, as any client does.

A life is opened, assigned, resolved and confirmed; a third of them are disputed twice before, up both rungs of §7. Each
step waits for the letters of the one before, of which an undisturbed life of the same kind tells how many there are.
"""

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, TypeVar

from temporalio.client import WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from benchmarks.chaos.scene import Scene
from complaints.records.errors import RecordsError
from complaints.rules.facts import Assigned, CustomerDissatisfied, CustomerSatisfied, Fact, Resolved
from complaints.rules.letters import LetterState
from complaints.rules.received import ComplaintReceived
from starter.errors import FrontDeskError
from starter.front_desk import FrontDesk
from starter.intake import taken_in

T = TypeVar("T")

LONGEST = 900.0
"""Seconds until a life that does not move is given up, and counted as wrong."""

PLAIN, DISPUTED, BY_MAIL = "plain", "disputed", "by mail"

_SAID: dict[str, Callable[[], Fact]] = {
    "assigned": lambda: Assigned(department="academic", by="Ana Flores"),
    "resolved": lambda: Resolved(text="Se dictarán las horas que faltan.", by="Ana Flores"),
    "disputed": lambda: CustomerDissatisfied(reason="Todavía faltan horas.", by="customer"),
    "satisfied": lambda: CustomerSatisfied(by="customer"),
}
_SHORT = ("assigned", "resolved", "satisfied")
STEPS = {
    PLAIN: _SHORT,
    BY_MAIL: _SHORT,
    DISPUTED: ("assigned", "resolved", "disputed", "resolved", "disputed", "resolved", "satisfied"),
}
"""What is said in each kind of life, after its opening."""

MAILBOX = "soporte@escuelaconstrucciondigital.com"


@dataclass(frozen=True)
class Portrait:
    """What a life has come to, without its moments and its numbers."""

    stage: str
    outcome: str | None
    level: int
    round: int
    department: str | None
    happened: tuple[tuple[str, int], ...]
    """Rows of the journal but for what is told of letters and of what was ignored."""
    letters: tuple[tuple[str, int], ...]
    """Kinds that were sent."""


@dataclass
class Life:
    """One complaint."""

    kind: str
    key: str = field(default_factory=lambda: f"chaos/{uuid.uuid4().hex}")
    number: str = ""
    steps: int = 0
    """How many are whole: said, and every letter of it taken by the mail server."""
    moments: list[float] = field(default_factory=list)
    """When each became whole, on a clock that nobody sets."""
    rests: bool = False
    failure: str = ""


class Lives:
    """All lives of a row."""

    def __init__(self, scene: Scene, *, deliveries: int = 1, by_mail: int = 0) -> None:
        """`deliveries`: how many times everything is said, at the same moment; `by_mail`: so many come by mail."""
        self.scene, self.deliveries, self.by_mail = scene, deliveries, by_mail
        self.expected: dict[str, list[int]] = {}
        self.portraits: dict[str, Portrait] = {}
        self.all: list[Life] = []
        self.began = datetime.now(UTC)
        self.pause = asyncio.Event()
        self.pause.set()
        self._tasks: list[asyncio.Task[None]] = []

    # -- an undisturbed one ------------------------------------------------------------------------------------------

    async def learn(self, *kinds: str) -> None:
        """Lives one of each kind while all is well: what every other must come to."""
        for kind in kinds:
            life = Life(kind)
            counts: list[int] = []
            for _ in range(len(STEPS[kind]) + 1):
                await self._step(life)
                await self.told(life.number)
                life.steps += 1
                counts.append(self.scene.mail.letters(life.number))
            self.expected[kind] = counts
            self.portraits[kind] = await self.portrait(life)

    async def told(self, number: str) -> None:
        """Waits until nothing of it is on its way, as the case itself says."""
        handle = self.scene.client.get_workflow_handle(number)

        async def told() -> bool:
            try:
                if (await handle.describe()).status is not WorkflowExecutionStatus.RUNNING:
                    return True
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                return True  # Temporal has lost it: what it came to is in the records
            status = await handle.query("status")
            return not status["letters_waiting"] and not status["unwritten_rows"]

        async with asyncio.timeout(LONGEST):
            while not await insisted(told):  # noqa: ASYNC110 - the case moves
                await asyncio.sleep(0.05)

    # -- all of them -------------------------------------------------------------------------------------------------

    def begin(self, count: int) -> None:
        """So many begin to live at the same time, a third of them disputed."""
        kinds = [DISPUTED if place % 3 == 2 else PLAIN for place in range(count)]
        kinds[: self.by_mail] = [BY_MAIL] * self.by_mail
        self.all = [Life(kind) for kind in kinds]
        self._tasks = [asyncio.create_task(self._live(life)) for life in self.all]

    async def _live(self, life: Life) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                for wanted in self.expected[life.kind]:
                    life.rests = not self.pause.is_set()
                    await self.pause.wait()
                    life.rests = False
                    await self._step(life)
                    while self.scene.mail.letters(life.number) < wanted:  # noqa: ASYNC110 - others fill it
                        await asyncio.sleep(0.02)
                    life.steps += 1
                    life.moments.append(time.monotonic())
        except (TimeoutError, RPCError, FrontDeskError, RecordsError) as error:
            life.failure = f"{life.number or 'not opened'}, {life.kind}, after step {life.steps}: {error!r}"

    async def _step(self, life: Life) -> None:
        if life.steps == 0:
            opened = [insisted(lambda: self._open(life)) for _ in range(self.deliveries)]
            [life.number] = set(await asyncio.gather(*opened))
            return
        fact = _SAID[STEPS[life.kind][life.steps - 1]]()
        fact = fact.model_copy(update={"event_id": f"{life.key}/{life.steps}"})
        said = [insisted(lambda: self.says(life.number, fact)) for _ in range(self.deliveries)]
        await asyncio.gather(*said)

    async def _open(self, life: Life) -> str:
        desk = FrontDesk(self.scene.client, self.scene.store)
        if life.kind == BY_MAIL:
            mail = _a_mail(life.key)
            return (await taken_in(desk, mail, mailbox=MAILBOX, received_at=self.began)).number
        return (await desk.open(_received(life.key))).number

    async def opened_only(self) -> str:
        """The number of a complaint of which nothing is expected."""
        return await insisted(lambda: self._open(Life(PLAIN)))

    async def says(self, number: str, fact: Fact) -> None:
        """A bare signal; that a case has closed meanwhile means that it was heard before."""
        try:
            await self.scene.client.get_workflow_handle(number).signal(fact.name, fact)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    # -- how far they are --------------------------------------------------------------------------------------------

    @property
    def whole(self) -> int:
        """Steps that are whole, of all."""
        return sum(life.steps for life in self.all)

    @property
    def total(self) -> int:
        """Steps of all lives."""
        return sum(len(self.expected[life.kind]) for life in self.all)

    async def come_to(self, part: float) -> None:
        """Waits until that part of all steps is whole, or nothing lives any more."""
        while self.whole < part * self.total and not self.ended:  # noqa: ASYNC110 - others live
            await asyncio.sleep(0.01)

    @property
    def ended(self) -> bool:
        """Whether nobody lives any more."""
        return all(task.done() for task in self._tasks)

    def under_way(self) -> Iterator[Life]:
        """Those that are not at their end."""
        return (life for life in self.all if life.steps < len(self.expected[life.kind]))

    async def rest(self) -> None:
        """Nobody says anything more, and nothing of anybody is on its way."""
        self.pause.clear()
        while not all(life.rests or life.failure for life in self.under_way()):  # noqa: ASYNC110 - others live
            await asyncio.sleep(0.02)
        for life in self.all:
            await self.told(life.number)

    async def end(self) -> None:
        """Waits until all have ended, and nothing of them is on its way any more."""
        await asyncio.gather(*self._tasks)
        async with asyncio.timeout(LONGEST):
            for life in self.all:
                if not life.failure:
                    await self.told(life.number)

    def well_again_after(self, moment: float) -> float:
        """Seconds from that moment until each life that was under way had come a step further."""
        waited = [
            next((at for at in life.moments if at > moment), moment)
            for life in self.all
            if life.moments and life.moments[-1] > moment and life.moments[0] <= moment
        ]
        return max(waited, default=moment) - moment

    # -- what they have come to --------------------------------------------------------------------------------------

    async def portrait(self, life: Life) -> Portrait:
        """As the records tell it."""
        store = self.scene.store
        record = await store.record(life.number)
        assert record is not None, f"{life.number} has no record"
        rows = await store.journal(life.number)
        letters = [row.kind for row in await store.letters(life.number) if row.state is LetterState.SENT]
        happened = Counter(row.what for row in rows if not row.what.startswith("letter-") and row.what != "ignored")
        return Portrait(
            record.stage, record.outcome, record.level, record.round, record.department,
            tuple(sorted(happened.items())), tuple(sorted(Counter(letters).items())),
        )  # fmt: skip


async def insisted(call: Callable[[], Awaitable[T]]) -> T:
    """Does it again for as long as somebody who is needed for it is away."""
    while True:
        try:
            return await call()
        except RPCError as error:
            if error.status in (RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.PERMISSION_DENIED):
                raise
        except (FrontDeskError, RecordsError, OSError, RuntimeError, WorkflowQueryFailedError):
            pass  # away, just being opened, or not known: the same key makes it once
        await asyncio.sleep(0.2)


def _received(key: str) -> ComplaintReceived:
    content: dict[str, Any] = {
        "source_key": key,
        "channel": "web",
        "received_at": datetime.now(UTC),
        "customer": {"name": "Rosa Quispe", "document": "45678912", "email": f"r{key[-12:]}@correo.example"},
        "problem": {"description": "El curso no tuvo las horas prometidas.", "occurred_on": "2026-07-01"},
        "product": "Curso de Revit",
    }
    return ComplaintReceived.model_validate(content)


def _a_mail(key: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Rosa Quispe <r{key[-12:]}@correo.example>", MAILBOX
    mail["Message-ID"], mail["Subject"] = f"<{key[-32:]}@correo.example>", "Reclamo por el curso de Revit"
    mail.set_content("El curso no tuvo las horas prometidas. Solicito que se dicten.")
    return mail.as_bytes()
