"""Which language staff read; the words themselves stand in `complaints.words`."""

from complaints.words.catalogue import Language, language_of, spoken

__all__ = ["Language", "language_of", "say", "spoken"]


def say(es: str, en: str) -> str:
    """The text in the language of this process."""
    return es if spoken() == "es" else en
