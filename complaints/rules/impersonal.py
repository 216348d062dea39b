"""Whether a text that several customers will read names one of them: what a person is known by, looked for in it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from complaints.rules.facts import (
    ClosedByDecision,
    DetailsRequested,
    Fact,
    Merged,
    NotAComplaint,
    Noted,
    Replied,
    ResolutionCorrected,
    Resolved,
    Separated,
    Whose,
)
from complaints.rules.journal import Row
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
    return _named(customer_of(case), texts)


def told_to_customer(fact: Fact) -> list[str]:
    """What the customer will read of it, in the words of whoever writes it."""
    match fact:
        case Resolved() | ResolutionCorrected():
            return [said for said in (fact.text, *(fact.corrective_actions or ())) if said]
        case Replied():
            said: str | None = fact.text
        case Noted() if fact.for_customer:
            said = fact.text
        case DetailsRequested():
            said = fact.question
        case ClosedByDecision() | NotAComplaint():
            said = fact.reason
        case _:
            said = None
    return [said] if said else []


def others_in(rows: Iterable[Row]) -> list[str]:
    """Other people's complaints with which this one is looked at, by its journal: none of them is named to its own."""
    found: dict[str, None] = {}
    for row in rows:
        into, absorbed = row.data.get("into"), row.data.get("absorbed")
        if row.what == Merged.name and row.data.get("whose") == Whose.OTHER.value:
            found[str(into or absorbed)] = None
        elif row.what == Separated.name and absorbed:
            found.pop(str(absorbed), None)
        elif row.what == Separated.name:  # it left whatever it went along with
            found.clear()
    return list(found)


def another_named(own: Person, others: Iterable[Person], texts: Iterable[str], *, by_any_name: bool) -> str | None:
    """By what these texts name one of the others, besides what `own` is known by, too: a family's surname, a house.

    `by_any_name`: one word of a name is enough, where others than `own` read the text.
    """
    texts = list(texts)
    looked_for = _named if by_any_name else surely_named_in
    return next((found for person in others if (found := looked_for(person, texts)) and not _is_of(own, found)), None)


def _is_of(person: Person, found: str) -> bool:
    known = (person.name, person.guardian, person.document, person.phone, person.email, person.address, person.number)
    return set(_spaced(found).split()) <= set(_spaced(" ".join(filter(None, known))).split())


def _named(person: Person, texts: Iterable[str]) -> str | None:
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
