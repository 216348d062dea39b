"""Text blocks: what a school answers often, in each language, with places that are filled in for one case (§5.4)."""

from collections.abc import Mapping
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from complaints.rules.languages import Language
from complaints.rules.text import WrittenLine, WrittenText
from complaints.toml_file import Unfit
from complaints.words.catalogue import N_

PLACES = ("customer", "number", "received", "today", "promised", "agent", "school", "telephone")
"""What may stand in braces: the customer's name, the complaint's number, the days of its receipt, of today and of the
promised answer, whoever writes, the school and its telephone."""

UNKNOWN = "…"
"""Stands where a case has nothing to fill in: whoever writes sees it, and the letter waits for them."""


def _places(text: str) -> str:
    try:
        named = {name for _before, name, _format, _conversion in Formatter().parse(text) if name is not None}
    except ValueError:
        named = {"{", "}"}
    if unknown := sorted(named - set(PLACES)):
        raise Unfit(
            N_(
                "must not have {unknown} in braces; there are: {known}",
                unknown=", ".join(unknown),
                known=", ".join(PLACES),
            )
        )
    return text


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Titles(_Entry):
    """What a block is called, in each language."""

    es: WrittenLine
    en: WrittenLine


class Texts(_Entry):
    """What it says, in each language."""

    es: Annotated[WrittenText, AfterValidator(_places)]
    en: Annotated[WrittenText, AfterValidator(_places)]


class TextBlock(_Entry):
    """One of them."""

    title: Titles
    text: Texts

    def called(self, language: Language) -> str:
        """Its title, for whoever chooses it."""
        return str(getattr(self.title, language))

    def filled(self, language: Language, values: Mapping[str, str | None]) -> str:
        """Its text in the customer's language, with what this case has for its places."""
        text: str = getattr(self.text, language)
        return text.format_map({place: values.get(place) or UNKNOWN for place in PLACES})
