"""What a case remembers, and who has it: the state of one complaint, read from the facts that were applied to it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from complaints.rules.calendar import Calendar
from complaints.rules.journal import CallTask, Row
from complaints.rules.letters import CARE_TEAM, DEPARTMENT_HEAD, REPRESENTATIVE
from complaints.rules.notices import Notice
from complaints.rules.policy import Policy, Rules
from complaints.rules.received import ComplaintReceived
from complaints.rules.rounds import Promise, Round, Wait
from complaints.rules.stages import Stage
from complaints.rules.times import Instant


class CaseState(BaseModel):
    """Everything that continue-as-new and reopening carry. Serialisable as a whole."""

    number: str
    received: ComplaintReceived
    received_at: Instant
    rules: Rules
    rules_since: AwareDatetime | None = None
    """When they were changed; None: these held from the receipt on."""
    as_of: Instant
    """How far the case has been told its story; its time never goes back."""
    rounds: Annotated[list[Round], Field(min_length=1)]
    level: Annotated[int, Field(ge=0)] = 0
    """0: the care team's own; 1, 2 …: a rung of the ladder (§7)."""
    escalation_since: AwareDatetime | None = None
    """From when the present level's business days count (§7)."""
    acknowledged_at: AwareDatetime | None = None
    last_word_at: Instant
    """When the customer was last told something; every customer letter is a word (§5.4)."""
    first_communicated_at: AwareDatetime | None = None
    department: str | None = None
    representative: str | None = None
    category: str | None = None
    severity: str | None = None
    waits: list[Wait] = []
    promise: Promise | None = None
    promise_missed: date | None = None
    """A missed date that the customer has not been told of yet."""
    held: dict[str, Any] | None = None
    """A confirmation that came before the resolution; applied when it comes."""
    outcome: str | None = None
    closed_at: AwareDatetime | None = None
    merged_into: str | None = None
    absorbed: list[str] = []
    satisfied_by_resolver: bool = False
    notices: list[Notice] = []
    calls: list[CallTask] = []
    mail_failed: bool = False
    """The customer's address refused a letter for good, or one came back."""
    strikes: list[str] = []
    """Deadlines that have struck: `1/late/assessment`, `legal/13`."""
    event_ids: list[str] = []
    rows: list[Row] = []
    recorded: int = 0
    """The last row that Postgres has."""
    junk: int = 0
    """Facts ignored, journalled or not."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        """A carried case comes from outside: one that does not hold together would fail every task of its run."""
        if self.level > len(self.ladder):
            raise ValueError(f"level: the ladder has {len(self.ladder)} levels")
        for name, numbers in (
            ("rounds", [each.number for each in self.rounds]),
            ("rows", [row.seq for row in self.rows]),
            ("calls", [call.task for call in self.calls]),
        ):
            if numbers != list(range(1, len(numbers) + 1)):
                raise ValueError(f"{name}: must be numbered from 1 without a gap")
        return self

    @property
    def policy(self) -> Policy:
        """The policy in force for this case (design §2)."""
        return self.rules.policy

    @cached_property
    def calendar(self) -> Calendar:
        """Its business days."""
        return self.rules.calendar

    @property
    def round(self) -> Round:
        """The round that is going on."""
        return self.rounds[-1]

    @property
    def stage(self) -> Stage:
        """Where it is on the route (§5, §8)."""
        if self.outcome is not None:
            return Stage.CLOSED
        if self.round.resolved_at is not None:
            return Stage.CONFIRMATION
        if self.round.number > 1 or self.round.assigned_at is not None:
            return Stage.INVESTIGATION
        return Stage.ASSIGNMENT if self.round.assessed_at is not None else Stage.ASSESSMENT

    def is_assessed(self) -> bool:
        """§5.1 is over in this round."""
        return self.stage is not Stage.ASSESSMENT

    def is_assigned(self) -> bool:
        """§5.2 is over in this round."""
        return self.stage not in (Stage.ASSESSMENT, Stage.ASSIGNMENT)

    def is_resolved(self) -> bool:
        """§5.3 is over in this round."""
        return self.stage in (Stage.CONFIRMATION, Stage.CLOSED)

    def is_answered(self) -> bool:
        """§6-§8: the customer has confirmed, or disputed and the next round began, or the case has ended otherwise."""
        return self.stage is not Stage.CONFIRMATION

    @property
    def ended(self) -> bool:
        """Whether it has come to one of its ends (§8)."""
        return self.outcome is not None

    @property
    def ladder(self) -> list[str]:
        """The roles a case escalates to, in order (§7)."""
        return list(self.policy.escalation.levels)

    @property
    def at_last_level(self) -> bool:
        """§7 names no one above: the case stays there."""
        return self.level >= len(self.ladder)

    @property
    def managers(self) -> list[str]:
        """Who is told of what concerns the law: the first rung, and every rung that has the case."""
        return self.ladder[: max(1, self.level)]

    @property
    def owner(self) -> str:
        """The role that answers for the case."""
        if self.level:
            return self.ladder[self.level - 1]
        return REPRESENTATIVE if self.representative else CARE_TEAM

    @property
    def assignee(self) -> str:
        """Who works on it: the representative, else the department's head, else the care team."""
        if self.representative:
            return REPRESENTATIVE
        return DEPARTMENT_HEAD if self.department else CARE_TEAM

    @property
    def responsible(self) -> str:
        """Who is told about the window of this stage: assessment and assignment are the care team's (design §2)."""
        return self.assignee if self.stage is Stage.INVESTIGATION else CARE_TEAM

    @property
    def explainer(self) -> str:
        """Who explains a bare resolution to the customer."""
        return self.assignee

    @property
    def caller(self) -> str:
        """Who makes the calls: the assigned representative (§6), else the care team."""
        return REPRESENTATIVE if self.representative else CARE_TEAM

    @property
    def mail_works(self) -> bool:
        """Whether the customer has an address that takes our letters."""
        return bool(self.received.customer.email) and not self.mail_failed
