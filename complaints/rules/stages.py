"""Which fact does what in which stage: the one table, shown in docs/procedure.md and tested cell by cell."""

from enum import StrEnum

from complaints.rules.refusals import Refusal


class Stage(StrEnum):
    """Where a complaint is on its route (§5, §8)."""

    ASSESSMENT = "assessment"
    """§5.1"""
    ASSIGNMENT = "assignment"
    """§5.2"""
    INVESTIGATION = "investigation"
    """§5.3"""
    CONFIRMATION = "confirmation"
    """§6 to §8: resolved, and the customer has the word."""
    CLOSED = "closed"
    """§8"""


class Effect(StrEnum):
    """What a fact does to a case."""

    APPLIES = "applies"
    IMPLIES = "implies"
    """Applies, and completes the earlier stages that nobody reported."""
    HELD = "held"
    """Kept, and applied when its time comes."""
    IGNORED = "ignored"
    """Journalled with the reason; a request is refused with it."""


STAGES = tuple(Stage)
_A, _P, _H, _I = Effect.APPLIES, Effect.IMPLIES, Effect.HELD, Effect.IGNORED

#                          assessment, assignment, investigation, confirmation, closed
_ROWS: dict[str, tuple[Effect, Effect, Effect, Effect, Effect]] = {
    "assessed":              (_A, _A, _A, _I, _I),
    "details-requested":     (_A, _A, _A, _I, _I),
    "details-received":      (_A, _A, _A, _A, _I),
    "assigned":              (_P, _A, _A, _I, _I),
    "noted":                 (_A, _A, _A, _A, _I),
    "involved":              (_A, _A, _A, _I, _I),
    "date-promised":         (_A, _A, _A, _I, _I),
    "resolved":              (_P, _P, _A, _A, _I),
    "customer-satisfied":    (_H, _H, _H, _A, _I),
    "customer-dissatisfied": (_A, _A, _A, _A, _A),
    "called":                (_A, _A, _A, _A, _A),
    "message-received":      (_A, _A, _A, _A, _A),
    "letter-bounced":        (_A, _A, _A, _A, _A),
    "feedback-given":        (_A, _A, _A, _A, _A),
    "survey-answered":       (_I, _I, _I, _A, _A),
    "withdrawn":             (_A, _A, _A, _A, _I),
    "not-a-complaint":       (_A, _A, _A, _I, _I),
    "merged":                (_A, _A, _A, _A, _I),
    "separated":             (_A, _A, _A, _A, _A),
    "closed-by-decision":    (_A, _A, _A, _A, _I),
    "rules-changed":         (_A, _A, _A, _A, _I),
    "messages-read":         (_A, _A, _A, _A, _I),
    "reading-rejected":      (_A, _A, _A, _A, _I),
    "resolution-corrected":  (_I, _I, _I, _A, _I),
    "replied":               (_A, _A, _A, _A, _I),
    "act-held":              (_A, _A, _A, _A, _I),
    "act-withdrawn":         (_A, _A, _A, _A, _I),
    "act-sent-now":          (_A, _A, _A, _A, _I),
}  # fmt: skip

TABLE: dict[tuple[str, Stage], Effect] = {
    (fact, stage): effect for fact, row in _ROWS.items() for stage, effect in zip(STAGES, row, strict=True)
}
"""Every cell: (fact, stage) -> effect."""

INSTEAD: dict[tuple[str, Stage], Refusal] = {
    ("assessed", Stage.CONFIRMATION): Refusal("resolved.assess"),
    ("details-requested", Stage.CONFIRMATION): Refusal("resolved.request-details"),
    ("assigned", Stage.CONFIRMATION): Refusal("resolved.assign"),
    ("involved", Stage.CONFIRMATION): Refusal("resolved.involve"),
    ("date-promised", Stage.CONFIRMATION): Refusal("resolved.promise"),
    ("survey-answered", Stage.ASSESSMENT): Refusal("survey.early"),
    ("survey-answered", Stage.ASSIGNMENT): Refusal("survey.early"),
    ("survey-answered", Stage.INVESTIGATION): Refusal("survey.early"),
    ("not-a-complaint", Stage.CONFIRMATION): Refusal("resolved.dismiss"),
    ("resolution-corrected", Stage.ASSESSMENT): Refusal("correct.unresolved"),
    ("resolution-corrected", Stage.ASSIGNMENT): Refusal("correct.unresolved"),
    ("resolution-corrected", Stage.INVESTIGATION): Refusal("correct.unresolved"),
}
"""Why a cell is ignored, and what to do instead; for `closed` there is one reason for all."""

CLOSED = Refusal("closed")
