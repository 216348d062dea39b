"""What is said, in the reader's language: gettext's functions over the catalogue that lies beside this file.

The English sentence stands in the code and is the key. Whoever knows the reader: `catalogue(language).gettext("…")`; a
command says `_("…")`, in the language of its process; whoever does not know the reader yet hands on `N_("…")`.
Values stand in braces and are filled in afterwards: `_("{number} is closed").format(number=number)`.
"""

import gettext as gnu
import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from complaints.rules.languages import LANGUAGES as LANGUAGES
from complaints.rules.languages import Language as Language

NAMES: dict[Language, str] = {"es": "Español", "en": "English"}
"""What each calls itself, for whoever looks for it on a page in another."""

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Message:
    """A sentence in no language yet: its English, and the values of its braces, which may be messages themselves."""

    english: str
    context: str | None = None
    """Where one English has two Spanish: which of them."""
    plural: str | None = None
    """The English for many; then the value `n` decides."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """A tuple of messages is said as a list: `one, another`."""

    def as_json(self) -> dict[str, Any]:
        """As records keep it, for readers of any language to come; without context and plural, which none has there."""
        return {"english": self.english, "values": {name: _as_json(value) for name, value in self.values.items()}}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Message":
        """The message again. An English that nobody says any more is said as it was kept."""
        return cls(kept["english"], values={name: _from_json(value) for name, value in kept["values"].items()})


@dataclass(frozen=True)
class Composed:
    """What is put together anew for each reader, such as several reasons under the names that a form has for fields."""

    said_in: Callable[[Language], str]


def _as_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_as_json(one) for one in value]
    return value.as_json() if isinstance(value, Message) else value


def _from_json(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_from_json(one) for one in value)
    return Message.from_json(value) if isinstance(value, dict) else value


class Speaker:
    """Whatever has a language: gettext's four functions in it, and `say` for a message that came from elsewhere."""

    if TYPE_CHECKING:  # read only, so that it may be a field or be worked out; at run time a field would inherit it

        @property
        def language(self) -> Language:
            """Of the reader."""

    def gettext(self, message: str) -> str:
        """The text."""
        return _TRANSLATIONS[self.language].gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The text for one thing or for `n`, as the language counts."""
        return _TRANSLATIONS[self.language].ngettext(singular, plural, n)

    def pgettext(self, context: str, message: str) -> str:
        """The text that is meant in this context."""
        return _TRANSLATIONS[self.language].pgettext(context, message)

    def npgettext(self, context: str, singular: str, plural: str, n: int) -> str:
        """The text of `n` things in this context."""
        return _TRANSLATIONS[self.language].npgettext(context, singular, plural, n)

    def say(self, message: Message | Composed | str) -> str:
        """A message with its values; a text is somebody's own word and stays as it is."""
        if isinstance(message, str):
            return message
        if isinstance(message, Composed):
            return message.said_in(self.language)
        if message.plural is not None:
            count = message.values["n"]
            if message.context is None:
                said = self.ngettext(message.english, message.plural, count)
            else:
                said = self.npgettext(message.context, message.english, message.plural, count)
        elif message.context is not None:
            said = self.pgettext(message.context, message.english)
        else:
            said = self.gettext(message.english)
        if not message.values:
            return said
        return said.format(**{name: self._value(value) for name, value in message.values.items()})

    def _value(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return ", ".join(self.say(one) for one in value)
        return self.say(value) if isinstance(value, Message | Composed) else value


class Catalogue(Speaker):
    """One language, and nothing else."""

    def __init__(self, language: Language) -> None:
        self._language = language

    @property
    def language(self) -> Language:
        """Which."""
        return self._language


def catalogue(language: Language) -> Catalogue:
    """The words of one language."""
    return _CATALOGUES[language]


# -- whose language nobody knows yet ---------------------------------------------------------------------------------


def N_(english: str, /, **values: Any) -> Message:  # noqa: N802 - gettext's own name for it
    """A sentence for whoever will read it, in whatever language: marked here, said by `Catalogue.say`."""
    return Message(english, values=values)


def NP_(context: str, english: str, /, **values: Any) -> Message:  # noqa: N802
    """The same, where this English has more than one translation."""
    return Message(english, context, values=values)


def NN_(singular: str, plural: str, n: int, /, **values: Any) -> Message:  # noqa: N802
    """The same of `n` things; `{n}` stands for their number."""
    return Message(singular, plural=plural, values={"n": n, **values})


# -- this process ----------------------------------------------------------------------------------------------------


def language_of(value: str) -> Language:
    """As gettext reads LANGUAGE: `es_PE.UTF-8:en` is a list, the first that we speak counts; Spanish where none is."""
    for wanted in value.lower().split(":"):
        for known in LANGUAGES:
            if wanted == known or wanted.startswith((f"{known}_", f"{known}-", f"{known}.", f"{known}@")):
                return known
    return LANGUAGES[0]


def spoken() -> Language:
    """The language of this process: the environment's LANGUAGE."""
    return language_of(os.environ.get("LANGUAGE", ""))


def gettext(message: str) -> str:
    """The text in the language of this process."""
    return catalogue(spoken()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The text of `n` things, in the language of this process."""
    return catalogue(spoken()).ngettext(singular, plural, n)


def pgettext(context: str, message: str) -> str:
    """The text that is meant in this context, in the language of this process."""
    return catalogue(spoken()).pgettext(context, message)


def say(message: Message | Composed | str) -> str:
    """A message from elsewhere, in the language of this process."""
    return catalogue(spoken()).say(message)


_ = gettext


# -- reading ---------------------------------------------------------------------------------------------------------


def _read(language: Language) -> gnu.NullTranslations:
    """The compiled catalogue; of a checkout whose `.po` is newer, compiled now and kept where the folder lets us."""
    if language == "en":
        return gnu.NullTranslations()
    source, compiled = FOLDER / f"{language}.po", FOLDER / f"{language}.mo"
    try:
        fresh = compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns
    except FileNotFoundError:
        fresh = not source.exists()
    if fresh:
        with compiled.open("rb") as file:
            return gnu.GNUTranslations(file)
    from complaints.words.compiling import compiled_catalogue, keep  # only a checkout after a change needs Babel here

    octets = compiled_catalogue(source)
    keep(octets, compiled)
    return gnu.GNUTranslations(io.BytesIO(octets))


# With the module, so that no workflow task ever reads a file.
_TRANSLATIONS = {language: _read(language) for language in LANGUAGES}
_CATALOGUES = {language: Catalogue(language) for language in LANGUAGES}
