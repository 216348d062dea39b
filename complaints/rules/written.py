"""What people wrote in a row of the journal, so that it can be found again: texts, not the marks of programs."""

from collections.abc import Iterator, Mapping
from typing import Any

from complaints.rules.facts import FACTS, LetterBounced, Merged
from complaints.rules.given_files import files_in
from complaints.rules.page_links import said

_MARKS = frozenset(
    {
        *("by", "via", "event_id", "message_id", "outcome", "severity", "direction", "into", "absorbed", "key"),
        *("seems", "field", "value", "whose", "of", "act"),
    }
)
"""Fields of facts that hold a key or one of a few words. Every other text was written by somebody, in new facts too."""
_OF_PROGRAMS = frozenset({LetterBounced.name})
_OF_RECEIPT = ("subject", "product")
_OF_PROBLEM = ("description", "remedy_sought", "amount")

TELLING = ("received", *sorted(FACTS.keys() - _OF_PROGRAMS))
"""The rows in which people's words stand, by `what`."""


def belongs_to(what: str, data: Mapping[str, Any]) -> str | None:
    """The number of the complaint whose words stand in this row of another, into which it was merged; None: its own.

    They are found under that number, and are not found here: when the two are separated, nothing has to be forgotten.
    """
    whose = data.get("absorbed") if what == Merged.name and not data.get("into") else data.get("of")
    return str(whose) if whose else None


def written_in(what: str, data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each text of a row with the name of its field, in their order; nothing for what clocks and letters did.

    The customer's name, document and ways to be reached are not among a receipt's: the state has them. Of a link to a
    customer's page the key is left out.
    """
    if what == "received":
        received = data.get("received") or {}
        problem = received.get("problem") or {}
        yield from _texts({name: received.get(name) for name in _OF_RECEIPT})
        yield from _texts({name: problem.get(name) for name in _OF_PROBLEM})
    elif what in FACTS and what not in _OF_PROGRAMS:
        yield from _texts({name: value for name, value in data.items() if name not in _MARKS})
        yield from (("file", file.name) for file in files_in(data))


def _texts(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        for text in value if isinstance(value, list | tuple) else [value]:
            if isinstance(text, str) and text.strip():
                yield name, said(text)
