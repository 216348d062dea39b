"""The dossier of one case: all that is kept of it, for an authority (INDECOPI) or an auditor who was not there."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from complaints.reports.document import Document, Facts, Note, Section, Table, Words
from complaints.rules.case import Case
from complaints.rules.facts import FACTS, Merged, Separated, Whose
from complaints.rules.given_files import files_in
from complaints.rules.journal import CallTask
from complaints.rules.letters import CUSTOMER
from complaints.rules.number import in_groups
from complaints.rules.status import Status, TimelineEntry, status_of
from complaints.words.catalogue import N_
from complaints.words.telling import arrived, particulars, through
from complaints.words.wording import Wording


@dataclass(frozen=True)
class FileTold:
    """An attachment: its name, its type by content, its size in bytes and the SHA-256 of its bytes."""

    name: str
    type: str
    size: int
    digest: str


@dataclass(frozen=True)
class LetterTold:
    """A letter as the ledger has it."""

    subject: str
    recipient: str
    """A role."""
    state: str
    at: datetime
    sent_at: datetime | None
    message_id: str
    text: str
    files: tuple[FileTold, ...] = ()
    """What went with it."""


@dataclass(frozen=True)
class MessageTold:
    """A message of the customer's, as it was read."""

    at: datetime
    sender: str
    subject: str
    text: str
    digest: str
    """SHA-256 of the message's bytes."""
    files: tuple[FileTold, ...] = ()


@dataclass(frozen=True)
class Material:
    """All that a dossier is made of."""

    case: Case
    timeline: Sequence[TimelineEntry]
    """With what was said after the end."""
    letters: Sequence[LetterTold]
    messages: Sequence[MessageTold]
    names: Mapping[str, str]
    """What departments and people are called, by key."""
    types: Mapping[str, str] = field(default_factory=dict)
    """The media types of files that staff gave, by digest."""


@dataclass(frozen=True)
class Maker:
    """Who makes it, when, and for which school."""

    by: str
    at: datetime
    school: str


def dossier(material: Material, maker: Maker, words: Wording, *, with_notes: bool = True) -> Document:
    """The whole case as one document. `with_notes`: also notes that staff wrote for themselves."""
    case, _ = material.case, words.gettext
    told, received = material.timeline, case.received
    how = arrived(received.channel.value, words.language, source_key=received.source_key)
    if not with_notes:
        told = [_without_strangers(entry) for entry in told if not _internal(entry)]
    parts: list[tuple[str, Iterable[Facts | Table | Words | Note]]] = [
        (_("In short"), _summary(material, words, with_notes=with_notes)),
        (_("The complaint"), _complaint(case, words)),
        (_("The deadlines"), _deadlines(case, words)),
        (_("What happened"), [_events(told, how, words, material.names)]),
        (_("Files that we gave"), _given(told, material.types, words)),
        (_("Messages received"), _messages(material.messages, words)),
        (_("Calls"), _calls(case.calls, words)),
        (_("Letters to the customer"), _letters(material.letters, words)),
        (_("Notices to staff"), _notices(material.letters, words) if with_notes else ()),
    ]
    by_whom = f"{maker.by}, {words.at(maker.at)}"
    return Document(
        title=f"{_('Dossier of complaint')} {in_groups(case.number)}",
        subtitle=_subtitle(case, words),
        language=words.language,
        school=maker.school,
        made=f"{_('Made by')} {by_whom} · SHA-256 {digest_of(case)[:16]}…",
        sections=tuple(Section(title=title, parts=found) for title, inside in parts if (found := tuple(inside))),
    )


def digest_of(case: Case) -> str:
    """SHA-256 over the case's journal, row by row: two dossiers of the same rows carry the same."""
    rows = [row.model_dump(mode="json") for row in case.rows]
    return hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# -- the sections -----------------------------------------------------------------------------------------------------


def _subtitle(case: Case, words: Wording) -> str:
    state = words.end(case.outcome) if case.outcome else words.stage(case.stage.value)
    received = words.gettext("received on")
    return f"{state[:1].upper()}{state[1:]}; {received} {words.at(case.received_at)}"


