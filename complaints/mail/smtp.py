"""What other rooms know of SMTP: where the server is, how long to wait, and how sending can end."""

from dataclasses import dataclass, field
from typing import Literal

from complaints.words.catalogue import Message, catalogue


@dataclass(frozen=True)
class SmtpAddress:
    """Where letters are handed over. Certificates are always verified."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Literal["none", "starttls", "implicit"] = "starttls"


@dataclass(frozen=True)
class SmtpTimeouts:
    """How long to wait for the server, in seconds (RFC 5321 §4.5.3.2); shorter waits make duplicates (RFC 1047)."""

    connect: float = 60.0
    """For the connection and its greeting; giving up there makes no duplicate."""
    command: float = 300.0
    """EHLO, STARTTLS, AUTH, MAIL, RCPT."""
    data_start: float = 120.0
    data_block: float = 180.0
    """For each block of the letter to leave us."""
    data_end: float = 600.0
    """For the answer to the final dot."""


@dataclass(frozen=True)
class Delivery:
    """The server has the letter."""

    accepted: int
    """Recipients it took it for."""
    refused: int = 0
    """Recipients that it refused for good, while it took the letter for others."""


class NotAccepted(Exception):
    """The mail server surely does not have the letter. The message says why, without addresses or text."""

    def __init__(self, reason: Message | str, *, temporary: bool) -> None:
        self.message = reason
        """For whoever reads it."""
        self.reason = catalogue("en").say(reason)
        """As records keep it."""
        super().__init__(self.reason)
        self.temporary = temporary
        """Whether the same letter may be taken later; False: it is no use to try again."""

    @property
    def too_large(self) -> bool:
        """Whether a smaller letter might be taken (RFC 1870 §6.1)."""
        return not self.temporary and ("552" in self.reason or "5.3.4" in self.reason)


class Uncertain(Exception):
    """The letter was handed over whole, and the server's answer was lost: perhaps it went out (RFC 1047)."""

    def __init__(self, reason: Message | str) -> None:
        self.message = reason
        """For whoever reads it."""
        self.reason = catalogue("en").say(reason)
        """As records keep it."""
        super().__init__(self.reason)
