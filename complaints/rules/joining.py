"""Two complaints about the same: one person's go on as one, two people's side by side; and how they part again.

One person's two: the one ends, its words and contacts stand in the other's journal with their number, and the earlier
receipt's clocks count. Two people's: each stays a complaint of its own, for each is owed an answer of its own, and
nothing that the one wrote can come before the other's eyes. What staff do for the one is done for those that go along.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from complaints.rules import clocks, messages
from complaints.rules.facts import (
    Assessed,
    Assigned,
    DatePromised,
    Fact,
    Merged,
    MessageReceived,
    ResolutionCorrected,
    Resolved,
    Separated,
    Whose,
)
from complaints.rules.impersonal import customer_of, named_in, surely_named_in
from complaints.rules.journal import Row
from complaints.rules.letters import LetterKind
from complaints.rules.new_rules import warn_of_nothing_past
from complaints.rules.notices import tell_customer
from complaints.rules.refusals import Refusal
from complaints.rules.stages import Stage
from complaints.rules.state import CaseState
from complaints.rules.turns import close
from complaints.rules.written import belongs_to

Passed = tuple[str, str, dict[str, Any]]
"""A complaint's number, the fact's name, and the fact for it."""

_DONE_FOR_ALL = (Assessed.name, Assigned.name, DatePromised.name, Resolved.name, ResolutionCorrected.name)


# -- what may be -----------------------------------------------------------------------------------------------------


def no_merger(case: CaseState, fact: Merged) -> Refusal | None:
    """Why it cannot be merged; None if it can."""
    if fact.into and case.stage is Stage.CONFIRMATION:
        return Refusal("merge.resolved") if fact.whose is Whose.OTHER else Refusal("resolved.merge")
    if not (fact.into or fact.absorbed):
        return Refusal("merge.nameless", field="into")
    if case.number in (fact.into, fact.absorbed):
        return Refusal("merge.itself", field="into")
    if fact.into and case.goes_with is not None:
        return Refusal("merge.twice", {"number": case.goes_with})
    if not fact.into or fact.whose is None:  # journals of old hold it, whatever else was merged
        return None
    if case.absorbed:
        return Refusal("merge.carries", {"numbers": ", ".join(case.absorbed)})
    return None


def unsaid(case: CaseState, fact: Fact) -> Refusal | None:
    """What a request must say, and a signal may leave open: those of old do, and those of the other complaint."""
    if isinstance(fact, Merged) and fact.into and fact.whose is None:
        return Refusal("merge.whose", field="whose")
    if isinstance(fact, Separated) and fact.absorbed:  # that one would go on as if nothing had been
        return Refusal("separate.other-way", {"number": fact.absorbed}, "absorbed")
    if of_others(case) and (texts := _for_everybody(case, fact)):
        word = named_in(case, texts) if isinstance(fact, Resolved) else None
        word = word or surely_named_in(customer_of(case), texts)
        return Refusal("resolved.names", {"word": word}, "text") if word else None
    return None


def _for_everybody(case: CaseState, fact: Fact) -> list[str]:
    """What the customers of complaints that go along would read, too. A correction that names this one by a name stays
    with this one; what only looks like no name would not."""
    if isinstance(fact, Resolved) and fact.for_joined:
        return _of_resolution(fact.text, fact.corrective_actions, fact.cause)
    if isinstance(fact, ResolutionCorrected):
        wrong = next((row for row in reversed(case.rows) if row.what == Resolved.name), None)
        texts = _of_resolution(fact.text, fact.corrective_actions or (), None)
        if wrong is not None and _is_for_all(case, wrong) and named_in(case, texts) is None:
            return texts
    return []


def _of_resolution(text: str | None, actions: Sequence[str], cause: str | None) -> list[str]:
    return [said for said in (text, *actions, cause) if said]


def no_separation(case: CaseState, fact: Separated) -> Refusal | None:
    """Why the two cannot be taken apart; None if they can."""
    if fact.absorbed:
        known = fact.absorbed in case.absorbed
        return None if known else Refusal("separate.stranger", {"number": fact.absorbed}, "absorbed")
    since = merged_at(case)
    if since is None:
        return Refusal("separate.alone")
    days = case.policy.merging.separate_within_days
    if case.as_of - since > timedelta(days=days):
        return Refusal("separate.over", {"days": str(days)})
    return None


def merged_at(case: CaseState) -> datetime | None:
    """Since when it is merged into another, or goes along with one; None if it is not."""
    if case.goes_with is None and case.merged_into is None:
        return None
    merged = (row.at for row in reversed(case.rows) if row.what == Merged.name and row.data.get("into"))
    return next(merged, case.closed_at)


def of_others(case: CaseState) -> list[str]:
    """The complaints of other people that go along with it."""
    return [number for number in case.absorbed if _whose(case.rows, number) == Whose.OTHER.value]


# -- what it does ----------------------------------------------------------------------------------------------------


def merge(case: CaseState, fact: Merged) -> None:
    """`into`: it ends and its customer is told once, or goes along. `absorbed`: the other's part in it begins."""
    times = sum(row.what == Merged.name and bool(row.data.get("into")) == bool(fact.into) for row in case.rows)
    if fact.into and fact.whose is Whose.OTHER:
        case.goes_with = fact.into
        tell_customer(case, LetterKind.JOINED, f"joined/{times}")
    elif fact.into:
        case.merged_into, case.went_along = fact.into, case.unread
        close(case, "merged", LetterKind.MERGED, again=times, whose=fact.whose)
    elif fact.absorbed and fact.absorbed not in case.absorbed:
        case.absorbed.append(fact.absorbed)
        if fact.whose is Whose.OTHER:
            tell_customer(case, LetterKind.JOINED, f"joined-by/{times}")
        elif fact.received_at is not None and fact.received_at < case.received_at:
            _counts_from(case, fact.received_at)


