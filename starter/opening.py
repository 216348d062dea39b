"""Opening complaints (§3, §4): one arrival is one complaint, whoever starts it and however often."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from pydantic import BaseModel, ConfigDict
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from complaints.policy_file import PolicyNow
from complaints.records.errors import NumberTaken, SourceKeyTaken, Unreachable
from complaints.records.store import Store
from complaints.rules.facts import Channel
from complaints.rules.heard import content_digest, is_mail, is_same_arrival
from complaints.rules.number import OWN_ID, complaint_number, key_digest
from complaints.rules.quarantine import Quarantined
from complaints.rules.received import (
    ComplaintReceived,
    occurred_in_the_future,
    too_old,
    without_future_date,
)
from complaints.rules.refusals import NotNow
from complaints.words.catalogue import N_, catalogue
from complaints.words.wording import Wording
from starter.errors import AlreadySent, Away, Refused
from starter.refusals import not_fitting, refused
from workflows import names
from workflows.page import first_view

LIMIT = timedelta(seconds=10)
"""How long a request may take (design §4)."""

RECORDS_LIMIT = timedelta(seconds=3)
"""How long the records may take to say whether they know an arrival; a complaint does not wait for Postgres."""

MOST_SALTS = 16
"""Two source keys share a number once in 2⁴⁰; so many in a row would be an error of ours."""

NOTHING_CAME_OF_IT = frozenset(
    {
        WorkflowExecutionStatus.FAILED,
        WorkflowExecutionStatus.TERMINATED,
        WorkflowExecutionStatus.CANCELED,
        WorkflowExecutionStatus.TIMED_OUT,
    }
)
"""Ends that no complaint comes to by itself."""

_AWAY = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})


class Opened(BaseModel):
    """What became of an arrival."""

    model_config = ConfigDict(frozen=True)

    number: str
    already: bool = False
    """It was a complaint before: nothing new was opened."""
    pending: bool = False
    """Temporal is out of reach: kept with its number, and started later with its true receipt time (design §5.1)."""


class _Collision(Exception):
    """Another source key has this number."""


def is_away(error: BaseException) -> bool:
    """Whether the server did not answer at all. A lazy client that cannot connect says so with a RuntimeError."""
    if isinstance(error, RPCError):
        return error.status in _AWAY
    return isinstance(error, RuntimeError | TimeoutError | OSError)


def out_of_reach() -> Away:
    """The sentence for a server that does not answer."""
    return Away(
        N_("The server does not answer, and nothing was done: repeat the same in a moment."),
        N_("The Temporal server does not answer: start it (`complaints up`) and repeat the same."),
    )


class Opening:
    """Starts one workflow a complaint."""

    def __init__(
        self,
        client: Client,
        store: Store | None,
        *,
        policy: PolicyNow,
        task_queue: str,
        now: Callable[[], datetime] | None,
    ) -> None:
        self._client, self._store, self._policy_now = client, store, policy
        self._task_queue, self._now = task_queue, now

    async def open(self, received: ComplaintReceived, *, number: str | None = None) -> Opened:
        """Opens it, or finds it open. Raises Refused, and Away where neither Temporal nor the records take it."""
        if number is not None and not OWN_ID.fullmatch(number):
            raise not_fitting("start.number", "number")
        received = self._keyed(self._sensible(received), number)
        key = received.source_key or ""
        kept = await self._kept(key)
        if kept is not None:
            await self._expect_same(kept.number, received)
        if kept is not None and not kept.pending:
            return kept
        number = kept.number if kept else number
        for salt in range(MOST_SALTS):
            candidate = number or complaint_number(key, salt=salt)
            try:
                return await self._open_as(candidate, received, was_pending=kept is not None)
            except _Collision:
                if number is not None:
                    raise Refused(
                        N_("The number {number} belongs to another complaint already: choose another.", number=number),
                    ) from None
        raise Refused(N_("No number was free: please report this."))

    async def start_pending(self) -> list[tuple[str, Refused | None]]:
        """Starts what was taken down while Temporal was out of reach; its number, and why if it could not be started.

        Raises Away when the server is still, or again, out of reach.
        """
        if self._store is None:
            return []
        done: list[tuple[str, Refused | None]] = []
        for waiting in await self._store.pending():
            try:
                await self._start(waiting.number, waiting.received)
                await self._store.pending_started(waiting.number)
                done.append((waiting.number, None))
            except _Collision:
                taken = Refused(
                    N_(
                        "{number} is another complaint's number by now: open it again with another --number.",
                        number=waiting.number,
                    ),
                )
                done.append((waiting.number, taken))
        return done

    async def watch(self, quarantined: Quarantined) -> None:
        """Starts the clock of a message in the quarantine (§4); once, however often. Raises Away."""
        try:
            async with asyncio.timeout(LIMIT.total_seconds()):
                await self._client.start_workflow(
                    names.QUARANTINE_WATCH,
                    quarantined,
                    id=f"quarantine-{quarantined.name}",
                    task_queue=self._task_queue,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                )
        except WorkflowAlreadyStartedError:
            return
        except (RPCError, RuntimeError, TimeoutError, OSError) as error:
            if not is_away(error):
                raise
            raise out_of_reach() from error

    # -- one number --------------------------------------------------------------------------------------------------

    async def _open_as(self, number: str, received: ComplaintReceived, *, was_pending: bool) -> Opened:
        try:
            opened = await self._start(number, received)
        except Away:
            if self._store is None or received.channel is Channel.EMAIL:
                raise  # a mail stays in its mailbox and is read again
            return await self._kept_pending(number, received)
        if was_pending:
            await self._forget_pending(number)
        return opened

    async def _start(self, number: str, received: ComplaintReceived) -> Opened:
        """Starts the workflow. Raises _Collision, and Away if the server does not answer."""
        reuse = WorkflowIDReusePolicy.REJECT_DUPLICATE
        try:
            async with asyncio.timeout(LIMIT.total_seconds()):
                while True:
                    try:
                        await self._start_workflow(number, received, reuse)
                    except WorkflowAlreadyStartedError:
                        if await self._is_same(number, received) or reuse is not WorkflowIDReusePolicy.REJECT_DUPLICATE:
                            return Opened(number=number, already=True)
                        # An earlier start came to nothing and nobody kept anything of it: this one may live.
                        reuse = WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY
                    else:
                        return Opened(number=number)
        except (RPCError, RuntimeError, TimeoutError, OSError) as error:
            if not is_away(error):
                raise
            raise out_of_reach() from error

    async def _start_workflow(self, number: str, received: ComplaintReceived, reuse: WorkflowIDReusePolicy) -> None:
        # FAIL rather than USE_EXISTING: nothing differs for the case, and the answer says which of the two happened.
        await self._client.start_workflow(
            names.COMPLAINT,
            received,
            id=number,
            task_queue=self._task_queue,
            id_reuse_policy=reuse,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            memo={
                names.KEY_DIGEST_MEMO: key_digest(received.source_key or number),
                names.CONTENT_DIGEST_MEMO: content_digest(received),
            },
            static_summary=self._summary(received),
            static_details=self._details(received),
            search_attributes=first_view(
                received, policy=self._policy_now(), now=self._now() if self._now else datetime.now(UTC)
            ).attributes,
        )

    async def _is_same(self, number: str, received: ComplaintReceived) -> bool:
        """Whether the run of this number is this arrival; False if nothing came of that run. Raises _Collision."""
        try:
            run: WorkflowExecutionDescription = await self._client.get_workflow_handle(number).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return True  # its retention ended this very moment
            raise
        memo = await run.memo()
        digest, content = memo.get(names.KEY_DIGEST_MEMO), memo.get(names.CONTENT_DIGEST_MEMO)
        # A plain client sets no memo: its number is made from the source key as ours is.
        if digest is not None and digest != key_digest(received.source_key or number):
            raise _Collision
        if run.status not in NOTHING_CAME_OF_IT:
            if content is not None and content != content_digest(received) and not is_mail(received):
                raise AlreadySent(number)
            return True
        return self._store is not None and await self._store.record(number) is not None

    # -- the records -------------------------------------------------------------------------------------------------

    async def _kept(self, key: str) -> Opened | None:
        """The complaint that the records have under this source key, also after Temporal's retention."""
        if self._store is None:
            return None
        try:
            async with asyncio.timeout(RECORDS_LIMIT.total_seconds()):
                if (number := await self._store.number_for(key)) is None:
                    return None
                pending = await self._store.record(number) is None
        except (Unreachable, TimeoutError):
            return None  # Temporal alone decides; the first journal row is unique on the source key anyway
        return Opened(number=number, already=True, pending=pending)

    async def _expect_same(self, number: str, received: ComplaintReceived) -> None:
        """Raises AlreadySent where the records have something else under this source key."""
        assert self._store is not None
        waiting = [one.received for one in await self._store.pending() if one.number == number]
        rows = [] if waiting else await self._store.journal(number)
        before = waiting or [ComplaintReceived.model_validate(row.data["received"]) for row in rows[:1]]
        if before and not is_same_arrival(before[0], received):
            raise AlreadySent(number)

    async def _kept_pending(self, number: str, received: ComplaintReceived) -> Opened:
        assert self._store is not None
        taken_at = received.received_at or datetime.now(UTC)
        try:
            await self._store.keep_pending(number, received.model_copy(update={"received_at": taken_at}), taken_at)
        except NumberTaken:
            raise _Collision from None
        except SourceKeyTaken as error:
            await self._expect_same(error.number_of_other, received)
            return Opened(number=error.number_of_other, already=True, pending=True)
        except Unreachable as error:
            raise Away(
                N_("Neither the server nor the database answers: nothing was kept. Note it down, repeat later."),
            ) from error
        return Opened(number=number, pending=True)

    async def _forget_pending(self, number: str) -> None:
        assert self._store is not None
        try:
            await self._store.pending_started(number)
        except Unreachable:
            return  # started again later, which changes nothing

    # -- what is started ---------------------------------------------------------------------------------------------

    def _sensible(self, received: ComplaintReceived) -> ComplaintReceived:
        """Absurd dates are slips: asked about again at a form, dropped from a mail, which is never refused (§3)."""
        now = datetime.now(UTC) + received.clock_offset
        today = self._wording.day_of(now)
        if received.channel is Channel.EMAIL:
            stamp = None if too_old(received, now=now) else received.received_at
            return without_future_date(received.model_copy(update={"received_at": stamp}), today=today)
        if occurred_in_the_future(received, today=today):
            raise not_fitting("day.future-start", "problem.occurred_on")
        if reason := too_old(received, now=now):
            raise refused(NotNow(reason))
        return received

    def _keyed(self, received: ComplaintReceived, number: str | None) -> ComplaintReceived:
        """With a source key and, if this front desk stamps times, with its receipt."""
        stamp = self._now() if self._now and received.received_at is None else received.received_at
        key = received.source_key or number or f"front-desk/{uuid4()}"
        return received.model_copy(update={"source_key": key, "received_at": stamp})

    @property
    def _wording(self) -> Wording:
        policy = self._policy_now()
        return Wording(language=policy.language, timezone=policy.calendar.timezone)

    def _summary(self, received: ComplaintReceived) -> str:
        """One line for Temporal's page. No personal data: it is not encrypted on every server."""
        say = catalogue(self._policy_now().language)
        through = say.say(_THROUGH[received.channel])
        return say.gettext("Complaint received {through}").format(through=through)

    def _details(self, received: ComplaintReceived) -> str:
        """What the page says of the start: when, through what, and which details were missing (§3, §4)."""
        words, _ = self._wording, self._wording.gettext
        lines = []
        if received.received_at:
            lines.append(f"{_('Received')}: {words.at(received.received_at)}")
        required = tuple(self._policy_now().required_details)
        missing = [words.missing(detail.value) for detail in received.missing(required)]
        lines.append(f"{_('Missing')}: {words.joined(missing) or _('nothing')}")
        return "\n\n".join(lines)


_THROUGH = {
    Channel.EMAIL: N_("by email"),
    Channel.PHONE: N_("by telephone"),
    Channel.WEB: N_("on the web"),
}
