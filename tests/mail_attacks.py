"""What attackers and other people's programs send, as bytes; and a desk that takes it in, on the real server."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from complaints.records.ledger import LetterRow
from complaints.rules.status import Status
from starter.front_desk import FrontDesk
from starter.intake import Ours, Taken, taken_in
from tests.waiting import comes

BOX = "soporte@escuelaconstrucciondigital.com"
DOMAIN = "escuelaconstrucciondigital.com"
KEY = b"0123456789abcdef0123456789abcdef"
OURS = Ours(keys=(KEY,), domain=DOMAIN)
ROSA = "rosa@correo.example"


def a_mail(
    body: str = "Faltaron horas del curso y nadie me responde.",
    *,
    sender: str = ROSA,
    subject: str = "Reclamo",
    headers: Mapping[str, str] = {},
) -> bytes:
    head = {
        "From": f"Rosa Quispe <{sender}>",
        "To": BOX,
        "Subject": subject,
        "Message-ID": f"<{uuid.uuid4().hex}@correo.example>",
        **headers,
    }
    return ("".join(f"{name}: {value}\r\n" for name, value in head.items()) + f"\r\n{body}\r\n").encode()


def a_report(
    *recipients: str,
    message_id: str | None = None,
    to: str = BOX,
    action: str = "failed",
    status: str = "5.1.1",
    headers: str = "",
) -> bytes:
    """A delivery report by RFC 3464; each of `recipients` is `address`, or `address action status`."""
    about = ""
    for one in recipients:
        address, *told = one.split()
        said, code = told or (action, status)
        about += f"Final-Recipient: rfc822; {address}\r\nAction: {said}\r\nStatus: {code}\r\n\r\n"
    returned = (
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\nSubject: Recibimos\r\n\r\nHola\r\n"
        if message_id
        else ""
    )
    return (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: {to}\r\nReturn-Path: <>\r\n{headers}"
        f"Message-ID: <{uuid.uuid4().hex}@mx.example>\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user here.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n{about}"
        f"{returned}--b--\r\n"
    ).encode()


async def take(desk: FrontDesk, raw: bytes, *, at: datetime | None = None, ours: Ours = OURS) -> Taken:
    return await taken_in(desk, raw, mailbox=BOX, received_at=at or datetime.now(UTC), ours=ours)


async def status_of(desk: FrontDesk, number: str) -> Status:
    return (await desk.status(number)).value


async def rows(desk: FrontDesk, number: str, what: str) -> list[dict[str, Any]]:
    return [entry.data for entry in (await desk.timeline(number)).value if entry.what == what]


async def acknowledged(desk: FrontDesk, number: str) -> LetterRow:
    """The acknowledgement, once it went out and the records have every row."""

    async def is_told() -> bool:
        status = await status_of(desk, number)
        return status.acknowledged_at is not None and not status.unwritten_rows

    await comes(is_told, "acknowledgement")
    assert desk.store is not None
    [letter] = [one for one in await desk.store.letters(number) if one.kind == "acknowledgement"]
    return letter
