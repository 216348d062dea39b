"""What messages would be taken for, told without doing anything: files, folders, mailboxes of the usual formats."""

import mailbox
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from complaints.mail import parts
from complaints.mail.incoming import Reading, read
from complaints.mail.kinds import Evidence, Kind
from complaints.words.catalogue import N_, Language, catalogue

LARGEST = 50_000_000
"""Bytes of one message; a larger one is read by its beginning."""

_MAILDIR = ("cur", "new")


def messages_in(paths: Iterable[Path]) -> Iterator[tuple[str, bytes | None]]:
    """Every message with the name of where it is; None for what cannot be read. A folder is walked, sorted."""
    for path in paths:
        if path.is_dir():
            for file in sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith(".")):
                yield from _in_file(file)
        else:
            yield from _in_file(path)


def explained(name: str, raw: bytes | None, *, mailbox_address: str, language: Language = "en") -> dict[str, Any]:
    """One message: its kind, score and evidence, and what was read from it. English is what programs get."""
    if raw is None:
        return _nothing(name, language)
    reading = read(raw, mailbox=mailbox_address, received_at=_received_at(raw))
    return {
        "file": _shown(name),
        "kind": reading.kind.value,
        "score": reading.score,
        "evidence": [_fact(one, language) for one in reading.evidence],
        "from": reading.from_address,
        **_people(reading),
        "held": reading.held,
        "subject": reading.subject,
        "text": reading.text,
        "fields": _fields(reading),
        "attachments": [
            {"name": one.name, "type": one.type, "size": one.size, "digest": one.digest} for one in reading.attachments
        ],
    }


def _people(reading: Reading) -> dict[str, Any]:
    """Where letters about it go, and who the customer is: proposed while it is held; nobody's where a program wrote."""
    customer = reading.customer if reading.by_human else None
    return {
        "answered": reading.answer_to if reading.by_human and not reading.held else None,
        "customer": customer.address if customer else None,
        "customer_name": (customer.name or None) if customer else None,
    }


def _fields(reading: Reading) -> dict[str, Any]:
    """Proposals by field, each with the words it was read from and their place in the whole text."""
    return {
        one.field: {"value": one.value, "source": one.source, "span": [one.start, one.end], "stated": one.stated}
        for one in reading.proposals
    }


def _shown(name: str) -> str:
    """A file's name as it can be printed, whatever bytes it has."""
    return name.encode("utf-8", "replace").decode()


def _fact(one: Evidence, language: Language) -> dict[str, Any]:
    return one.facts | {"what": catalogue(language).say(one.sign)}


def _nothing(name: str, language: Language) -> dict[str, Any]:
    sign = Evidence(N_("the file cannot be opened or read"), 1.5, Kind.UNREADABLE)
    found = {"file": _shown(name), "kind": "unreadable", "score": 1.5, "evidence": [_fact(sign, language)]}
    nobody = dict.fromkeys(("from", "answered", "customer", "customer_name", "held"))
    return {**found, **nobody, "subject": "", "text": "", "fields": {}, "attachments": []}


def _in_file(path: Path) -> Iterator[tuple[str, bytes | None]]:
    try:
        with path.open("rb") as file:
            start = file.read(5)
        if start == b"From " and path.parent.name not in _MAILDIR:
            yield from _in_mbox(path)
            return
        with path.open("rb") as file:
            yield str(path), file.read(LARGEST)
    except OSError:
        yield str(path), None


def _in_mbox(path: Path) -> Iterator[tuple[str, bytes | None]]:
    box = mailbox.mbox(path, create=False)
    try:
        keys = list(box.iterkeys())
        for place, key in enumerate(keys, start=1):
            raw = box.get_bytes(key)[:LARGEST]
            # One message that a program saved with its envelope line is a message, not a mailbox.
            yield (str(path) if len(keys) == 1 else f"{path}#{place}"), raw
    finally:
        box.close()


def _received_at(raw: bytes) -> datetime:
    """When it says it was sent, only to tell years in its text; nothing is received here."""
    try:
        at = parsedate_to_datetime(parts.header(parts.parsed(raw[:100_000]), "Date"))
    except (TypeError, ValueError, IndexError, OverflowError):
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
