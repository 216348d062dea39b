"""What programs write into subjects and texts: bounces, absence notes, acknowledgements, sales talk.

The phrases stand in `phrasebook/`, one a line, in small letters without accents, as `unaccented` leaves a text.
No phrase decides alone.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain, islice

LOOKED_AT = 4_000
"""Characters of a text in which phrases are looked for: programs say it at the top."""

AT_THE_END = 1_500
"""Of these, characters from the end, where newsletters say how to leave them."""

FAMILIES = (
    *(
        "bounce",
        "delay",
        "absence",
        "until",
        "automatic",
        "challenge",
        "receipt",
        "received",
        "desk",
        "unsubscribe",
        "footer",
    ),
    *("selling", "complaint", "bounce_subject", "automatic_subject", "received_subject"),
)

_ACCENTS = re.compile(r"[\u0300-\u036f]")


def _without_accents(text: str) -> str:
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower()))


_LATIN = [_without_accents(chr(octet)) for octet in range(256)]
_PLAIN = bytes(ord(letter) if len(letter) == 1 and letter < "\u0100" else 0 for letter in _LATIN)
_OF_SEVERAL = bytes(octet for octet in range(256) if not _PLAIN[octet])
"""Of the Latin signs those that are written out as several, such as `½`."""

_WORD = re.compile(r"\w+")
_PASSED_ON = re.compile(r"(re|rv|aw|sv|vs|antw|res|r|fw|fwd|wg|tr|enc|reenv)\s*(\[\d+\])?\s*:", re.IGNORECASE)
_FORWARDED = re.compile(r"(rv|fw|fwd|wg|tr|enc|reenv)\s*(\[\d+\])?\s*:", re.IGNORECASE)
_MARKS = frozenset(":;.-–—()[]!#")
_GOES_ON = re.compile(r" (?:re|rv|fw|fwd|hasta|until|from|bis|vom|ate|jusqu|notification|message|reply)\b")
_GOING_ON = frozenset({"bounce_subject", "received_subject"})
"""Subjects that name something behind the phrase: an address, a shop."""

_TITLE = re.compile(r"\w+ (?:\w+[ai]d[oa]|received|created)")
"""`Solicitud recibida`: a title, but also how a person's sentence begins (`Solicitud recibida hace un mes`)."""

_ALONE = frozenset(" .,:;!?-–—()[]\"'/")


def unaccented(text: str) -> str:
    """`text` in small letters, without accents, on one line: how phrases are compared."""
    if len(text) > LOOKED_AT:
        text = f"{text[: LOOKED_AT - AT_THE_END]} … {text[-AT_THE_END:]}"
    text = text.replace("’", "'")
    try:
        octets = text.encode("latin-1")
    except UnicodeEncodeError:
        return " ".join(_without_accents(text).split())
    # Most texts are Latin, letter for letter: by a table that is a tenth of the work.
    several = len(octets.translate(None, _OF_SEVERAL)) < len(octets)
    plain = _without_accents(text) if several else octets.translate(_PLAIN).decode("latin-1")
    return " ".join(plain.split())


def cited(phrases: Sequence[str]) -> str:
    """Phrases as a sign quotes them: `“a”, “b”`."""
    return f"“{'”, “'.join(phrases)}”"


def is_passed_on(subject: str) -> bool:
    """Whether a person answered or forwarded (`RE:`, `RV:`): what follows is somebody else's subject."""
    return _PASSED_ON.match(subject.strip()) is not None


def is_forwarded(subject: str) -> bool:
    """Whether it is passed on whole (`RV:`, `Fwd:`), so that what it quotes is part of what is said."""
    return _FORWARDED.match(subject.strip()) is not None


def phrases_in(plain: str) -> dict[str, list[str]]:
    """The phrases in an unaccented text by family, each once, in order; spam's families are `spam/1`, `spam/2` …"""
    found: dict[str, list[str]] = {}
    index = _index()
    words = _WORD.findall(plain)
    begun: set[str] = set()
    for word, following in dict.fromkeys(
        [pair for pair in zip(words, [*words[1:], ""], strict=False) if pair[0] in index]
    ):
        beginnings = index[word]
        candidates = beginnings.get(following, [])
        if word not in begun:  # a phrase that is found by its first word alone is looked for once
            begun.add(word)
            candidates = beginnings.get("", []) + candidates
        for phrase, family in candidates:
            if phrase in plain and phrase not in found.get(family, ()) and _stands_in(plain, phrase):
                found.setdefault(family, []).append(phrase)
    return found


def _stands_in(plain: str, phrase: str) -> bool:
    """Whether the phrase begins with a word of the text; its last may go on."""
    at = plain.find(phrase)
    while at > 0 and (plain[at - 1].isalnum() or plain[at - 1] == "_"):
        at = plain.find(phrase, at + 1)
    return at >= 0


def begins_with(family: str, plain: str) -> str | None:
    """The longest phrase of that family at the beginning of an unaccented subject; None where it begins otherwise."""
    text = plain.lstrip("".join(_ALONE) + "*#<>")
    first = _WORD.match(text)
    candidates = chain.from_iterable(_index().get(first[0], {}).values()) if first else ()
    fitting = [
        phrase
        for phrase, of in candidates
        if of == family and text.startswith(phrase) and (len(text) == len(phrase) or _ends(family, phrase, text))
    ]
    return max(fitting, key=len, default=None)


def _ends(family: str, phrase: str, text: str) -> bool:
    """Whether the phrase ends there, and not only begins a person's sentence (`Out of office hours nobody answers`)."""
    rest = text[len(phrase) :]
    marked = rest.lstrip()[:1] in _MARKS or _GOES_ON.match(rest) is not None
    goes_on = " " in phrase and family in _GOING_ON and rest[0] in _ALONE and _TITLE.fullmatch(phrase) is None
    return phrase.endswith(":") or marked or goes_on


@cache
def _index() -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Every phrase under its first word; if it has three or more, then under its second, else under none."""
    index: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for family, phrase in _all_phrases():
        words = list(islice(_WORD.finditer(phrase), 3))
        if words:
            second = words[1][0] if len(words) > 2 else ""  # the last may go on: `on holiday` in `on holidays`
            index.setdefault(words[0][0], {}).setdefault(second, []).append((phrase[words[0].start() :], family))
    return index


def _all_phrases() -> Iterator[tuple[str, str]]:
    for family in FAMILIES:
        yield from ((family, phrase) for phrase in _lines(family))
    for place, line in enumerate(_lines("spam"), start=1):
        yield from ((f"spam/{place}", phrase.strip()) for phrase in line.split(";"))


def _lines(name: str) -> list[str]:
    book = files("complaints.mail.phrasebook").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in book.split("\n") if line.strip()]
