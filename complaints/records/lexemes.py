"""Texts as the words by which they are found: accents, case and punctuation aside, numbers from any of their digits.

Folding is done here and not by an extension of Postgres (`unaccent`, `pg_trgm`), so that finding is the same on every
server, whatever its owner lets us install.
"""

import re
import unicodedata
from collections.abc import Iterable

from complaints.records.search_keys import NOT_DECOMPOSED

LONGEST_WORD = 40
"""Characters of a word that are kept: nobody remembers more."""
MOST_WORDS = 5_000
"""Different words of one text that are kept."""
SHORTEST_END = 6
"""Digits by which a longer number may be known: less would find half the school."""
LONGEST_RUN = 24
"""Digits of a run that is a number; a longer one is noise."""

KNOWN_BY = "k/"
"""Before the words and numbers that say who the customer is. No folded word holds a slash."""
STEM = "s/"
"""Before a word's stem, as Postgres' own dictionaries make it; of a word that is its own stem there is none."""

_COMBINING = re.compile(r"[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(r"\d(?:[\s.()/-]{0,2}\d){5,}")
_NOT_DIGIT = re.compile(r"\D")


def words_in(text: str) -> list[str]:
    """The words of a text in its order: `Certificado, ¡YA!` is certificado, ya."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(NOT_DECOMPOSED))
    return [word[:LONGEST_WORD] for word in _WORD.findall(_COMBINING.sub("", plain))]


def numbers_in(text: str) -> list[str]:
    """The runs of six digits and more, as one number each however they are spaced: `987 654-321` is 987654321."""
    found = (_NOT_DIGIT.sub("", run) for run in _RUN.findall(text))
    return [run for run in found if len(run) <= LONGEST_RUN]


def lexemes(texts: Iterable[str]) -> list[str]:
    """What some texts are found by: their words, and each number from every digit that leaves six."""
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(words_in(text)))
        for number in numbers_in(text):
            found.update(dict.fromkeys(number[start:] for start in range(len(number) - SHORTEST_END + 1)))
        if len(found) > MOST_WORDS:
            break
    return list(found)[:MOST_WORDS]


def number_lexemes(number: str) -> list[str]:
    """What a complaint's number is found by: whole, without its Q, and either group; each from its beginning."""
    words = words_in(number)
    return list(dict.fromkeys(["".join(words), "".join(words[1:]), *words]))
