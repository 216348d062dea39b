"""Which schema this program reads and writes, and what it says to a database that has another."""

from complaints.records.errors import DatabaseNewer, DatabaseRefused, SchemaOutOfDate

HEAD = "0030"
"""The newest migration, which the database must have. Four digits, so that older and newer can be told apart."""

VERSION_TABLE = "alembic_version"

READ_VERSION = f"SELECT version_num FROM {VERSION_TABLE}"  # noqa: S608 - a constant of ours
"""The revision that the database has; no row, or no such table: none yet."""


def head_revision() -> str:
    """The revision that `complaints migrate` brings a database to."""
    return HEAD


def expect_head(found: str | None) -> None:
    """Raise `SchemaOutOfDate`, `DatabaseNewer` or `DatabaseRefused` unless `found` is the schema that we know."""
    if found == HEAD:
        return
    if found is None:
        raise SchemaOutOfDate("The database has no tables of ours yet: run `complaints migrate`, then start again.")
    if not (len(found) == len(HEAD) and found.isdecimal()):
        raise DatabaseRefused(
            f"The database has the schema of another program ({VERSION_TABLE} says {found!r}): "
            "give the complaints a database of their own in DATABASE_URL."
        )
    if found > HEAD:
        raise DatabaseNewer(
            f"The database has schema {found}, and this program knows schemas up to {HEAD}: "
            "install the newer program, or restore the backup made before the upgrade."
        )
    raise SchemaOutOfDate(f"The database has schema {found}, and this program needs {HEAD}: run `complaints migrate`.")
