"""What is sent from the desk waits for the policy's seconds, and one click takes it back with its words (§5, §6)."""

from typing import Any

from starlette.responses import Response

from complaints.records.drafts import Fields
from complaints.rules.facts import MAY_WAIT, UPDATES, ActHeld, Fact
from desk.request import PageRequest, address
from desk.staff.waiting import act_of
from starter.acts import Act

HOLD = "hold_act"
"""The update by which an act waits."""
UNDO = "undo_act"
OF_WHAT_WAITS = frozenset({UNDO, "send_now"})
"""What can be done about an act that waits."""


def may_wait(request: PageRequest, act: Act) -> bool:
    """Whether this act writes a letter, and the school wants it to wait."""
    return bool(request.app_state.policy.letters.undo_seconds) and act.writes and UPDATES[act.name].name in MAY_WAIT


def held(fact: Fact) -> ActHeld:
    """The fact as what will be done in a minute."""
    own = {"at", "by", "via", "event_id"}
    said = fact.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=own)
    return ActHeld(act=fact.name, said=said, by=fact.by, via=fact.via, event_id=fact.event_id)


async def undo(request: PageRequest, number: str, fact: Fact, event_id: str) -> Response:
    """Takes back what waits; its words are in its form again. Raises what `FrontDesk.act` raises."""
    desk = request.app_state.front_desk
    pending = (await desk.status(number)).value.pending_act
    await desk.act(number, UNDO, fact, event_id)
    act = act_of(pending.act) if pending else None
    if act is not None and pending is not None and (typed := _typed(act, pending.said)):
        await request.app_state.store.keep_draft(number, act.name, request.member.account, typed)
    return request.to(address(f"/cases/{number}", done=UNDO, act=act.name if act else None))


def _typed(act: Act, said: dict[str, Any]) -> Fields:
    """What the fact says, as it was typed into the act's form."""
    typed: Fields = {}
    for field in act.form:
        value = said.get(field.name)
        if value in (None, "", [], False):
            continue
        if field.kind == "details":
            typed[field.name] = [str(one) for one in value]
        elif field.kind == "files":
            typed[field.name] = [str(one["digest"]) for one in value]
        elif field.kind == "lines":
            typed[field.name] = "\n".join(map(str, value))
        else:
            typed[field.name] = "1" if value is True else str(value)
    return typed
