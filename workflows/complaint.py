"""The life of one complaint, from receipt to closing. Start reading here: `procedure` is the school's text."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    # Not `from workflows import …`: what comes from a package that is in the sandbox already is loaded once more in it.
    import workflows.names as names
    import workflows.options as options
    import workflows.page as page
    from complaints.rules.case import Case
    from complaints.rules.contents import letter_order
    from complaints.rules.joining import ended_as_part, to_pass
    from complaints.rules.journal import RecordBatch, Row
    from complaints.rules.letters import LetterOrder, LetterOutcome, LetterState, Notice
    from complaints.rules.notices import lanes, letter_ended, next_letter
    from complaints.rules.refusals import Refusal, clause
    from complaints.rules.requests import Carried, Outcome, RulesTold
    from complaints.rules.retelling import JournalBroken, reconciled
    from complaints.rules.status import delivered_or_handed_over, record_of
    from complaints.rules.telling import LetterAtOnce, Step, ToldAtOnce
    from workflows.defined_once import defined_once
    from workflows.handlers import Handlers
    from workflows.opening import (
        carried_case,
        carried_or_received,
        is_kept_already,
        is_sent_otherwise,
        is_told_differently,
        outcome_of,
        rules_request,
        used_again,
    )

Due = list[tuple[Notice, LetterOrder]]
"""The letters to send now, at most one per recipient, each with its order for the activity."""


@defined_once(names.COMPLAINT)
class Complaint(Handlers):
    """One complaint. Handlers add facts to the case; `procedure` waits for them in the text's order."""

    def __init__(self) -> None:
        super().__init__()
        self.leaving = False
        """The companions may end: the case is closed, told and written, or a new run continues it."""
        self.duplicate = False
        self.refused: ApplicationError | None = None
        """Why the run fails: another complaint has its source key and says something else."""
        self.reconciled: Case | None = None
        """The case as its records tell it, which a new run goes on from."""
        self.other_told: datetime | None = None
        """When this complaint was merged, once the complaint that goes on has been told (or can no longer be)."""
        self.telling = False
        """A `tell_at_once` local activity is running in this workflow task."""
        self.waiting = False
        """Postgres does not answer: rows wait to be written, and letters wait for the rows."""
        self.sending: dict[str, tuple[Notice, asyncio.Task[LetterOutcome | None]]] = {}
        """Letters with a `send_letter` activity of their own in flight, by recipient."""
        self.shown = page.View.of_run(workflow.info().typed_search_attributes)

    @workflow.run
    async def run(self, *received: Any) -> Outcome:
        """§3 to §8. Takes a ComplaintReceived, or a case that goes on."""
        self.case = await self.opened(received)
        self.hear_queue()
        await self.together(self.procedure(), self.tell(), self.letters(), self.clocks(), self.page(), self.others())
        if self.refused is not None:
            raise self.refused
        if self.reconciled is not None or not self.over:
            workflow.continue_as_new(Carried(carried=self.reconciled or self.case, clock_offset=self.offset))
        return outcome_of(self.case, duplicate=self.duplicate)

    async def opened(self, received: tuple[Any, ...]) -> Case:
        """§3: a complaint, or a failure that names the field; the policy in force, which the history keeps."""
        start = carried_or_received(received, workflow.info().workflow_id)
        self.offset = start.clock_offset
        if isinstance(start, Carried):
            return carried_case(start, now=self.now(), continued=workflow.info().continued_run_id is not None)
        told: RulesTold = await workflow.execute_local_activity(
            options.RULES_IN_FORCE, rules_request(start, self.now()), result_type=RulesTold, **options.RULES_OPTIONS
        )
        self.goes_on_from(told.at)
        info, rules = workflow.info(), told.plain()
        return Case.opened(start, number=info.workflow_id, rules=rules, now=self.now(), run=info.first_execution_run_id)

    async def procedure(self) -> None:
        """The procedure, §5 to §9, in the text's order; the acknowledgement (§4) is on its way. Each line waits for a
        fact; deadlines and whom to tell of them are worked out by `Case.settle`."""
        case = self.opened_case
        while not self.leaving:
            await self.fact(case.is_assessed)  # §5.1
            await self.fact(case.is_assigned)  # §5.2
            await self.fact(case.is_resolved)  # §5.3; the updates of §5.4 and the escalation of §7 go on meanwhile
            await self.fact(case.is_answered)  # §6 to §8: satisfied, or the next round one level up
            await self.closed()  # §8, §9

    async def fact(self, happened: Callable[[], bool]) -> None:
        """Waits until `happened()` is true, the case has ended another way, or a new run must continue it."""
        await workflow.wait_condition(lambda: happened() or self.over or self.leaving or self.must_continue())
        if not self.over and self.must_continue():
            self.leaving = True

    async def closed(self) -> None:
        """§8, §9: the run ends when every letter is delivered or handed to a call and every row is written; a dispute
        that comes before that opens the next round."""
        case = self.opened_case
        if not self.over or self.leaving:
            return
        await workflow.wait_condition(lambda: self.finished() or not self.over or self.leaving)
        if self.finished() and case.merged_into and not self.duplicate and self.other_told != case.closed_at:
            self.other_told = case.closed_at
            await self.tell_the_other(case, case.merged_into)
        self.leaving = self.leaving or (self.over and self.finished())

    # -- the companions ----------------------------------------------------------------------------------------------

    async def clocks(self) -> None:
        """Companion: sleeps to the next deadline under its own name, then lets the case settle what has passed."""
        case = self.opened_case
        while not self.leaving:
            # A timer that what is told at once ends again would only fill the history.
            await workflow.wait_condition(lambda: self.leaving or self.is_told())
            clock = case.next_clock
            if clock is None or clock.due > self.now():
                await self.until_another(clock.due if clock else None, clock.name if clock else "")
            case.settle(self.now())

    async def until_another(self, due: datetime | None, name: str) -> None:
        """Until `due`, or until another deadline comes first; one timer, in the procedure's words."""
        case = self.opened_case

        def another() -> bool:
            clock = case.next_clock
            return self.leaving or (clock.due if clock else None) != due

        if due is None:
            await workflow.wait_condition(another)
            return
        # Not wait_condition's own timeout: it rests on asyncio.wait_for, which takes other steps on 3.12 than on 3.11,
        # and a history of the one would not replay on the other (tried).
        wait = max(due - self.now(), timedelta(milliseconds=1))
        timer = asyncio.create_task(workflow.sleep(wait, summary=page.clock_summary(case, name, due)))
        await workflow.wait_condition(lambda: timer.done() or another())
        timer.cancel()

    async def tell(self) -> None:
        """Companion: writes new journal rows to Postgres, in order, then sends the letters that they led to (§9)."""
        while not self.leaving:
            await workflow.wait_condition(lambda: self.leaving or self.untold())
            await self.tell_step()

    async def tell_step(self) -> None:
        """What there is to tell now. Not in `tell`, which would hold the rows of the last step while it waits."""
        case = self.opened_case
        due = [] if self.leaving else self.letters_due()  # a new run sends what waits
        rows = tuple(case.rows[case.recorded :])
        if not (rows or due):
            return
        batch = RecordBatch(record=record_of(case), rows=rows, calls=tuple(case.calls)) if rows else None
        try:
            ends = await self.told_at_once(batch, due)
            if ends is None and batch is not None:
                self.not_sent(due)
                due = []  # what letters are true then
                await self.write(batch)
        except FailureError as error:
            self.not_sent(due)
            if is_told_differently(error):
                await self.go_on_from_what_is_kept(case)
                return
            if is_sent_otherwise(error):
                self.refused = used_again(error)
            elif not is_kept_already(error):
                raise
            self.duplicate, due, ends = True, [], None
        if rows:
            case.recorded = rows[-1].seq
        self.over_or_on_their_way(due, ends)

    def untold(self) -> bool:
        """Whether there are rows to write, or letters to send that are not on their way."""
        case = self.opened_case
        return case.recorded < len(case.rows) or bool(self.free_lanes())

    def is_told(self) -> bool:
        """Whether nothing is left to write or send in this workflow task."""
        return self.waiting or not (self.telling or self.untold())

    def free_lanes(self) -> list[str]:
        """Recipients with a letter waiting and none in flight: letters to one recipient go in order, recipients do not
        wait for each other. Empty for a duplicate start: the complaint that exists writes the letters."""
        return [] if self.duplicate else [lane for lane in lanes(self.opened_case) if lane not in self.sending]

    def letters_due(self) -> Due:
        """The next letter for each free recipient, marked as claimed; what is overtaken is journalled."""
        case, due = self.opened_case, []
        for recipient in self.free_lanes():
            case.settle(self.now(), inclusive=False)
            if notice := next_letter(case, recipient):
                notice.state = LetterState.CLAIMED.value
                due.append((notice, letter_order(case, notice, staff_language=case.policy.language)))
        return due

    def not_sent(self, due: Due) -> None:
        """Puts letters back that nobody began to send: what they say is chosen anew when they go."""
        for notice, _ in due:
            notice.state = LetterState.DUE.value

    async def told_at_once(self, batch: RecordBatch | None, due: Due) -> list[LetterAtOnce] | None:
        """Tries rows and letters in one local activity. None: the rows are not written yet. Whether it was tried at all
        is the activity's result, never the workflow's choice: a replay must find the same answer in the history."""
        orders = tuple(order for _, order in due)
        step = Step(number=self.opened_case.number, batch=batch, letters=orders, at=self.now())
        summary = page.step_summary(self.opened_case, step, [notice for notice, _ in due])
        told: ToldAtOnce
        self.telling = True
        try:
            told = await workflow.execute_local_activity(
                options.TELL_AT_ONCE,
                step,
                result_type=ToldAtOnce,
                **options.with_summary(options.TELL_OPTIONS, summary),
            )
        except FailureError as error:  # a local activity's is not always an ActivityError (tried on 1.35)
            if is_kept_already(error) or is_sent_otherwise(error) or is_told_differently(error):
                raise
            return None
        finally:
            self.telling = False
        self.goes_on_from(told.at, step.at)
        return list(told.letters)

    async def write(self, batch: RecordBatch) -> None:
        """Writes the rows by a regular activity, retried for as long as it takes; signals are handled meanwhile."""
        self.waiting = True
        try:
            await workflow.execute_activity(
                options.WRITE_RECORDS, batch, **options.with_summary(options.RECORDS_OPTIONS, page.rows_summary(batch))
            )
        finally:
            self.waiting = False

    def over_or_on_their_way(self, due: Due, ends: list[LetterAtOnce] | None) -> None:
        """Journals the outcomes; a letter without one yet gets a `send_letter` activity of its own."""
        for (notice, order), end in zip(due, ends or [LetterAtOnce(begun=True)] * len(due), strict=True):
            if end.outcome is not None:
                self.letter_over(notice, end.outcome)
                continue
            order = order.model_copy(update={"begun": end.begun})
            letter = self.sent(order, page.letter_summary(self.opened_case, notice), timedelta(hours=end.after_hours))
            self.sending[notice.recipient] = (notice, asyncio.create_task(letter))

    async def letters(self) -> None:
        """Companion: journals the outcome of each letter that has an activity of its own."""
        while not self.leaving:
            await workflow.wait_condition(
                lambda: self.leaving or any(letter.done() for _, letter in self.sending.values())
            )
            for recipient, (notice, letter) in list(self.sending.items()):
                if letter.done():
                    del self.sending[recipient]
                    self.letter_over(notice, await letter)

    async def sent(self, order: LetterOrder, summary: str, later: timedelta) -> LetterOutcome | None:
        """Runs `send_letter` after `later`; None where it gave up and the letter is to be chosen and sent anew."""
        if later:
            await workflow.sleep(later, summary=summary)
        outcome: LetterOutcome
        try:
            outcome = await workflow.execute_activity(
                options.SEND_LETTER,
                order,
                result_type=LetterOutcome,
                **options.with_summary(options.LETTER_OPTIONS, summary),
            )
        except ActivityError as error:
            if isinstance(error.cause, ApplicationError) and error.cause.non_retryable:
                return LetterOutcome(state=LetterState.FAILED, reason=error.cause.message)
            return None
        return outcome

    def letter_over(self, notice: Notice, outcome: LetterOutcome | None) -> None:
        """Journals the outcome; None puts the letter back, to be chosen and sent anew."""
        if outcome is None:
            notice.state = LetterState.DUE.value
            return
        self.opened_case.settle(self.now(), inclusive=False)
        letter_ended(self.opened_case, notice.key, outcome)

    async def go_on_from_what_is_kept(self, case: Case) -> None:
        """A workflow task wrote rows to Postgres, was lost (its worker died), and told them differently when it was
        done again. What Postgres has counts: a new run continues from it. Letters in flight may be ordered a second
        time; the ledger sends each once."""
        self.waiting = True
        kept = await workflow.execute_activity(
            options.READ_JOURNAL, case.number, result_type=list[Row], **options.RECORDS_OPTIONS
        )
        try:
            self.reconciled = reconciled(case, kept)
        except JournalBroken as broken:  # an alarm; the procedure goes on meanwhile
            workflow.logger.error("The records of a complaint need somebody: %s", broken)
            await workflow.sleep(options.ALARM_AGAIN)
        else:
            self.leaving = True
        self.waiting = False

    async def others(self) -> None:
        """Companion: signals what happens here to the complaints that it is, or was, merged with."""
        case = self.opened_case
        while not self.leaving:
            await workflow.wait_condition(lambda: self.leaving or case.passed < len(case.rows))
            said, case.passed = to_pass(case), len(case.rows)
            for number, name, fact in said:
                try:
                    await workflow.get_external_workflow_handle(number).signal(name, fact)
                except FailureError:
                    continue  # it has ended, and with it what goes along

    async def page(self) -> None:
        """Companion: search attributes and current details in Temporal's UI, updated once a step."""
        case, rows = self.opened_case, -1
        while not self.leaving:
            await workflow.wait_condition(
                lambda rows=rows: self.leaving or (len(case.rows) != rows and self.is_told())  # type: ignore[misc]
            )
            view, rows = page.view_of(case), len(case.rows)
            if changed := view.attributes_changed_since(self.shown):
                workflow.upsert_search_attributes(changed)
            workflow.set_current_details(page.details(case))
            self.shown = view

    # -- how they live together --------------------------------------------------------------------------------------

    async def together(self, *parts: Coroutine[Any, Any, None]) -> None:
        """Runs the procedure and its companions until all have ended. An error in one fails this workflow task, visibly
        and until a deploy mends it; it never fails the complaint."""
        tasks = [asyncio.create_task(part) for part in parts]
        while not all(task.done() for task in tasks):
            try:
                await workflow.wait_condition(
                    lambda: (
                        all(task.done() for task in tasks) or any(task.done() and task.exception() for task in tasks)
                    )
                )
            except asyncio.CancelledError:
                self.refuse_cancellation()
            for task in tasks:
                if task.done() and (error := task.exception()):
                    if isinstance(error, FailureError):  # would fail the case
                        raise RuntimeError(f"A companion of {workflow.info().workflow_id} died: {error}") from error
                    raise error

    def refuse_cancellation(self) -> None:
        """A cancel request is journalled and ignored: a complaint ends by §8, not by a button."""
        if task := asyncio.current_task():
            task.uncancel()
        self.changes += 1
        self.opened_case.settle(self.now(), inclusive=False)
        self.opened_case.ignore("cancel", clause(Refusal("cancelled")))

    async def tell_the_other(self, case: Case, number: str) -> None:
        """The complaint that this one was merged into learns of it: the earlier receipt's clocks count there."""
        other = workflow.get_external_workflow_handle(number)
        try:
            await other.signal("merged", ended_as_part(case))
        except FailureError:
            case.ignore("merged", clause(Refusal("merge.not-open", {"number": number})))

    @property
    def opened_case(self) -> Case:
        """The case, once it is open."""
        assert self.case is not None
        return self.case

    @property
    def over(self) -> bool:
        """Whether the case has come to its end, or was kept already under this number."""
        return self.duplicate or self.opened_case.ended

    def finished(self) -> bool:
        """Whether nothing is in flight: letters delivered or handed to a call, rows written, handlers done."""
        case = self.opened_case
        written = case.recorded == len(case.rows)
        return (
            workflow.all_handlers_finished()
            and written
            and not (self.telling or self.sending)
            and not to_pass(case)
            and (self.duplicate or delivered_or_handed_over(case))
        )

    def must_continue(self) -> bool:
        """Whether the history is so long that a new run should continue, and nothing is in flight."""
        return workflow.info().is_continue_as_new_suggested() and self.finished()
