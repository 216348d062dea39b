"""The customer's own page (design §5.3): a signed link opens it, and nothing is said by opening it.

Whatever changes something is posted by a form that we drew: words or a choice must be filled in, nothing is chosen
before, and a yes, a no or a withdrawal is shown once more and ticked before it counts. So a mail scanner that opens
every address, runs scripts and presses a lone button says nothing in the customer's name.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from complaints.mail.links import token_in
from complaints.records.errors import RecordsError
from complaints.words.catalogue import N_
from desk.app_state import AppState
from desk.customer import form
from desk.customer.acts import POSTED, Page, words
from desk.customer.drawing import CHANGED, drawn, story_of
from desk.customer.gate import Gate, TooBusy
from desk.customer.request import HEADERS, CustomerRequest
from desk.downloads import as_download
from desk.uploads import LARGEST_FORM, uploads_in
from starter.customer_links import CustomerLinks
from starter.errors import Away, FrontDeskError, NotFound
from starter.given_files import TOO_MUCH
from starter.public_form import TOO_MANY
from starter.scanning import FileRefused, handed_out

LOG = logging.getLogger("desk.customer")

SAME_TIME = 0.1
"""Seconds that an answer takes which must not tell whether there is such a complaint, or a multiple of them where the
machine is busy: more than the work takes, so that how long it took does not show."""

_SAYS_NOTHING = frozenset({404, 410})
"""The answers to links that open nothing."""

SMALL_FORM = 10_000
"""Bytes: a number and an address."""


def customer_routes(app_state: AppState) -> list[Route]:
    """Every address below /c, and the public form. Without a key there are no links, and so no pages."""
    settings = app_state.settings
    if settings is None or not settings.secret_keys:
        return []
    links = CustomerLinks(app_state.store, settings, app_state.contacts, app_state.policy.calendar.timezone)
    gate = Gate()
    asked = _paced(_posted(ask_anew, gate, largest=SMALL_FORM), gate)
    routes = _form_routes(app_state, links, gate) if settings.public_form else []
    routes += [
        Route("/c", _entered(lost_page, app_state, links), methods=["GET"]),
        Route("/c", _entered(asked, app_state, links, page_of_nobody=True), methods=["POST"]),
        Route("/c/{token}", _entered(_opened(own_page), app_state, links), methods=["GET"]),
    ]
    routes.append(Route("/c/{token}/files/{digest}", _entered(_opened(given_file), app_state, links), methods=["GET"]))
    for path, page in POSTED.items():
        routes.append(Route(f"/c/{{token}}/{path}", _entered(_opened(back), app_state, links), methods=["GET"]))
        routes.append(
            Route(f"/c/{{token}}/{path}", _entered(_opened(_posted(page, gate)), app_state, links), methods=["POST"])
        )
    # Last: an address that was cut off is explained, too.
    routes.append(Route("/c/{rest:path}", _entered(_nothing_here, app_state, links), methods=["GET", "POST"]))
    return routes


def _form_routes(app_state: AppState, links: CustomerLinks, gate: Gate) -> list[Route]:
    """The public form, for whoever knows its address."""
    made = partial(form.FormRequest, gate=gate)
    return [
        Route(form.PATH, _entered(form.form_page, app_state, links, made=made), methods=["GET"]),
        Route(form.PATH, _entered(form.send, app_state, links, made=made), methods=["POST"]),
        Route("/c/{token}/received", _entered(form.received, app_state, links), methods=["GET"]),
    ]


def _entered(
    page: Callable[[Any], Awaitable[Response]],
    app_state: AppState,
    links: CustomerLinks,
    *,
    page_of_nobody: bool = False,
    made: Callable[..., CustomerRequest] = CustomerRequest,
) -> Callable[[Request], Awaitable[Response]]:
    """`page_of_nobody`: whatever it answers, it takes the same time."""

    async def enter(http: Request) -> Response:
        request = made(http, app_state, links=links, link=token_in(http.path_params.get("token", "")))
        begun = asyncio.get_running_loop().time()
        answer = await answered(request)
        if answer.status_code in _SAYS_NOTHING or page_of_nobody:
            taken = asyncio.get_running_loop().time() - begun
            await asyncio.sleep(SAME_TIME - taken % SAME_TIME)
        return answer

    async def answered(request: CustomerRequest) -> Response:
        try:
            return await page(request)
        except NotFound:
            return _ended(request)
        except (FrontDeskError, RecordsError) as error:
            LOG.warning("a customer's page: %s", type(error).__name__)
            return request.refusal(
                N_("We cannot open your complaint at the moment. Try again in a few minutes, or call us."),
                status=503,
            )

    return enter


def _posted(page: Page, gate: Gate, *, largest: int = LARGEST_FORM) -> Page:
    """With the form that was sent, of that many bytes at most; that of words and files says itself what is too much.

    Only so many are on their way, and only so many have their files in memory at once.
    """

    async def posted(request: CustomerRequest) -> Response:
        if request.from_elsewhere:
            return request.refusal(CHANGED, status=403)
        try:
            with gate.reading(request.from_address):
                is_read = await request.read_form(largest)
        except TooBusy as error:
            return request.refusal(error.message, status=429)
        try:
            if not is_read or request.form is None or (request.too_large and page is not words):
                return request.refusal(TOO_MUCH, status=413)
            async with gate.turns if uploads_in(request.form) else nullcontext():
                return await page(request)
        finally:
            if request.form is not None:
                await request.form.close()

    return posted


def _paced(page: Page, gate: Gate) -> Page:
    """For whoever has no link: not more than people type, whatever comes of it."""

    async def paced(request: CustomerRequest) -> Response:
        if gate.pace.wait(request.from_address):
            return request.refusal(TOO_MANY, status=429)
        return await page(request)

    return paced


def _opened(page: Page) -> Page:
    """Only with a link of ours that is still good; whoever has none sends nothing that we read.

    Asked of the records at every use. Whatever it is that does not open, there is one answer, and the same questions
    are asked before it: it says nothing of whether there is such a complaint.
    """

    async def opened(request: CustomerRequest) -> Response:
        assert request.links is not None
        if request.link is None:
            return await _nothing_here(request)
        if not await request.links.opens(request.link, request.now):
            return _ended(request)
        return await page(request)

    return opened


async def own_page(request: CustomerRequest) -> Response:
    """Where the complaint stands, and the forms."""
    return await drawn(request, await story_of(request))


_NOT_HERE = N_("That file is not here any more: call us, and we will send it to you.")


async def given_file(request: CustomerRequest) -> Response:
    """A file that we gave them, to be saved."""
    file = (await story_of(request)).files.get(request.http.path_params["digest"])
    store = request.app_state.store
    data = await store.given_file(request.number, file.digest) if file else None
    if file is None or data is None:
        return request.refusal(_NOT_HERE, status=404)
    kind = (await store.types_of([file.digest])).get(file.digest, "")
    try:
        clean = await handed_out(request.app_state.file_scanner, data)
    except FileRefused:
        return request.refusal(_NOT_HERE, status=403)
    except Away:
        return request.refusal(N_("We cannot check that file at the moment: try again in a few minutes."), status=503)
    answer = as_download(clean, name=file.name, kind=kind)
    answer.headers["referrer-policy"] = HEADERS["referrer-policy"]
    answer.headers["x-robots-tag"] = HEADERS["x-robots-tag"]
    return answer


async def back(request: CustomerRequest) -> Response:
    """Whoever loads the answer to a form again gets the page."""
    return request.to(request.here())


async def lost_page(request: CustomerRequest) -> Response:
    """For whoever has no link that works."""
    return request.page("customer/lost.html", why=None, asked=False, number="", sentence=None)


async def ask_anew(request: CustomerRequest) -> Response:
    """A new link to the address on record; the answer is the same whether there is such a complaint or not."""
    assert request.links is not None
    number, email = request.given("number"), request.given("email")
    if not number or "@" not in email:
        return request.page(
            "customer/lost.html", status=422, why=None, asked=False, number=number,
            sentence=request.gettext("Write your complaint number and your email address."),
        )  # fmt: skip
    await request.links.ask_anew(number, email, now=request.now)
    return request.page("customer/lost.html", why=None, asked=True, number="", sentence=None)


async def _nothing_here(request: CustomerRequest) -> Response:
    """An address that was cut off, as its form shows to anybody: how to get another."""
    return request.page("customer/lost.html", status=404, why="unknown", asked=False, number="", sentence=None)


def _ended(request: CustomerRequest) -> Response:
    """A link that opens nothing, whyever: it has expired; the telephone, and how to get another.

    To the byte the same of every link: nothing of the address stands in it either.
    """
    other = request.gettext("?lang=es")
    return request.page(
        "customer/lost.html", status=410, why="expired", asked=False, number="", sentence=None, in_other=other
    )
