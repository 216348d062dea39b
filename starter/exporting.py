"""What leaves the desk as a file: the dossier of one case, and all complaints as a table.

What is read and set for it is done in threads: one large case would hold everybody else up.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from complaints.contacts import Contacts
from complaints.mail.incoming import read
from complaints.records.ledger import LetterRow
from complaints.records.messages import MailRow
from complaints.records.store import Store
from complaints.reports.csv import csv_of
from complaints.reports.document import Document
from complaints.reports.dossier import FileTold, LetterTold, Maker, Material, MessageTold, dossier
from complaints.rules.given_files import files_in
from complaints.rules.journal import CaseRecord
from complaints.rules.status import TimelineEntry, timeline_of, without_what_left
from complaints.words.page_links import shown
from complaints.words.wording import Wording
from starter.errors import NotFound
from starter.journals import case_in_records


async def dossier_of(
    store: Store,
    number: str,
    *,
    contacts: Contacts,
    words: Wording,
    by: str,
    at: datetime,
    with_notes: bool = True,
) -> Document:
    """Everything that the records keep of a case. Raises NotFound, Refused (a broken journal), the records' errors."""
    case = await case_in_records(store, number)
    if case is None:
        raise NotFound.number(number)
    said = [
        TimelineEntry(seq=0, at=word.at, what=word.what, by=word.by, via=word.via.value, data=word.data)
        for word in await store.afterwords(number)
    ]
    letters = list(await store.letters(number))
    timeline = without_what_left(sorted([*timeline_of(case), *said], key=lambda entry: entry.at))
    given = {file.digest for entry in timeline for file in files_in(entry.data)}
    types = await store.types_of([*given, *(file.digest for letter in letters for file in letter.files)])
    material = Material(
        case=case,
        timeline=timeline,
        letters=[_told(letter, types) for letter in letters],
        messages=[await _read(store, mail) for mail in await store.mails_of(number)],
        names=contacts.names(words.language),
        types=types,
    )
    maker = Maker(by=by, at=at, school=contacts.school.name)
    made = await asyncio.to_thread(dossier, material, maker, words, with_notes=with_notes)
    return await asyncio.to_thread(shown, made, words.language)


def _told(letter: LetterRow, types: Mapping[str, str]) -> LetterTold:
    return LetterTold(
        subject=letter.subject,
        recipient=letter.recipient,
        state=letter.state.value,
        at=letter.occasion_at,
        sent_at=letter.sent_at,
        message_id=letter.message_id,
        text=letter.text,
        files=tuple(
            FileTold(name=file.name, type=types.get(file.digest, "–"), size=file.size, digest=file.digest)
            for file in letter.files
        ),
    )


async def _read(store: Store, mail: MailRow) -> MessageTold:
    reading = await asyncio.to_thread(read, mail.raw, mailbox=mail.mailbox, received_at=mail.received_at)
    return MessageTold(
        at=mail.received_at,
        sender=reading.from_address or "–",
        subject=reading.subject,
        text=reading.whole_text or reading.text,
        digest=mail.digest,
        files=tuple(
            FileTold(name=file.name, type=file.type, size=file.size, digest=file.digest)
            for file in await store.attachments(mail.digest)
        ),
    )


# -- all complaints as a table ----------------------------------------------------------------------------------------

_COLUMNS = (
    "number", "channel", "received_at", "customer_name", "document", "email", "phone", "address", "guardian", "product",
    "occurred_on", "subject", "description", "stage", "level", "round", "late", "due", "due_name", "department",
    "representative", "owner", "category", "severity", "outcome", "resolved_at", "closed_at", "policy_version",
)  # fmt: skip


async def received_in(store: Store, since: date | None, until: date | None, *, zone: ZoneInfo) -> list[CaseRecord]:
    """The complaints received on the days from `since` to `until`, both included, as days begin in the zone."""
    first = datetime.combine(since, time(), zone) if since else None
    after = datetime.combine(until + timedelta(days=1), time(), zone) if until and until < date.max else None
    return await store.received_between(first, after)


def complaints_csv(records: Sequence[CaseRecord], words: Wording) -> str:
    """The complaints as CSV: keys in English, times local with their offset, nothing that a sheet obeys."""
    table = csv_of(_COLUMNS, ([_cell(getattr(record, name), words) for name in _COLUMNS] for record in records))
    return shown(table, words.language)


def _cell(value: object, words: Wording) -> str | int | None:
    if isinstance(value, datetime):
        return value.astimezone(words.zone).isoformat(timespec="seconds")
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, int) else None if value is None else str(value)
