"""The board: what needs somebody now, the open complaints by stage, and how many there are; one look at one moment."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.finding import literal, name_patterns
from complaints.records.quarantine import WAITING_AFTER_THE_END
from complaints.rules.stages import Stage

COLUMNS = tuple(stage.value for stage in Stage if stage is not Stage.CLOSED)


class BoardFilter(BaseModel):
    """Which open complaints are shown; None: all."""

    model_config = ConfigDict(frozen=True)

    department: str | None = None
    level: int | None = None
    channel: str | None = None
    text: str | None = None
    """Part of a name or of the number."""
    stage: str | None = None
    own: tuple[str, ...] = ()
    """Under which names cases are the reader's: representatives and owning roles."""
    mine: bool = False
    """Only those."""
    late: bool = False
    today: bool = False
    """Not late, and due before the day is over."""
    unassigned: bool = False
    unread: bool = False
    """Something that the customer wrote waits for somebody."""

    def values(self, *, day_ends: datetime) -> tuple[Any, ...]:
        """What stands for $1 to $12 in SHOWN."""
        text = self.text.replace("\x00", "").strip() if self.text else None
        return (
            self.department, self.level, self.channel,
            name_patterns(text) if text else None, f"%{literal(text)}%" if text else None,
            list(self.own), self.mine, self.late, self.today, self.unassigned, day_ends, self.unread,
        )  # fmt: skip


class Card(BaseModel):
    """A complaint as the board and the list show it; on the board it is open."""

    model_config = ConfigDict(frozen=True)

    number: str
    customer_name: str | None
    channel: str
    received_at: AwareDatetime
    stage: str
    level: int
    round: int
    late: bool
    late_since: AwareDatetime | None = None
    """Since when, by whatever is late the longest: a window, a message, a promise, the acknowledgement, the law."""
    due: AwareDatetime | None
    due_name: str | None
    department: str | None
    representative: str | None
    owner: str | None
    unread: int = 0
    """Messages of the customer that nobody has answered or marked read."""
    unread_since: AwareDatetime | None = None
    subject: str | None = None
    description: str = ""
    """How it begins: enough to say what it is about."""
    outcome: str | None = None
    closed_at: AwareDatetime | None = None


class CallCard(BaseModel):
    """A call that somebody has to make."""

    model_config = ConfigDict(frozen=True)

    number: str
    customer_name: str | None
    subject: str | None = None
    description: str = ""
    due: AwareDatetime
    """After an attempt: when to try again."""
    attempts: int


class Counts(BaseModel):
    """How many open complaints there are: by stage those shown, the rest in all of the department, level, channel."""

    model_config = ConfigDict(frozen=True)

    by_stage: dict[str, int]
    open: int
    mine: int
    late: int
    due_today: int
    unassigned: int
    unread: int
    """With something new from the customer."""
    calls: int
    quarantine: int
    """Mail that waits for somebody, whatever the filter."""

    @property
    def shown(self) -> int:
        """How many complaints stand in the columns."""
        return sum(self.by_stage.values())


class Looked(BaseModel):
    """The board at one moment."""

    model_config = ConfigDict(frozen=True)

    counts: Counts
    urgent: tuple[Card, ...]
    urgent_in_all: int
    calls: tuple[CallCard, ...]
    calls_in_all: int
    columns: dict[str, tuple[Card, ...]]


