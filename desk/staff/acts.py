"""The acts of staff as forms: which fields each has, which are possible now, and what was filled in as a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from complaints.records.staff import Role
from complaints.rules.facts import UPDATES, Fact, Via
from complaints.rules.stages import TABLE, Effect, Stage
from complaints.words.catalogue import N_, NP_, Message
from desk.roles import may, needed_for
from desk.staff.forms import instant

Words = Message | str
"""For whoever reads it; a text is the same in every language."""


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    name: str
    kind: str
    """line, text, lines (one a line), day, when, tick, choice, department, person, category, severity, details."""
    label: Words
    required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()
    hint: Words | None = None
    checked: bool = False


@dataclass(frozen=True)
class Act:
    """One act, named as the update that asks for it."""

    name: str
    title: Words
    button: Words
    fields: tuple[Field, ...]
    hint: Words | None = None
    grave: bool = False
    """It ends the case: the button says so by its colour."""


_REASON = Field("reason", "text", N_("Reason"))
_YES_NO = (("true", N_("Yes, we spoke")), ("false", N_("No answer")))
_UPHELD = (
    ("upheld", N_("Yes, justified")),
    ("partly", N_("In part")),
    ("not", N_("Not justified")),
)
_WHO_CALLED = (("outbound", N_("We called")), ("inbound", N_("They called")))
_SCORES = tuple((str(score), str(score)) for score in range(1, 6))

ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act("assess", N_("Assess"), N_("Record assessment"), (
            Field("category", "category", N_("What it is about")),
            Field("severity", "severity", N_("Severity"), hint=N_("low, medium or high")),
            Field("note", "text", N_("Internal note")),
        )),
        Act("assign", N_("Assign"), N_("Assign"), (
            Field("department", "department", N_("Department")),
            Field("representative", "person", N_("Representative")),
        )),
        Act("resolve", N_("Resolve"), N_("Send the resolution"), (
            Field("text", "text", N_("Resolution, as the customer reads it")),
            Field("outcome", "choice", N_("Is it justified?"), choices=_UPHELD),
            Field("cause", "line", N_("Cause")),
            Field("corrective_actions", "lines", N_("Corrective actions"),
                  hint=N_("one a line")),
            Field("told_in_call", "tick", N_("I told the customer by phone")),
        )),
        Act("confirm_satisfied", N_("The customer is satisfied"),
            N_("Close: satisfied"),
            (Field("words", "text", N_("What they said")),)),
        Act("dispute", N_("The customer is not satisfied"),
            N_("Record it"), (_REASON,),
            hint=N_("The complaint goes one level up.")),
        Act("request_details", N_("Ask for details"), N_("Ask the customer"), (
            Field("missing", "details", N_("What is missing")),
            Field("question", "text", N_("Question")),
        ), hint=N_("Windows wait, 5 business days at most.")),
        Act("receive_details", N_("Record details"), N_("Record"), (
            Field("text", "text", N_("What they said")),
            Field("document", "line", N_("Document")),
            Field("customer_name", "line", N_("Name")),
            Field("phone", "line", N_("Telephone")),
            Field("email", "line", N_("Email")),
            Field("address", "line", N_("Address")),
            Field("occurred_on", "day", N_("Date of the problem")),
            Field("product", "line", N_("Product or service")),
            Field("still_missing", "details", N_("Still missing")),
        )),
        Act("add_note", N_("Note"), N_("Save note"), (
            Field("text", "text", N_("Note"), required=True),
            Field("for_customer", "tick", N_("Tell it in the next update")),
        )),
        Act("record_call", N_("Call"), N_("Record call"), (
            Field("reached", "choice", N_("Did you reach them?"), True, _YES_NO),
            Field("direction", "choice", N_("Who called"), True, _WHO_CALLED),
            Field("with", "line", N_("With whom")),
            Field("notes", "text", N_("What was said")),
            Field("told", "tick", N_("We told them where it stands"), checked=True),
            Field("next_at", "when", N_("Call again")),
        )),
        Act("promise_date", N_("Promise a date"), N_("Promise"), (
            Field("date", "day", N_("Date of the solution"), required=True),
            Field("note", "text", N_("Note for the customer")),
        )),
        Act("involve", N_("Involve"), N_("Send"), (
            Field("whom", "person", N_("Whom: department, key or email"), required=True),
            Field("question", "text", N_("What you need to know"), required=True),
            Field("answer_by", "day", N_("By when")),
        ), hint=N_("They do not see the customer's contact data.")),
        Act("give_feedback", N_("Customer's feedback"), N_("Save"), (
            Field("text", "text", N_("On how it was handled"), required=True),
        )),
        Act("answer_survey", N_("Survey"), N_("Save"), (
            Field("score", "choice", N_("1 (very bad) to 5 (very good)"), True, _SCORES),
            Field("comment", "text", N_("Comment")),
        )),
        Act("merge", NP_("title", "Merge"), N_("Merge"), (
            Field("into", "line", N_("Number of the one that goes on"), required=True),
        ), grave=True),
        Act("withdraw", N_("Withdrawn"), N_("Withdraw"), (_REASON,), grave=True),
        Act("dismiss", N_("Not a complaint"), NP_("not a complaint", "Close"), (_REASON,),
            hint=N_("The customer is told the reason."), grave=True),
        Act("close_by_decision", N_("Close by decision"), N_("Close"), (
            Field("reason", "text", N_("Written reason"), required=True),
        ), grave=True),
    )
}  # fmt: skip
"""Every request of staff, the everyday ones first."""

_FIRST = {
    Stage.ASSESSMENT: ("assess",),
    Stage.ASSIGNMENT: ("assign",),
    Stage.INVESTIGATION: ("resolve",),
    Stage.CONFIRMATION: ("confirm_satisfied", "dispute"),
    Stage.CLOSED: ("answer_survey",),
}


_GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (N_("The customer said"), ("confirm_satisfied", "dispute", "give_feedback", "answer_survey")),
    (N_("End it otherwise"), ("merge", "withdraw", "dismiss", "close_by_decision")),
)
"""What is folded away under a heading of its own, unless it is what the stage is for."""


def grouped(acts: list[Act], stage: str) -> list[tuple[Words | None, list[Act]]]:
    """The acts as the page shows them: the everyday ones without a heading, then the rest under theirs."""
    folded = {name for _, names in _GROUPS for name in names} - set(_FIRST[Stage(stage)])
    everyday: tuple[Words | None, list[Act]] = (None, [act for act in acts if act.name not in folded])
    rest = [(title, [act for act in acts if act.name in names and act.name in folded]) for title, names in _GROUPS]
    return [everyday, *((title, some) for title, some in rest if some)]


def possible(stage: str, role: Role) -> list[Act]:
    """What this role may do with a case in that stage, what the stage is for standing first."""
    now = Stage(stage)
    found = [
        act
        for act in ACTS.values()
        if TABLE[UPDATES[act.name].name, now] is not Effect.IGNORED and may(role, needed_for(act.name))
    ]
    return sorted(found, key=lambda act: act.name not in _FIRST[now])


def is_first(act: Act, stage: str) -> bool:
    """Whether this is what the stage is for."""
    return act.name in _FIRST[Stage(stage)]


def as_fact(act: Act, form: FormData, *, by: str, event_id: str, zone: ZoneInfo) -> Fact:
    """What was filled in. Raises pydantic's ValidationError."""
    given = {field.name: _value(field, form, zone) for field in act.fields}
    said = {name: value for name, value in given.items() if value not in (None, "", [])}
    return UPDATES[act.name].model_validate(said | {"by": by, "via": Via.DESK.value, "event_id": event_id})


def filled(act: Act, form: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, to be shown again beside a refusal."""
    lists = isinstance(form, FormData)
    return {
        field.name: form.getlist(field.name) if lists and field.kind == "details" else form.get(field.name)  # type: ignore[attr-defined]
        for field in act.fields
    }


def _value(field: Field, form: FormData, zone: ZoneInfo) -> Any:
    text = str(form.get(field.name) or "").strip()
    match field.kind:
        case "tick":
            return bool(text)
        case "lines":
            return [line.strip() for line in text.splitlines() if line.strip()]
        case "details":
            return [str(item) for item in form.getlist(field.name) if str(item).strip()]
        case "when":
            return instant(text, zone)
    return text.replace("\r\n", "\n")
