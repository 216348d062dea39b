"""One case: where it stands, what happened, why its dates are what they are, and what may be done with it now."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from complaints.colleagues import on_that_day
from complaints.contacts import Contacts
from complaints.records.absences import Colleague
from complaints.records.ledger import LetterRow
from complaints.records.links import REVOKED
from complaints.records.messages import MailHead
from complaints.records.part import Part
from complaints.records.quarantine import QuarantineItem
from complaints.rules.details import FIELD_OF
from complaints.rules.facts import FACTS, UPDATES
from complaints.rules.given_files import LARGEST_TOGETHER, MOST_FILES, GivenFile, files_in
from complaints.rules.journal import CaseRecord
from complaints.rules.letters import REPRESENTATIVE
from complaints.rules.number import as_number
from complaints.rules.readings import ReadDetail
from complaints.rules.resolved import standing_resolution
from complaints.rules.rounds import begins_round
from complaints.rules.state import NewMessage
from complaints.rules.status import Status, TimelineEntry
from complaints.words.catalogue import N_
from complaints.words.telling import arranged, arrived, budget, deadline_name, particulars, through, why
from desk.request import PageRequest
from desk.roles import Permission
from desk.staff import messages
from desk.staff.acts import TALK, at_hand, grouped, is_first, possible
from desk.staff.calls import panel
from desk.staff.colleagues import choices
from desk.staff.forms import seen_by
from desk.staff.letters import RESENT
from desk.staff.merging import Inside, inside_of, same_person
from desk.staff.replying import begun_with, blocks_of
from desk.staff.temporal_page import PREFIX
from desk.staff.waiting import waiting_in
from starter.acts import ACTS, Act
from starter.answers import Source
from starter.calling import answer_to_caller
from starter.errors import NotFound
from starter.understanding import understood_item

FOLDED_FROM = 3
"""Quiet rows in a row."""
FOREVER = 1_000_000_000
"""A row after every other."""


async def case_page(request: PageRequest) -> Response:
    """The case as it stands."""
    number = number_of(request)
    if number != request.http.path_params["number"]:
        return request.to(f"/cases/{number}")
    return await show(request, number)


async def news(request: PageRequest) -> Response:
    """Asked by the page every few seconds: what has happened that it does not show; 204 while there is nothing."""
    number, seen = number_of(request), seen_by(request.http.query_params.get("seen")) or 0
    newest = await request.app_state.store.newest_row(number)
    if newest is None or newest <= seen:
        return Response(status_code=204)
    values = await _values(request, number) | {"newer_than": seen}
    latest = [told.entry for round_ in values["story"] for told in round_.rows if told.entry.seq > seen]
    by_people = [entry for entry in latest if entry.by]
    return request.page("news.html", **values, latest=(by_people or latest or [None])[0])


async def show(
    request: PageRequest,
    number: str,
    *,
    status: int = 200,
    sentence: str | None = None,
    asked: str | None = None,
    typed: Mapping[str, Any] | None = None,
    event_id: str | None = None,
) -> Response:
    """The page; after a refusal with its sentence, beside what was typed."""
    values = await _values(request, number)
    values |= {"sentence": sentence, "asked": asked, "typed": typed or {}}
    values |= {"event_id": event_id or str(uuid4())}
    return request.page("case.html", status=status, **values)


@dataclass(frozen=True)
class Told:
    """One row of the story with what belongs to it."""

    entry: TimelineEntry
    letter: LetterRow | None
    mail: MailHead | None

    @property
    def kind(self) -> str:
        """talk: between the customer and us; staff: what people did; else the clocks and letters to staff."""
        if self.mail or (self.letter and self.letter.recipient == "customer") or self.entry.what in TALK:
            return "talk"
        return "clock" if self.entry.via == "clock" else "staff"

    @property
    def files(self) -> tuple[GivenFile, ...]:
        """What somebody gave with it."""
        return files_in(self.entry.data) if self.entry.what in FACTS else ()

    @property
    def quiet(self) -> bool:
        """Of the clocks and our own letters, and nothing that went wrong: it may be collapsed."""
        return self.kind == "clock" and not self.entry.what.startswith(("late/", "escalated", "letter-failed"))


@dataclass(frozen=True)
class Written:
    """Something that the customer wrote and nobody has answered or read yet."""

    message: NewMessage
    text: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.message, name)


@dataclass(frozen=True)
class Round:
    """What happened in one round, the newest first (§7: a dispute or a reopening starts the next)."""

    number: int
    rows: Sequence[Told]

    def stretches(self, newer_than: int | None) -> list[tuple[bool, list[Told]]]:
        """The rows in stretches, each with whether it is collapsed: several quiet ones that the reader knows."""
        found = []
        for quiet, group in groupby(self.rows, lambda told: told.quiet and told.entry.seq <= (newer_than or FOREVER)):
            rows = list(group)
            found.append((quiet and len(rows) >= FOLDED_FROM, rows))
        return found


async def _values(request: PageRequest, number: str) -> dict[str, Any]:
    """Everything that the page shows, at one moment."""
    desk, store = request.app_state.front_desk, request.app_state.store
    # The case and the records are asked at the same time.
    told, kept, around = await asyncio.gather(
        asyncio.gather(desk.status(number), desk.timeline(number), desk.explain(number)),
        asyncio.gather(
            store.record(number), store.letters(number), store.mail_heads_of(number), store.of_same_customer(number)
        ),
        asyncio.gather(
            _people(request),
            store.categories(),
            store.mentions_of(request.member.account, limit=100),
            store.drafts_of(number, request.member.account),
            store.given_files(number),
        ),
    )
    (stands, timeline, deadlines), (record, letters, mails, others) = told, kept
    people, categories, mentions, begun, given = around
    now, rows = stands.value, timeline.value
    written = {row.seq: str(row.data.get("text") or row.data.get("reason") or "") for row in rows}
    departments = {key: one.named(request.language) for key, one in request.app_state.contacts().departments.items()}
    blocks = blocks_of(request, now, record)
    inside = await inside_of(request, now)
    seen_before = seen_by(request.form.get("seen")) if request.form else None
    return {
        "number": number,
        "stands": now,
        "record": record,
        "story": _by_round(rows, letters, messages.by_row([*mails, *_written_meanwhile(inside)])),
        "newer_than": seen_before,
        "seen": max((row.seq for row in rows), default=0),
        "deadlines": deadlines.value,
        "arranged": arranged(deadlines.value),
        "doubtful": [letter for letter in letters if letter.state in RESENT],
        "to_tell": _to_tell(now, rows),
        "inside": inside,
        "new_messages": [Written(one, written.get(one.row, "")) for one in now.messages],
        "after_the_end": await _after_the_end(request, number) if now.outcome else [],
        "help_answers": [(one, written.get(one.row, "")) for one in now.help_answers],
        "noting": lambda one: _noting(one, now),
        "answers_for": _answers_for(request, now, people.contacts),
        "mentions": [one for one in mentions if one.number == number],
        "pending": waiting_in(now),
        "drafts": begun,
        "given": given,
        "blocks": blocks,
        "reply_begun": begun_with(request, blocks),
        "departments": departments,
        "from_records": stands.source is Source.RECORDS and now.outcome is None,
        "script": await panel(request, now),
        "if_they_call": answer_to_caller(
            now, record, people.contacts, timezone=request.app_state.policy.calendar.timezone
        ),
        "in_temporal": _in_temporal(request, number),
        "colleagues": people.colleagues,
        "people": people.choices,
        "categories": categories,
        **_others_of(record, now, others),
        **_acts_now(request, record, now),
        **_forms(request, rows),
        **_sayings(request, record, departments),
    }


def _others_of(record: CaseRecord | None, now: Status, others: Part[CaseRecord]) -> dict[str, Any]:
    """The other complaints of the same customer."""
    return {
        "others_shown": len(others),
        "others_in_all": others.total,
        "same_open": [one for one in others if _is_beside(one, now) and same_person(record, one)],
        "perhaps_same": [one for one in others if _is_beside(one, now) and not same_person(record, one)],
        "earlier": [one for one in others if one.closed_at is not None or now.outcome is not None],
    }


def _acts_now(request: PageRequest, record: CaseRecord | None, now: Status) -> dict[str, Any]:
    """The acts that the reader may do with the case as it stands; not the one that waits to be taken back."""
    acts = [act for act in possible(now, request.member.role) if act.name != "separate" or _is_merged(now)]
    acts = [act for act in acts if now.pending_act is None or UPDATES[act.name].name != now.pending_act.act]
    replies = record is not None and not now.outcome and request.may("handle")
    return {
        "possible_acts": {act.name for act in acts},
        "acts": acts,
        "act_groups": grouped(acts, now.stage),
        "at_hand": at_hand(acts, now.stage, replies=replies),
        "replies": replies,
        "is_first": lambda one: is_first(one, now.stage),
    }


def _forms(request: PageRequest, rows: list[TimelineEntry]) -> dict[str, Any]:
    """What the forms begin with, and what the address says was done."""
    asked = request.http.query_params if request.form is None else {}
    return {
        "sentence": None,
        "asked": None,
        "wanted": asked.get("act"),
        "typed": {},
        "standing": _standing(rows),
        "most_files": MOST_FILES,
        "largest_together": LARGEST_TOGETHER,
        "event_id": str(uuid4()),
        "fresh_id": lambda: str(uuid4()),
        "done": ACTS.get(asked.get("done", "")),
        "links_ended": asked.get("done") == REVOKED,
    }


def _sayings(request: PageRequest, record: CaseRecord | None, departments: Mapping[str, str]) -> dict[str, Any]:
    """What the templates call to put keys and instants into the reader's words."""
    return {
        "happened": lambda entry: happened(request, entry),
        "particulars": lambda entry: particulars(entry, request.words, departments),
        "through": lambda via: through(via, request.language),
        "arrived": lambda channel: arrived(channel, request.language, source_key=record.source_key if record else None),
        "who": lambda by: who(request, by),
        "budget": lambda text: budget(text, request.language),
        "deadline_name": lambda one: deadline_name(one.name, request.words),
        "why": lambda day: why(day, request.language),
    }


