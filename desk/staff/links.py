"""The links to a customer's page, ended from the case's: the address was wrong, or a link is in wrong hands."""

from starlette.responses import Response

from complaints.records.links import REVOKED
from complaints.rules.facts import Via
from complaints.rules.text import one_line
from complaints.words.catalogue import N_
from desk.request import PageRequest, address
from desk.staff.case import number_of, show
from desk.staff.forms import event_id_of, words_of
from starter.customer_links import CustomerLinks
from starter.errors import FrontDeskError, NotFound, Refused


async def revoke(request: PageRequest) -> Response:
    """Ends every link of the case that is out. Without its tick it says what to do."""
    number, settings = number_of(request), request.app_state.settings
    reason, sure = one_line(words_of(request, "reason")), words_of(request, "sure")
    try:
        if settings is None:
            raise Refused(N_("No links are made here."))
        if not sure:
            raise Refused(
                N_("Tick that you want to end the links, and send again."),
            )
        links = CustomerLinks(
            request.app_state.store, settings, request.app_state.contacts, request.app_state.policy.calendar.timezone
        )
        await links.revoke(
            number,
            by=request.member.name,
            at=request.now,
            via=Via.DESK,
            reason=reason or None,
            event_id=event_id_of(request),
        )
    except NotFound:
        raise
    except FrontDeskError as error:
        sentence, typed = request.told(error), {"reason": reason}
        return await show(request, number, status=409, sentence=sentence, asked="links", typed=typed)
    return request.to(address(f"/cases/{number}", done=REVOKED))
