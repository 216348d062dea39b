"""The acts of staff (starter/acts.py) as forms: which are possible now, and what was filled in as a fact."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from complaints.records.staff import Role
from complaints.rules.facts import UPDATES, Fact, MessageReceived, Via
from complaints.rules.given_files import GivenFile
from complaints.rules.stages import TABLE, Effect, Stage
from complaints.rules.status import Status
from complaints.words.catalogue import N_, Message
from desk.roles import may
from desk.staff.forms import instant
from starter.acts import ACTS, Act, Field, Group
from starter.errors import Refused

KEPT = "kept"
"""The ticks of files that are with us already: of a form that was refused, of a draft, of the answer as it stands."""
LATER = "later"
"""The button by which the customer is told by telephone later."""

Words = Message | str
"""For whoever reads it; a text is the same in every language."""

TALK = frozenset({MessageReceived.name, *(UPDATES[act.name].name for act in ACTS.values() if act.talk)})
"""The facts that passed between the customer and us, by their names in the journal."""


def grouped(acts: list[Act], stage: str) -> list[tuple[Words | None, list[Act]]]:
    """The acts as the page shows them: the everyday ones without a heading, then the rest under theirs."""
    groups: dict[Group | None, list[Act]] = {None: []}
    for act in acts:
        groups.setdefault(None if is_first(act, stage) else act.group, []).append(act)
    return [(group.value if group else None, some) for group, some in groups.items()]


def at_hand(acts: Sequence[Act], stage: str, *, replies: bool) -> list[Act]:
    """The acts as a thumb wants them (F28): what the stage is for, a message to the customer, a note; then the rest.

    `replies`: whether a message can be written now; its form stands apart from the others.
    """
    everyday = [ACTS["reply"]] * replies + [act for act in acts if act.name == "add_note"]
    first = [act for act in acts if is_first(act, stage)]
    return [*first, *everyday, *(act for act in acts if act not in (*first, *everyday))]


def possible(status: Status, role: Role) -> list[Act]:
    """What this role may do with the case as it stands, what its stage is for standing first."""
    stage = Stage(status.stage)
    answered = {"resolve": False, "correct_resolution": True}
    found = [
        act
        for act in ACTS.values()
        if not act.beside
        and TABLE[UPDATES[act.name].name, stage] is not Effect.IGNORED
        and answered.get(act.name, status.answered) is status.answered
        and may(role, act.takes)
    ]
    return sorted(found, key=lambda act: not is_first(act, stage))


def is_first(act: Act, stage: str) -> bool:
    """Whether this is what the stage is for."""
    return act.first_in == stage


def as_fact(
    act: Act, form: FormData, *, by: str, event_id: str, zone: ZoneInfo, files: Sequence[GivenFile] = ()
) -> Fact:
    """What was filled in, with the files that were chosen. Raises pydantic's ValidationError."""
    given = {field.name: _value(field, form, zone) for field in act.form}
    given |= {field.name: list(files) for field in act.form if field.kind == "files"}
    emptied = {field.name for field in act.form if field.standing and field.kind in ("lines", "files")}
    said = {name: value for name, value in given.items() if value not in (None, "", []) or name in emptied}
    return UPDATES[act.name].model_validate(said | {"by": by, "via": Via.DESK.value, "event_id": event_id})


def expect_filled(act: Act, form: FormData, named: Callable[[Field], str], *, files: Sequence[GivenFile] = ()) -> None:
    """Refuses a form that lacks what the act would be wrong without, or that says it both ways. Raises Refused.

    `named`: how the form calls a field. Programs, commands and signals may say less (design §4).
    """
    later = act.later is not None and bool(form.get(LATER))
    words = [field for field in act.form if _is_words(field)]
    if later and (said := [field for field in words if str(form.get(field.name) or "").strip()]):
        raise Refused(N_("You wrote “{field}”: send it, or empty it and explain it by phone.", field=named(said[0])))
    if later and files:
        raise Refused(N_("You attached files: send them with the answer, or take them off and explain it by phone."))
    missing = [
        named(field)
        for field in act.form
        if field.needed and not str(form.get(field.name) or "").strip() and not (later and field in words)
    ]
    if missing:
        raise Refused(N_("This is still to be filled in: {fields}.", fields=", ".join(f"«{one}»" for one in missing)))


def _is_words(field: Field) -> bool:
    """Words that would go into the letter."""
    return field.kind in ("text", "lines") and field.reader == "customer"


def filled(act: Act, form: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, to be shown again beside a refusal; of files the digests of those that are ticked."""
    lists = isinstance(form, FormData)
    several = {"details": None, "files": KEPT}
    return {
        field.name: form.getlist(several[field.kind] or field.name)  # type: ignore[attr-defined]
        if lists and field.kind in several
        else form.get(field.name)
        for field in act.form
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
