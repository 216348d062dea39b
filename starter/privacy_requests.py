"""Requests about a person's data: noted with the term that the law gives, and answered (Ley 29733)."""

from datetime import datetime
from uuid import uuid4

from complaints.records.errors import UnknownComplaint
from complaints.records.store import Store
from complaints.rules.facts import Via
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.privacy_requests import (
    ANSWERED,
    ASKED,
    PrivacyAnswer,
    PrivacyRequest,
    PrivacyRight,
    answered_by,
)
from complaints.words.catalogue import N_
from starter.errors import NotFound, Refused


async def note_request(
    store: Store,
    policy: Policy,
    number: str,
    right: PrivacyRight,
    *,
    received_at: datetime,
    now: datetime,
    by: str,
    event_id: str | None = None,
    via: Via = Via.CLI,
) -> PrivacyRequest:
    """Notes that somebody asked, and until when they are answered; the same event id notes it once.

    Raises NotFound; Refused for one that has not come yet, or that another event has this id.
    """
    if received_at > now:
        raise Refused(N_("That is still to come: say when the request reached the school."))
    calendar = rules_in_force(policy, received_at.date()).legal_calendar
    due = answered_by(right, received_at, calendar)
    data = {"kind": right.value, "received_at": received_at.isoformat(), "due": due.isoformat()}
    noted = event_id or str(uuid4())
    try:
        added = await store.add_afterword(number, event_id=noted, at=now, what=ASKED, by=by, via=via, data=data)
    except UnknownComplaint as error:
        raise NotFound.number(number) from error
    if not added and (known := await store.afterword(noted)) and (known[0], known[1].what) != (number, ASKED):
        raise Refused(N_("Something else was noted under this id: take another."))
    return PrivacyRequest(id=noted, number=number, right=right, received_at=received_at, due=due, by=by)


async def note_answer(
    store: Store, id_: str, answer: PrivacyAnswer, *, at: datetime, by: str, via: Via = Via.CLI
) -> PrivacyRequest:
    """Notes that the person has their answer: the request is open no more. Raises Refused where there is none such."""
    request = next((one for one in await store.privacy_requests() if one.id == id_), None)
    if request is None:
        raise Refused(
            N_("No open request has the id {id}.", id=id_),
            N_("No open request has the id {id}: `complaints privacy requests` lists them.", id=id_),
        )
    data = {"of": id_, "kind": request.right.value, "outcome": answer.value}
    await store.add_afterword(
        request.number, event_id=f"{id_}/answered", at=at, what=ANSWERED, by=by, via=via, data=data
    )
    return request
