"""One request for a customer's page: which complaint the link opens, in which language, and whether a form is ours."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import HTMLResponse, RedirectResponse, Response

from complaints.mail.links import Token
from complaints.rules.page_links import COVERED
from complaints.rules.text import cleaned
from complaints.telephones import dialled
from complaints.words.catalogue import LANGUAGES, Composed, Language, Message, language_of
from complaints.words.page_links import LABELS
from desk.client_address import from_this_site, place_of
from desk.request import PageRequest, address
from desk.uploads import Beginning, is_upload, length_of
from starter.customer_links import CustomerLinks

LONGEST_WORDS = 20_000
"""Characters of one text."""

HEARD = 4
"""So many times what is taken is read of a form with files, so that the words, which come first, are shown again."""

MOST_FIELDS = 60

LARGEST_FIELD = 200_000
"""Bytes of one field: beyond it nothing is read."""

READ_WITHIN = timedelta(minutes=10)
"""For 26 MB by a slow telephone."""

HEADERS = {
    # No script at all, and nothing from anywhere else: the address is the key, and must not reach anybody.
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive",
}


@dataclass
class CustomerRequest(PageRequest):
    """A request for a customer's page. Nobody is signed in, and no cookie is read or set: the link is all there is."""

    links: CustomerLinks | None = field(default=None, kw_only=True)
    link: Token | None = field(default=None, kw_only=True)
    spoken: Language | None = field(default=None, kw_only=True)
    """The customer's own, once their complaint is known."""
    too_large: bool = field(default=False, kw_only=True)
    """More was sent than we take: the words were read, the files perhaps not."""

    @property
    def language(self) -> Language:
        """What the page was asked for in; else the customer's; else the school's."""
        return self.chosen or self.spoken or self.app_state.language

    @property
    def chosen(self) -> Language | None:
        """The language that the address asks for."""
        wanted = self.http.query_params.get("lang", "")
        return language_of(wanted) if wanted in LANGUAGES else None

    @property
    def number(self) -> str:
        """The complaint that the link opens."""
        assert self.link is not None
        return self.link.number

    def here(self, more: str = "", **query: Any) -> str:
        """An address below this link, in the language that was chosen."""
        token = self.http.path_params.get("token")
        return address(f"/c/{token}{more}" if token else "/c", lang=self.chosen, **query)

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page of the customer's, with the strictest headers."""
        values.setdefault("in_other", address(self.here().partition("?")[0], lang=self.other_language))
        answer = super().page(
            template, status=status, school=self.app_state.contacts().school, intake=self.app_state.contacts().intake,
            dialled=dialled, other=self.other_language, **values,
        )  # fmt: skip
        answer.headers.update(HEADERS)
        return answer

    def readable(self, html: str) -> str:
        """The page as it is, for its forms hold its own address; what was quoted of it has its name."""
        return html.replace(COVERED, LABELS[self.language])

    def to(self, path: str) -> Response:
        """Sends the visitor on to that address."""
        return RedirectResponse(path, 303, HEADERS)

    def refusal(self, message: Message | Composed, *, status: int) -> HTMLResponse:
        """Why not, with the telephone."""
        return self.page("customer/refused.html", status=status, sentence=self.say(message))

    # -- forms -------------------------------------------------------------------------------------------------------

    def form_of(self, what: str, round_: int, *, event_id: str | None = None, words: str = "") -> dict[str, str]:
        """What a form carries: an id under which it counts once, and the proof that we drew it for this."""
        assert self.links is not None
        event_id = event_id or str(uuid4())
        mark = self.links.form_mark(self._said(what, round_, event_id, words))
        return {"id": event_id, "round": str(round_), "mark": mark}

    @property
    def from_elsewhere(self) -> bool:
        """Whether the browser says that another site sent the form."""
        return not from_this_site(self.http)

    @property
    def from_address(self) -> str:
        """A digest of the visitor's network address."""
        return place_of(self.http, self.app_state.sign_in.trusted_proxies)

    async def read_form(self, largest: int) -> bool:
        """Reads what was posted; False where nothing can be made of it.

        Of a form with files that is larger than that the beginning, in which the words are: see `too_large`.
        """
        has_files, length = is_upload(self.http), length_of(self.http)
        if length is None or length > largest * (HEARD if has_files else 1):
            return False
        self.too_large = length > largest
        try:
            async with asyncio.timeout(READ_WITHIN.total_seconds()):
                self.form = await (self._with_files(largest) if has_files else self.http.form(max_fields=MOST_FIELDS))
        except (
            HTTPException,
            MultiPartException,
            KeyError,
            UnicodeError,
            TimeoutError,
        ):  # KeyError: it has no boundary
            return False
        return True

    async def _with_files(self, largest: int) -> FormData:
        pieces = Beginning(self.http, largest).pieces()
        parser = MultiPartParser(
            self.http.headers, pieces, max_files=100, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD
        )
        return await parser.parse()

    def is_ours(self, what: str, *, words: str = "") -> bool:
        """Whether the posted form was drawn by us, for this."""
        assert self.links is not None
        try:
            event_id, round_ = str(UUID(self.given("id"))), int(self.given("round")[:4])
        except ValueError:
            return False
        return self.links.is_form_mark(self._said(what, round_, event_id, words), self.given("mark"))

    def given(self, name: str) -> str:
        """What was filled in, as a case may hold it."""
        assert self.form is not None
        value = self.form.get(name)
        return cleaned(value, longest=LONGEST_WORDS) if isinstance(value, str) else ""

    @property
    def event_id(self) -> str:
        """Under which the posted form counts once."""
        return f"link/{UUID(self.given('id'))}"

    @property
    def day(self) -> datetime:
        """Now, where the school is."""
        return self.now.astimezone(self.words.zone)

    def _said(self, what: str, round_: int, event_id: str, words: str) -> str:
        # The words that were shown to be confirmed are the words that count.
        digest = hashlib.sha256(words.encode(errors="replace")).hexdigest() if words else ""
        return f"{self.number}/{round_}/{what}/{event_id}/{digest}"
