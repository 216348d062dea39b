"""What the desk and the command line ask of a review record (§10), with refusals in both languages."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from complaints.contacts import Contacts
from complaints.records.errors import ReviewRefused
from complaints.records.store import Store
from complaints.responsible import Responsible
from complaints.rules.number import as_number
from complaints.rules.report.review_record import Done, Moved, NewAction, NewFinding, ReviewRecord, Signed
from complaints.words.catalogue import N_, Composed, catalogue
from complaints.words.refusals import field_problems
from complaints.words.vocabulary import Language
from complaints.words.wording import Wording
from starter.errors import NotFound, Refused

M = TypeVar("M", bound=BaseModel)

_LABELS = {
    "words": N_("Words"),
    "kind": N_("Kind"),
    "owner": N_("Who does it"),
    "due": N_("Date"),
    "result": N_("Result"),
}


class ReviewDesk:
    """The acts of one person in the review of one month. Each raises Refused, and then nothing was changed."""

    def __init__(self, store: Store, month: str, *, contacts: Contacts, words: Wording) -> None:
        self._store, self._month, self._contacts, self._words = store, month, contacts, words

    async def record(self, *, limit: int = 200, skip: int = 0) -> ReviewRecord:
        """The review as it stands. Raises NotFound."""
        found = await self._store.review(self._month, limit=limit, skip=skip)
        if found is None:
            raise NotFound(
                N_("No review of {month} has been opened.", month=self._month),
                N_("No review of {month} has been opened: see `complaints review list`.", month=self._month),
            )
        return found

    async def tick(self, numbers: list[str], signed: Signed) -> list[str]:
        """Marks complaints as looked at; those that were ticked now."""
        with _refusing():
            return await self._store.tick(self._month, [as_number(one) or one for one in numbers], signed)

    async def untick(self, number: str, signed: Signed) -> None:
        """Takes a tick back."""
        with _refusing():
            await self._store.untick(self._month, as_number(number) or number, signed)

    async def note(self, fields: Mapping[str, Any], signed: Signed, *, event_id: str) -> None:
        """Notes a finding."""
        finding = self._checked(NewFinding, fields)
        if finding.number:
            finding = finding.model_copy(update={"number": as_number(finding.number) or finding.number.strip()})
        with _refusing():
            await self._store.note(self._month, finding, signed, event_id=event_id)

    async def plan(self, fields: Mapping[str, Any], signed: Signed, *, event_id: str) -> None:
        """Adds an action, to be done by somebody of the contacts and not in the past."""
        action = self._checked(NewAction, fields)
        self._expect_owner(action.owner, signed.at)
        self._expect_day(action.due, signed.at)
        with _refusing():
            await self._store.plan(self._month, action, signed, event_id=event_id)

    async def finish(self, action: int, fields: Mapping[str, Any], signed: Signed) -> None:
        """Declares an action done, and says what came of it."""
        done = self._checked(Done, fields)
        with _refusing():
            await self._store.finish(self._month, action, done.result, signed)

    async def move(self, action: int, due: str, signed: Signed) -> None:
        """Gives an open action another date."""
        day = self._checked(Moved, {"due": due}).due
        self._expect_day(day, signed.at)
        with _refusing():
            await self._store.move(self._month, action, day, signed)

    async def sign_off(self, signed: Signed, *, carrying: int) -> None:
        """Declares the review over."""
        with _refusing():
            await self._store.sign_off(self._month, signed, carrying=carrying)

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _checked(self, model: type[M], fields: Mapping[str, Any]) -> M:
        given = {name: value for name, value in fields.items() if value not in (None, "")}
        try:
            return model.model_validate(given)
        except ValidationError as error:
            problems = error  # the name of a handler's exception ends with the handler
            raise Refused(Composed(lambda language: _said(problems, language))) from error

    def _expect_owner(self, owner: str, at: datetime) -> None:
        known = Responsible(self._contacts, self._words.day_of(at)).keys
        if owner not in known:
            listed = ", ".join(known)
            raise Refused(
                N_("Nobody answers as “{owner}”: choose one of {listed}.", owner=owner, listed=listed),
            )

    def _expect_day(self, due: date, at: datetime) -> None:
        if due < self._words.day_of(at):
            raise Refused(
                N_("Date: {due} is over; choose one to come.", due=due.isoformat()),
            )


@contextmanager
def _refusing() -> Iterator[None]:
    """What the records refuse, as everything else that is asked of the desk is refused."""
    try:
        yield
    except ReviewRefused as error:
        raise Refused(error.message) from error


def _said(error: ValidationError, language: Language) -> str:
    say = catalogue(language).say
    said = []
    for problem in field_problems(error, language):
        named = _LABELS.get(str(problem.path[-1])) if problem.path else None
        said.append(f"{say(named)}: {problem.reason}" if named else problem.said)
    return "; ".join(said) + "."
