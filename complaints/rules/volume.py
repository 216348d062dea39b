"""How many words a case may hold: it is passed on in one piece, and Temporal takes no piece above 2 MB.

A case goes whole into a continued run, its journal whole into an answer, and a fact's words stand in up to five places:
its row, and what is told of it to each. So what the rows hold is bounded. The bounds count bytes of JSON and depend on
the rows alone, so that a case told again from its journal is cut in the same places.
"""

from __future__ import annotations

from complaints.rules.facts import Fact, FeedbackGiven, Involved, MessageReceived, Noted
from complaints.rules.received import ComplaintReceived
from complaints.rules.refusals import Refusal
from complaints.rules.state import CaseState

MOST = 350_000
"""Bytes of all rows, up to which a fact's words are taken whole: three of the longest texts, or years of letters."""

LEAST = 2_000
"""Bytes of each text that a case takes in any event: so many were always read by somebody."""

FULL = 450_000
"""Bytes of all rows, from which words that move nothing are ignored."""

LONGEST_AT_START = 300_000
"""Bytes of the description and the remedy sought together."""

CUT = " […]"
"""At the end of a text whose rest was left out; a mail is kept whole with the records."""

_WORDS_ONLY = (Noted, MessageReceived, FeedbackGiven, Involved)
"""What tells and moves nothing."""

_FEW_ROWS = 150
"""So many, with short facts only, are surely below every bound."""


def weight(case: CaseState) -> int:
    """Bytes of all rows."""
    return sum(len(row.model_dump_json()) for row in case.rows)


def objection(case: CaseState, fact: Fact) -> Refusal | None:
    """Why these words are one too many; None if they are not."""
    if isinstance(fact, _WORDS_ONLY) and len(case.rows) >= _FEW_ROWS and weight(case) >= FULL:
        return Refusal("words.full")
    return None


def too_long(case: CaseState, fact: Fact) -> Refusal | None:
    """Why a request must be shorter; what customers say is cut instead. None if it fits."""
    longest = _longest(case, fact)
    if longest is None or not _beyond(fact, longest):
        return None
    return Refusal("words.long", {"characters": str(longest // 2)})


def fitting(case: CaseState, fact: Fact) -> Fact:
    """The fact with its texts cut to what the case still takes."""
    longest = _longest(case, fact)
    return fact if longest is None else _cut(fact, longest)


def fitting_start(received: ComplaintReceived) -> ComplaintReceived:
    """A complaint is never refused for its length (§3): its words are cut."""
    texts = [text for text in (received.problem.description, received.problem.remedy_sought) if text]
    longest = LONGEST_AT_START // len(texts)
    if all(len(text.encode()) <= longest for text in texts):
        return received
    sought = received.problem.remedy_sought
    update = {
        "description": shortened(received.problem.description, longest),
        "remedy_sought": shortened(sought, longest) if sought else None,
    }
    return received.model_copy(update={"problem": received.problem.model_copy(update=update)})


def shortened(text: str, longest: int) -> str:
    """The text in at most so many bytes, told to be cut if it is."""
    if len(text.encode()) <= longest:
        return text
    return text.encode()[: longest - len(CUT.encode())].decode(errors="ignore").rstrip() + CUT


def _longest(case: CaseState, fact: Fact) -> int | None:
    """Bytes that each of its texts may have; None where nothing of it is long."""
    long = len(_beyond(fact, LEAST))
    return max(LEAST, (MOST - weight(case)) // long) if long else None


def _beyond(fact: Fact, longest: int) -> list[str]:
    """The names of its texts that have more bytes."""
    return [name for name, text in fact if isinstance(text, str) and len(text.encode()) > longest]


def _cut(fact: Fact, longest: int) -> Fact:
    update = {name: shortened(getattr(fact, name), longest) for name in _beyond(fact, longest)}
    return fact.model_copy(update=update) if update else fact
