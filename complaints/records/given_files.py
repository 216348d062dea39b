"""Files that staff give with an act: their bytes once, by digest, and for which complaint somebody chose them."""

from collections.abc import Sequence
from datetime import datetime

from complaints.records.connection import Connected
from complaints.records.keepable import aware
from complaints.records.messages import KEEP_BYTES, FileToKeep
from complaints.rules.given_files import GivenFile
from complaints.rules.text import one_line

_GIVE = """
INSERT INTO given_files (number, attachment, name, given_by) VALUES ($1, $2, $3, $4)
ON CONFLICT (number, attachment) DO UPDATE SET name = excluded.name, given_at = now()
"""
_OF = """
SELECT name, attachment AS digest, size FROM given_files JOIN attachments ON digest = attachment WHERE number = $1
ORDER BY given_at, name
"""
_BYTES = """
SELECT data FROM given_files JOIN attachments ON digest = attachment WHERE number = $1 AND attachment = $2
"""
_TYPES = "SELECT digest, type FROM attachments WHERE digest = ANY ($1)"


class GivenFiles(Connected):
    """The part of the store that keeps what staff attach."""

    async def give_files(self, number: str, files: Sequence[FileToKeep], *, by: str) -> None:
        """Keep them for this complaint, before the act that names them is sent. Safe to repeat."""
        async with self.connection() as connection, connection.transaction():
            # In the order of their digests: two that keep the same two files never wait for each other.
            for file in sorted(files, key=lambda one: one.digest):
                await connection.execute(KEEP_BYTES, file.digest, one_line(file.type), file.size, file.data)
                await connection.execute(_GIVE, number, file.digest, one_line(file.name), one_line(by))

    async def given_files(self, number: str) -> dict[str, GivenFile]:
        """What was kept for this complaint, by digest, in the order in which it was; sent or not."""
        async with self.connection() as connection:
            return {row["digest"]: GivenFile.model_validate(dict(row)) for row in await connection.fetch(_OF, number)}

    async def given_file(self, number: str, digest: str) -> bytes | None:
        """The bytes of a file that was kept for this complaint. None: of any other, whoever names it in this one."""
        async with self.connection() as connection:
            data: bytes | None = await connection.fetchval(_BYTES, number, digest)
        return data

    async def forget_unsent(self, before: datetime) -> int:
        """Files that were chosen before then for an act that nobody sent: some hundred at a time; how many."""
        async with self.connection() as connection:
            return int(await connection.fetchval("SELECT forget_unsent($1)", aware(before, place="before")))

    async def types_of(self, digests: Sequence[str]) -> dict[str, str]:
        """The media type of each file by its content; of those that are there."""
        async with self.connection() as connection:
            return {row["digest"]: row["type"] for row in await connection.fetch(_TYPES, list(digests))}