def separate(case: CaseState, fact: Separated) -> None:
    """The one that leaves lives on from where it stood, by the clocks of its own receipt; so does the one it leaves."""
    times = sum(row.what == Separated.name for row in case.rows)
    if fact.absorbed:
        was_other = _whose(case.rows, fact.absorbed) == Whose.OTHER.value
        case.absorbed.remove(fact.absorbed)
        _counts_from(case, _earliest(case))
        _forgive(case)
        messages.left(case, fact.absorbed)
        if was_other and not case.ended:
            tell_customer(case, LetterKind.SEPARATED, f"separated/{times}")
        return
    if case.goes_with is None:
        case.outcome = case.closed_at = case.merged_into = None
        case.unread, case.went_along = case.went_along, []  # whether somebody read it there, nobody knows here
        case.journal("reopened", by=fact.by, via=fact.via, reason=Separated.name)
    case.goes_with = None
    if not case.ended:
        tell_customer(case, LetterKind.SEPARATED, f"separated/{times}")
    warn_of_nothing_past(case)
    clocks.settle(case, case.as_of, inclusive=False)  # what its own clocks let pass meanwhile, passes with it


def _earliest(case: CaseState) -> datetime:
    """Its own receipt, or that of an earlier one of the same person that it goes on for."""
    others = [
        datetime.fromisoformat(row.data["received_at"])
        for row in case.rows
        if row.what == Merged.name
        and _is_inside(row)
        and row.data["absorbed"] in case.absorbed
        and row.data.get("whose") != Whose.OTHER.value
        and row.data.get("received_at")
    ]
    return min([case.rows[0].at, *others])


def _counts_from(case: CaseState, receipt: datetime) -> None:
    """The clocks that count from its receipt count from that one."""
    before = case.received_at
    if case.rounds[0].started_at == before:
        case.rounds[0].started_at = receipt
    if case.escalation_since == before:
        case.escalation_since = receipt
    case.received_at = receipt


def _forgive(case: CaseState) -> None:
    """What has struck and is still to come by its own receipt, has not struck: nobody is told of it a second time."""
    ahead = {key for key, clock in clocks.by_receipt(case) if clock.due > case.as_of}
    case.strikes = [key for key in case.strikes if key not in ahead]


