"""The links to a customer's page, ended from the case's: the address was wrong, or a link is in wrong hands."""

from starlette.responses import Response

from complaints.records.links import REVOKED
from complaints.rules.facts import Via
from complaints.rules.text import one_line
from complaints.words.catalogue import N_
from desk.case import number_of, show
from desk.forms import event_id_of, words_of
from desk.visit import Visit, address
from starter.customer_links import CustomerLinks
from starter.errors import FrontDeskError, NotFound, Refused


async def revoke(visit: Visit) -> Response:
    """Ends every link of the case that is out. Without its tick it says what to do."""
    number, settings = number_of(visit), visit.office.settings
    reason, sure = one_line(words_of(visit, "reason")), words_of(visit, "sure")
    try:
        if settings is None:
            raise Refused(N_("No links are made here."))
        if not sure:
            raise Refused(
                N_("Tick that you want to end the links, and send again."),
            )
        links = CustomerLinks(
            visit.office.store, settings, visit.office.contacts, visit.office.policy.calendar.timezone
        )
        await links.revoke(
            number, by=visit.member.name, at=visit.now, via=Via.DESK, reason=reason or None, event_id=event_id_of(visit)
        )
    except NotFound:
        raise
    except FrontDeskError as error:
        sentence, typed = visit.told(error), {"reason": reason}
        return await show(visit, number, status=409, sentence=sentence, asked="links", typed=typed)
    return visit.to(address(f"/cases/{number}", done=REVOKED))
