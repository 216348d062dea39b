"""Which language staff read: the environment's LANGUAGE, Spanish first."""

import os
from typing import Literal

Language = Literal["es", "en"]


def language_of(value: str) -> Language:
    """As gettext reads LANGUAGE: `es_PE.UTF-8:en` is a list, the first that we speak counts; Spanish where none is."""
    for wanted in value.lower().split(":"):
        for spoken in ("es", "en"):
            if wanted == spoken or wanted.startswith((f"{spoken}_", f"{spoken}-", f"{spoken}.", f"{spoken}@")):
                return "es" if spoken == "es" else "en"
    return "es"


def spoken() -> Language:
    """The language of this process."""
    return language_of(os.environ.get("LANGUAGE", ""))


def say(es: str, en: str) -> str:
    """The text in the language of this process."""
    return es if spoken() == "es" else en
