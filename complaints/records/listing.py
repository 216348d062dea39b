"""Complaints as a list, page by page; what else the same customer complained of; words that staff used."""

from datetime import UTC, datetime
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict

from complaints.records.board import CARD, CHOSEN, SHOWN, BoardFilter, Card
from complaints.records.cases import STATE_COLUMNS, record_of
from complaints.records.connection import Connected
from complaints.records.part import Part, part_of
from complaints.records.searching import PHONES
from complaints.rules.journal import CaseRecord

SortKey = Literal["due", "closed", "received", "customer", "stage", "level", "department", "representative"]
SORT_KEYS: tuple[SortKey, ...] = get_args(SortKey)

_BY: dict[SortKey, str] = {
    "due": "due",
    "closed": "closed_at",
    "received": "received_at",
    "customer": "name_folded",
    "stage": "array_position(ARRAY['assessment', 'assignment', 'investigation', 'confirmation'], stage)",
    "level": "level",
    "department": "department",
    "representative": "coalesce(representative, owner)",
}
# list: the number last, so that pages never overlap. `$13` is the stage.
_LIST = f"""
SELECT {CARD}, count(*) OVER () AS found FROM complaints WHERE {SHOWN} AND ($13::text IS NULL OR stage = $13)
ORDER BY {{by}} {{way}} NULLS LAST, received_at, number LIMIT $14 OFFSET $15
"""  # noqa: S608 - constants of ours
# closed: a month of them through the index on their end. `$13` and `$14` bound it, `$15` is how they ended.
_CLOSED = f"""
SELECT {CARD}, count(*) OVER () AS found FROM complaints WHERE closed_at IS NOT NULL AND {CHOSEN}
  AND ($13::timestamptz IS NULL OR closed_at >= $13) AND ($14::timestamptz IS NULL OR closed_at < $14)
  AND ($15::text IS NULL OR outcome = $15)
ORDER BY {{by}} {{way}} NULLS LAST, received_at, number LIMIT $16 OFFSET $17
"""  # noqa: S608 - constants of ours
# categories: of the newest complaints, through the index on their receipt, so that a long past costs nothing.
_CATEGORIES = """
SELECT category FROM (SELECT category FROM complaints ORDER BY received_at DESC LIMIT 1000) AS newest
WHERE category <> '' GROUP BY category ORDER BY count(*) DESC, category LIMIT $1
"""
# same customer: by document, address or telephone number, each through its own index; a name alone is too common.
_SAME_CUSTOMER = f"""
WITH me AS (SELECT document_folded AS document, email_folded AS email, phone_digits AS phone
            FROM complaints WHERE number = $1)
SELECT {STATE_COLUMNS}, count(*) OVER () AS found FROM complaints WHERE number <> $1 AND number IN (
    SELECT number FROM complaints WHERE document_folded <> '' AND document_folded = (SELECT document FROM me)
    UNION SELECT number FROM complaints WHERE email_folded <> '' AND email_folded = (SELECT email FROM me)
    UNION SELECT number FROM complaints
    WHERE phone_digits <> '' AND {PHONES} && (SELECT string_to_array(phone, ' ') FROM me)
)
ORDER BY closed_at IS NOT NULL, received_at DESC, number LIMIT $2
"""  # noqa: S608


_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Listed(BaseModel):
    """One page of the list."""

    model_config = ConfigDict(frozen=True)

    cards: tuple[Card, ...]
    found: int
    """On all pages."""


class Listing(Connected):
    """The part of the store that lists complaints."""

    async def listed(
        self, shown: BoardFilter, *, day_ends: datetime, by: SortKey, descending: bool, skip: int, limit: int | None
    ) -> Listed:
        """`limit` open complaints after the first `skip`; None: all. Beyond the last page: none, and `found` is 0."""
        query = _LIST.format(by=_BY[by], way="DESC" if descending else "ASC")
        return await self._page(query, *shown.values(day_ends=day_ends), shown.stage, limit, skip)

    async def listed_closed(
        self,
        shown: BoardFilter,
        *,
        since: datetime | None,
        before: datetime | None,
        outcome: str | None,
        by: SortKey,
        descending: bool,
        skip: int,
        limit: int | None,
    ) -> Listed:
        """The same of the complaints that were closed in that time, with that end; None: in any, with any."""
        query = _CLOSED.format(by=_BY[by], way="DESC" if descending else "ASC")
        day_ends = before or _NEVER  # nothing that was closed is due any more
        return await self._page(query, *shown.values(day_ends=day_ends), since, before, outcome, limit, skip)

    async def _page(self, query: str, *values: Any) -> Listed:
        async with self.connection() as connection:
            rows = await connection.fetch(query, *values)
        return Listed(
            cards=tuple(Card.model_validate(dict(row)) for row in rows), found=rows[0]["found"] if rows else 0
        )

    async def categories(self, *, limit: int = 40) -> list[str]:
        """What complaints were said to be about, the commonest first."""
        async with self.connection() as connection:
            return [row["category"] for row in await connection.fetch(_CATEGORIES, limit)]

    async def of_same_customer(self, number: str, *, limit: int = 20) -> Part[CaseRecord]:
        """Other complaints of whoever made this one, the open ones first, then the newest."""
        async with self.connection() as connection:
            return part_of(await connection.fetch(_SAME_CUSTOMER, number, limit), record_of, 0)
