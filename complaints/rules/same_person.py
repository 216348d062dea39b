"""Whether two complaints are one person's: what it takes before the one is told of the other.

In doubt they are two people's. Families share a telephone, a parent speaks for two students from one mailbox, and a
number is easily mistyped: whoever is joined with a stranger reads what is none of their business.
"""

from dataclasses import dataclass
from enum import StrEnum


class Sameness(StrEnum):
    """What the records say of two customers."""

    SAME = "same"
    PERHAPS = "perhaps"
    """Something is shared, and something else differs or is not known."""
    OTHER = "other"


@dataclass(frozen=True)
class Known:
    """A customer as people are compared: each part folded to one spelling, empty where it is not known."""

    document: str = ""
    email: str = ""
    phones: frozenset[str] = frozenset()
    name: tuple[str, ...] = ()
    """The words of the name, without accents and case."""


def sameness(one: Known, other: Known) -> Sameness:
    """A document decides; else a mailbox or a telephone, and no name that speaks against it."""
    if one.document and other.document:
        if one.document == other.document and not _are_strangers(one.name, other.name):
            return Sameness.SAME
        if one.document == other.document:
            return Sameness.PERHAPS  # one of them was mistyped, or a name was
        return Sameness.PERHAPS if _share(one, other) else Sameness.OTHER  # a guardian's two students
    if not _share(one, other):
        return Sameness.OTHER
    return Sameness.SAME if _names_agree(one.name, other.name) else Sameness.PERHAPS


def _share(one: Known, other: Known) -> bool:
    return bool(one.email and one.email == other.email) or not one.phones.isdisjoint(other.phones)


def _are_strangers(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return bool(one and other) and set(one).isdisjoint(other)


def _names_agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the shorter name stands whole in the longer: `Rosa Quispe` in `Rosa Quispe Mamani`; none is in all."""
    shorter, longer = sorted((set(one), set(other)), key=len)
    return shorter <= longer
