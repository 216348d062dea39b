"""The customer's own page (design §5.3): a signed link opens it, and nothing is said by opening it.

Whatever changes something is posted by a form that we drew: words or a choice must be filled in, nothing is chosen
before, and a yes, a no or a withdrawal is shown once more and ticked before it counts. So a mail scanner that opens
every address, runs scripts and presses a lone button says nothing in the customer's name.
"""

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from complaints.mail.links import token_in
from complaints.records.errors import RecordsError
from complaints.words.catalogue import N_
from desk.customer_acts import POSTED, Page
from desk.customer_page import CHANGED, TOO_MUCH, drawn, story_of
from desk.customer_visit import LARGEST_FORM, CustomerVisit
from desk.office import Office
from starter.customer_links import CustomerLinks
from starter.errors import FrontDeskError, NotFound

LOG = logging.getLogger("desk.customer")

SMALL_FORM = 10_000
"""Bytes: a number and an address."""


def customer_routes(office: Office) -> list[Route]:
    """Every address below /c. Without an address and a key there are no links, and so no pages."""
    settings = office.settings
    if settings is None or not settings.secret_keys:
        return []
    links = CustomerLinks(office.store, settings, office.contacts, office.policy.calendar.timezone)
    routes = [
        Route("/c", _entered(lost_page, office, links), methods=["GET"]),
        Route("/c", _entered(_posted(ask_anew, largest=SMALL_FORM), office, links), methods=["POST"]),
        Route("/c/{token}", _entered(_opened(own_page), office, links), methods=["GET"]),
    ]
    for path, page in POSTED.items():
        routes.append(Route(f"/c/{{token}}/{path}", _entered(_opened(back), office, links), methods=["GET"]))
        routes.append(Route(f"/c/{{token}}/{path}", _entered(_opened(_posted(page)), office, links), methods=["POST"]))
    # Last: an address that was cut off is explained, too.
    routes.append(Route("/c/{rest:path}", _entered(_nothing_here, office, links), methods=["GET", "POST"]))
    return routes


def _entered(page: Page, office: Office, links: CustomerLinks) -> Callable[[Request], Awaitable[Response]]:
    async def enter(request: Request) -> Response:
        visit = CustomerVisit(request, office, links=links, link=token_in(request.path_params.get("token", "")))
        try:
            return await page(visit)
        except NotFound:
            return _ended(visit)
        except (FrontDeskError, RecordsError) as error:
            LOG.warning("a customer's page: %s", type(error).__name__)
            return visit.refusal(
                N_("We cannot open your complaint at the moment. Try again in a few minutes, or call us."),
                status=503,
            )

    return enter


def _posted(page: Page, *, largest: int = LARGEST_FORM) -> Page:
    """With the form that was sent, of that many bytes at most."""

    async def posted(visit: CustomerVisit) -> Response:
        if visit.from_elsewhere:
            return visit.refusal(CHANGED, status=403)
        if not await visit.read_form(largest):
            return visit.refusal(TOO_MUCH, status=413)
        return await page(visit)

    return posted


def _opened(page: Page) -> Page:
    """Only with a link of ours that is still good; whoever has none sends nothing that we read.

    Asked of the records at every use. Whatever it is that does not open, there is one answer, and the same questions
    are asked before it: it says nothing of whether there is such a complaint.
    """

    async def opened(visit: CustomerVisit) -> Response:
        assert visit.links is not None
        if visit.link is None:
            return await _nothing_here(visit)
        if not await visit.links.opens(visit.link, visit.now):
            return _ended(visit)
        return await page(visit)

    return opened


async def own_page(visit: CustomerVisit) -> Response:
    """Where the complaint stands, and the forms."""
    return await drawn(visit, await story_of(visit))


async def back(visit: CustomerVisit) -> Response:
    """Whoever loads the answer to a form again gets the page."""
    return visit.to(visit.here())


async def lost_page(visit: CustomerVisit) -> Response:
    """For whoever has no link that works."""
    return visit.page("customer/lost.html", why=None, asked=False, number="", sentence=None)


async def ask_anew(visit: CustomerVisit) -> Response:
    """A new link to the address on record; the answer is the same whether there is such a complaint or not."""
    assert visit.links is not None
    number, email = visit.given("number"), visit.given("email")
    if not number or "@" not in email:
        return visit.page(
            "customer/lost.html", status=422, why=None, asked=False, number=number,
            sentence=visit.gettext("Write your complaint number and your email address."),
        )  # fmt: skip
    await visit.links.ask_anew(number, email, now=visit.now)
    return visit.page("customer/lost.html", why=None, asked=True, number="", sentence=None)


async def _nothing_here(visit: CustomerVisit) -> Response:
    """An address that was cut off, as its form shows to anybody: how to get another."""
    return visit.page("customer/lost.html", status=404, why="unknown", asked=False, number="", sentence=None)


def _ended(visit: CustomerVisit) -> Response:
    """A link that opens nothing, whyever: it has expired; the telephone, and how to get another.

    To the byte the same of every link: nothing of the address stands in it either.
    """
    other = visit.gettext("?lang=es")
    return visit.page(
        "customer/lost.html", status=410, why="expired", asked=False, number="", sentence=None, in_other=other
    )
