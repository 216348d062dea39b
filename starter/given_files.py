"""Files that somebody chooses to send: what is taken, the same for customers and staff; and keeping those of staff."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from complaints.mail.archives import is_program
from complaints.mail.attachments import Attachment, is_welcome, name_in_mail, safe_name, type_of
from complaints.records.messages import FileToKeep
from complaints.records.store import Store
from complaints.rules.facts import ActHeld, Fact
from complaints.rules.given_files import LARGEST_TOGETHER, MOST_FILES, GivenFile, files_in
from complaints.scanning import LookedAt
from complaints.words.catalogue import N_
from starter.errors import Refused

TOO_MUCH = N_(
    "Too many files, or too large: up to {most_files}, and {largest_together} MB in all. Send fewer, or in two goes.",
    most_files=MOST_FILES,
    largest_together=LARGEST_TOGETHER // 1_000_000,
)


def file_of(name: str, declared: str, data: bytes, *, place: int) -> Attachment:
    """A file as it is kept. Raises Refused: by its content it is nothing that we take, or it is empty."""
    kind = type_of(data)
    shown = safe_name(name, kind=kind, place=place)
    if not data:
        raise Refused(N_("“{shown}” is empty: choose the file again.", shown=shown))
    if is_program(kind):
        raise Refused(N_("“{shown}” holds macros: save it without them, or as a PDF.", shown=shown))
    if not is_welcome(kind):
        raise Refused(
            N_("“{shown}” is no photo, sound, video or document: send it as a PDF or a photo.", shown=shown),
        )
    digest = hashlib.sha256(data).hexdigest()
    kept = name_in_mail(name, kind=kind, place=place)
    return Attachment(name=kept, type=kind, declared=declared[:100], size=len(data), digest=digest, data=data)


def read(paths: Sequence[Path]) -> list[Attachment]:
    """Files of this machine. Raises Refused where they are more than one act takes: none is read further than that."""
    if len(paths) > MOST_FILES:
        raise Refused(TOO_MUCH)
    files, left = [], LARGEST_TOGETHER
    for place, path in enumerate(paths, start=1):
        with path.open("rb") as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise Refused(TOO_MUCH)
        files.append(file_of(path.name, "", data, place=place))
    return files


def as_given(file: Attachment) -> GivenFile:
    """What a case knows of it."""
    return GivenFile(name=file.name, digest=file.digest, size=file.size)


def expect_few(files: Sequence[GivenFile]) -> None:
    """Raises Refused where these are more than one act takes."""
    if len(files) > MOST_FILES or sum(file.size for file in files) > LARGEST_TOGETHER:
        raise Refused(TOO_MUCH)


async def give(store: Store, number: str, files: Iterable[LookedAt], *, by: str) -> tuple[GivenFile, ...]:
    """Keeps files for an act on that complaint; its fact names them. Safe to repeat."""
    kept = [FileToKeep.model_validate(file, from_attributes=True) for file in files]
    await store.give_files(number, kept, by=by)
    return tuple(GivenFile(name=file.name, digest=file.digest, size=file.size) for file in kept)


async def expect_given(store: Store | None, number: str, fact: Fact) -> None:
    """Raises Refused where the fact names a file that nobody gave for this complaint: it could never be sent."""
    said = fact.said if isinstance(fact, ActHeld) else {"files": getattr(fact, "files", None)}
    named = files_in(said)
    if not named:
        return
    known = await store.given_files(number) if store is not None else {}
    if unknown := [file for file in named if file.digest not in known or known[file.digest].size != file.size]:
        raise Refused(
            N_("{number} has no file “{name}”: add it first, then name it by its digest and size.",
               number=number, name=unknown[0].name),
        )  # fmt: skip
