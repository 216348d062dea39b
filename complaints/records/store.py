"""The store: the one way to Postgres for everything that runs (§9). Each noun has its own file beside this one."""

from typing import Self

from complaints.records.absences import Absences
from complaints.records.board import Board
from complaints.records.cases import Cases
from complaints.records.connection import pool, version_found
from complaints.records.digest import DueToday
from complaints.records.drafts import Drafts
from complaints.records.erasures import Erasures
from complaints.records.figures import Figured
from complaints.records.finding import Finding
from complaints.records.form_uses import FormUses
from complaints.records.given_files import GivenFiles
from complaints.records.indexing import Indexing
from complaints.records.ledger import Ledger
from complaints.records.links import Links
from complaints.records.listing import Listing
from complaints.records.mentions import Mentions
from complaints.records.messages import Messages
from complaints.records.past import Past
from complaints.records.payload_keys import PayloadKeys
from complaints.records.pending import Pending
from complaints.records.presence import Presence
from complaints.records.privacy_requests import PrivacyRequests
from complaints.records.programs import Programs
from complaints.records.quarantine import Quarantine
from complaints.records.review import Review
from complaints.records.reviews import Reviews
from complaints.records.schema import expect_head
from complaints.records.searching import Searching
from complaints.records.second_factors import SecondFactors
from complaints.records.sessions import Sessions
from complaints.records.settings_changes import SettingsChanges
from complaints.records.staff import Staff
from complaints.records.verification import Verifications
from complaints.records.views import Views


class Store(
    Absences,
    Cases,
    Ledger,
    Finding,
    Searching,
    Indexing,
    Board,
    Drafts,
    DueToday,
    Erasures,
    Figured,
    FormUses,
    GivenFiles,
    Listing,
    Links,
    Past,
    PayloadKeys,
    Pending,
    Mentions,
    Messages,
    Presence,
    PrivacyRequests,
    Programs,
    Quarantine,
    Review,
    Reviews,
    SecondFactors,
    Sessions,
    SettingsChanges,
    Staff,
    Verifications,
    Views,
):
    """Every question and every act is one short touch of the database, and safe to repeat.

    Each raises `Unreachable` while the database is away, so that callers wait and try again; nothing is half-written.
    """

    @classmethod
    async def connect(cls, dsn: str, *, max_size: int = 8) -> Self:
        """A store on that database. Connections open when needed: one out of reach fails the first act, not this."""
        return cls(await pool(dsn, max_size=max_size))

    async def close(self) -> None:
        """Let what is running end, then close every connection; those that hang are cut."""
        await self._close()

    async def check_schema(self) -> None:
        """Raise `SchemaOutOfDate`, `DatabaseNewer` or `DatabaseRefused` unless this program may work on this database.

        `Unreachable` is another matter: wait for it.
        """
        async with self.connection() as connection:
            expect_head(await version_found(connection))
