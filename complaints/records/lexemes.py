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

SEPARATED = r"[\s.()/\-\u2010-\u2015\u2212]{0,2}"
"""What may stand between two digits of one number."""

_UNSEEN = re.compile(
    "[\u0300-\u036f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]+"
)
"""Accents as characters of their own, and what pages and telephones put into words without anybody's seeing it: soft
hyphens, joiners, marks of direction."""
_WORD = re.compile(r"[^\W_]+")
_LINES_END = re.compile(r"(?<=[^\W\d_])-[ \t]*\n[ \t>]*(?=[^\W\d_])")
"""Looked for from its hyphen on: from a word on, a line of a million letters would be gone through from each one."""
_RUN = re.compile(rf"\d(?:{SEPARATED}\d){{5,}}")
_DIGITS = re.compile(r"\d{6,}")
_NOT_DIGIT = re.compile(r"\D")


def folded(text: str) -> str:
    """A text as its words are compared, each where it stood: small letters, no accents, nothing that nobody sees."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKD", text.casefold().translate(NOT_DECOMPOSED))).lower()


def mended(plain: str) -> str:
    """A folded text in which a word that a line's end divided (`certifi-`, `cado`) is whole."""
    return _LINES_END.sub("", plain)


def words_in(text: str) -> list[str]:
    """The words of a text in its order: `Certificado, ¡YA!` is certificado, ya."""
    return _words(folded(text))


def _words(plain: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain)]


def numbers_in(plain: str) -> list[str]:
    """The runs of six digits and more of a folded text, as one number each however they are spaced: `987 654-321` is
    987654321. A row of many is as many numbers as it has groups."""
    found: list[str] = []
    for run in _RUN.findall(plain):
        digits = _NOT_DIGIT.sub("", run)
        found += [digits] if len(digits) <= LONGEST_RUN else _DIGITS.findall(run)
    return [digits for digits in found if len(digits) <= LONGEST_RUN]


def lexemes(texts: Iterable[str]) -> list[str]:
    """What some texts are found by: their words, and each number from every digit that leaves six."""
    found: dict[str, None] = {}
    for text in dict.fromkeys(texts):  # a description stands in the state and in the row that brought it
        plain = folded(text)
        found.update(dict.fromkeys(_words(plain)))
        if (whole := mended(plain)) != plain:
            found.update(dict.fromkeys(_words(whole)))
        for number in numbers_in(plain):
            found.update(dict.fromkeys(number[start:] for start in range(len(number) - SHORTEST_END + 1)))
        if len(found) > MOST_WORDS:
            break
    return list(found)[:MOST_WORDS]


def number_lexemes(number: str) -> list[str]:
    """What a complaint's number is found by: whole, without its Q, and either group; each from its beginning."""
    words = words_in(number)
    return list(dict.fromkeys(["".join(words), "".join(words[1:]), *words]))