def _summary(material: Material, words: Wording, *, with_notes: bool) -> Iterator[Facts | Words]:
    case, _ = material.case, words.gettext
    status, round_ = status_of(case), case.round
    yield _facts(
        (_("Number"), case.number),
        (_("Received"), words.at(case.received_at)),
        (_("Acknowledged"), _at(status.acknowledged_at, words)),
        (_("Answered"), _at(_first_answer(case), words)),
        (_("Closed"), _at(case.closed_at, words)),
        (_("Business days to the answer"), _business_days(case, words)),
        (_("Department"), _named(case.department, material.names)),
        (_("Representative"), _named(case.representative, material.names)),
        (_("Owner"), _owner(status, words)),
        (_("Escalated to"), words.level(case.level) if case.level else None),
        (_("Rounds"), str(round_.number) if round_.number > 1 else None),
        (_("Outcome"), words.outcome(round_.outcome) if round_.outcome else None),
        (_("Cause"), round_.cause),
        (_("Corrective actions"), "\n".join(round_.corrective_actions)),
        (_("Merged into"), case.merged_into if with_notes or _goes_on_as_theirs(material) else None),
        (_("Rules"), case.policy.version),
    )
    if round_.resolution:
        yield Words(title=_("The answer"), text=round_.resolution)


def _complaint(case: Case, words: Wording) -> Iterator[Facts | Words]:
    _, received = words.gettext, case.received
    customer, problem = received.customer, received.problem
    channels = {"email": _("email"), "phone": _("telephone"), "web": "web"}
    said = {
        "name": customer.name,
        "document": customer.document,
        "phone": customer.phone,
        "email": customer.email,
        "address": customer.address,
        "guardian": customer.guardian,
        "occurred_on": problem.occurred_on.isoformat() if problem.occurred_on else None,
        "product": received.product,
        "remedy_sought": problem.remedy_sought,
        "amount": problem.amount,
        "kind": problem.kind,
    }
    pairs = [
        (words.understood(name, to_staff=True), words.value(name, str(v)) if v else None) for name, v in said.items()
    ]
    yield _facts((_("Channel"), channels[received.channel.value]), *pairs)
    yield Words(title=_("In the customer's words"), text=problem.description)


def _deadlines(case: Case, words: Wording) -> Iterator[Table | Note]:
    """Round 1 against the procedure, and the law; what was recorded as late stays late."""
    _ = words.gettext
    late = {row.what.removeprefix("late/") for row in case.rows if row.what.startswith("late/")}
    rows = []
    for name, limit, done in _limits(case):
        result = N_("late") if name in late else N_("on time") if done else N_("pending")
        rows.append((words.window(name), words.until(limit), _at(done, words) or "–", words.say(result)))
    head = (_("Deadline"), _("Limit"), _("Met"), _("Result"))
    yield Table(head=head, rows=tuple(rows), widths=(3, 4, 4, 2))
    if case.round.number > 1:
        yield Note(text=_("The deadlines of later rounds stand under “What happened”."))


def _limits(case: Case) -> Iterator[tuple[str, datetime, datetime | None]]:
    """Each deadline of the first round that ever ran: its name, its instant, and when it was met."""
    policy, calendar, paused, first = case.policy, case.calendar, case.paused, case.rounds[0]
    yield "acknowledgement", case.received_at + timedelta(hours=policy.acknowledgement.hours), case.acknowledged_at
    days = policy.windows
    for name, start, budget, done in (
        ("assessment", first.started_at, days.assessment, first.assessed_at),
        ("assignment", first.assessed_at, days.assignment, first.assigned_at),
        ("investigation", first.assigned_at, days.investigation, first.resolved_at),
    ):
        if start is not None:
            yield name, calendar.deadline(start, budget, paused), done
    yield "legal", case.legal_due, _first_answer(case)


def _events(told: Iterable[TimelineEntry], how: str, words: Wording, names: Mapping[str, str]) -> Table:
    head = (words.gettext("When"), words.gettext("What"), words.gettext("Who"))
    rows = tuple((words.at(entry.at), _event(entry, words, names), _who(entry, how, words)) for entry in told)
    return Table(head=head, rows=rows, widths=(3, 7, 3))


def _event(entry: TimelineEntry, words: Wording, names: Mapping[str, str]) -> str:
    named = {"department": _named(str(entry.data["department"]), names)} if entry.data.get("department") else {}
    return "\n".join([words.happened(entry.what, entry.data | named), *particulars(entry, words, names)])


def _messages(messages: Iterable[MessageTold], words: Wording) -> Iterator[Words | Table]:
    _ = words.gettext
    for message in messages:
        about = f"{message.sender} · {words.at(message.at)} · SHA-256 {message.digest}"
        yield Words(title=message.subject or _("(no subject)"), about=about, text=message.text)
        yield from _attached(message.files, words)


