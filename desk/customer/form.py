"""The public form (§3, §4): whoever knows its address may complain, without an account, a script or a third party.

That a person fills it in is told by what costs a person nothing: a signed time of the page, a field that nobody sees,
and how many come from one place. Nothing that was typed is lost when something is refused, and one form is one
complaint, however often it is sent.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError
from starlette.responses import Response

from complaints.records.errors import RecordsError
from complaints.rules.given_files import LARGEST_TOGETHER, MOST_FILES
from complaints.rules.text import cleaned, one_line
from complaints.scanning import LookedAt
from complaints.words.catalogue import N_
from complaints.words.refusals import field_problems
from desk import uploads
from desk.client_address import site_of
from desk.customer.gate import Gate, TooBusy
from desk.customer.request import LARGEST_FIELD, LONGEST_WORDS, CustomerRequest
from desk.request import address
from starter.errors import AlreadySent, FrontDeskError, Refused
from starter.front_desk import Opened
from starter.given_files import TOO_MUCH
from starter.public_form import FIELDS, TOO_MANY, Filled, Place, PublicForm, TooMany

LOG = logging.getLogger("desk.form")

PATH = "/queja"

TRAP = "website"
"""The field that no person sees. Programs fill in what has such a name."""

FILLED_IN_AFTER = timedelta(seconds=3)
"""Nobody types a complaint faster; whoever pastes one sends it once more."""

OPEN_FOR = timedelta(hours=24)
"""How long after it was drawn a page can be sent."""


_OLD = N_("This page had been open for long: look over what you wrote, and send it once more.")
_FAST = N_("That was very fast: look over what you wrote, and send it once more.")
_TRAPPED = N_("Something filled in a field that is not meant for people. We emptied it: send it once more.")
_AWAY = N_("We could not take your complaint just now: send it again in a few minutes, it counts once. Or call us.")
_ELSEWHERE = N_("Another site sent this form: open the page yourself, and send it from here.")
_SENT_ALREADY = N_(
    "You sent this form before: that complaint has the number {number}. What you changed since has not reached us. If "
    "it is another complaint, send it once more; if it belongs to that one, write it on its page."
)


@dataclass(frozen=True)
class Page:
    """A form that we drew: its id, and when."""

    form: str
    drawn_at: int
    """Seconds since 1970."""

    @classmethod
    def new(cls, request: "FormRequest") -> "Page":
        """A form that nobody has."""
        return cls(str(uuid4()), int(request.now.timestamp()))

    @classmethod
    def posted(cls, request: "FormRequest") -> "Page | None":
        """The form that was sent; None if it is none of ours."""
        assert request.links is not None
        drawn_at = request.given("made")[:12]
        if not (drawn_at.isascii() and drawn_at.isdigit()):
            return None
        try:
            page = cls(str(UUID(request.given("form"))), int(drawn_at))
        except ValueError:
            return None
        return page if request.links.is_form_mark(page.said, request.given("mark")) else None

    @property
    def said(self) -> str:
        """What is signed."""
        return f"public/{self.form}/{self.drawn_at}"

    def fields(self, request: "FormRequest") -> dict[str, str]:
        """What the form carries."""
        assert request.links is not None
        return {"form": self.form, "made": str(self.drawn_at), "mark": request.links.form_mark(self.said)}


@dataclass
class FormRequest(CustomerRequest):
    """A request for the form: no link, nobody is known yet."""

    gate: Gate = field(default_factory=Gate, kw_only=True)

    def here(self, more: str = "", **query: Any) -> str:
        """The form's address, in the language that was chosen."""
        return address(f"{PATH}{more}", lang=self.chosen, **query)

    async def read_form(self, largest: int) -> bool:
        """As every form of a customer's; this one always comes as one with files."""
        return uploads.is_upload(self.http) and await super().read_form(largest)

    @property
    def place(self) -> Place:
        """Where it comes from."""
        return Place(self.from_address, site_of(self.http, self.app_state.sign_in.trusted_proxies))

    @property
    def public_form(self) -> PublicForm:
        """What takes it."""
        assert self.app_state.settings is not None
        return PublicForm(self.app_state.front_desk, at_once=self.app_state.settings.mail_new_at_once)


class _Wrong(Exception):
    """The form is shown again, with what was typed and why it was not taken."""

    def __init__(self, wrong: Mapping[str, str], *, status: int = 422, anew: bool = False) -> None:
        """`wrong`: by field, '' for the whole. `anew`: under another id, for this one is old or used."""
        self.wrong, self.status, self.anew = wrong, status, anew


async def form_page(request: FormRequest) -> Response:
    """The empty form."""
    return _drawn(request, Page.new(request))


async def send(request: FormRequest) -> Response:
    """Opens the complaint, or shows the form again with what was typed and why not."""
    if request.from_elsewhere:
        return request.refusal(_ELSEWHERE, status=403)
    if request.gate.pace.wait(request.place.address):
        return request.refusal(TOO_MANY, status=429)
    try:
        with request.gate.reading(request.place.address):
            is_read = await request.read_form(uploads.LARGEST_FORM)
    except TooBusy as error:
        return request.refusal(error.message, status=429)
    if not is_read:
        return request.refusal(TOO_MUCH, status=413)
    assert request.form is not None
    typed = {name: _typed(request, name) for name in FIELDS}
    page = Page.posted(request)
    try:
        async with request.gate.turns:
            return await _taken(request, page, typed)
    except _Wrong as error:
        page = page if page and not error.anew else Page.new(request)
        return _drawn(request, page, typed, error.wrong, status=error.status)
    finally:
        await request.form.close()


