"""Forms with files, read so that whoever chose too much keeps what they typed: the words come before the files."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from complaints.mail.attachments import Attachment
from complaints.rules.given_files import LARGEST_TOGETHER, MOST_FILES
from complaints.scanning import LookedAt
from starter.errors import Away, Refused
from starter.given_files import TOO_MUCH, file_of
from starter.scanning import taken

LARGEST_FORM = LARGEST_TOGETHER + 1_000_000
"""Bytes that are kept of a form, with the words around the files."""

MOST_HEARD = 4 * LARGEST_TOGETHER
"""Bytes that are read of one, so that its browser hears the answer; of what is longer, nothing."""

_MOST_FILES = 200
"""However many somebody chose: it is the page that says how many there may be."""


@dataclass
class Beginning:
    """What comes of a request, up to so many bytes. The rest is read and thrown away: a browser listens once it has
    sent all."""

    http: Request
    largest: int
    too_much: bool = False
    """Whether more came."""

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """As they come."""
        left = self.largest
        async for piece in self.http.stream():
            if left > 0:
                yield piece[:left]
            left -= len(piece)
            self.too_much = left < 0


def is_upload(http: Request) -> bool:
    """Whether files may come with it."""
    return http.headers.get("content-type", "").lower().startswith("multipart/form-data")


def length_of(http: Request) -> int | None:
    """How many bytes its browser says are to come; None where it does not, or says what is no such number."""
    said = http.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else None


def is_bearable(http: Request) -> bool:
    """Whether its browser says how long it is, and that is not beyond what is read at all."""
    length = length_of(http)
    return length is not None and length <= MOST_HEARD


async def form_with_files(http: Request) -> tuple[FormData, bool] | None:
    """What was posted, and whether there was more than is taken: then the files are not whole.

    None for what cannot be read as a form.
    """
    read = Beginning(http, LARGEST_FORM)
    parser = MultiPartParser(http.headers, read.pieces(), max_files=_MOST_FILES, max_fields=200, max_part_size=200_000)
    try:
        return await parser.parse(), read.too_much
    except (MultiPartException, UnicodeError):
        return None


def uploads_in(form: FormData, name: str = "files") -> list[UploadFile]:
    """The files that were chosen in that field."""
    return [one for one in form.getlist(name) if isinstance(one, UploadFile) and one.filename]


def are_too_many(uploads: Sequence[UploadFile], *, beside: int = 0) -> bool:
    """Whether these are more than are taken at once, with so many that are with us already."""
    return len(uploads) + beside > MOST_FILES or sum(one.size or 0 for one in uploads) > LARGEST_TOGETHER


async def attachment_of(upload: UploadFile, *, place: int) -> Attachment:
    """A file as it is kept, its digest made on a thread of its own. Raises what `file_of` raises."""
    data = await upload.read()
    return await asyncio.to_thread(file_of, upload.filename or "", upload.content_type or "", data, place=place)


async def all_of(form: FormData, *, scanner: str | None) -> tuple[LookedAt, ...]:
    """What a customer attached, all of it. Raises Refused: also where nobody could look at it, for their words stay."""
    uploads = uploads_in(form)
    if are_too_many(uploads):
        raise Refused(TOO_MUCH)
    files = tuple([await attachment_of(one, place=place) for place, one in enumerate(uploads, start=1)])
    try:
        return await taken(scanner, files)
    except Away as error:
        raise Refused(error.message) from error
