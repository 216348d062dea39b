"""Afterwords: what is said to a complaint without a run, kept in the records or refused with what to do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from complaints.records.store import Store
from complaints.rules.after_end import Afterword, heard_after_the_end
from complaints.rules.case import Case
from complaints.rules.facts import Called, Fact, FeedbackGiven, LetterBounced, MessageReceived, SurveyAnswered
from complaints.rules.heard import ALREADY, is_same, said_otherwise
from complaints.rules.refusals import NotNow, Refusal
from complaints.rules.stages import CLOSED, Stage
from complaints.rules.status import Status, status_of
from complaints.words.catalogue import N_
from starter.errors import NotFound, Refused
from starter.journals import case_in_records
from starter.refusals import refused

STILL_SAID = (FeedbackGiven, SurveyAnswered, MessageReceived, LetterBounced, Called)
"""What a closed case still takes (design §2, after closing)."""


class Afterwords:
    """Notes facts outside a run, each once for its event id."""

    def __init__(self, store: Store | None) -> None:
        self._store = store

    async def known(self, number: str, fact: Fact) -> Status | None:
        """The status, if the run applied this very event before it ended: a repeat of what is done."""
        rows = await self._records.journal(number)
        if any(row.data.get("event_id") == fact.event_id for row in rows):
            case = await case_in_records(self._records, number)
            if case and said_otherwise(case, fact):
                raise refused(NotNow(ALREADY, number=number))
            return status_of(case) if case else None
        return None

    async def say(self, number: str, fact: Fact, at: datetime, *, said: bool) -> Status:
        """Keeps it and answers with the status; what was `said` by a customer or the intake is kept whatever it is."""
        case = await self._closed(number)
        if isinstance(fact, SurveyAnswered):
            await self._refuse_second_survey(case, fact)
        elif not said and not isinstance(fact, STILL_SAID):
            raise refused(NotNow(CLOSED, number=number, stage=Stage.CLOSED.value))
        await self.keep(number, fact, at, round=case.round.number)
        return status_of(await self._settle_call(case) if isinstance(fact, Called) else case)

    async def keep(self, number: str, fact: Fact, at: datetime, **data: Any) -> None:
        """Notes it; a repeat with the same event id changes nothing. Raises Refused for something else under it."""
        said = fact.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, exclude={"by", "via", "at", "event_id"}
        )
        new = await self._records.add_afterword(
            number, event_id=fact.event_id or "", at=at, what=fact.name, by=fact.by, via=fact.via, data=said | data
        )
        if not new:
            await noted_before(
                self._records, number, fact.event_id or "", lambda word: is_same(word.what, word.data, fact)
            )

    async def _settle_call(self, case: Case) -> Case:
        """Keeps what came of the call that outlives the run; the case that has heard of it."""
        task = case.open_call
        heard = heard_after_the_end(case, await self._records.afterwords(case.number))
        if task is not None:
            await self._records.keep_call(case.number, heard.calls[task.task - 1])
        return heard

    async def _closed(self, number: str) -> Case:
        """A complaint that has ended. Raises NotFound, or Refused for one that has not."""
        case = await case_in_records(self._records, number)
        if case is None:
            if any(waiting.number == number for waiting in await self._records.pending()):
                raise Refused(
                    N_("{number} is taken down, and begins by itself when the server answers again.", number=number),
                    N_("{number} waits for the Temporal server: `complaints doctor --mend` starts it.", number=number),
                )
            raise NotFound.number(number)
        if case.closed_at is None:
            raise Refused(
                N_("{number} is open and has no run: it must be started again first.", number=number),
                N_(
                    "{number} is open and has no run: `complaints doctor --mend` starts it again; repeat this then.",
                    number=number,
                ),
            )
        return case

    async def _refuse_second_survey(self, case: Case, fact: SurveyAnswered) -> None:
        """§8: once a round, in the run or after it."""
        afterwords = await self._records.afterwords(case.number)
        if any(word.event_id == fact.event_id for word in afterwords):
            return
        answered = [row.data for row in case.rows if row.what == fact.name]
        answered += [word.data for word in afterwords if word.what == fact.name]
        if any(data.get("round") == case.round.number for data in answered):
            raise refused(NotNow(Refusal("survey.answered"), number=case.number, stage=Stage.CLOSED.value))

    @property
    def _records(self) -> Store:
        assert self._store is not None, "asked only with a store"
        return self._store


async def noted_before(
    store: Store, number: str, event_id: str, is_it: Callable[[Afterword], bool]
) -> Afterword | None:
    """What is noted on this complaint under the event id; None if nothing is. Raises Refused where it is another
    complaint's, or something else: whoever sends it now must know that it was not kept."""
    if (found := await store.afterword(event_id)) is None:
        return None
    noted_on, word = found
    if noted_on != number or not is_it(word):
        raise refused(NotNow(ALREADY, number=number))
    return word
