"""Letters as they were sent, in a frame that can do nothing; and sending one again where it may not have arrived."""

from uuid import uuid4

from starlette.responses import HTMLResponse, Response

from complaints.records.ledger import LetterRow
from complaints.rules.facts import Via
from complaints.rules.letters import LetterState
from complaints.rules.number import as_number
from complaints.rules.page_links import PLACE
from complaints.words.catalogue import N_, Language
from complaints.words.page_links import shown
from desk.request import PageRequest, address
from desk.staff.forms import event_id_of
from starter.errors import FrontDeskError, NotFound, Refused
from starter.resending import resend

RESENT = (LetterState.FAILED, LetterState.UNCERTAIN)
"""Letters that somebody should look after: those that did not go out, and those that perhaps did not."""

_FRAMED = {
    # The letter's own inline styles, and nothing else; only our page may frame it.
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'",
    "x-frame-options": "SAMEORIGIN",
}


async def letter_page(request: PageRequest) -> Response:
    """A letter: to whom, what became of it, and how it looked."""
    return _page(request, await _letter(request))


async def letter_html(request: PageRequest) -> Response:
    """The letter itself, for the frame of its page."""
    letter = await _letter(request)
    return HTMLResponse(without_page(letter.html, request.language), headers=_FRAMED)


async def send_again(request: PageRequest) -> Response:
    """Sends a letter once more, under its one Message-ID: whoever had it already sees one, not two."""
    assert request.form is not None
    letter, settings = await _letter(request), request.app_state.settings
    reason = str(request.form.get("reason") or "").strip()
    try:
        if settings is None:
            raise Refused(N_("There is no mail server here."))
        if not reason:
            raise Refused(N_("Say why it is sent again."))
        resent = await resend(
            request.app_state.store, settings, letter.number, letter.key, reason=reason, by=request.member.name,
            at=request.now, timezone=request.app_state.policy.calendar.timezone,
            event_id=event_id_of(request), via=Via.DESK,
        )  # fmt: skip
    except NotFound:
        raise
    except FrontDeskError as error:
        return _page(request, letter, sentence=request.told(error), reason=reason, status=409)
    if resent.state is not LetterState.SENT:
        why = f" {resent.reason}" if resent.reason else ""
        sentence = request.gettext("It did not go out, or nobody knows.{why} Repeat it, or call the customer.").format(
            why=why
        )
        return _page(request, await _letter(request), sentence=sentence, reason=reason, status=409)
    return request.to(address(f"/cases/{letter.number}/letters/{letter.key}", sent=1))


def without_page(html: str, language: Language) -> str:
    """A letter as it looked, with the name of what its links to the customer's page were."""
    label = shown(PLACE, language)
    return shown(html.replace(f'href="{PLACE}"', f'title="{label}"'), language)


def _page(
    request: PageRequest, letter: LetterRow, *, sentence: str | None = None, reason: str = "", status: int = 200
) -> Response:
    return request.page(
        "letter.html", status=status, letter=letter, sentence=sentence, reason=reason, event_id=str(uuid4()),
        may_resend=letter.state in RESENT and request.may("handle") and request.app_state.settings is not None,
        sent=bool(request.http.query_params.get("sent")),
    )  # fmt: skip


async def _letter(request: PageRequest) -> LetterRow:
    given = request.http.path_params
    number = as_number(given["number"]) or given["number"]
    letter = await request.app_state.store.letter(number, given["key"])
    if letter is None:
        raise NotFound(N_("{number} has no such letter.", number=number))
    return letter