def _written_meanwhile(inside: Sequence[Inside]) -> list[MailHead]:
    """What was written to those that were merged into it; their complaints themselves are shown beside the story."""
    return [mail for one in inside for mail in one.mails if mail.taken_as != "complaint"]


def _is_merged(status: Status) -> bool:
    return status.goes_with is not None or status.merged_into is not None


def _is_beside(other: CaseRecord, status: Status) -> bool:
    """Open as this one is, and not merged with it yet."""
    return (
        other.closed_at is None and status.outcome is None and other.number not in (*status.absorbed, status.goes_with)
    )


_CUSTOMER = N_("the customer")


def _by_round(rows: list[TimelineEntry], letters: list[LetterRow], mails: dict[str, MailHead]) -> list[Round]:
    """What happened, the newest round and its newest row first; each letter and message beside its row."""
    by_key = {letter.key: letter for letter in letters}
    rounds: list[list[Told]] = [[]]
    for row in rows:
        if begins_round(row):
            rounds.append([])
        rounds[-1].append(Told(row, by_key.get(str(row.data.get("key"))), messages.of_row(row, mails)))
    return [Round(place, told[::-1]) for place, told in reversed(list(enumerate(rounds, start=1)))]


async def _after_the_end(request: PageRequest, number: str) -> list[tuple[QuarantineItem, str]]:
    """What the customer wrote since the end and nobody has answered or read, with its words."""
    store = request.app_state.store
    return [(one, (await understood_item(store, one)).words) for one in await store.written_after_the_end(number)]


