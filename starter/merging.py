"""Two complaints about the same: whose they are, before the one is told of the other; and how they part again."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from complaints.records.search_keys import known_of
from complaints.records.store import Store
from complaints.rules.case import will_be
from complaints.rules.facts import Fact, Merged, MessageReceived, Resolved, Separated, Whose
from complaints.rules.impersonal import Person, another_named, others_in, told_to_customer
from complaints.rules.joining import written_to
from complaints.rules.journal import CaseRecord, Row
from complaints.rules.number import OWN_ID
from complaints.rules.same_person import Sameness, sameness
from complaints.words.catalogue import N_
from starter.answers import Answers
from starter.errors import NotFound, Refused
from starter.refusals import not_fitting

RECORDED_WITHIN = timedelta(seconds=3)
"""How long a complaint that runs may take to reach the records."""


class AnotherPerson(Refused):
    """The two complaints are, or may be, two people's: a manager decides, and knows who they are."""

    def __init__(self, number: str, into: str) -> None:
        super().__init__(
            N_(
                "{number} and {into} are not one customer's, as far as we know: a manager decides whether they are "
                "looked at together.",
                number=number,
                into=into,
            ),
            N_(
                "{number} and {into} are not one customer's, as far as we know. If they are, correct what is known of "
                "them first. If they are two people's, a manager says --another-customer: each keeps number, page and "
                "words.",
                number=number,
                into=into,
            ),
        )
        self.number, self.into = number, into


@dataclass(frozen=True)
class Pair:
    """Two complaints that may be about the same."""

    one: CaseRecord
    other: CaseRecord

    @property
    def sameness(self) -> Sameness:
        """Whether they are one person's."""
        return sameness(known_of(self.one), known_of(self.other))


def _person(record: CaseRecord) -> Person:
    return Person(
        record.number, record.customer_name, record.guardian, record.document, record.phone, record.email,
        record.address,
    )  # fmt: skip


class Merging:
    """Merges and separates complaints."""

    def __init__(self, store: Store | None, answers: Answers) -> None:
        self._store, self._answers = store, answers

    async def pair(self, number: str, into: str) -> Pair:
        """Both, as the records have them. Raises NotFound."""
        if self._store is None:
            raise Refused(N_("Whose two complaints are, the records know: say where they are with DATABASE_URL."))
        return Pair(await self._record(number), await self._record(into))

    async def _record(self, number: str) -> CaseRecord:
        """Also of a complaint that was opened this moment, and that the records are about to hear of."""
        assert self._store is not None
        if not OWN_ID.fullmatch(number):
            raise NotFound.number(number)
        if record := await self._store.record(number):
            return record
        # Whoever mistyped a number is told so at once: only for one that runs is there anything to wait for.
        await self._answers.status(number)
        deadline = asyncio.get_running_loop().time() + RECORDED_WITHIN.total_seconds()
        while (record := await self._store.record(number)) is None:
            if asyncio.get_running_loop().time() > deadline:
                raise NotFound.number(number)
            await asyncio.sleep(0.1)
        return record

    async def fitting(self, number: str, fact: Merged, *, as_manager: bool) -> Merged:
        """The merger as it may be asked for. Raises Refused, AnotherPerson where it takes a manager, and NotFound."""
        into = fact.into or ""
        if not OWN_ID.fullmatch(into):
            raise not_fitting("merge.nameless", "into")
        if into == number:  # the case itself refuses it
            return fact.model_copy(update={"whose": fact.whose or Whose.SAME})
        other = (await self._answers.status(into)).value
        if other.closed_at is not None or other.outcome is not None:
            raise Refused(N_("{into} is closed: a complaint is merged into an open one only.", into=into))
        if other.goes_with is not None:
            raise Refused(
                N_("{into} goes along with {other}: merge into that one.", into=into, other=other.goes_with),
            )
        same = (await self.pair(number, into)).sameness is Sameness.SAME
        if same and fact.whose is not Whose.OTHER:
            return fact.model_copy(update={"whose": Whose.SAME})
        if fact.whose is Whose.OTHER and as_manager:
            return fact
        raise AnotherPerson(number, into)

    async def expect_nobody_else_named(self, number: str, fact: Fact) -> None:
        """A text to this customer names nobody whose complaint goes along with theirs. Raises Refused, and Away."""
        said = will_be(fact)
        texts = told_to_customer(said)
        if not texts or self._store is None:
            return
        numbers, own = others_in(await self._store.journal(number)), await self._store.record(number)
        if not numbers or own is None:
            return
        others = [_person(record) for record in await self._store.records(numbers)]
        for_all = isinstance(said, Resolved) and said.for_joined
        if word := another_named(_person(own), others, texts, by_any_name=for_all):
            raise not_fitting("names.another", "text", word=word)

    async def is_same_person(self, number: str, other: str) -> bool:
        """Whether both are one person's, as far as the records know now."""
        try:
            return (await self.pair(number, other)).sameness is Sameness.SAME
        except Refused:
            return False

    async def gives_back(self, left: str, went_on: str, fact: Separated) -> tuple[Separated, list[MessageReceived]]:
        """For one that went on for both and has ended since: what its records note, and what the other gets back."""
        assert self._store is not None
        said = Separated(
            absorbed=left, at=fact.at, by=fact.by, via=fact.via, event_id=f"{fact.event_id}/{went_on}"[:200]
        )
        rows: list[Row] = await self._store.journal(went_on)
        after = [
            Row(
                seq=1,
                at=word.at,
                what=word.what,
                by=word.by,
                via=word.via,
                data=word.data | {"event_id": word.event_id},
            )
            for word in await self._store.afterwords(went_on)
        ]
        return said, [MessageReceived.model_validate(one) for one in written_to(left, [*rows, *after])]