_BEGINNING = "left(description, 300) AS description"
CARD = ", ".join(name if name != "description" else _BEGINNING for name in Card.model_fields)
_NARROWED = """
($1::text IS NULL OR department = $1)
  AND ($2::integer IS NULL OR level = $2)
  AND ($3::text IS NULL OR channel = $3)
  AND ($4::text[] IS NULL OR ' ' || name_folded LIKE ALL ($4) OR number ILIKE $5)
"""
IN_SCOPE = f"closed_at IS NULL AND {_NARROWED}"
_MINE = "coalesce(representative = ANY ($6::text[]), false) OR coalesce(owner = ANY ($6::text[]), false)"
_UNASSIGNED = "stage IN ('assessment', 'assignment') AND department IS NULL"
_TODAY = "NOT late AND due < $11::timestamptz"
CHOSEN = f"""
{_NARROWED}
  AND (NOT $7::boolean OR {_MINE})
  AND (NOT $8::boolean OR late)
  AND (NOT $9::boolean OR ({_TODAY}))
  AND (NOT $10::boolean OR ({_UNASSIGNED}))
  AND (NOT $12::boolean OR unread > 0)
"""
"""What every filter says, of open and closed complaints."""
SHOWN = f"closed_at IS NULL AND {CHOSEN}"
# counts: one reading of what is in scope. `shown` by all filters; the rest is what the tiles of the page count,
# whichever of them is chosen, except that "mine" narrows the others.
_COUNTS = f"""
SELECT stage,
       count(*) FILTER (WHERE here AND (late OR NOT $8::boolean) AND (today OR NOT $9::boolean)
                          AND (unassigned OR NOT $10::boolean) AND (unread > 0 OR NOT $12::boolean)) AS shown,
       count(*) FILTER (WHERE here) AS open, count(*) FILTER (WHERE yours) AS mine,
       count(*) FILTER (WHERE here AND late) AS late, count(*) FILTER (WHERE here AND today) AS due_today,
       count(*) FILTER (WHERE here AND unassigned) AS unassigned, count(*) FILTER (WHERE here AND unread > 0) AS unread
FROM (
    SELECT *, yours OR NOT $7::boolean AS here FROM (
        SELECT stage, late, {_MINE} AS yours, coalesce({_TODAY}, false) AS today, {_UNASSIGNED} AS unassigned, unread
        FROM complaints WHERE {IN_SCOPE}
    ) AS scope
) AS scope GROUP BY stage
"""  # noqa: S608 - constants of ours
# urgent: the reader's own first, then what is late, has something new from the customer, is due before the day is over
# or is without a department; each by its date.
_URGENT = f"""
SELECT {CARD}, count(*) OVER () AS found FROM complaints
WHERE {SHOWN} AND (late OR due < $11 OR unread > 0 OR ({_UNASSIGNED}))
ORDER BY ({_MINE}) DESC, late DESC, unread > 0 DESC, least(late_since, due) NULLS LAST, received_at, number LIMIT $13
"""  # noqa: S608
# columns: each stage through its own index, so that a long column costs no more than a short one.
_COLUMNS = f"""
SELECT card.* FROM unnest($13::text[]) WITH ORDINALITY AS wanted (name, place)
CROSS JOIN LATERAL (
    SELECT {CARD} FROM complaints WHERE stage = wanted.name AND {SHOWN}
    ORDER BY due NULLS LAST, received_at, number LIMIT $14
) AS card
ORDER BY place, due NULLS LAST, received_at, number
"""  # noqa: S608
# calls: of closed complaints, too; their last letter may have to be said by telephone.
_CALLS = f"""
SELECT number, customer_name, subject, {_BEGINNING}, greatest(calls.due, next_at) AS due, attempts,
       count(*) OVER () AS found
FROM calls JOIN complaints USING (number)
WHERE done_at IS NULL AND {_NARROWED} AND (NOT $7::boolean OR {_MINE})
ORDER BY greatest(calls.due, next_at), number LIMIT $8
"""  # noqa: S608
# Of closed complaints: what their customers wrote since, late after a business day like any other.
_AFTER_THE_END = f"""
SELECT {CARD}, count(*) OVER () AS found FROM (
    SELECT complaints.number, customer_name, channel, complaints.received_at, stage, level, round,
        waiting.answer_by < now() AS late,
        CASE WHEN waiting.answer_by < now() THEN waiting.answer_by END AS late_since, waiting.answer_by AS due,
        'message' AS due_name, department, representative, owner, waiting.waiting AS unread,
        waiting.since AS unread_since, complaints.subject, description, outcome, closed_at, name_folded
    FROM complaints JOIN ({WAITING_AFTER_THE_END}) AS waiting USING (number) WHERE closed_at IS NOT NULL
) AS complaints
WHERE {CHOSEN} ORDER BY late DESC, due, number LIMIT $13
"""  # noqa: S608
_TILES = ("open", "mine", "late", "due_today", "unassigned", "unread")
_TO_CALL = "SELECT count(*) FROM calls WHERE done_at IS NULL"
_QUARANTINED = "SELECT count(*) FROM quarantine WHERE handled_at IS NULL"
_NEWEST = "SELECT seq FROM complaints WHERE number = $1"


class Board(Connected):
    """The part of the store that shows the board."""

    async def board(self, shown: BoardFilter, *, day_ends: datetime, urgent: int = 8, column: int = 25) -> Looked:
        """What is open, at one moment: at most so many cards in each place, and all of them counted."""
        values = shown.values(day_ends=day_ends)
        async with self.one_moment() as connection:
            stages = await connection.fetch(_COUNTS, *values)
            after = await connection.fetch(_AFTER_THE_END, *values, urgent)
            first = await connection.fetch(_URGENT, *values, urgent)
            cards = await connection.fetch(_COLUMNS, *values, list(COLUMNS), column)
            calls = await connection.fetch(_CALLS, *values[:7], urgent)
            quarantine = await connection.fetchval(_QUARANTINED)
        columns: dict[str, list[Card]] = {stage: [] for stage in COLUMNS}
        for row in cards:
            columns[row["stage"]].append(Card.model_validate(dict(row)))
        by_stage = {**dict.fromkeys(COLUMNS, 0), **{row["stage"]: row["shown"] for row in stages}}
        tiles = {name: sum(row[name] for row in stages) for name in _TILES}
        tiles["unread"] += after[0]["found"] if after else 0
        return Looked(
            counts=Counts(by_stage=by_stage, calls=calls[0]["found"] if calls else 0, quarantine=quarantine, **tiles),
            urgent=tuple(Card.model_validate(dict(row)) for row in [*after, *first][:urgent]),
            urgent_in_all=sum(rows[0]["found"] for rows in (after, first) if rows),
            calls=tuple(CallCard.model_validate(dict(row)) for row in calls),
            calls_in_all=calls[0]["found"] if calls else 0,
            columns={stage: tuple(found) for stage, found in columns.items()},
        )

    async def waiting(self) -> tuple[int, int]:
        """How many calls are to be made, and how many messages wait in the quarantine."""
        async with self.connection() as connection:
            return await connection.fetchval(_TO_CALL), await connection.fetchval(_QUARANTINED)

    async def newest_row(self, number: str) -> int | None:
        """The last journal row that has been written of a complaint; None if the records do not know it."""
        async with self.connection() as connection:
            found: int | None = await connection.fetchval(_NEWEST, number)
        return found
