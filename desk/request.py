"""One request for a page: who is there, in which language they read, and how the answer is made."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from complaints.records.sessions import PASSWORD, Session
from complaints.records.staff import StaffMember
from complaints.rules.calendar import Calendar
from complaints.rules.number import in_groups
from complaints.rules.policy import rules_in_force
from complaints.telephones import tel_link
from complaints.words.about import about
from complaints.words.catalogue import LANGUAGES, N_, NAMES, Composed, Language, Message, Speaker, language_of
from complaints.words.labels import label
from complaints.words.page_links import shown
from complaints.words.refusals import by_label, said
from complaints.words.wording import Wording
from desk import cookies
from desk.app_state import AppState
from desk.roles import ROLE_NAMES, Permission, may
from starter.errors import FrontDeskError, Refused

LANGUAGE_COOKIE = "desk_language"
_FOLDER = Path(__file__).parent
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_OF_ADDRESSES = ":/%#?=@[]!$&'()*+,;"
"""What stays as it is in a header that names an address, as Starlette leaves it in its own."""
_NUMBER = re.compile(r"\bQ-[0-9A-Z]{4}-[0-9A-Z]{5}\b")


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(_FOLDER / "templates")
    return Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_printable,
    )


def _printable(value: Any) -> Any:
    """What is shown, without what HTML does not allow even escaped: a refused form shows again whatever was typed."""
    if not isinstance(value, str) or not _NO_TEXT.search(value):
        return value
    shown_instead = _NO_TEXT.sub("\ufffd", value)
    return Markup(shown_instead) if isinstance(value, Markup) else shown_instead  # noqa: S704 - it was markup before


@dataclass
class PageRequest(Speaker):
    """A request with its answers' language, and whoever is signed in."""

    http: Request
    app_state: AppState
    session: Session | None = None
    form: FormData | None = None
    """What was posted, once its token has been checked."""
    too_much: bool = False
    """More came than is taken: the words are there, and not all of the files."""

    # -- who and how -------------------------------------------------------------------------------------------------

    @property
    def member(self) -> StaffMember:
        """Who is signed in; only pages for nobody in particular have none."""
        assert self.session is not None
        return self.session.member

    @property
    def must_change_password(self) -> bool:
        """Whether a password that works once is to be changed before anything else."""
        return self.session is not None and self.member.temporary and self.session.via == PASSWORD

    @property
    def must_enrol(self) -> bool:
        """Whether this desk asks for a second step, and they have none yet."""
        wanted = self.app_state.sign_in.second_factor and self.session is not None and self.session.via == PASSWORD
        return wanted and not self.member.second_factor

    @cached_property
    def language(self) -> Language:
        """What they chose; else what the school speaks."""
        chosen = cookies.read(self.http, self.app_state, LANGUAGE_COOKIE)
        return language_of(chosen) if chosen in LANGUAGES else self.app_state.language

    @property
    def other_language(self) -> Language:
        """Which the page offers instead: the next of ours, after the last the first."""
        return LANGUAGES[(LANGUAGES.index(self.language) + 1) % len(LANGUAGES)]

    @cached_property
    def now(self) -> datetime:
        """One instant for the whole page."""
        return self.app_state.now()

    @cached_property
    def words(self) -> Wording:
        """Words and local dates for the reader."""
        zone = self.app_state.policy.calendar.timezone
        return Wording(language=self.language, timezone=zone, today=Wording(timezone=zone).day_of(self.now))

    def told(self, error: FrontDeskError) -> str:
        """Why something was not done, in the reader's language, with fields as forms call them."""
        if isinstance(error, Refused) and error.answer:
            return said(error.answer, self.language, by_label(self.language))
        return self.say(error.message)

    def may(self, permission: str) -> bool:
        """Whether the reader's role allows it."""
        return self.session is not None and may(self.member.role, Permission(permission))

    @property
    def by_htmx(self) -> bool:
        """Whether the page's script asks for a part of it."""
        return self.http.headers.get("hx-request") == "true"

    # -- answers -----------------------------------------------------------------------------------------------------

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page, or a part of one."""
        html = _templates().get_template(template).render(
            request=self, _=self.gettext, pgettext=self.pgettext, ngettext=self.ngettext, npgettext=self.npgettext,
            tr=self.say, language_names=NAMES, words=self.words, groups=in_groups, url=address, asset=asset,
            session=self.session, role_name=self._role_name, short=self._short, size=self._size, linked=_linked,
            tel=tel_link, subject_of=subject_of, whole_subject_of=whole_subject_of, initials=initials,
            late_by=self._late_by, label=self._label, **values,
        )  # fmt: skip
        return HTMLResponse(self.readable(html), status)

    def readable(self, html: str) -> str:
        """A page as it may be seen: nobody who works here reads the key to a customer's page (design §5.3)."""
        return shown(html, self.language)

    def to(self, path: str) -> Response:
        """Somewhere else, as a page of its own; the script is told so in a header."""
        if self.by_htmx:
            return Response(status_code=204, headers={"HX-Redirect": quote(path, safe=_OF_ADDRESSES)})
        return RedirectResponse(path, 303)

    def refusal(self, message: Message | Composed, *, status: int) -> HTMLResponse:
        """A page that says why not."""
        return self.page("refused.html", status=status, sentence=self.say(message))

    def not_allowed(self) -> HTMLResponse:
        """The answer to whoever's role has no such row."""
        return self.refusal(
            N_("Your role does not allow this: ask a colleague whose role does, or whoever makes the accounts."),
            status=403,
        )

    def _role_name(self, member: StaffMember) -> str:
        return self.say(ROLE_NAMES[member.role])

    def _size(self, count: int) -> str:
        """`340 B`, `12 kB`, `3,4 MB`."""
        if count < 1_000:
            return f"{count} B"
        return f"{count / 1_000:.0f} kB" if count < 1_000_000 else f"{self.words.decimal(count / 1_000_000)} MB"

    def _label(self, field: str) -> str:
        return label(field, self.language)

    def _late_by(self, due: datetime | date | None) -> str:
        """`tarde 6 días hábiles`: since the date that has passed; `tarde` where another one has. A day ends as it does
        at the school."""
        if due is not None and not isinstance(due, datetime):
            due = self._calendar.closes(due)
        passed = due is not None and due < self.now
        return self.words.late_by(self._calendar.counted(due, self.now) if due and passed else 0)

    @cached_property
    def _calendar(self) -> Calendar:
        """The school's days of the last year, by which lateness is counted."""
        return rules_in_force(self.app_state.policy, self.words.day_of(self.now) - timedelta(days=366)).calendar

    def _short(self, moment: datetime) -> str:
        """`hoy 6:00 p. m.`, `23 nov 6:00 p. m.`: for cards and lists; the whole date stands in the title."""
        local, today = moment.astimezone(self.words.zone), self.words.today
        clock = self.words.clock(moment)
        if local.date() == today:
            return f"{self.gettext('today')} {clock}"
        weekday, _, rest = self.words.day(local.date()).partition(" ")
        day, month = rest.replace(" de ", " ").split()[:2]
        year = f" {local.year}" if today and today.year != local.year else ""
        return f"{weekday[:3]} {day} {month[:3]}{year} {clock}"


