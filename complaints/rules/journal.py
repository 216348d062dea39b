"""The journal of a case (§9): append-only rows that tell what happened, who did it, through what, and when."""

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter

from complaints.rules.facts import Via

_JSON: TypeAdapter[Any] = TypeAdapter(Any)


def as_json(data: dict[str, Any]) -> dict[str, Any]:
    """`data` as a row keeps it: JSON values only, nothing that is None."""
    values: dict[str, Any] = _JSON.dump_python(data, mode="json")
    return {key: value for key, value in values.items() if value is not None}


class Row(BaseModel):
    """One row; `(number, seq)` identifies it, and a row written late is still the right row."""

    model_config = ConfigDict(frozen=True)

    seq: int
    """1, 2, 3 … within the case, over all its rounds and runs."""
    at: AwareDatetime
    """The case's business clock, UTC."""
    what: str
    """A fact's name, or what the clocks and letters did: `received`, `late/assessment`, `escalated`, `letter-sent` …"""
    by: str | None = None
    via: Via = Via.CLOCK
    data: dict[str, Any] = {}


class CallTask(BaseModel):
    """A call that somebody has to make; at most one is open a case, and a newer letter joins it (design §2)."""

    model_config = ConfigDict(frozen=True)

    task: int
    """1, 2, 3 … within the case."""
    opened_at: AwareDatetime
    due: AwareDatetime
    """In office hours."""
    purposes: tuple[str, ...]
    """The keys of the letters that this call stands for, oldest first; or `explain`, `confirm`."""
    kinds: tuple[str, ...]
    """The kinds of those letters: what the script says."""
    attempts: int = 0
    next_at: AwareDatetime | None = None
    done_at: AwareDatetime | None = None
    outcome: str | None = None
    """`reached`, `overtaken`, or `given-up` after the policy's attempts; None while open."""


class CaseRecord(BaseModel):
    """The current state of a complaint as Postgres keeps it (§9): one row, moved only to a higher `seq`."""

    number: str
    source_key: str
    channel: str
    language: str
    received_at: AwareDatetime
    customer_name: str | None = None
    document: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    guardian: str | None = None
    subject: str | None = None
    """As the customer wrote it; see `words.about` for what is shown."""
    description: str
    product: str | None = None
    occurred_on: str | None = None
    """ISO date."""
    stage: str
    level: int
    """0: the care team's; 1, 2 …: a rung of the escalation ladder (§7)."""
    round: int
    late: bool
    late_since: AwareDatetime | None = None
    """When the longest late of what is late was due; None: nothing is."""
    due: AwareDatetime | None = None
    due_name: str | None = None
    department: str | None = None
    representative: str | None = None
    owner: str | None = None
    """The role that answers for it: `representative`, `care_team`, or a role of the ladder."""
    category: str | None = None
    severity: str | None = None
    outcome: str | None = None
    """How it ended: `satisfied`, `decision`, `withdrawn`, `not-a-complaint`, `merged`, `silence`; None while open."""
    resolved_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    next_word_at: AwareDatetime | None = None
    """When the customer hears from us next at the latest (§5.4); None: no more, or nobody answered the last call."""
    policy_version: str
    unread: int = 0
    """Messages of the customer that nobody has answered or marked read, and colleagues' answers nobody has read."""
    unread_since: AwareDatetime | None = None
    """When the customer's oldest one came."""
    seq: int
    """The last journal row that this state includes."""


class RecordBatch(BaseModel):
    """What one step of the workflow writes to Postgres: new rows, the state after them, the call tasks touched."""

    record: CaseRecord
    rows: tuple[Row, ...]
    calls: tuple[CallTask, ...] = ()
