"""Tokens of programs: shown once, kept as a digest, told from anything else before the records are asked."""

import hashlib
import re
import secrets
import zlib

PREFIX = "quejas_"
"""By which a token that lies in a log or a repository is recognised."""

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
"""What a program may be called."""

_TOKEN = re.compile(rf"{PREFIX}([0-9A-Za-z_-]{{43}})([0-9a-f]{{8}})")


def generated() -> str:
    """A token of 256 random bits, with its own checksum: a slip is told without asking the records."""
    body = secrets.token_urlsafe(32)
    return f"{PREFIX}{body}{_checksum(body)}"


def is_well_formed(token: str) -> bool:
    """Whether it could be a token of ours."""
    match = _TOKEN.fullmatch(token)
    return match is not None and _checksum(match[1]) == match[2]


def digest_of(token: str) -> str:
    """What the records keep of it. No salt and no slow hash: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
