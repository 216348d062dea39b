"""Passwords of staff: kept as Argon2id hashes, checked at the same cost whether the account exists or not."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from complaints.words.catalogue import N_, Message

SHORTEST = 12
LONGEST = 200
"""Characters; more would only make the hash slow."""

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe())
"""What the password of an unknown account is compared with, so that the answer takes as long."""

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


def too_weak(password: str, account: str) -> Message | None:
    """Why a password is not taken; None if it is."""
    if len(password) < SHORTEST:
        return N_("The password needs at least {shortest} characters: a short phrase will do.", shortest=SHORTEST)
    if len(password) > LONGEST:
        return N_("At most {longest} characters.", longest=LONGEST)
    if account.casefold() in password.casefold() or len(set(password)) < 5:
        return _GUESSED
    if zxcvbn(password[:_LOOKED_AT], user_inputs=[account, *_OURS])["score"] < _STRONG:
        return _GUESSED
    return None


_GUESSED = N_("It is easily guessed: choose another.")
_LOOKED_AT = 72
"""Characters that are looked at: more would only take time."""
_STRONG = 3
"""Of zxcvbn's 0 to 4: beyond ten to the eighth guesses, by its lists of passwords, names and words."""
_OURS = ("escuela", "colegio", "quejas", "reclamos", "complaint", "complaints", "desk")
"""Words that somebody who guesses here tries first."""
