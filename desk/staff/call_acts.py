"""Taking a call, and what came of it: the acts of whoever telephones (§4 to §6)."""

from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from complaints.rules.facts import Called, Via
from complaints.words.catalogue import N_, Message
from complaints.words.refusals import refusal_in_words
from desk.request import PageRequest
from desk.staff.calls import open_call_of
from desk.staff.case import number_of, show
from desk.staff.files import Chosen, chosen_in, keep
from desk.staff.forms import event_id_of, instant, words_of
from starter import calling
from starter.errors import FrontDeskError, NotFound, NotKnown

OUTCOMES = ("reached", "not-reached", "call-back")
"""What may come of a call. Who asks to be called back was spoken to, but told nothing yet."""


async def take(request: PageRequest) -> Response:
    """Takes the call for whoever is signed in, so that a customer is not called twice at once."""
    assert request.form is not None
    number = number_of(request)
    try:
        call = await open_call_of(request, number)
        over = bool(request.form.get("over"))
        await calling.take(
            request.app_state.store, call, by=request.member.name, at=request.now, over=over, via=Via.DESK
        )
    except NotFound:
        raise
    except FrontDeskError as error:
        return await _refused(request, number, request.told(error))
    return request.to(f"/cases/{number}#call")


async def outcome(request: PageRequest) -> Response:
    """What came of the call: reached and told, not reached, or they want to be called back."""
    assert request.form is not None
    number, event_id = number_of(request), event_id_of(request)
    chosen = await chosen_in(request, number)
    await keep(request, number, chosen)
    try:
        if chosen.problem is not None:
            raise chosen.problem
        fact = _called(request, event_id, chosen)
        await request.app_state.front_desk.act(number, "record_call", fact, event_id)
    except ValidationError as error:
        return await _refused(request, number, refusal_in_words(error, request.language), chosen)
    except _Incomplete as error:
        return await _refused(request, number, request.say(error.message), chosen)
    except NotKnown as error:
        return await _refused(request, number, request.told(error), chosen, event_id=error.event_id)
    except NotFound:
        raise
    except FrontDeskError as error:
        return await _refused(request, number, request.told(error), chosen)
    return request.to(f"/cases/{number}?done=record_call")


class _Incomplete(Exception):
    """Raised with what the form lacks."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.english)


def _called(request: PageRequest, event_id: str, chosen: Chosen) -> Called:
    """The form as a fact. Raises _Incomplete, and pydantic's ValidationError."""
    assert request.form is not None
    came = str(request.form.get("outcome") or "")
    if came not in OUTCOMES:
        raise _Incomplete(N_("Say what came of the call."))
    back = words_of(request, "next_at")
    if came == "call-back" and not back:
        raise _Incomplete(N_("Say when they want to be called."))
    said: dict[str, Any] = {
        "reached": came != "not-reached", "told": came == "reached", "direction": "outbound",
        "notes": words_of(request, "notes") or None,
        "with": words_of(request, "with") or None,
        "next_at": instant(back, request.words.zone) if back and came != "reached" else None,
        "files": chosen.all, "by": request.member.name, "via": Via.DESK.value, "event_id": event_id,
    }  # fmt: skip
    return Called.model_validate({name: value for name, value in said.items() if value is not None})


async def _refused(
    request: PageRequest, number: str, sentence: str, chosen: Chosen | None = None, *, event_id: str | None = None
) -> Response:
    typed: dict[str, Any] = {name: words_of(request, name) for name in ("notes", "with", "next_at")}
    typed["files"] = [file.digest for file in chosen.all] if chosen else []
    return await show(request, number, status=409, sentence=sentence, asked="call", typed=typed, event_id=event_id)
