"""Through what something reached us: a complaint (§3), and each fact of it."""

from enum import StrEnum


class Via(StrEnum):
    """Through what a fact reached us; kept as evidence with every act."""

    DESK = "desk"
    CLI = "cli"
    LINK = "link"
    REPLY = "reply"
    CALL = "call"
    SIGNAL = "signal"
    CLOCK = "clock"


class Channel(StrEnum):
    """Through what the complaint came in (§3)."""

    EMAIL = "email"
    PHONE = "phone"
    WEB = "web"


PUBLIC_FORM = "form/"
"""How the source key of a complaint begins that somebody filled in on our own form (§3)."""
