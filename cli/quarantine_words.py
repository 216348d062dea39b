"""The quarantine's keys at a terminal, in its language."""

from complaints.words.catalogue import say
from complaints.words.quarantine import HANDLED, KINDS, SHORTLY

_WORDS = {**KINDS, **SHORTLY, **HANDLED}


def said_of(key: str) -> str:
    """A reason, a kind or an end, as people read it; programs get the key. What we do not know stays as it is."""
    return say(_WORDS.get(key, key))