def subject_of(one: Any) -> str:
    """What a complaint is about, of whatever has its subject and its description."""
    return about(one.subject, one.description)


def whole_subject_of(one: Any) -> str:
    """The same on the complaint's own page, where there is room for a long one."""
    return about(one.subject, one.description, longest=300)


def initials(name: str) -> str:
    """`Ana Pérez` is AP, `beto.rojas@school.pe` is BR, `Ana` is AN: who has it, at a glance."""
    words = [word for word in re.split(r"[\W_]+", name.partition("@")[0]) if word]
    named = [word for word in words if word[0].isupper()]  # of `Atención al Cliente`, not its `al`
    words = named if len(named) > 1 else words
    if not words:
        return "?"
    return "".join(word[0] for word in words[:2]).upper() if len(words) > 1 else words[0][:2].upper()


def _linked(text: str) -> Markup:
    """Somebody's words, escaped, in which our numbers lead to their cases."""
    return Markup(_NUMBER.sub(r'<a href="/cases/\g<0>">\g<0></a>', str(escape(text))))  # noqa: S704 - escaped


@cache
def asset(name: str) -> str:
    """A file of the pages under an address that changes with it, so that caches never hold an old one."""
    version = hashlib.sha256((_FOLDER / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={version}"


def address(path: str, **query: Any) -> str:
    """A path with the query's values that there are."""
    given = {name: value for name, value in query.items() if value not in (None, "", False)}
    return f"{path}?{urlencode(given)}" if given else path
