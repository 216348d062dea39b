"""Who is away when and who stands in, and who has how many cases: what one must know before one gives a case."""

from datetime import date, datetime

import asyncpg
from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.errors import UnknownAccount
from complaints.records.part import Part, part_of
from complaints.records.staff import Role


class Absence(BaseModel):
    """The days on which somebody is away, both included, in the school's own calendar."""

    model_config = ConfigDict(frozen=True)

    account: str
    since: date
    until: date
    substitute: str
    """The account to which their letters and cases go meanwhile."""

    def covers(self, day: date) -> bool:
        """Whether they are away on that day."""
        return self.since <= day <= self.until


class Colleague(BaseModel):
    """Somebody who works here now."""

    model_config = ConfigDict(frozen=True)

    account: str
    name: str
    role: Role
    email: str | None
    department: str | None
    """Its key."""
    absence: Absence | None = None
    """The one that goes on or comes next."""

    @property
    def names(self) -> tuple[str, ...]:
        """Under what cases name them as their representative."""
        return tuple(filter(None, (self.name, self.account, self.email)))

    def away_on(self, day: date) -> bool:
        """Whether they are away on that day."""
        return self.absence is not None and self.absence.covers(day)


class Workload(BaseModel):
    """What somebody has, of the open complaints."""

    model_config = ConfigDict(frozen=True)

    open: int = 0
    late: int = 0
    unread: int = 0
    due_today: int = 0
    next_due: AwareDatetime | None = None

    def __add__(self, other: "Workload") -> "Workload":
        """Both together."""
        return Workload(
            open=self.open + other.open, late=self.late + other.late, unread=self.unread + other.unread,
            due_today=self.due_today + other.due_today,
            next_due=min(filter(None, (self.next_due, other.next_due)), default=None),
        )  # fmt: skip


# colleagues: who may sign in, each with the one absence that is kept of them.
_COLLEAGUES = """
SELECT staff.account, name, role, email, department, since, until, substitute
FROM staff LEFT JOIN absences ON absences.account = staff.account
WHERE disabled_at IS NULL ORDER BY lower(name)
"""
_SET_AWAY = """
INSERT INTO absences (account, since, until, substitute, said_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account) DO UPDATE
SET since = excluded.since, until = excluded.until, substitute = excluded.substitute, said_by = excluded.said_by,
    said_at = now()
"""
_BACK = "DELETE FROM absences WHERE account = $1"
_SET_DEPARTMENT = "UPDATE staff SET department = $2 WHERE account = $1 RETURNING account"
# workload: by the words with which cases name them; those of the ladder's roles, and whoever nobody has, are apart.
_WORKLOAD = """
SELECT coalesce(representative, '') AS representative, coalesce(owner, '') AS owner, count(*) AS open,
       count(*) FILTER (WHERE late) AS late, count(*) FILTER (WHERE unread > 0) AS unread,
       count(*) FILTER (WHERE NOT late AND due < $1) AS due_today, min(due) AS next_due
FROM complaints WHERE closed_at IS NULL GROUP BY 1, 2
"""
# open_of: by index; the most urgent first, so that a hand-over of many begins with what burns. What is resolved is
# assigned to nobody else, so it stands last: else it would be in the way of the rest, time and again.
_OPEN_OF = """
SELECT number, count(*) OVER () AS found FROM complaints
WHERE closed_at IS NULL AND representative = ANY ($1::text[])
ORDER BY stage = 'confirmation', due NULLS LAST, number LIMIT $2
"""
_COUNTS = """
SELECT representative, count(*) AS open FROM complaints
WHERE closed_at IS NULL AND representative IS NOT NULL GROUP BY representative
"""


class Absences(Connected):
    """The part of the store that knows who is here, and what everybody has."""

    async def colleagues(self) -> list[Colleague]:
        """Everybody who may sign in, by name."""
        async with self.connection() as connection:
            return [_colleague(row) for row in await connection.fetch(_COLLEAGUES)]

    async def set_away(self, absence: Absence, *, by: str) -> None:
        """They are away on these days; another absence that was kept of them is forgotten. Raises `UnknownAccount`."""
        values = (absence.account, absence.since, absence.until, absence.substitute, by)
        async with self.connection() as connection:
            try:
                await connection.execute(_SET_AWAY, *values)
            except asyncpg.ForeignKeyViolationError:
                raise UnknownAccount(absence.account) from None

    async def set_back(self, account: str) -> None:
        """They are here again, or will not be away. Safe to repeat."""
        async with self.connection() as connection:
            await connection.execute(_BACK, account)

    async def set_department(self, account: str, department: str | None) -> None:
        """The key of the department that they work in. Raises `UnknownAccount`."""
        async with self.connection() as connection:
            if await connection.fetchval(_SET_DEPARTMENT, account, department) is None:
                raise UnknownAccount(account)

    async def workload(self, *, day_ends: datetime) -> dict[tuple[str, str], Workload]:
        """What is open, by representative and owning role as the cases name them; '' where they name nobody."""
        async with self.connection() as connection:
            rows = await connection.fetch(_WORKLOAD, day_ends)
        return {(row["representative"], row["owner"]): Workload.model_validate(dict(row)) for row in rows}

    async def open_of(self, names: tuple[str, ...], *, limit: int) -> Part[str]:
        """Numbers of the open complaints whose representative is called one of these, the most urgent first, those that
        are resolved last; and how many there are."""
        async with self.connection() as connection:
            found = await connection.fetch(_OPEN_OF, list(names), limit)
        return part_of(found, lambda row: str(row["number"]), 0)

    async def open_by_representative(self) -> dict[str, int]:
        """How many open complaints each representative has, as the cases name them."""
        async with self.connection() as connection:
            return {row["representative"]: row["open"] for row in await connection.fetch(_COUNTS)}


def _colleague(row: asyncpg.Record) -> Colleague:
    absence = Absence.model_validate(dict(row)) if row["since"] else None
    return Colleague.model_validate({**dict(row), "absence": absence})
