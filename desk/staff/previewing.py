"""“This is how they get it”: the letters of an act before it is sent, by the same rules and renderer (§5, §6)."""

from dataclasses import dataclass

from pydantic import ValidationError
from starlette.responses import Response

from complaints.contacts import ContactsError
from complaints.mail.headers import AddressUnusable
from complaints.mail.letters import PLAIN, Letter, render
from complaints.mailer import own_addresses
from complaints.rules.facts import Fact
from complaints.rules.previewing import preview
from complaints.rules.refusals import NotNow
from complaints.words.catalogue import N_
from complaints.words.refusals import by_label, refusal_in_words, said
from desk.request import PageRequest
from desk.staff.acts import as_fact, expect_filled
from desk.staff.case import act_of, number_of
from desk.staff.files import chosen_in
from desk.staff.forms import event_id_of
from starter.errors import FrontDeskError, NotFound
from starter.journals import case_in_records


@dataclass(frozen=True)
class Previewed:
    """What a form would send."""

    letters: tuple[Letter, ...]
    by_call: tuple[str, ...] = ()


async def preview_page(request: PageRequest) -> Response:
    """The letters of the form as it is filled in: beside it by the script, else as a page of its own."""
    assert request.form is not None
    number, act = number_of(request), act_of(request)
    if not request.may(act.takes):
        return request.not_allowed()
    if not act.writes:
        raise NotFound(N_("There is no page here."))
    sentence, found = None, None
    chosen = await chosen_in(request, number)
    try:
        if chosen.problem is not None:
            raise chosen.problem
        expect_filled(act, request.form, lambda field: request.say(field.label), files=chosen.all)
        fact = as_fact(
            act, request.form, by=request.member.name, event_id=event_id_of(request), zone=request.words.zone,
            files=chosen.all,
        )  # fmt: skip
        found = await _previewed(request, number, fact)
    except ValidationError as error:
        sentence = refusal_in_words(error, request.language, {field.name: field.label for field in act.form})
    except NotNow as error:
        sentence = said(error, request.language, by_label(request.language))
    except (ContactsError, AddressUnusable) as error:
        sentence = str(error)
    except FrontDeskError as error:
        sentence = request.told(error)
    return previewed(request, found, of=f"{request.say(act.title)} · {number}", sentence=sentence)


def previewed(request: PageRequest, found: Previewed | None, *, of: str, sentence: str | None) -> Response:
    """Those letters, or why there are none: beside the form by the script, else as a page of its own.

    `of`: what is being written.
    """
    template = "preview_part.html" if request.by_htmx else "preview.html"
    return request.page(template, of=of, found=found, sentence=sentence)


async def _previewed(request: PageRequest, number: str, fact: Fact) -> Previewed:
    """As the worker would write it from the case as the records have it."""
    state = request.app_state
    case = await case_in_records(state.store, number)
    if case is None:
        raise NotFound.number(number)
    tried = preview(case, fact, now=max(request.now, case.as_of))
    letters = [
        render(
            order,
            contacts=state.contacts(),
            public_url=state.settings.public_url if state.settings else None,
            timezone=state.policy.calendar.timezone,
            own=own_addresses(state.settings) if state.settings else PLAIN,
        )
        for order in tried.letters
    ]
    return Previewed(tuple(letters), tuple(kind.value for kind in tried.by_call))
