"""What staff read in a terminal, in Spanish or English as LANGUAGE says; light, for every command starts with it."""

import os

from complaints.language import Language, language_of


def spoken() -> Language:
    """The language of this process."""
    return language_of(os.environ.get("LANGUAGE", ""))


def say(es: str, en: str) -> str:
    """The text in the language of this process."""
    return es if spoken() == "es" else en
