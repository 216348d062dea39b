"""How accounts of staff are spelled, wherever they are made."""

import re

from pydantic import TypeAdapter, ValidationError

from complaints.rules.text import EmailAddress
from complaints.words.catalogue import N_

_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")
_EMAIL: TypeAdapter[str] = TypeAdapter(EmailAddress)

SPELLING = N_("an account has letters, digits and . _ @ + -, 2 to 100.")
"""Spanish, English."""


def account_meant(text: str) -> str | None:
    """The account that somebody typed, in small letters; None for what can be none."""
    account = text.strip().lower()
    return account if _ACCOUNT.fullmatch(account) else None


def email_meant(text: str) -> str | None:
    """The address that somebody typed, in small letters; None for what can be none."""
    try:
        return _EMAIL.validate_python(text.strip().lower())
    except ValidationError:
        return None