def _noting(one: ReadDetail, status: Status) -> list[tuple[str, str]]:
    """The fields of `receive_details` that note this one detail, and leave open what else was asked for."""
    left = [("still_missing", detail) for detail in status.missing if FIELD_OF.get(detail) != one.field]
    return [(one.field, one.value), *left]


@dataclass(frozen=True)
class People:
    """Who works here, as of now."""

    colleagues: list[Colleague]
    contacts: Contacts
    """With whoever stands in today."""
    choices: dict[str, str]
    """Who may be given the case."""


async def _people(request: PageRequest) -> People:
    store, today = request.app_state.store, request.words.day_of(request.now)
    colleagues, open_cases = await asyncio.gather(store.colleagues(), store.open_by_representative())
    contacts = on_that_day(request.app_state.contacts(), colleagues, today)
    return People(colleagues, contacts, choices(request, colleagues, open_cases))


def _standing(rows: list[TimelineEntry]) -> dict[str, Any]:
    """The resolution as it stands: what its correction begins with."""
    given, fields = standing_resolution(rows), {"text", "outcome", "corrective_actions", "files"}
    found = {name: value for name, value in given.items() if name in fields}
    if found.get("corrective_actions") is not None:
        found["corrective_actions"] = "\n".join(found["corrective_actions"])
    found["files"] = [file.digest for file in files_in(found)]
    return found


def _answers_for(request: PageRequest, status: Status, contacts: Contacts) -> str:
    """Who answers for the case: a person by their name, with the post that the procedure gives them (§7)."""
    role = request.words.role(status.owner)
    if status.owner == REPRESENTATIVE and status.representative:
        post = contacts.representative(status.representative)
        stands_in = post.on(request.words.day_of(request.now)).name if post else status.representative
        if post and stands_in != post.name:
            return request.gettext("{substitute}, for {name}").format(substitute=stands_in, name=status.representative)
        return status.representative
    if status.owner not in contacts.people:
        return role
    return f"{contacts.person(status.owner, request.words.day_of(request.now)).name} · {role}"


def _to_tell(status: Status, rows: list[TimelineEntry]) -> list[TimelineEntry]:
    """The notes that the customer reads in the next update (§5.4)."""
    if status.next_word_at is None:
        return []
    noted = [row for row in rows if row.what == "noted" and row.data.get("for_customer")]
    return [row for row in noted if row.at >= status.last_word_at]


def happened(request: PageRequest, entry: TimelineEntry) -> str:
    """A row's heading, with the department by its name."""
    department = request.app_state.contacts().departments.get(str(entry.data.get("department")))
    known = {"department": department.named(request.language)} if department else {}
    return request.words.happened(entry.what, entry.data | known)


def who(request: PageRequest, by: str) -> str:
    """Who did something, as a colleague says it."""
    return request.say(_CUSTOMER) if by == "customer" else request.words.who(by)


def _in_temporal(request: PageRequest, number: str) -> str | None:
    if not request.may(Permission.RUNS):  # what agents see is the case
        return None
    base = request.app_state.temporal_ui() or (PREFIX if request.app_state.temporal_page.is_there() else None)
    return f"{base.rstrip('/')}/namespaces/{request.app_state.namespace}/workflows/{number}" if base else None


def act_of(request: PageRequest) -> Act:
    """The act in the address. Raises NotFound for one that there is not."""
    if (act := ACTS.get(request.http.path_params["act"])) is None:
        raise NotFound(N_("There is no page here."))
    return act


def number_of(request: PageRequest) -> str:
    """The number in the address, written as numbers are."""
    text: str = request.http.path_params["number"]
    return as_number(text) or text
