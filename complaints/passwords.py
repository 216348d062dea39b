"""Passwords of staff: kept as Argon2id hashes, checked at the same cost whether the account exists or not."""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from complaints.words.catalogue import N_, Message

SHORTEST = 12
LONGEST = 200
"""Characters; more would only make the hash slow."""

_HASHER = PasswordHasher()
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$N5a04/Tuq9YANPJh382mUw$phR1iBZ6+N5kssVLdhAl3Ju/treFDe6Uo/4ZVn7cMEY"
"""What the password of an unknown account is compared with, so that the answer takes as long: of the same parameters as
all others, made once from random bytes that nobody kept, because each start would take 0.1 s and 64 MB to make one."""

_AT_ONCE = 2
"""Hashes computed at the same time: each takes 64 MB."""

_WORDS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is easily misread."""


class Passwords:
    """Hashes and checks, a few at a time, beside the event loop."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def hashed(self, password: str) -> str:
        """The hash to keep."""
        async with self._turn:
            return await asyncio.to_thread(_HASHER.hash, password)

    async def fits(self, password: str, password_hash: str | None) -> bool:
        """Whether it is this password; None: nobody's, which takes as long and is never right."""
        async with self._turn:
            right = await asyncio.to_thread(_verified, password_hash or _NOBODY, password[:LONGEST])
        return right and password_hash is not None


def _verified(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def generated() -> str:
    """A password to hand over: four groups that can be read out, about 79 bits."""
    return "-".join("".join(secrets.choice(_WORDS) for _ in range(4)) for _ in range(4))


def too_weak(password: str, account: str, name: str = "") -> Message | None:
    """Why a password is not taken, and by which rule; None if it is. `name`: of whose account it is."""
    if len(password) < SHORTEST:
        return N_("The password needs at least {shortest} characters: a short phrase will do.", shortest=SHORTEST)
    if len(password) > LONGEST:
        return N_("At most {longest} characters.", longest=LONGEST)
    if account.casefold() in password.casefold():
        return N_("It holds the name of the account, “{account}”: choose one without it.", account=account)
    if len(set(password)) < _DIFFERENT:
        return _WHY["repeat"]
    from zxcvbn import zxcvbn  # see tests/house/test_rooms.py, IMPORT_WITHIN

    looked = zxcvbn(password[:_LOOKED_AT], user_inputs=[account, *name.split(), *_OURS])
    return _guessed(looked["sequence"]) if looked["score"] < _STRONG else None


def _guessed(parts: Sequence[Any]) -> Message:
    """By what whoever guesses would come to it: said of its longest part, without showing any."""
    longest = max(parts, key=lambda part: len(part["token"]) if part["pattern"] != "bruteforce" else 0)
    kind = longest["pattern"]
    return _WHY.get(longest["dictionary_name"] if kind == "dictionary" else kind, _WHY["word"])


_WHY = {
    "user_inputs": N_(
        "It is easily guessed: it holds a name or a word that is tried first here, such as yours or “escuela”. Choose "
        "several words that have nothing to do with it."
    ),
    "passwords": N_(
        "It is easily guessed: it begins like a password that everybody tries first. Choose several words."
    ),
    "word": N_("It is easily guessed: it is a common word or name with little around it. Choose several words."),
    "spatial": N_("It is easily guessed: its keys lie side by side. Choose several words."),
    "repeat": N_("It is easily guessed: it repeats itself. Choose several words that differ."),
    "sequence": N_("It is easily guessed: it follows an order, such as abc or 123. Choose several words."),
    "date": N_("It is easily guessed: it is little more than a date. Choose several words."),
}  # fmt: skip
"""Which rule it fell by, by zxcvbn's names of them."""
_DIFFERENT = 5
"""Characters that are not the same."""
_LOOKED_AT = 72
"""Characters that are looked at: more would only take time."""
_STRONG = 3
"""Of zxcvbn's 0 to 4: beyond ten to the eighth guesses, by its lists of passwords, names and words."""
_OURS = ("escuela", "colegio", "quejas", "reclamos", "complaint", "complaints", "desk")
"""Words that somebody who guesses here tries first."""
