"""The complaint's number, `Q-XXXX-XXXXX`: the same source key gives the same number, at any time and in any language.

The algorithm (published with vectors in docs/integration.md):

1. SHA-256 of `"complaint/" + salt + "/" + source key` in UTF-8, the salt being 0, then 1, 2 … where two keys collide.
2. The first 40 bits as 8 characters of Crockford's base 32, the most significant first.
3. A check character: the sum of each character's value times its weight, modulo 31. Weights for positions 1 to 8 are
   3, 5, 7, 11, 13, 17, 19, 23; all differ and are smaller than the prime 31, so that one wrong character and two
   exchanged ones are always found (a character's value 31 counts as 0: `Z` for `0`, the one slip that passes).
"""

import hashlib
import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread or misheard."""

_WEIGHTS = (3, 5, 7, 11, 13, 17, 19, 23)
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_NUMBER = re.compile(rf"Q-?([{ALPHABET}]{{4}})-?([{ALPHABET}]{{5}})")
_IN_A_TEXT = re.compile(r"[qQ](?<!\w.)[ -]?[0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{5}\b")
_SPOKEN = re.compile(r"[^0-9A-Z]")

OWN_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
"""What a client may choose as the workflow id instead; it is then the number."""


def complaint_number(source_key: str, *, salt: int = 0) -> str:
    """The number for a source key; the next `salt` where another key has that number already."""
    digest = hashlib.sha256(f"complaint/{salt}/{source_key}".encode()).digest()
    bits = int.from_bytes(digest[:5])
    body = "".join(ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"Q-{body[:4]}-{body[4:]}{check_character(body)}"


def check_character(body: str) -> str:
    """The ninth character, from the first eight."""
    return ALPHABET[sum(weight * ALPHABET.index(c) for weight, c in zip(_WEIGHTS, body, strict=True)) % 31]


def key_digest(source_key: str) -> str:
    """What the memo keeps of the source key: enough to see a collision, nothing that tells who wrote."""
    return hashlib.sha256(f"key/{source_key}".encode()).hexdigest()[:32]


def is_own_number(text: str) -> bool:
    """Whether `text` is a number of ours with a right check character."""
    match = _NUMBER.fullmatch(text)
    return match is not None and check_character((match[1] + match[2])[:8]) == match[2][-1]


def as_number(text: str) -> str | None:
    """The number somebody wrote or read out, in any spelling (`q 7kf3 o2m9d`); None if it is no complaint's number."""
    plain = _SPOKEN.sub("", text.upper())
    if not plain.startswith("Q") or len(plain) != 10:
        return None
    body = plain[1:].translate(_MISREAD)
    number = f"Q-{body[:4]}-{body[4:]}"
    return number if is_own_number(number) else None


def numbers_in(text: str) -> list[str]:
    """Every number of ours in a text (a subject, a reply), in order, each once."""
    found = (as_number(match[0]) for match in _IN_A_TEXT.finditer(text))
    return list(dict.fromkeys(number for number in found if number))


def in_groups(number: str) -> str:
    """As read out on the telephone: `Q · 7 K F 3 · 0 2 M 9 D`."""
    return " · ".join(" ".join(group) for group in number.split("-"))
