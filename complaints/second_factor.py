"""Codes that change every 30 seconds (TOTP, RFC 6238), and codes for the day on which the telephone is lost.

The secret is kept sealed with the desk's own key: who reads the table alone can make no code. Recovery codes are kept
as digests only: each has 59 bits of its own, so that a fast digest gives nothing away.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

STEP = 30
"""Seconds of a code (RFC 6238 §5.2)."""

WINDOW = 1
"""Steps before and after in which a code is taken: clocks differ."""

RECOVERY_CODES = 10

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class CannotUnseal(Exception):
    """The secret was sealed with a key that SECRET_KEY does not have any more: the account enrols anew."""


def new_secret() -> str:
    """160 bits (RFC 4226 §4), in base 32 as apps want it typed."""
    return pyotp.random_base32()


def in_groups(secret: str) -> str:
    """For typing: four letters at a time."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def qr_code(secret: str, *, account: str, issuer: str) -> str:
    """What an app scans, as SVG for a page of ours: nobody else draws it, or hears of it."""
    uri = pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=account, issuer_name=issuer)
    svg: str = segno.make(uri, error="m").svg_inline(scale=4, border=4, light="#fff", dark="#000", omitsize=False)
    return svg


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The step whose code that is, the newest first; None: of none that is near."""
    typed = "".join(code.split())
    if not (len(typed) == 6 and typed.isascii() and typed.isdigit()):
        return None
    totp, now = pyotp.TOTP(secret, interval=STEP), int(at.timestamp()) // STEP
    near = range(now + WINDOW, now - WINDOW - 1, -1)
    fits = [step for step in near if secrets.compare_digest(totp.at(step * STEP), typed)]
    return fits[0] if fits else None


def recovery_codes() -> tuple[str, ...]:
    """New ones, to be shown once."""
    return tuple("-".join(_group() for _ in range(3)) for _ in range(RECOVERY_CODES))


def _group() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(4))


def recovery_digest(account: str, code: str) -> str:
    """What is kept of a recovery code."""
    plain = "".join(code.lower().replace("-", "").split())
    return hashlib.sha256(f"recovery/{account}/{plain}".encode()).hexdigest()


def sealed(secret: str, *, keys: Sequence[bytes]) -> str:
    """The secret as it is kept, with the first of SECRET_KEY's keys."""
    return _fernet(keys).encrypt(secret.encode()).decode()


def unsealed(kept: str, *, keys: Sequence[bytes]) -> str:
    """The secret again. Raises CannotUnseal."""
    try:
        return _fernet(keys).decrypt(kept.encode()).decode()
    except InvalidToken:
        raise CannotUnseal from None


def _fernet(keys: Sequence[bytes]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"complaint-desk/second-factor").derive(key)
