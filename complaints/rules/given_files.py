"""Files that staff give with an act: a case knows their names and digests; their bytes are in the records alone.

What goes into an engine's history stays there for long, and cannot be large: it holds nothing of a file but these.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from complaints.rules.refusals import invalid
from complaints.rules.text import WrittenLine

MOST_FILES = 10
"""Of one act; and of one message of a customer."""

LARGEST_TOGETHER = 25_000_000
"""Bytes of the files that are given at once."""

LONGEST_NAME = 100
"""Characters of a name, its ending included."""


class GivenFile(BaseModel):
    """One file, by what a case knows of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Annotated[WrittenLine, Field(max_length=LONGEST_NAME)]
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """SHA-256 of its bytes, in hex: under it the records have them."""
    size: Annotated[int, Field(ge=1, le=LARGEST_TOGETHER)]
    """Bytes."""


def _fit(files: tuple[GivenFile, ...]) -> tuple[GivenFile, ...]:
    if sum(file.size for file in files) > LARGEST_TOGETHER:
        raise invalid("files.large", megabytes=LARGEST_TOGETHER // 1_000_000)
    return files


GivenFiles = Annotated[tuple[GivenFile, ...], Field(max_length=MOST_FILES), AfterValidator(_fit)]
"""What goes with one act: not more than the limits allow, however it comes."""


def files_in(data: Mapping[str, Any]) -> tuple[GivenFile, ...]:
    """The files that a row of the journal tells of. What only waits to be done, or was taken back, is none."""
    return tuple(GivenFile.model_validate(one) for one in data.get("files") or ())


def taken_away(rows: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Digests of what went with the answers of one round, by the particulars of each, and its last correction does not
    have: sent by mistake, perhaps."""
    before: set[str] = set()
    now: set[str] = set()
    for data in rows:
        if data.get("files") is not None:
            before, now = before | now, {file.digest for file in files_in(data)}
    return frozenset(before - now)


def fitting_one_letter(files: Iterable[GivenFile]) -> tuple[GivenFile, ...]:
    """The files that fit into one letter, in their order and each once; the customer's page has them all."""
    taken: dict[str, GivenFile] = {}
    for file in files:
        room = LARGEST_TOGETHER - sum(one.size for one in taken.values())
        if file.digest not in taken and file.size <= room and len(taken) < MOST_FILES:
            taken[file.digest] = file
    return tuple(taken.values())