def _given(told: Iterable[TimelineEntry], types: Mapping[str, str], words: Wording) -> Iterator[Table]:
    """What staff attached to what they did; of what was taken back, nothing."""
    _ = words.gettext
    rows = tuple(
        (words.at(entry.at), file.name, types.get(file.digest, "–"), str(file.size), file.digest)
        for entry in told
        if entry.what in FACTS
        for file in files_in(entry.data)
    )
    if rows:
        head = (_("When"), _("Attachment"), _("Type"), _("Bytes"), _("SHA-256"))
        yield Table(head=head, rows=rows, widths=(3, 4, 3, 2, 6))


def _attached(files: Sequence[FileTold], words: Wording) -> Iterator[Table]:
    _ = words.gettext
    if files:
        head = (_("Attachment"), _("Type"), _("Bytes"), _("SHA-256"))
        rows = tuple((file.name, file.type, str(file.size), file.digest) for file in files)
        yield Table(head=head, rows=rows, widths=(4, 3, 2, 6))


def _calls(calls: Sequence[CallTask], words: Wording) -> Iterator[Table]:
    _ = words.gettext
    if not calls:
        return
    ends = {
        "reached": N_("the customer was reached"),
        "overtaken": N_("no longer needed"),
        "given-up": N_("could not be reached"),
    }
    rows = [
        (
            words.at(call.opened_at),
            words.joined([words.letter(kind) for kind in call.kinds]),
            str(call.attempts),
            words.say(ends.get(call.outcome or "", N_("pending"))),
        )
        for call in calls
    ]
    head = (_("Since"), _("For"), _("Attempts"), _("How it ended"))
    yield Table(head=head, rows=tuple(rows), widths=(4, 5, 2, 4))


def _letters(letters: Iterable[LetterTold], words: Wording) -> Iterator[Words | Table]:
    for letter in letters:
        if letter.recipient == CUSTOMER:
            about = (
                f"{words.letter_state(letter.state)} · {words.at(letter.sent_at or letter.at)} · {letter.message_id}"
            )
            yield Words(title=letter.subject, about=about, text=letter.text)
            yield from _attached(letter.files, words)


def _notices(letters: Iterable[LetterTold], words: Wording) -> Iterator[Table]:
    rows = tuple(
        (words.at(one.sent_at or one.at), words.role(one.recipient), one.subject, words.letter_state(one.state))
        for one in letters
        if one.recipient != CUSTOMER
    )
    _ = words.gettext
    head = (_("When"), _("To whom"), _("Subject"), _("State"))
    if rows:
        yield Table(head=head, rows=rows, widths=(3, 3, 5, 2))


# -- small words ------------------------------------------------------------------------------------------------------


def _facts(*pairs: tuple[str, str | None]) -> Facts:
    return Facts(pairs=tuple((name, value) for name, value in pairs if value))


def _at(moment: datetime | None, words: Wording) -> str | None:
    return words.at(moment) if moment else None


def _named(key: str | None, names: Mapping[str, str]) -> str | None:
    return names.get(key, key) if key else None


def _owner(status: Status, words: Wording) -> str | None:
    return words.role(status.owner) if not status.outcome else None


def _first_answer(case: Case) -> datetime | None:
    """When the first resolution reached the customer (§6)."""
    return next((one.communicated_at for one in case.rounds if one.communicated_at), None)


def _business_days(case: Case, words: Wording) -> str | None:
    answered = _first_answer(case)
    if answered is None:
        return None
    # The day of the answer counts whole: it closes after it.
    calendar = case.legal_calendar
    day_ends = calendar.closes(calendar.local_date(answered))
    count = calendar.counted(case.received_at, max(answered, day_ends))
    limit = words.business_days(case.policy.legal_limit.business_days)
    return f"{count} ({words.gettext('legal limit')}: {limit})"


def _who(entry: TimelineEntry, came: str, words: Wording) -> str:
    """`came`: how the complaint came in."""
    if entry.via == "clock":
        return words.gettext("automatic")
    by = words.who(entry.by) if entry.by else None
    how = came if entry.what == "received" else through(entry.via, words.language)
    return " · ".join(filter(None, (by, how)))


def _internal(entry: TimelineEntry) -> bool:
    return entry.what == "noted" and not entry.data.get("for_customer")


def _without_strangers(entry: TimelineEntry) -> TimelineEntry:
    """For whoever reads it outside: the number of another person's complaint is nobody else's business."""
    if entry.what not in (Merged.name, Separated.name) or entry.data.get("whose") == Whose.SAME.value:
        return entry
    kept = {name: value for name, value in entry.data.items() if name not in ("into", "absorbed", "reason")}
    return entry.model_copy(update={"data": kept})


def _goes_on_as_theirs(material: Material) -> bool:
    merged = [entry.data for entry in material.timeline if entry.what == Merged.name and entry.data.get("into")]
    return bool(merged) and merged[-1].get("whose") == Whose.SAME.value
