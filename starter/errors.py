"""What the front desk may say no to: one family, each a sentence in both languages that says what to do."""

from starter.language import say


class FrontDeskError(Exception):
    """Something that was asked was not done, or is not known to be done."""

    exit_code = 1
    """What a command ends with."""

    def __init__(self, es: str, en: str) -> None:
        self.es, self.en = es, en
        super().__init__(say(es, en))


class Refused(FrontDeskError):
    """It does not fit the case as it stands, and nothing was changed."""


class NotFound(Refused):
    """There is no complaint of that number."""

    @classmethod
    def number(cls, number: str) -> "NotFound":
        """The sentence for a number that nobody knows."""
        return cls(
            f"No hay ninguna queja {number}: búsquela con `complaints find`.",
            f"There is no complaint {number}: look for it with `complaints find`.",
        )


class Away(FrontDeskError):
    """A server or the worker does not answer, and surely nothing was done."""


class NotKnown(FrontDeskError):
    """It may have been done or not; repeated with the same event id it is done once."""

    exit_code = 3

    def __init__(self, number: str, event_id: str) -> None:
        self.event_id = event_id
        super().__init__(
            f"No se sabe si se aplicó a {number}: repítalo con --id {event_id} (se aplica una sola vez).",
            f"{number}: not known to be applied, repeat with --id {event_id} (it is applied once).",
        )
