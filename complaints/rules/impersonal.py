"""Whether a text that several customers will read names one of them: what a person is known by, looked for in it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from complaints.rules.state import CaseState
from complaints.rules.text import without_accents

_LONGER_THAN = 2
_PARTICLES = frozenset({"del", "los", "las", "san", "von", "van", "der", "de", "la", "y"})
"""Parts of a name that are no name."""
_FEWEST_DIGITS = 6
_OF_AN_ADDRESS = 3
"""Words of an address one after the other, its number among them, by which it is known: `Los Pinos 123`."""


class Person(NamedTuple):
    """By what a customer is known."""

    number: str
    """Of the case."""
    name: str | None = None
    guardian: str | None = None
    document: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None


def customer_of(case: CaseState) -> Person:
    """The case's customer."""
    customer = case.received.customer
    return Person(
        case.number, customer.name, customer.guardian, customer.document, customer.phone, customer.email,
        customer.address,
    )  # fmt: skip


def named_in(case: CaseState, texts: Iterable[str]) -> str | None:
    """A word of the customer's name, written as a name; the document, a telephone, the mail address, the number of the
    case; None where there is nothing of the kind.

    What is passed on to other complaints depends on it, in histories of running cases: it never finds more or less.
    """
    person, texts = customer_of(case), list(texts)
    words = {word for name in (person.name, person.guardian) for word in _names(name) if len(word) > _LONGER_THAN}
    for text in texts:
        alone = (word for word in _words(text) if word[0].isupper() and without_accents(word) in words)
        if found := next(chain(alone, _written_in(person, text)), None):
            return found
    return None


def surely_named_in(person: Person, texts: Iterable[str]) -> str | None:
    """The first thing in these texts by which nobody but this person is known: two words of the name, however written;
    the document, a telephone, an address, the number of the case. None where there is nothing of the kind."""
    return next((found for text in texts for found in chain(_written_in(person, text), _however(person, text))), None)


def _written_in(person: Person, text: str) -> Iterator[str]:
    digits = _digits(text)
    numbers = (_digits(person.document), *(_digits(part) for part in re.split(r"[/;,]", person.phone or "")))
    yield from (one for one in numbers if len(one) >= _FEWEST_DIGITS and one in digits)
    yield from (one for one in (person.email, person.number) if one and one.casefold() in text.casefold())


def _however(person: Person, text: str) -> Iterator[str]:
    """In small letters, without hyphens, by the street."""
    names = [_names(name) for name in (person.name, person.guardian)]
    yield from (
        f"{one} {other}"
        for one, other in pairwise(_words(text))
        if any(_are_two_of(name, without_accents(one), without_accents(other)) for name in names)
    )
    if _bare(person.number) in _bare(text):
        yield person.number
    at = f" {_spaced(text)} "
    yield from (part for part in _parts(person.address) if f" {part} " in at)


def _are_two_of(name: Sequence[str], one: str, other: str) -> bool:
    return one != other and one in name and other in name


def _parts(address: str | None) -> Iterator[str]:
    """Each run of words of an address that holds a number."""
    words = _spaced(address or "").split()
    for start in range(len(words) - _OF_AN_ADDRESS + 1):
        run = words[start : start + _OF_AN_ADDRESS]
        if any(word.isdigit() for word in run) and not all(word.isdigit() for word in run):
            yield " ".join(run)


def _names(name: str | None) -> list[str]:
    return [word for word in map(without_accents, _words(name)) if word not in _PARTICLES]


def _words(text: str | None) -> list[str]:
    return [found[0] for found in re.finditer(r"[^\W\d_]+", text or "")]


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", without_accents(text)))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _digits(text: str | None) -> str:
    return "".join(filter(str.isdigit, text or "")).removeprefix("51")
