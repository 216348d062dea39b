"""What a reader sees where the key to a customer's own page stood."""

from typing import TypeVar

from complaints.rules.page_links import labelled
from complaints.words.catalogue import LANGUAGES, N_, Language, catalogue

T = TypeVar("T")

_LABEL = N_("[personal link of the customer]")
LABELS: dict[Language, str] = {language: catalogue(language).say(_LABEL) for language in LANGUAGES}
"""By their language."""


def shown(value: T, language: Language) -> T:
    """What a reader sees: text, or anything that holds text, without keys and with the label of their language."""
    return labelled(value, LABELS[language])
