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
    guarded: bool = False
    """Whether a parent or guardian speaks for them."""


def email_key(text: str | None) -> str:
    """An address as it is compared: trimmed, in small letters; Gmail's without what Gmail itself does not look at."""
    address = (text or "").strip().casefold()
    local, _, domain = address.rpartition("@")
    if domain in {"gmail.com", "googlemail.com"} and local:
        return f"{local.partition('+')[0].replace('.', '')}@gmail.com"
    return address


def sameness(one: Known, other: Known) -> Sameness:
    """Two documents decide; else a document, a mailbox or a telephone in common, and no name that speaks against it."""
    if one.document and other.document and one.document != other.document:
        return Sameness.PERHAPS if _share(one, other) else Sameness.OTHER  # a guardian's two students
    if not (_has_one_document(one, other) or _share(one, other)):
        return Sameness.OTHER
    return Sameness.SAME if _nothing_is_against_it(one, other) else Sameness.PERHAPS


def _share(one: Known, other: Known) -> bool:
    return _has_one_mailbox(one, other) or not one.phones.isdisjoint(other.phones)


def _has_one_document(one: Known, other: Known) -> bool:
    return bool(one.document and one.document == other.document)


def _has_one_mailbox(one: Known, other: Known) -> bool:
    return bool(one.email and one.email == other.email)


def _nothing_is_against_it(one: Known, other: Known) -> bool:
    """Whoever speaks for a student gives what is their own, for a second student, too: then only the names tell."""
    guarded = one.guarded or other.guarded
    if guarded and one.email and other.email and one.email != other.email:  # two people write about one student
        return False
    if not (one.name and other.name):  # a telephone alone is a household's
        return not guarded and (_has_one_document(one, other) or _has_one_mailbox(one, other))
    shared = set(one.name) & set(other.name)
    if guarded and len(shared) < 2:  # brothers share their surname
        return False
    first_and_document = _has_one_document(one, other) and one.name[0] == other.name[0]
    return first_and_document or len(shared) == min(len(set(one.name)), len(set(other.name)))
