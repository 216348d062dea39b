"""Whether a text that several customers will read names one of them: what a person is known by, looked for in it."""

import re
from collections.abc import Iterable

from complaints.rules.state import CaseState
from complaints.rules.text import without_accents

_LONGER_THAN = 2
_PARTICLES = frozenset({"del", "los", "las", "san", "von", "van", "der"})
"""Parts of a name that are no name."""
_FEWEST_DIGITS = 6


def named_in(case: CaseState, texts: Iterable[str]) -> str | None:
    """The first thing in these texts by which the case's customer is known: a word of the name, written as a name; the
    document, a telephone, an address, the number of the case. None where there is nothing of the kind."""
    customer = case.received.customer
    names = {
        without_accents(word)
        for name in (customer.name, customer.guardian)
        for word in _words(name)
        if len(word) > _LONGER_THAN and word.casefold() not in _PARTICLES
    }
    numbers = {_digits(customer.document), *(_digits(part) for part in re.split(r"[/;,]", customer.phone or ""))}
    known = [one for one in (customer.email, case.number) if one]
    for text in texts:
        for word in _words(text):
            if word[0].isupper() and without_accents(word) in names:
                return word
        written = _digits(text)
        if found := next((one for one in numbers if len(one) >= _FEWEST_DIGITS and one in written), None):
            return found
        if found := next((one for one in known if one.casefold() in text.casefold()), None):
            return found
    return None


def _words(text: str | None) -> list[str]:
    return [found[0] for found in re.finditer(r"[^\W\d_]+", text or "")]


def _digits(text: str | None) -> str:
    return "".join(filter(str.isdigit, text or "")).removeprefix("51")
