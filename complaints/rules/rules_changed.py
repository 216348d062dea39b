"""The fact by which other rules hold for a case (§5)."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter, field_serializer

from complaints.rules.fact import Fact
from complaints.rules.policy import Rules
from complaints.rules.text import Text, WrittenLine
from complaints.rules.times import Day

_CLOSED_DAYS: TypeAdapter[dict[Day, WrittenLine]] = TypeAdapter(
    Annotated[dict[Day, WrittenLine], Field(max_length=2_000)]
)


def _keepable(rules: Rules) -> Rules:
    """A worker's own rules always are; these come from outside."""
    for days in (rules.closed_days, rules.national_days or {}):
        _CLOSED_DAYS.validate_python({day.isoformat(): name for day, name in days.items()})
    return rules


class RulesChanged(Fact):
    """Other rules hold for the case from now on: another policy, or a day that is suddenly closed (§5)."""

    name = "rules-changed"
    rules: Annotated[Rules, AfterValidator(_keepable)]
    """The policy, and its closed days since the receipt."""
    reason: Text | None = None

    @field_serializer("rules")
    def _whole(self, rules: Rules) -> dict[str, Any]:
        """With every number, also one that is the default today: a default may change, a case's rules must not."""
        return rules.model_dump(mode="json")