# -- what the others hear --------------------------------------------------------------------------------------------


def to_pass(case: CaseState) -> list[Passed]:
    """What the complaints that it is, or was, merged with have still to hear of, in order."""
    return [
        said
        for place, row in enumerate(case.rows[case.passed :], start=case.passed)
        if row.what in _HEARD
        for said in _HEARD[row.what](case, case.rows[:place], row)
    ]


def _of_merger(case: CaseState, before: list[Row], row: Row) -> Iterator[Passed]:
    """Whom it joins; who joins it hears what was done before. That one person's ended is told when it has (§8)."""
    if row.data.get("whose") == Whose.SAME.value and row.data.get("into"):
        yield from _waiting(case, before, row)
    if row.data.get("whose") != Whose.OTHER.value:
        return
    if into := row.data.get("into"):
        said = {"absorbed": case.number, "whose": Whose.OTHER.value, "event_id": f"absorbed/{case.number}/{row.seq}"}
        yield into, Merged.name, said | _signed(row)
        return
    for what in (Assessed.name, Assigned.name, DatePromised.name):
        if (last := next((other for other in reversed(before) if other.what == what), None)) is not None:
            yield row.data["absorbed"], what, _again(case, last)


def _waiting(case: CaseState, before: list[Row], row: Row) -> Iterator[Passed]:
    """What the same person wrote and nobody has answered waits in the one that goes on."""
    for message in case.went_along:
        written = before[message.row - 1] if message.row <= len(before) else None
        if written is None or written.data.get("of"):
            continue
        said: dict[str, Any] = {
            name: written.data[name] for name in ("message_id", "sender_proven", "seems") if name in written.data
        }
        said |= {"text": written.data.get("text") or written.data.get("reason"), "of": case.number}
        event_id = f"{_CAME_ALONG}{case.number}/{row.seq}/{written.seq}"
        yield row.data["into"], MessageReceived.name, said | _signed(written) | {"event_id": event_id}


_CAME_ALONG = "along/"
GIVEN_BACK = "own/"
"""Before the event id of what was written to a complaint while another went on for it, once it has it back."""


def _of_separation(case: CaseState, before: list[Row], row: Row) -> Iterator[Passed]:
    """The one that it leaves; whoever leaves it takes along what was written to them meanwhile."""
    if (left := row.data.get("absorbed")) is None:
        other = next(one for one in reversed(before) if one.what == Merged.name and one.data.get("into")).data["into"]
        said = {"absorbed": case.number, "event_id": f"separated/{case.number}/{row.seq}"}
        yield other, Separated.name, said | _signed(row)
        return
    yield from ((left, MessageReceived.name, said) for said in written_to(left, before))


def written_to(number: str, rows: list[Row]) -> Iterator[dict[str, Any]]:
    """What reached this complaint and was written to that number: as facts of its own."""
    for row in rows:
        came_along = str(row.data.get("event_id", "")).startswith(_CAME_ALONG)  # its own journal has it
        if row.what == MessageReceived.name and row.data.get("of") == number and not came_along:
            said = {name: value for name, value in row.data.items() if name not in {"of", "effect", "said_at"}}
            event_id = f"{GIVEN_BACK}{row.data.get('event_id') or row.seq}"
            yield said | _signed(row) | {"event_id": event_id[:200], "at": row.at.isoformat()}


def _of_act(case: CaseState, before: list[Row], row: Row) -> Iterator[Passed]:
    """What staff do is done for whoever goes along; the words of a resolution only where they name nobody."""
    if row.what == ResolutionCorrected.name and not _corrects_for_all(case, before, row):
        return
    for number in dict.fromkeys(one.data["absorbed"] for one in before if _joins(one)):
        if _goes_along(before, number):
            yield number, row.what, _again(case, row)


