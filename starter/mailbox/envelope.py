"""The envelope of a message, written where a mail server writes it when it delivers (RFC 5321 §4.4)."""

from collections.abc import Sequence


def with_envelope(raw: bytes, *, sender: str, recipients: Sequence[str]) -> bytes:
    """The message as a mail server delivers it: the envelope in front, nothing that would differ at a second try."""
    lines = [f"Return-Path: <{sender}>", *(f"Delivered-To: {recipient}" for recipient in recipients)]
    return "".join(f"{line}\r\n" for line in lines).encode() + raw
