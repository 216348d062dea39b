"""What a case asks of the records: the rules in force, and to write what happened (§9). Safe to repeat."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.expected import BENIGN
from complaints.policy_file import PolicyError, PolicyNow, changed
from complaints.records.errors import JournalConflict, NumberTaken, SourceKeyTaken
from complaints.records.store import Store
from complaints.rules.calendar import Calendar
from complaints.rules.heard import is_same_arrival
from complaints.rules.journal import RecordBatch, Row
from complaints.rules.policy import rules_in_force
from complaints.rules.received import ComplaintReceived
from complaints.rules.requests import ALREADY_KEPT, SENT_OTHERWISE, TOLD_DIFFERENTLY, RulesRequest, RulesTold


class RecordActivities:
    """Activities that read and write the records; worker.py gives them the store and the school's rules."""

    def __init__(self, store: Store, policy: PolicyNow, *, simulation: bool) -> None:
        self._store = store
        self._policy = policy
        self._simulation = simulation

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.rules_in_force, self.write_records, self.read_journal]

    @activity.defn
    async def rules_in_force(self, request: RulesRequest) -> RulesTold:
        """The policy in force when a complaint was received; a changed one or a shifted clock only in a simulation."""
        policy = self._policy()
        if (request.changes or request.clock_offset != timedelta(0)) and not self._simulation:
            raise ApplicationError(
                "This worker plays no simulations: `policy` and `clock_offset` belong on a stack made for them.",
                type="NotASimulation",
                non_retryable=True,
            )
        if request.changes:
            try:
                policy = changed(policy, request.changes)
            except PolicyError as error:
                raise ApplicationError(str(error), type="PolicyError", non_retryable=True) from None
        day = Calendar(policy.calendar).local_date(request.received_at)
        rules = rules_in_force(policy, day)
        return RulesTold(
            policy=rules.policy, closed_days=rules.closed_days, national_days=rules.national_days, at=request.at
        )

    @activity.defn
    async def write_records(self, batch: RecordBatch) -> None:
        """Journal rows, the state after them, call tasks: wholly or not at all; a repeat changes nothing."""
        try:
            await self._store.write(batch)
            await self._supersede(batch)
        except SourceKeyTaken as error:
            raise await self._already_kept(batch, error.number_of_other, error) from error
        except NumberTaken as error:
            raise await self._already_kept(batch, error.number, error) from error
        except JournalConflict as error:
            if batch.rows[0].seq == 1 and not await self._began_with(batch):
                raise await self._already_kept(batch, error.number, error) from error
            # The task that wrote them did not come to its end (decision 71), or it is an alarm: the run finds out.
            said = f"{batch.record.number}: the rows from {batch.rows[0].seq} on are kept already; it is told again."
            raise ApplicationError(said, type=TOLD_DIFFERENTLY, non_retryable=True, category=BENIGN) from error

    async def _already_kept(self, batch: RecordBatch, number: str, error: Exception) -> ApplicationError:
        """What is kept under this number or source key: the same arrival, or another whose key was used again."""
        said = f"{batch.record.number} is kept already: {error} This run ends without doing anything."
        kept = [
            ComplaintReceived.model_validate(row.data["received"]) for row in (await self._store.journal(number))[:1]
        ]
        kept = kept or [waiting.received for waiting in await self._store.pending() if waiting.number == number]
        came = [ComplaintReceived.model_validate(row.data["received"]) for row in batch.rows[:1] if row.seq == 1]
        is_another = bool(kept and came) and not is_same_arrival(kept[0], came[0])
        return ApplicationError(
            said,
            number,
            type=SENT_OTHERWISE if is_another else ALREADY_KEPT,
            non_retryable=True,
        )

    async def _supersede(self, batch: RecordBatch) -> None:
        """Letters that the case has overtaken are over in the ledger too, so that no late attempt sends one."""
        if keys := [row.data["key"] for row in batch.rows if row.what == "letter-superseded"]:
            await self._store.supersede(batch.record.number, keys)

    async def _began_with(self, batch: RecordBatch) -> bool:
        """Whether the run that the batch comes from wrote the first row that is kept."""
        kept = await self._store.journal(batch.record.number)
        return bool(kept) and kept[0].data.get("run") == batch.rows[0].data.get("run")

    @activity.defn
    async def read_journal(self, number: str) -> list[Row]:
        """Every row of a complaint that is kept, oldest first."""
        return await self._store.journal(number)