def _again(case: CaseState, row: Row) -> dict[str, Any]:
    left_out = {"effect", "said_at", "told_in_call", "note", "files"}  # nobody knows whom a file names
    said = {name: value for name, value in row.data.items() if name not in left_out}
    if row.what == Resolved.name:
        surely = surely_named_in(customer_of(case), _texts_of(row))
        hidden = {"internal_actions"} if _is_for_all(case, row) and surely is None else _OF_ONE
        said = {name: value for name, value in said.items() if name not in hidden}
    known = str(said.get("event_id") or f"{case.number}/{row.seq}")
    event_id = known if known.startswith(messages.ALONG) else f"{messages.ALONG}{known}"[:200]
    return said | _signed(row) | {"event_id": event_id, "at": row.at.isoformat()}


def _is_for_all(case: CaseState, row: Row) -> bool:
    """Said to name nobody, and it does not: a signal is taken whatever its text."""
    return bool(row.data.get("for_joined")) and named_in(case, _texts_of(row)) is None


def _texts_of(row: Row) -> list[str]:
    return _of_resolution(row.data.get("text"), row.data.get("corrective_actions", ()), row.data.get("cause"))


def _corrects_for_all(case: CaseState, before: list[Row], row: Row) -> bool:
    """Whether everybody had the wrong answer, and the right one names nobody either: else those others had none."""
    wrong = next((one for one in reversed(before) if one.what == Resolved.name), None)
    texts = _of_resolution(row.data.get("text"), row.data.get("corrective_actions") or (), None)
    return wrong is not None and _is_for_all(case, wrong) and named_in(case, texts) is None


_OF_ONE = frozenset({"text", "corrective_actions", "internal_actions", "cause"})
"""Of a resolution: what may name the customer that it was written for."""


def _signed(row: Row) -> dict[str, Any]:
    return {"by": row.by, "via": row.via.value}


def _joins(row: Row) -> bool:
    return row.what == Merged.name and row.data.get("whose") == Whose.OTHER.value and _is_inside(row)


def _goes_along(rows: list[Row], number: str) -> bool:
    last = next(row for row in reversed(rows) if _is_inside(row) and row.data["absorbed"] == number)
    return last.what == Merged.name


def _whose(rows: list[Row], number: str) -> str | None:
    said = (row.data for row in reversed(rows) if row.what == Merged.name and row.data.get("absorbed") == number)
    return next((data.get("whose") for data in said if not data.get("into")), None)


_HEARD = {
    Merged.name: _of_merger,
    Separated.name: _of_separation,
    **dict.fromkeys(_DONE_FOR_ALL, _of_act),
}


def ended_as_part(case: CaseState) -> dict[str, Any]:
    """What the complaint that goes on hears of one that ended as its part: who did it and, of one person's two, what
    that one brought."""
    row = next(row for row in reversed(case.rows) if row.what == Merged.name)
    said = {"absorbed": case.number, "received_at": case.received_at, "event_id": f"absorbed/{case.number}"}
    if row.data.get("whose") != Whose.SAME.value:
        return said
    customer = case.received.customer
    brought = {
        "text": case.received.problem.description,
        "customer_name": customer.name,
        "document": customer.document,
        "phone": customer.phone,
        "email": customer.email,
        "address": customer.address,
        "product": case.received.product,
    }
    again = {"event_id": f"absorbed/{case.number}/{row.seq}"}
    return said | again | brought | {"whose": Whose.SAME.value} | _signed(row)


class Told(Protocol):
    """A row, or an entry of a timeline."""

    @property
    def what(self) -> str:
        """What happened."""

    @property
    def data(self) -> dict[str, Any]:
        """Its particulars."""


def taken_back(rows: Sequence[Told]) -> frozenset[str]:
    """The numbers whose words stand in these rows and left again: nobody is shown them here any more."""
    parted = {row.data["absorbed"]: row.what for row in rows if row.what in _PARTS and _is_inside(row)}
    return frozenset(number for number, what in parted.items() if what == Separated.name)


def still_here(rows: list[Row]) -> list[Row]:
    """The rows without those in which words of a complaint stand that has left again."""
    gone = taken_back(rows)
    return [row for row in rows if belongs_to(row.what, row.data) not in gone] if gone else rows


_PARTS = frozenset({Merged.name, Separated.name})


def _is_inside(row: Told) -> bool:
    return bool(row.data.get("absorbed")) and not row.data.get("into")
