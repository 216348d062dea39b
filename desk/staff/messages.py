"""What customers wrote, as text and as it came, and what they attached: shown and handed out so that it can do nothing.

A file goes out as a download, under the type that its content shows, in a sandbox: nothing in it runs at our address.
"""

import asyncio
import hashlib
from uuid import uuid4

from starlette.responses import Response

from complaints.mail.incoming import Reading, read
from complaints.mail.proposals import Proposal
from complaints.records.messages import AttachedFile, MailHead, MailRow
from complaints.rules.joining import GIVEN_BACK
from complaints.rules.journal import CaseRecord
from complaints.rules.number import as_number
from complaints.rules.status import TimelineEntry
from complaints.scanning import Clean
from complaints.words.catalogue import N_
from desk.downloads import as_download, as_picture, struck_out_of
from desk.request import PageRequest
from starter.customer_words import MAILBOX
from starter.errors import NotFound
from starter.scanning import handed_out

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Types, by content, that a page may show as a picture."""


def by_row(mails: list[MailHead]) -> dict[str, MailHead]:
    """The messages by the event id under which the journal tells of each; the complaint itself is `received`."""
    found = {}
    for mail in mails:
        source = mail.source_key or ""
        key = hashlib.sha256(source.encode(errors="replace")).hexdigest()[:40]
        of_a_fact = source if source.startswith(f"{MAILBOX}/") else f"mail/{key}"
        found["received" if mail.taken_as == "complaint" else of_a_fact] = mail
    return found


def of_row(entry: TimelineEntry, mails: dict[str, MailHead]) -> MailHead | None:
    """The message that a row of the journal tells of."""
    event_id = str(entry.data.get("event_id")).removeprefix(GIVEN_BACK)
    return mails.get("received" if entry.what == "received" else event_id)


async def message_page(request: PageRequest) -> Response:
    """One message of a complaint: its words, with what it quotes collapsed."""
    number, mail = await _of_case(request)
    reading = await reading_of(mail)
    here = f"/cases/{number}/messages/{mail.digest}"
    files = await request.app_state.store.attachments(mail.digest)
    record = await request.app_state.store.record(number)
    offered = _offered(reading, record) if record and record.closed_at is None and request.may("handle") else []
    return request.page(
        "message.html", number=number, reading=reading, files=files, files_at=f"{here}/files", raw_at=f"{here}/raw",
        offered=offered, pictures=SHOWN, seen=record.seq if record else 0, event_id=str(uuid4()),
    )  # fmt: skip


_FIELD_OF = {"document": "document", "phone": "phone", "occurred_on": "occurred_on", "product": "product"} | {
    "name": "customer_name", "address": "address",
}  # fmt: skip
"""What a text may tell of, and the field of `receive_details` that takes it."""


def _offered(reading: Reading, record: CaseRecord) -> list[tuple[str, Proposal]]:
    """What the text seems to say and the case does not know yet, by the field that would take it; never a fact."""
    return [
        (_FIELD_OF[one.field], one)
        for one in reading.proposals
        if one.field in _FIELD_OF and not getattr(record, _FIELD_OF[one.field])
    ]


async def attachment(request: PageRequest) -> Response:
    """A file that came with a message of the complaint."""
    _, mail = await _of_case(request)
    return await file_of(request, mail.digest)


async def image(request: PageRequest) -> Response:
    """The same file, as a picture of the message's page."""
    _, mail = await _of_case(request)
    return await image_of(request, mail.digest)


async def raw(request: PageRequest) -> Response:
    """The message as it came, for whoever has to prove it."""
    _, mail = await _of_case(request)
    return await as_mail(request, mail, name=f"{mail.digest[:12]}.eml")


async def as_mail(request: PageRequest, mail: MailRow, *, name: str) -> Response:
    """A message as it came; where it quotes the key to its customer's page, asterisks stand for that, byte for byte."""
    kind = "message/rfc822"
    raw = await handed_out(request.app_state.file_scanner, mail.raw)
    return as_download(await struck_out_of(raw, kind=kind), name=name, kind=kind)


async def reading_of(mail: MailRow) -> Reading:
    """What the message says."""
    return await asyncio.to_thread(read, mail.raw, mailbox=mail.mailbox, received_at=mail.received_at)


async def image_of(request: PageRequest, digest: str) -> Response:
    """The same file as a picture in our own page, if that is what its bytes are; such a picture can hold no script."""
    file, data = await _file(request, digest)
    if file.type not in SHOWN:
        raise NotFound(N_("That file is no picture."))
    return as_picture(data, kind=file.type)


async def file_of(request: PageRequest, digest: str) -> Response:
    """The file that the address names, of that message."""
    file, data = await _file(request, digest)
    return as_download(await struck_out_of(data, kind=file.type), name=file.name, kind=file.type)


async def _file(request: PageRequest, digest: str) -> tuple[AttachedFile, Clean]:
    files, place = await request.app_state.store.attachments(digest), request.http.path_params["place"]
    wanted = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else 0
    file = files[wanted - 1] if 0 < wanted <= len(files) else None
    data = await request.app_state.store.attachment(file.digest) if file else None
    if file is None or data is None:
        raise NotFound(N_("That message has no such file."))
    return file, await handed_out(request.app_state.file_scanner, data)


async def _of_case(request: PageRequest) -> tuple[str, MailRow]:
    """The message that the address names, which must be one of the complaint's."""
    given = request.http.path_params
    number = as_number(given["number"]) or given["number"]
    mail = await request.app_state.store.mail(given["digest"])
    if mail is None or mail.number != number:
        raise NotFound(N_("{number} has no such message.", number=number))
    return number, mail
