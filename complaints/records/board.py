"""The board: what needs somebody now, the open complaints by stage, and how many there are; one look at one moment."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.finding import literal, name_patterns
from complaints.rules.stages import Stage

COLUMNS = tuple(stage.value for stage in Stage if stage is not Stage.CLOSED)


class BoardFilter(BaseModel):
    """Which complaints the board shows; None: all."""

    model_config = ConfigDict(frozen=True)

    department: str | None = None
    level: int | None = None
    channel: str | None = None
    late: bool | None = None
    text: str | None = None
    """Part of a name or of the number."""
    mine: tuple[str, ...] | None = None
    """Representatives and owning roles."""


class Card(BaseModel):
    """An open complaint as the board shows it."""

    model_config = ConfigDict(frozen=True)

    number: str
    customer_name: str | None
    channel: str
    received_at: AwareDatetime
    stage: str
    level: int
    round: int
    late: bool
    due: AwareDatetime | None
    due_name: str | None
    department: str | None
    representative: str | None
    owner: str | None


class CallCard(BaseModel):
    """A call that somebody has to make."""

    model_config = ConfigDict(frozen=True)

    number: str
    customer_name: str | None
    due: AwareDatetime
    """After an attempt: when to try again."""
    attempts: int


class Counts(BaseModel):
    """How many open complaints there are."""

    model_config = ConfigDict(frozen=True)

    by_stage: dict[str, int]
    late: int
    due_today: int
    unassigned: int
    calls: int

    @property
    def open(self) -> int:
        """All of them."""
        return sum(self.by_stage.values())


class Looked(BaseModel):
    """The board at one moment."""

    model_config = ConfigDict(frozen=True)

    counts: Counts
    urgent: tuple[Card, ...]
    calls: tuple[CallCard, ...]
    columns: dict[str, tuple[Card, ...]]


_CARD = ", ".join(Card.model_fields)
_SHOWN = """
closed_at IS NULL
  AND ($1::text IS NULL OR department = $1)
  AND ($2::integer IS NULL OR level = $2)
  AND ($3::text IS NULL OR channel = $3)
  AND ($4::boolean IS NULL OR late = $4)
  AND ($5::text[] IS NULL OR ' ' || name_folded LIKE ALL ($5) OR number ILIKE $6)
  AND ($7::text[] IS NULL OR representative = ANY ($7) OR owner = ANY ($7))
"""
_UNASSIGNED = "stage IN ('assessment', 'assignment') AND department IS NULL"
_COUNTS = f"""
SELECT stage, count(*) AS open, count(*) FILTER (WHERE late) AS late,
       count(*) FILTER (WHERE NOT late AND due < $8) AS due_today, count(*) FILTER (WHERE {_UNASSIGNED}) AS unassigned
FROM complaints WHERE {_SHOWN} GROUP BY stage
"""  # noqa: S608 - constants of ours
# urgent: late first, then due before the day is over, then without a department; each by its date.
_URGENT = f"""
SELECT {_CARD} FROM complaints
WHERE {_SHOWN} AND (late OR due < $8 OR ({_UNASSIGNED}))
ORDER BY late DESC, due NULLS LAST, received_at, number LIMIT $9
"""  # noqa: S608
# columns: each stage through its own index, so that a long column costs no more than a short one.
_COLUMNS = f"""
SELECT card.* FROM unnest($8::text[]) WITH ORDINALITY AS wanted (name, place)
CROSS JOIN LATERAL (
    SELECT {_CARD} FROM complaints WHERE stage = wanted.name AND {_SHOWN}
    ORDER BY due NULLS LAST, received_at, number LIMIT $9
) AS card
ORDER BY place, due NULLS LAST, received_at, number
"""  # noqa: S608
_CALLS = f"""
SELECT number, customer_name, greatest(calls.due, next_at) AS due, attempts
FROM calls JOIN complaints USING (number) WHERE done_at IS NULL AND number IN (
    SELECT number FROM complaints WHERE {_SHOWN}
)
ORDER BY 3, number LIMIT $8
"""  # noqa: S608
_CALL_COUNT = f"""
SELECT count(*) FROM calls WHERE done_at IS NULL AND number IN (SELECT number FROM complaints WHERE {_SHOWN})
"""  # noqa: S608
_NEWEST = "SELECT seq FROM complaints WHERE number = $1"


class Board(Connected):
    """The part of the store that shows the board."""

    async def board(self, shown: BoardFilter, *, day_ends: datetime, urgent: int = 12, column: int = 25) -> Looked:
        """What is open, at one moment: at most so many cards in each place, and all of them counted."""
        text = shown.text.replace("\x00", "").strip() if shown.text else None
        values = (
            shown.department, shown.level, shown.channel, shown.late,
            name_patterns(text) if text else None, f"%{literal(text)}%" if text else None,
            list(shown.mine) if shown.mine is not None else None,
        )  # fmt: skip
        async with self.one_moment() as connection:
            stages = await connection.fetch(_COUNTS, *values, day_ends)
            first = await connection.fetch(_URGENT, *values, day_ends, urgent)
            cards = await connection.fetch(_COLUMNS, *values, list(COLUMNS), column)
            calls = await connection.fetch(_CALLS, *values, urgent)
            call_count = await connection.fetchval(_CALL_COUNT, *values)
        columns: dict[str, list[Card]] = {stage: [] for stage in COLUMNS}
        for row in cards:
            columns[row["stage"]].append(Card.model_validate(dict(row)))
        return Looked(
            counts=Counts(
                by_stage={**dict.fromkeys(COLUMNS, 0), **{row["stage"]: row["open"] for row in stages}},
                late=sum(row["late"] for row in stages),
                due_today=sum(row["due_today"] for row in stages),
                unassigned=sum(row["unassigned"] for row in stages),
                calls=call_count,
            ),
            urgent=tuple(Card.model_validate(dict(row)) for row in first),
            calls=tuple(CallCard.model_validate(dict(row)) for row in calls),
            columns={stage: tuple(found) for stage, found in columns.items()},
        )

    async def newest_row(self, number: str) -> int | None:
        """The last journal row that has been written of a complaint; None if the records do not know it."""
        async with self.connection() as connection:
            found: int | None = await connection.fetchval(_NEWEST, number)
        return found
