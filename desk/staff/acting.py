"""An act on a case: done once, signed by whoever sent the form, or refused in a sentence beside what was typed."""

from pydantic import ValidationError
from starlette.responses import Response

from complaints.rules.facts import CustomerSatisfied, Fact, Merged, Via
from complaints.rules.heard import ALREADY
from complaints.rules.state import DONE
from complaints.rules.status import TimelineEntry
from complaints.words.catalogue import N_
from complaints.words.refusals import refusal_in_words
from desk.request import PageRequest, address
from desk.staff.acts import as_fact, expect_filled, filled
from desk.staff.case import act_of, happened, number_of, show, who
from desk.staff.files import Chosen, chosen_in, keep
from desk.staff.forms import event_id_of, seen_by
from desk.staff.undoing import HOLD, OF_WHAT_WAITS, UNDO, held, may_wait, undo
from starter.acts import Act
from starter.errors import FrontDeskError, NotFound, NotKnown, Refused
from starter.merging import AnotherPerson
from starter.permissions import Permission

_PEOPLE = {via.value for via in Via} - {Via.CLOCK.value}


async def act(request: PageRequest) -> Response:
    """Does what a form asks for, once, signed by whoever sent it; or shows the page again with the reason."""
    assert request.form is not None
    number, asked = number_of(request), act_of(request)
    if not request.may(asked.takes):
        return request.not_allowed()
    event_id = event_id_of(request)
    chosen = await chosen_in(request, number)
    await keep(request, number, chosen)  # whatever becomes of the form, nobody has to choose them again
    try:
        if asked.name not in OF_WHAT_WAITS:  # they name the very row, and what became of it is the answer
            await _expect_nothing_new(request, number, event_id)
        if chosen.problem is not None:
            raise chosen.problem
        if request.form.get("reply") is None:  # what a message says is its words
            expect_filled(asked, request.form, lambda field: request.say(field.label), files=chosen.all)
        fact = as_fact(
            asked, request.form, by=request.member.name, event_id=event_id, zone=request.words.zone, files=chosen.all
        )
        if (row := seen_by(request.form.get("reply"))) is not None:
            fact = await _as_replied(request, number, fact, row)
        if asked.name == UNDO:
            return await undo(request, number, fact, event_id)
        if may_wait(request, asked):
            await request.app_state.front_desk.act(number, HOLD, held(fact), event_id)
        else:
            await request.app_state.front_desk.act(number, asked.name, fact, event_id)
        await request.app_state.store.drop_draft(number, asked.name, request.member.account)
    except AnotherPerson as error:
        if request.may(Permission.DECIDE):  # who both are, and what each will be told
            return request.to(address(f"/cases/{number}/merge", into=error.into))
        return await _refused(request, number, asked, request.told(error), chosen)
    except ValidationError as error:
        own = {field.name: field.label for field in asked.form}
        return await _refused(request, number, asked, refusal_in_words(error, request.language, own), chosen)
    except NotKnown as error:
        return await _refused(request, number, asked, request.say(_NOT_KNOWN), chosen, same_id=error.event_id)
    except NotFound as error:
        if not isinstance(fact, Merged):
            raise
        # The case is there; the one that it should go on in is not.
        return await _refused(request, number, asked, request.told(error), chosen)
    except FrontDeskError as error:
        sentence = request.say(_SENT_ALREADY) if _was_used(error) else request.told(error)
        return await _refused(request, number, asked, sentence, chosen)
    return request.to(f"/cases/{number}?done={asked.name}")


_NOT_KNOWN = N_("It is not known to be done: there was no answer. Send the same form again: it is done once.")


_SENT_ALREADY = N_(
    "This form was sent before, and what it said then is registered. What you typed now is not: if it is new, send it "
    "once more."
)


def _was_used(error: FrontDeskError) -> bool:
    answer = error.answer if isinstance(error, Refused) else None
    return answer is not None and ALREADY in answer.refusals


class SomebodyElse(FrontDeskError):
    """Another person acted on the case while this form was being filled in."""


class Answered(FrontDeskError):
    """The message that a button stood beside has been answered or read meanwhile."""


async def _as_replied(request: PageRequest, number: str, fact: Fact, row: int) -> Fact:
    """The act with the customer's own mail as its evidence: their words, through the reply that row tells of (§8).

    Where anybody may have written it, the words count as what whoever pressed the button was told. Raises Answered
    where that message is not new any more, unless it is so by this very form, sent twice.
    """
    desk = request.app_state.front_desk
    message = next((one for one in (await desk.status(number)).value.messages if one.row == row), None)
    if message is None:
        timeline = (await desk.timeline(number)).value
        if not any(entry.data.get("event_id") == fact.event_id for entry in timeline):
            raise Answered(N_("That message has been answered or read meanwhile: look at the case below."))
    said = message.seems.words if message and message.seems else None
    field = "words" if isinstance(fact, CustomerSatisfied) else "reason"
    via = Via.DESK if message and not message.proven else Via.REPLY
    return fact.model_copy(update={"via": via, field: said})


async def _expect_nothing_new(request: PageRequest, number: str, event_id: str) -> None:
    """Raises SomebodyElse if people did something since the page was drawn: whoever decides should know.

    Not for a form that has been applied already: a double click, or one sent again after its answer was lost.
    """
    assert request.form is not None
    last = seen_by(request.form.get("seen")) or 0
    timeline = (await request.app_state.front_desk.timeline(number)).value
    since = [row for row in timeline if row.seq > last and row.via in _PEOPLE and not _is_quiet(row)]
    if not since or any(row.data.get("event_id") == event_id for row in timeline):
        return
    what = happened(request, since[-1])
    if not since[-1].by:  # by mail, or by a program
        raise SomebodyElse(
            N_(
                "Meanwhile there is news on this case: “{what}”. Look at it below; if it still fits, send again.",
                what=what,
            ),
        )
    raise SomebodyElse(
        N_(
            "Meanwhile {who} acted on this case: “{what}”. Look at it below; if it still fits, send again.",
            who=who(request, since[-1].by),
            what=what,
        ),
    )


def _is_quiet(row: TimelineEntry) -> bool:
    """Nobody acted anew by it: a letter went out, or what was sent a minute ago is done."""
    return row.what.startswith("letter-") or str(row.data.get("event_id", "")).startswith(DONE)


async def _refused(
    request: PageRequest, number: str, asked: Act, sentence: str, chosen: Chosen, *, same_id: str | None = None
) -> Response:
    """The page again, with what was typed and the files that were chosen."""
    assert request.form is not None
    files = {field.name: [file.digest for file in chosen.all] for field in asked.form if field.kind == "files"}
    return await show(
        request,
        number,
        status=409,
        sentence=sentence,
        asked=asked.name,
        typed=filled(asked, request.form) | files,
        event_id=same_id,
    )
