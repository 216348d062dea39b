"""What the front desk may say no to: one family. Each says what happened; to a terminal also what to type."""

from complaints.rules.number import OWN_ID
from complaints.rules.refusals import NotNow
from complaints.words.catalogue import N_, Composed, Message, catalogue, say

LONGEST_TOLD = 60
"""Characters of what somebody gave for a number, in the sentence that there is none."""


class FrontDeskError(Exception):
    """Something that was asked was not done, or is not known to be done."""

    exit_code = 1
    """What a command ends with."""

    def __init__(self, message: Message | Composed, typed: Message | Composed | None = None) -> None:
        """`message`: for every surface. `typed`: the same with what to type next, for whoever is at a terminal."""
        self.message, self.typed = message, typed or message
        super().__init__(say(self.typed))

    @property
    def es(self) -> str:
        """At a terminal, in Spanish."""
        return catalogue("es").say(self.typed)

    @property
    def en(self) -> str:
        """At a terminal, in English."""
        return catalogue("en").say(self.typed)


class Refused(FrontDeskError):
    """It does not fit the case as it stands, and nothing was changed."""

    def __init__(
        self, message: Message | Composed, typed: Message | Composed | None = None, answer: NotNow | None = None
    ) -> None:
        """`answer`: codes and values, where the rules said so: a surface puts them into words of its own."""
        self.answer = answer
        super().__init__(message, typed)


class AlreadySent(Refused):
    """Something else was sent under this key before: nothing of what is sent now was kept."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(
            N_(
                "This was sent already, and is registered as {number}. What you typed now is not registered.",
                number=number,
            ),
            N_(
                "This was sent already, and is registered as {number}. What you typed now is not registered: if it is "
                "new, send it with another --source-key or --id, or without.",
                number=number,
            ),
        )


class NotFound(Refused):
    """There is no complaint of that number."""

    @classmethod
    def number(cls, number: str) -> "NotFound":
        """The sentence for a number that nobody knows."""
        number = number if len(number) <= LONGEST_TOLD else f"{number[:LONGEST_TOLD]}…"
        return cls(
            N_("There is no complaint {number}.", number=number),
            N_("There is no complaint {number}: look for it with `complaints find`.", number=number),
        )


def expect_number(number: str) -> None:
    """Raises NotFound for what can be no number: a server that is asked for it may hang up, and be asked again."""
    if not OWN_ID.fullmatch(number):
        raise NotFound.number(number)


class Away(FrontDeskError):
    """A server or the worker does not answer, and surely nothing was done."""


class NotKnown(FrontDeskError):
    """It may have been done or not; repeated with the same event id it is done once."""

    exit_code = 3

    def __init__(self, number: str, event_id: str) -> None:
        self.event_id = event_id
        super().__init__(
            N_("It is not known whether {number} took it: repeat the same, it is applied once.", number=number),
            N_(
                "{number}: not known to be applied, repeat with --id {event_id} (it is applied once).",
                number=number,
                event_id=event_id,
            ),
        )
