"""What concerns the desk's doors, for whoever looks after them: one line an event, on the logger `desk.security`.

A line says what, which account, and a digest of the place that it came from: enough to see that somebody tries doors,
and to tell one from another; no password, no address, no name of a customer. What was typed as an account that nobody
has stays out: it may be somebody's password.
"""

import logging
from enum import StrEnum

from complaints.rules.number import numbers_in
from desk.client_address import place_of
from desk.request import PageRequest

LOG = logging.getLogger("desk.security")


class Event(StrEnum):
    """What happened at a door."""

    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    WRONG_PASSWORD = "wrong-password"  # noqa: S105 - the name of an event
    WRONG_CODE = "wrong-code"
    ACCOUNT_RESTS = "account-rests"
    PLACE_RESTS = "place-rests"
    NOT_ALLOWED = "not-allowed"
    FOREIGN_FORM = "foreign-form"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105
    SECOND_FACTOR_CHANGED = "second-factor-changed"
    ACCOUNT_CHANGED = "account-changed"
    """By an administrator: `about` says whose, and what."""
    PROGRAM_CHANGED = "program-changed"
    """A token was made, or revoked."""
    PROVIDER_REFUSED = "provider-refused"


_WELL = frozenset(
    {
        *(Event.SIGNED_IN, Event.SIGNED_OUT, Event.PASSWORD_CHANGED, Event.SECOND_FACTOR_CHANGED),
        *(Event.ACCOUNT_CHANGED, Event.PROGRAM_CHANGED),
    }
)
"""What is as it should be; the rest is a warning."""


def told(request: PageRequest, event: Event, *, account: str | None = None, about: str = "") -> None:
    """One line. `account`: one that there is; None: whoever is signed in. `about`: a number, another account."""
    if account is None and request.session is not None:
        account = request.member.account
    place = place_of(request.http, request.app_state.sign_in.trusted_proxies)[:16]
    level = logging.INFO if event in _WELL else logging.WARNING
    LOG.log(level, "%s account=%s place=%s%s", event.value, account or "-", place, f" about={about}" if about else "")


def about_path(request: PageRequest) -> str:
    """The complaint of the address, if it names one; addresses themselves may hold what people look for."""
    found = numbers_in(request.http.url.path)
    return found[0] if found else ""
