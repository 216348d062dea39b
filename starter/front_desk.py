"""Everything one may ask of a complaint. The only way to Temporal for the command line, the mailbox and the desk."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from uuid import uuid4

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from complaints.contacts_file import ContactsFile
from complaints.policy_file import PolicyNow, load_policy
from complaints.records.store import Store
from complaints.rules.facts import UPDATES, CustomerDissatisfied, Fact, Merged, Separated
from complaints.rules.heard import ALREADY, is_same
from complaints.rules.number import as_number
from complaints.rules.policy import Policy
from complaints.rules.quarantine import Quarantined
from complaints.rules.received import ComplaintReceived
from complaints.rules.refusals import NotNow
from complaints.rules.status import DeadlineExplained, Status, TimelineEntry
from complaints.settings import TASK_QUEUE
from complaints.words.catalogue import N_
from starter.afterwords import Afterwords
from starter.answers import Answer, Answers
from starter.clock import utc_now
from starter.errors import Away, NotFound, NotKnown, Refused, expect_number
from starter.given_files import expect_given
from starter.known_people import KnownPeople
from starter.merging import Merging
from starter.opening import LIMIT, Opened, Opening, is_away, out_of_reach
from starter.refusals import refused, refused_by
from starter.runs import FailedStart, Runs
from workflows.handlers import NOT_YET

__all__ = ["Answer", "FailedStart", "FrontDesk", "Opened", "utc_now"]

F = TypeVar("F", bound=Fact)

PAUSE = timedelta(milliseconds=100)
"""Between two tries while a case is being opened."""


class FrontDesk:
    """Opens complaints, passes on what people ask and say, and tells where they stand."""

    def __init__(
        self,
        client: Client,
        store: Store | None = None,
        *,
        now: Callable[[], datetime] | None = utc_now,
        policy: PolicyNow | None = None,
        contacts: ContactsFile | None = None,
        task_queue: str = TASK_QUEUE,
    ) -> None:
        """With a store also what has ended can be read and answered, and phone complaints outlive a Temporal outage.

        `now` stamps what is said without a time of its own; None leaves it to the case's clock, as it must be where
        time is skipped. `policy`: the school's rules of the moment, for its language, time zone and required details.
        """
        self.client, self.store = client, store
        self.stamps = now is not None
        """Whether what is said gets this clock's time; if not, the case's own clock tells it."""
        self._now = now
        self._policy_now = policy = policy or cache(lambda: load_policy(None))
        self._people = KnownPeople(contacts, store, policy())
        self._opening = Opening(client, store, policy=policy, task_queue=task_queue, now=now)
        self._runs = Runs(client, store, task_queue=task_queue)
        self._aftermath = Afterwords(store)
        self._answers = Answers(client, store)
        self.merging = Merging(store, self._answers)

    @property
    def policy(self) -> Policy:
        """The school's rules as they stand now; a running case has its own."""
        return self._policy_now()

    async def temporal_answers(self, within: timedelta) -> bool:
        """Whether the server says in that time that it is well; False too where there is none."""
        try:
            return await self.client.service_client.check_health(timeout=within)
        except (RPCError, RuntimeError):  # RuntimeError: a client that has not connected yet cannot
            return False

    # -- arrivals ----------------------------------------------------------------------------------------------------

    async def open(self, received: ComplaintReceived, *, number: str | None = None) -> Opened:
        """Opens a complaint (§3), or says which one this arrival is already. Safe to repeat with the same source key.

        Raises Refused; and Away where the arrival was not accepted and must be repeated.
        """
        return await self._opening.open(received, number=number)

    async def start_pending(self) -> list[tuple[str, Refused | None]]:
        """Starts the complaints that were taken down while Temporal was out of reach (design §5.1).

        Each number, and why it could not be started if so. Raises Away, and the records' errors.
        """
        return await self._opening.start_pending()

    async def watch(self, quarantined: Quarantined) -> None:
        """The care team is told of this message if nobody has looked at it when it is due (§4). Raises Away."""
        await self._opening.watch(quarantined)

    # -- what staff ask for ------------------------------------------------------------------------------------------

    async def ask(self, number: str, request: str, fact: Fact, event_id: str | None = None) -> Status:
        """A request of staff (an update of design §4), granted or refused within 10 s; the answer is the new status.

        Raises Refused with what to do instead, and NotKnown if the answer is lost: repeat it with its event id.
        """
        if request not in UPDATES or not isinstance(fact, UPDATES[request]):
            raise ValueError(f"{request}: not a request that takes {type(fact).__name__}")
        fact = self._complete(await self._people.put_into(fact, self._at(fact)), event_id)
        assert fact.event_id is not None
        deadline = asyncio.get_running_loop().time() + LIMIT.total_seconds()
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    answer: Status = await self._handle(number).execute_update(
                        request, fact, id=_update_id(fact), result_type=Status
                    )
                return answer
            except WorkflowUpdateFailedError as error:
                if not _is_not_yet(error):
                    raise refused_by(error.cause) from error
                if asyncio.get_running_loop().time() > deadline:
                    raise _still_opening(number) from error
                await asyncio.sleep(PAUSE.total_seconds())
            except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError) as error:
                if (task := asyncio.current_task()) and task.cancelling():
                    raise asyncio.CancelledError from error  # the SDK hides that our caller gave up
                raise NotKnown(number, fact.event_id) from error
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    return await self._after_the_run(number, fact)
                if is_away(error):
                    raise NotKnown(number, fact.event_id) from error
                raise
            except RuntimeError as error:  # a client that has never reached the server: surely nothing was done
                if not is_away(error):
                    raise
                raise out_of_reach() from error

    async def act(
        self, number: str, act: str, fact: Fact, event_id: str | None = None, *, as_manager: bool = False
    ) -> Status:
        """An act of staff, by its name in the table of acts: as `ask`; before a merge the other case is looked at.

        `as_manager`: whoever asks may decide for two people (DECIDE).

        Raises what `ask` raises.
        """
        if isinstance(fact, Merged):
            into = as_number(fact.into or "") or fact.into or ""
            return await self.merge(number, into, fact, event_id, as_manager=as_manager)
        if isinstance(fact, Separated):
            return await self.separate(number, fact, event_id)
        await expect_given(self.store, number, fact)
        await self.merging.expect_nobody_else_named(number, fact)
        return await self.ask(number, act, fact, event_id)

    async def merge(
        self,
        number: str,
        into: str,
        fact: Merged | None = None,
        event_id: str | None = None,
        *,
        as_manager: bool = False,
    ) -> Status:
        """One person's `number` ends as part of `into`, which must be open. Two people's go along with each other, if
        `fact.whose` says so and a manager decided it.

        Raises what `ask` raises, and AnotherPerson.
        """
        fact = (fact or Merged()).model_copy(update={"into": into})
        fact = await self.merging.fitting(number, fact, as_manager=as_manager)
        return await self.ask(number, "merge", fact, event_id)

    async def separate(self, number: str, fact: Separated, event_id: str | None = None) -> Status:
        """`number` goes its own way again, by the clocks of its own receipt, within the policy's days. Safe to repeat.

        Raises what `ask` raises.
        """
        fact = self._complete(fact, event_id)
        before = (await self.status(number)).value
        went_on = before.goes_with or before.merged_into
        if went_on is None and before.absorbed:
            raise Refused(
                N_("{number} is the one that goes on: separate {others}.", number=number,
                   others=", ".join(before.absorbed)),
            )  # fmt: skip
        runs = (await self._status_of_run(number)) is WorkflowExecutionStatus.RUNNING
        if not runs and await self._runs.separated(number, fact, now=self._at(fact)):
            status = (await self.status(number)).value
        else:
            status = await self.ask(number, "separate", fact)
        if went_on is not None and (await self._status_of_run(went_on)) is not WorkflowExecutionStatus.RUNNING:
            said, given_back = await self.merging.gives_back(number, went_on, fact)
            await self.tell(went_on, said)
            for message in given_back:
                await self.tell(number, message)
        return status

    # -- what customers and intake say -------------------------------------------------------------------------------

    async def tell(self, number: str, fact: Fact) -> None:
        """Something that was said: a signal, accepted also while no worker runs; after the end the records keep it.

        Raises NotFound, Refused (only where it was kept nowhere, or a dispute came too late), NotKnown.
        """
        fact = self._complete(fact, None)
        assert fact.event_id is not None
        try:
            async with asyncio.timeout(LIMIT.total_seconds()):
                await self._handle(number).signal(fact.name, fact)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                await self._after_the_run(number, fact, said=True)
            elif is_away(error):
                raise NotKnown(number, fact.event_id) from error
            else:
                raise
        except (TimeoutError, RuntimeError) as error:
            if not is_away(error):
                raise
            raise NotKnown(number, fact.event_id) from error

    async def _after_the_run(self, number: str, fact: Fact, *, said: bool = False) -> Status:
        """No run takes this signal any more: what may still be said is kept, a dispute reopens, a repeat is known."""
        if self.store is None:
            raise NotFound.number(number)
        if (known := await self._aftermath.known(number, fact)) is not None:
            return known
        if isinstance(fact, CustomerDissatisfied):
            try:
                return await self.reopen(number, fact)
            except Refused:
                if said:
                    await self._aftermath.keep(number, fact, self._at(fact))
                raise
        return await self._aftermath.say(number, fact, self._at(fact), said=said)

    # -- runs that begin again ---------------------------------------------------------------------------------------

    async def reopen(self, number: str, fact: CustomerDissatisfied, event_id: str | None = None) -> Status:
        """A closed complaint goes on in its next round, one level up (§8), within the policy's days. Safe to repeat.

        Raises Refused where it is too late or was no resolved complaint, or where it is open.
        """
        fact = self._complete(fact, event_id)
        runs = (await self._status_of_run(number)) is WorkflowExecutionStatus.RUNNING
        if not runs and await self._runs.reopened(number, fact, now=self._at(fact)):
            return (await self.status(number)).value
        status = await self._answers.status_of_run(number)
        if status is not None and status.outcome is not None:  # its run is about to end, or was begun a moment ago
            return await self.ask(number, "dispute", fact)
        if await self._has_heard(number, fact):
            return status or (await self.status(number)).value
        raise Refused(
            N_("{number} is open: record what the customer says.", number=number),
            N_(
                "{number} is open: record what the customer says with `complaints dissatisfied {number}`.",
                number=number,
            ),
        )

    async def restart_lost(self, number: str) -> None:
        """Starts a complaint again that is open in Postgres and has no run (design §3). Raises Refused."""
        if (await self._status_of_run(number)) is WorkflowExecutionStatus.RUNNING:
            raise Refused(N_("{number} is not lost: it has a run.", number=number))
        await self._runs.restarted(number)

    async def lost_runs(self) -> list[str]:
        """Numbers that are open in Postgres and have no run. Raises the records' errors."""
        return await self._runs.lost()

    async def failed_starts(self, *, limit: int = 50) -> list[FailedStart]:
        """Starts that could not be a complaint, the newest first, with the field and the reason."""
        return await self._runs.failed_starts(limit=limit)

    # -- questions ---------------------------------------------------------------------------------------------------

    async def status(self, number: str) -> Answer[Status]:
        """Where it stands. Raises NotFound, and Away if nobody can say."""
        return await self._answers.status(number)

    async def timeline(self, number: str) -> Answer[list[TimelineEntry]]:
        """Everything that happened, oldest first, with what was said after the end."""
        return await self._answers.timeline(number)

    async def explain(self, number: str) -> Answer[list[DeadlineExplained]]:
        """Why each date is what it is."""
        return await self._answers.explain(number)

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _handle(self, number: str) -> WorkflowHandle[Any, Any]:
        expect_number(number)
        return self.client.get_workflow_handle(number)

    async def _status_of_run(self, number: str) -> WorkflowExecutionStatus | None:
        try:
            async with asyncio.timeout(LIMIT.total_seconds()):
                return (await self._handle(number).describe()).status
        except (RPCError, RuntimeError, TimeoutError) as error:
            if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                return None
            if is_away(error):
                raise out_of_reach() from error
            raise

    async def _has_heard(self, number: str, fact: Fact) -> bool:
        timeline = (await self.timeline(number)).value
        heard = [entry for entry in timeline if entry.data.get("event_id") == fact.event_id]
        if heard and not any(is_same(entry.what, entry.data, fact) for entry in heard):
            raise refused(NotNow(ALREADY, number=number))
        return bool(heard)

    def _complete(self, fact: F, event_id: str | None) -> F:
        """With an event id, so that it is applied once, and the time at which it was said."""
        update: dict[str, Any] = {"event_id": event_id or fact.event_id or str(uuid4())}
        if fact.at is None and self._now is not None:
            update["at"] = self._now()
        return fact.model_copy(update=update)

    def _at(self, fact: Fact) -> datetime:
        return fact.at or (self._now or utc_now)()


def _update_id(fact: Fact) -> str:
    """The update id: the same for the same content under one event id. Something else under it reaches the case, which
    refuses it."""
    said = fact.model_dump_json(exclude={"at", "by", "via"}, exclude_defaults=True)
    return f"{fact.event_id}#{hashlib.sha256(said.encode(errors='replace')).hexdigest()[:12]}"


def _is_not_yet(error: WorkflowUpdateFailedError) -> bool:
    return isinstance(error.cause, ApplicationError) and error.cause.type == NOT_YET


def _still_opening(number: str) -> Away:
    return Away(
        N_("{number} is still being opened: repeat it in a moment.", number=number),
    )
