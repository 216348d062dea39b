"""What the records may say no to: one family, each a sentence that says what happened and what to do."""

from datetime import timedelta

from complaints.words.catalogue import Message, catalogue


class RecordsError(Exception):
    """Something between us and the database, or in what should be kept."""


class Unreachable(RecordsError):
    """No database answered, or not in time. Worth waiting for: nothing is wrong with what was asked."""


class DatabaseRefused(RecordsError):
    """The database answered and would not let us in, or is not ours: a setting is wrong, and waiting does not help."""


class SchemaOutOfDate(RecordsError):
    """The database has no schema, or an older one than this program writes."""


class DatabaseNewer(RecordsError):
    """The database has a newer schema than this program knows."""


class MigrationFailed(RecordsError):
    """A step of the schema failed. The database is as it was before: a migration is one transaction."""


class Unkeepable(RecordsError, ValueError):
    """A value that Postgres cannot hold; the sentence names its place, never the value."""


class StatementRefused(RecordsError):
    """The database refused a value or a statement: our mistake. Its own words may quote a row, so they are dropped."""


class UnknownComplaint(RecordsError):
    """The records hold no complaint under that number."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(f"The records know no complaint {number}: check the number with `complaints find`.")


class NotErasable(RecordsError):
    """Nothing is erased of a complaint that is open, or that is held for a court or an authority."""

    def __init__(self, number: str, *, held: bool) -> None:
        self.number, self.held = number, held
        why = "is held: `complaints privacy release`" if held else "is open: it must end"
        super().__init__(f"{number} {why} before anything of it is erased.")


class JournalConflict(RecordsError):
    """The same journal row came with other content. An alarm: no repeat helps, and nothing was written (design §4)."""

    def __init__(self, number: str, seq: int) -> None:
        self.number, self.seq = number, seq
        super().__init__(
            f"Journal row {seq} of {number} is already written with other content, and nothing was changed: "
            f"two runs tell different stories of one complaint. Compare them with `complaints timeline {number}`."
        )


class NumberTaken(RecordsError):
    """The number belongs to a complaint with another source key: a collision; take the next salt (design §4)."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(f"The number {number} belongs to another complaint already, and nothing was changed.")


class SourceKeyTaken(RecordsError):
    """The arrival is a complaint already, under another number: starting twice is one case (design §4)."""

    def __init__(self, number: str, other: str) -> None:
        self.number, self.number_of_other = number, other
        super().__init__(
            f"What came in as {number} is complaint {other} already, and nothing was changed: use {other}."
        )


class StillClaimed(RecordsError):
    """Another attempt is sending this letter right now. Worth repeating after its lease (design §5.2)."""

    def __init__(self, number: str, key: str, left: timedelta) -> None:
        self.number, self.key = number, key
        self.left = left
        """How long the other attempt's lease lasts, by the database's clock; it may be renewed."""
        super().__init__(
            f"Letter {key} of {number} is being sent by another attempt: try again in {left.total_seconds():.0f} s."
        )


class UnknownLetter(RecordsError):
    """The ledger has no such letter: it was never claimed."""

    def __init__(self, number: str, key: str) -> None:
        self.number, self.key = number, key
        super().__init__(f"The ledger has no letter {key} of {number}: claim it before saying how it ended.")


class MessageIdTaken(RecordsError):
    """Two letters claim one Message-ID. An alarm: it is derived from number and key, so that two never share one."""

    def __init__(self, number: str, key: str) -> None:
        self.number, self.key = number, key
        super().__init__(
            f"Letter {key} of {number} has a Message-ID that another letter has already; it was not claimed."
        )


class AccountTaken(RecordsError):
    """Somebody has that account, or that name, with which acts are signed."""

    def __init__(self, account: str) -> None:
        super().__init__(
            f"The account {account}, or one with the same name or address, exists already: choose another, "
            f"or `complaints staff reset {account}`."
        )


class IdentityTaken(RecordsError):
    """Another account has that address, or that subject of the identity provider."""

    def __init__(self, account: str) -> None:
        super().__init__(
            f"Another account has that address already, and {account} was not changed: "
            "`complaints staff list --json` shows whose it is."
        )


class UnknownAccount(RecordsError):
    """Nobody has that account."""

    def __init__(self, account: str) -> None:
        super().__init__(f"There is no account {account}: `complaints staff list` shows those that exist.")


class ReviewRefused(RecordsError):
    """It does not fit the review as it stands, and nothing was changed; for people, so in their language."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(catalogue("en").say(message))


class ProgramTaken(RecordsError):
    """A program of that name has a token already."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} has a token already: revoke it with `complaints token revoke {name}`, or choose another name."
        )


class UnknownProgram(RecordsError):
    """No program of that name has a token."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No program {name} has a token: `complaints token list` shows those that exist.")
