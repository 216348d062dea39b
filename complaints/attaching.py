"""The files of a case that go with a letter: their bytes are taken from the records when it is sent, every time."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from complaints.mail.attachments import is_welcome, mail_type, name_in_mail, type_of
from complaints.mail.letters import Attachment, Letter
from complaints.mail.smtp import NotAccepted
from complaints.records.given_files import GivenFiles
from complaints.scanning import Condemned, clean


class FileGone(Exception):
    """A file that goes with a letter is not in the records as it was given: no repeat helps."""


@dataclass(frozen=True)
class FilesToSend:
    """Where files are taken from, and who looks at each before it goes."""

    given: GivenFiles
    scanner: str | None = None
    """The command of FILE_SCANNER."""


async def sent_with_files(
    letter: Letter, files: FilesToSend, send: Callable[[bytes], Awaitable[object]], *, number: str, on_page: bool
) -> str | None:
    """Hands the letter over with its files. Where the mail server takes none so large, and its customer's page, to
    which it leads, has them too: without; then why. Raises what `with_files`, `as_bytes` and `send` raise.
    """
    whole = await with_files(letter, files, number)
    try:
        await send(await asyncio.to_thread(whole.as_bytes) if whole.attachments else whole.as_bytes())
    except NotAccepted as error:
        if not (error.too_large and letter.files and on_page):
            raise
        await send(letter.as_bytes())
        return f"without its files, which its customer's page has: {error.reason}"
    return None


async def with_files(letter: Letter, files: FilesToSend, number: str) -> Letter:
    """The letter of that complaint with the bytes of its `files`: the same whoever sends it, and however often.

    Only of files that were given for it: a fact comes from anybody who reaches the engine, and may name another's.
    Raises FileGone, without the file's name, which somebody wrote; NotLookedAt, where the scanner is away, which is
    worth repeating; and the records' errors.
    """
    attachments = list(letter.attachments)
    for place, file in enumerate(letter.files, start=1):
        data = await files.given.given_file(number, file.digest)
        named = f"file {place} of {len(letter.files)} (SHA-256 {file.digest[:12]}…)"
        if data is None:
            raise FileGone(f"{named} that goes with it was not given for this complaint")
        if await asyncio.to_thread(_digest, data) != file.digest:
            raise FileGone(f"{named} that goes with it is not what was given")
        kind = type_of(data)
        if not is_welcome(kind):  # whoever named it: at the desk it would not have been taken
            raise FileGone(f"{named} is of a kind that is not sent: {kind}")
        try:
            data = await clean(files.scanner, data)
        except Condemned:  # it was taken in before there was a scanner, or before that knew of it
            raise FileGone(f"{named} is one that our file scanner refuses") from None
        name = name_in_mail(file.name, kind=kind, place=place)
        attachments.append(Attachment(name=name, type=mail_type(kind, name), content=data))
    return replace(letter, attachments=tuple(attachments))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
