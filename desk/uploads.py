"""Forms with files, read so that whoever chose too much keeps what they typed: the words come before the files."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from complaints.rules.given_files import LARGEST_TOGETHER

LARGEST_FORM = LARGEST_TOGETHER + 1_000_000
"""Bytes that are kept of a form, with the words around the files."""

MOST_HEARD = 4 * LARGEST_TOGETHER
"""Bytes that are read of one, so that its browser hears the answer; of what is longer, nothing."""

_MOST_FILES = 200
"""However many somebody chose: it is the page that says how many there may be."""


@dataclass
class _Read:
    """How much of a form has come."""

    too_much: bool = False


def is_upload(http: Request) -> bool:
    """Whether files may come with it."""
    return http.headers.get("content-type", "").lower().startswith("multipart/form-data")


def is_bearable(http: Request) -> bool:
    """Whether its browser says how long it is, and that is not beyond what is read at all."""
    length = http.headers.get("content-length", "")
    return length.isascii() and length.isdigit() and len(length) < 12 and int(length) <= MOST_HEARD


async def form_with_files(http: Request) -> tuple[FormData, bool] | None:
    """What was posted, and whether there was more than is taken: then the files are not whole.

    None for what cannot be read as a form.
    """
    read = _Read()
    stream = _beginning(http, read)
    parser = MultiPartParser(http.headers, stream, max_files=_MOST_FILES, max_fields=200, max_part_size=200_000)
    try:
        return await parser.parse(), read.too_much
    except MultiPartException:
        return None


async def _beginning(http: Request, read: _Read) -> AsyncGenerator[bytes, None]:
    length = 0
    async for piece in http.stream():
        length += len(piece)
        if length <= LARGEST_FORM:
            yield piece
        else:
            read.too_much = True  # the rest is read and thrown away: a browser listens once it has sent all
