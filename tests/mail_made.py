"""Mails as tests write them: a text, or parts, and the headers that matter; everybody in them is invented."""

from collections.abc import Mapping

from complaints.mail.incoming import Reading, read
from tests.incoming_expected import MAILBOX, OURS, RECEIVED

HEADERS = {
    "From": "Rosa Quispe <rosa.quispe@correo.example>",
    "To": MAILBOX,
    "Subject": "Reclamo",
    "Message-ID": "<made@correo.example>",
    "MIME-Version": "1.0",
}
ANSWERS = {"Subject": "Re: [Q-1234-56789] Recibimos su queja", "In-Reply-To": OURS}


def mail(
    body: str | bytes, headers: Mapping[str, str] | None = None, *, kind: str = "text/plain; charset=utf-8"
) -> bytes:
    """A message; a header that is empty is left out."""
    said = {**HEADERS, "Content-Type": kind, **(headers or {})}
    head = "".join(f"{name}: {value}\n" for name, value in said.items() if value)
    return head.encode("utf-8", "surrogateescape") + b"\n" + (body if isinstance(body, bytes) else body.encode())


def part(body: str | bytes, kind: str = "text/plain; charset=utf-8", **headers: str) -> bytes:
    """One part of a multipart."""
    said = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\n" for name, value in said.items() if value)
    return head.encode("utf-8", "surrogateescape") + b"\n" + (body if isinstance(body, bytes) else body.encode())


def html(body: str) -> bytes:
    """A part of HTML."""
    return part(f"<html><body>{body}</body></html>", "text/html; charset=utf-8")


def multi(subtype: str, *inner: bytes, border: str = "b") -> bytes:
    """A multipart as a part of another, or of a message."""
    body = b"".join(b"--%s\n%s\n" % (border.encode(), one) for one in inner) + b"--%s--\n" % border.encode()
    return part(body, f'multipart/{subtype}; boundary="{border}"')


def of_parts(subtype: str, *inner: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A message of parts."""
    head, _, body = multi(subtype, *inner).partition(b"\n\n")
    return mail(body, headers, kind=head.decode().partition(": ")[2])


def reading(raw: bytes, *, mailbox: str = MAILBOX, answered: str | None = None) -> Reading:
    """What it says."""
    return read(raw, mailbox=mailbox, received_at=RECEIVED, answered=answered)


def text_of(body: str, headers: Mapping[str, str] | None = None, **more: str) -> str:
    """The writer's words in a message with this body."""
    return reading(mail(body, headers, **more)).text
