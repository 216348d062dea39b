"""Other rules for a running case (§5): from now on its deadlines count by them, from the same facts as before.

What has struck stays as it is recorded: who was late stays late, who has it keeps it. A deadline that by the new rules
is over already strikes at once, with the date on which it was due.
"""

from datetime import datetime
from typing import Any

from complaints.rules import calls, clocks
from complaints.rules.policy import LegalLimit, Rules, by_place
from complaints.rules.refusals import Refusal
from complaints.rules.state import CaseState

HOLD_ALREADY = Refusal("rules.same")
"""Why the same rules are refused a second time: whoever asked has what they want."""


def no_new_rules(case: CaseState, rules: Rules) -> Refusal | None:
    """Why these rules cannot come to hold for the case; None if they can."""
    if rules == case.rules:
        return HOLD_ALREADY
    levels = len(rules.policy.escalation.levels)
    if case.level > levels:
        return Refusal("rules.ladder", {"level": str(case.level), "levels": str(levels)}, "rules")
    return None


def change_rules(case: CaseState, rules: Rules) -> dict[str, Any]:
    """The rules hold from now on; gives what is different, and which deadlines moved from when to when."""
    changes, before = differences(case.rules, rules), deadlines(case)
    _keep_legal_strikes(case, rules.policy.legal_limit)
    case.rules, case.rules_since = rules, case.as_of
    case.__dict__.pop("calendar", None)  # built from the old rules
    if case.level == 0:  # §7: at a level it counts from the level's beginning, whatever the policy says
        case.escalation_since = case.received_at if rules.policy.escalation.counted_from == "receipt" else None
    if case.promise is not None:
        case.promise = case.promise.model_copy(update={"due": case.calendar.closes(case.promise.date)})
    calls.keep_off_closed_days(case)
    warn_of_nothing_past(case)
    return {"version": rules.policy.version, "changes": changes, "moved": moved(before, deadlines(case))}


def deadlines(case: CaseState) -> dict[str, datetime]:
    """What is still to come, by the clock's name."""
    return {clock.name: clock.due for clock in clocks.running(case)}


def moved(before: dict[str, datetime], after: dict[str, datetime]) -> dict[str, list[datetime | None]]:
    """The deadlines that are not the same: when they were due, and when they are; None: there is none."""
    names = dict.fromkeys((*before, *after))
    return {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}


def differences(before: Rules, after: Rules) -> dict[str, list[Any]]:
    """Each number that differs, by its place in policy.toml, as it was and as it is; and the days closed or opened."""
    old, new = by_place(before.policy.model_dump(mode="json")), by_place(after.policy.model_dump(mode="json"))
    found = {
        name: [old.get(name), new.get(name)] for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)
    }
    closed, opened = (
        after.closed_days.keys() - before.closed_days.keys(),
        before.closed_days.keys() - after.closed_days.keys(),
    )
    if before.national_days is None and after.national_days is not None:
        found["legal_limit.counted_by"] = ["school", "nation"]
    if closed or opened:
        found["closed_days"] = [sorted(day.isoformat() for day in opened), sorted(day.isoformat() for day in closed)]
    return found


def warn_of_nothing_past(case: CaseState) -> None:
    """What is over at once, a window or the law's limit, is late, and nobody is warned of it a moment before."""
    due, warning = clocks.window_due(case), f"{case.round.number}/warning/{case.stage.value}"
    if due is not None and due <= case.as_of and not case.struck(warning):
        case.strike(warning)
    limit = case.policy.legal_limit
    past = [days for days in limit.warn_on if _legal_day(case, days) <= case.as_of]
    for days in past if case.legal_due <= case.as_of else past[:-1]:  # of several days that are over, one is told
        if not case.struck(f"legal/{days}"):
            case.strike(f"legal/{days}")


def _legal_day(case: CaseState, days: int) -> datetime:
    return case.legal_calendar.deadline(case.received_at, days)


def _keep_legal_strikes(case: CaseState, after: LegalLimit) -> None:
    """The law's clock strikes by its days, and the days may be others: who was told of a breach is not told again, nor
    warned of a day that lies before the last warning."""
    before = case.policy.legal_limit
    breached = case.struck(f"legal/{before.business_days}")
    warned = max((days for days in before.warn_on if case.struck(f"legal/{days}")), default=0)
    told = [days for days in after.warn_on if breached or days <= warned]
    told += [after.business_days] if breached else []
    others = [key for key in case.strikes if not key.startswith("legal/")]
    case.strikes = [*others, *(f"legal/{days}" for days in told)]
