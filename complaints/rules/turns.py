"""The turns that a case takes: one level up, the next round, its end. What facts and clocks have in common (§7, §8)."""

from typing import Any

from complaints.rules.calls import close_calls
from complaints.rules.letters import LetterKind
from complaints.rules.notices import tell, tell_customer
from complaints.rules.rounds import Round
from complaints.rules.state import CaseState


def escalate(case: CaseState, reason: str, words: str | None = None) -> None:
    """One level up, or the same if it is the last (§7): by `time`, `dissatisfied`, `reopened`. The stage stays."""
    before = case.owner
    # "Escalated though on schedule" is reported apart (design §2, §7).
    on_schedule = True if reason == "time" and case.on_schedule else None
    case.level = min(case.level + 1, len(case.ladder))
    case.escalation_since = case.as_of
    case.journal("escalated", level=case.level, to=case.owner, reason=reason, on_schedule=on_schedule)
    occasion = f"escalation/{case.level}" if reason == "time" else "dispute"
    said: dict[str, Any] = {"reason": reason, "words": words}
    tell(case, LetterKind.ESCALATED_TO_YOU, occasion, case.owner, on_schedule=on_schedule, had_by=before, **said)
    told = LetterKind.ESCALATED_FROM_YOU if reason == "time" else LetterKind.DISPUTED
    for recipient in dict.fromkeys([before, case.assignee]):
        if recipient != case.owner:
            tell(case, told, occasion, recipient, **said)
    letter = LetterKind.REOPENING if reason == "reopened" else LetterKind.ESCALATION
    tell_customer(case, letter, occasion, asks_nothing=True if case.unread else None, **said)


def next_round(case: CaseState, reason: str, words: str | None = None) -> None:
    """A dispute or a reopening: the next round, one level up, in investigation, with fresh windows (design §2)."""
    case.rounds.append(Round(number=case.round.number + 1, started_at=case.as_of))
    case.outcome = case.closed_at = None
    case.satisfied_by_resolver = False
    case.held = case.promise = case.promise_missed = None
    close_calls(case, "overtaken")
    escalate(case, reason, words)


def close(case: CaseState, outcome: str, letter: LetterKind | None, *, again: int = 1, **details: Any) -> None:
    """One of the ends (§8). What nobody needs to send or call any more is dropped; its own letter goes out.

    `again`: how often it came to this end in the round; each time is told.
    """
    case.outcome, case.closed_at = outcome, case.as_of
    if case.details_outstanding:
        case.waits[-1].received_at = case.as_of
    case.held = None
    case.unread, case.help_answers = [], []
    close_calls(case, "overtaken")
    case.journal("closed", outcome=outcome)
    if letter is not None:
        tell_customer(case, letter, f"end/{outcome}" if again == 1 else f"end/{outcome}/{again}", **details)