async def received(request: CustomerRequest) -> Response:
    """The end of the form: the number, and the link to the customer's page. It asks nobody, and changes nothing."""
    assert request.links is not None
    token, query = request.http.path_params["token"], request.http.query_params
    if request.link is None or not request.links.is_form_mark(f"received/{token}", query.get("mark", "")):
        return request.to(request.here())
    public = request.app_state.settings.customers_url if request.app_state.settings else None
    base = public or str(request.http.base_url).rstrip("/")
    return request.page(
        "customer/received.html", link=f"{base}/c/{token}", by_phone=query.get("by") == "phone",
        waits=query.get("wait") == "1",
        in_other=address(f"/c/{token}/received", **{**query, "lang": request.other_language}),
    )  # fmt: skip


# -- what is taken, and what is not ----------------------------------------------------------------------------------


async def _taken(request: FormRequest, page: Page | None, typed: Mapping[str, str]) -> Response:
    """The way to the number. Raises _Wrong."""
    if page is None:
        raise _Wrong({"": request.say(_OLD)}, anew=True)
    form = request.public_form
    try:
        if not await form.knows(page.form):
            _expect_person(request, page)
        opened = await form.open(await _filled(request, page, typed), place=request.place, now=request.now)
    except AlreadySent as error:
        said = request.say(_SENT_ALREADY).format(number=error.number)
        raise _Wrong({"": said}, status=409, anew=True) from error
    except TooMany as error:
        raise _Wrong({"": request.say(error.message)}, status=429) from error
    except (FrontDeskError, RecordsError) as error:
        LOG.warning("the public form: %s", type(error).__name__)
        raise _Wrong({"": request.say(_AWAY)}, status=503) from error
    return await _ended(request, page, opened, typed)


async def _ended(request: FormRequest, page: Page, opened: Opened, typed: Mapping[str, str]) -> Response:
    """On to a page that may be loaded again."""
    assert request.links is not None
    drawn_at = datetime.fromtimestamp(page.drawn_at, UTC)
    token = request.links.of_a_form(opened.number, typed["email"], filled_in=drawn_at)
    there = not opened.pending and await request.public_form.is_there(opened.number)
    mark = request.links.form_mark(f"received/{token}")
    by, wait = None if typed["email"] else "phone", None if there else "1"
    return request.to(address(f"/c/{token}/received", lang=request.chosen, mark=mark, by=by, wait=wait))


def _expect_person(request: FormRequest, page: Page) -> None:
    """Raises _Wrong where it does not look like one."""
    age = timedelta(seconds=request.now.timestamp() - page.drawn_at)
    if age > OPEN_FOR:
        raise _Wrong({"": request.say(_OLD)}, anew=True)
    if request.given(TRAP):
        raise _Wrong({"": request.say(_TRAPPED)})
    if age < FILLED_IN_AFTER:
        raise _Wrong({"": request.say(_FAST)})


async def _filled(request: FormRequest, page: Page, typed: Mapping[str, str]) -> Filled:
    """What was filled in. Raises _Wrong, with all that is wrong at once."""
    wrong: dict[str, str] = {}
    if not (typed["email"] or typed["phone"]):
        wrong["email"] = request.gettext("Write an email address or a telephone number: without one we cannot answer.")
    if not typed["description"]:
        wrong["description"] = request.gettext("Write what happened.")
    elif len(typed["description"]) > LONGEST_WORDS:
        wrong["description"] = request.gettext("That is too long: 20,000 characters at most, the rest as a file.")
    if typed["occurred_on"] > request.day.date().isoformat():
        wrong["occurred_on"] = request.gettext("The date of the problem is still to come: check it.")
    if not request.given("consent"):
        wrong["consent"] = request.gettext("Tick that you agree: without it we may not use your data.")
    files: tuple[LookedAt, ...] = ()
    try:
        files = await _files(request)
    except Refused as error:
        wrong["files"] = request.say(error.message)
    filled = Filled(page.form, typed, request.language, files)
    try:
        filled.complaint(request.now)
    except ValidationError as error:
        # What is about the whole is that nobody can be answered, which is told beside the email.
        found = [one for one in field_problems(error, request.language) if one.path and one.path[-1] in FIELDS]
        wrong = {str(one.path[-1]): one.said for one in found} | wrong
    if wrong:
        raise _Wrong(wrong, status=413 if request.too_large else 422)
    return filled


async def _files(request: FormRequest) -> tuple[LookedAt, ...]:
    """What was attached. Raises Refused."""
    assert request.form is not None
    if request.too_large:
        raise Refused(TOO_MUCH)
    return await uploads.all_of(request.form, scanner=request.app_state.file_scanner)


# -- how it is drawn -------------------------------------------------------------------------------------------------


def _typed(request: FormRequest, name: str) -> str:
    """What was typed there, whole: what is too long is refused, and never cut."""
    assert request.form is not None
    value = request.form.get(name)
    if not isinstance(value, str):
        return ""
    return cleaned(value, longest=LARGEST_FIELD) if name == "description" else one_line(value, longest=LARGEST_FIELD)


def _drawn(
    request: FormRequest,
    page: Page,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    again = typed is not None
    values: dict[str, Any] = {"in_other": None} if again else {}  # no link leads away from words: they would be lost
    return request.page(
        "customer/form.html", status=status, typed=typed or {}, wrong=wrong or {}, form=page.fields(request),
        trap=TRAP, most_files=MOST_FILES, megabytes=LARGEST_TOGETHER // 1_000_000, again=again,
        today=request.day.date().isoformat(), consents=again and bool(request.given("consent")), **values,
    )  # fmt: skip
