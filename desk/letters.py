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
from desk.forms import event_id_of
from desk.visit import Visit, address
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


async def letter_page(visit: Visit) -> Response:
    """A letter: to whom, what became of it, and how it looked."""
    return _page(visit, await _letter(visit))


async def letter_html(visit: Visit) -> Response:
    """The letter itself, for the frame of its page."""
    letter = await _letter(visit)
    return HTMLResponse(without_page(letter.html, visit.language), headers=_FRAMED)


async def send_again(visit: Visit) -> Response:
    """Sends a letter once more, under its one Message-ID: whoever had it already sees one, not two."""
    assert visit.form is not None
    letter, settings = await _letter(visit), visit.office.settings
    reason = str(visit.form.get("reason") or "").strip()
    try:
        if settings is None:
            raise Refused(N_("There is no mail server here."))
        if not reason:
            raise Refused(N_("Say why it is sent again."))
        resent = await resend(
            visit.office.store, settings, letter.number, letter.key, reason=reason, by=visit.member.name,
            at=visit.now, timezone=visit.office.policy.calendar.timezone, event_id=event_id_of(visit), via=Via.DESK,
        )  # fmt: skip
    except NotFound:
        raise
    except FrontDeskError as error:
        return _page(visit, letter, sentence=visit.told(error), reason=reason, status=409)
    if resent.state is not LetterState.SENT:
        why = f" {resent.reason}" if resent.reason else ""
        sentence = visit.gettext("It did not go out, or nobody knows.{why} Repeat it, or call the customer.").format(
            why=why
        )
        return _page(visit, await _letter(visit), sentence=sentence, reason=reason, status=409)
    return visit.to(address(f"/cases/{letter.number}/letters/{letter.key}", sent=1))


def without_page(html: str, language: Language) -> str:
    """A letter as it looked, with the name of what its links to the customer's page were."""
    label = shown(PLACE, language)
    return shown(html.replace(f'href="{PLACE}"', f'title="{label}"'), language)


def _page(
    visit: Visit, letter: LetterRow, *, sentence: str | None = None, reason: str = "", status: int = 200
) -> Response:
    return visit.page(
        "letter.html", status=status, letter=letter, sentence=sentence, reason=reason, event_id=str(uuid4()),
        may_resend=letter.state in RESENT and visit.may("handle") and visit.office.settings is not None,
        sent=bool(visit.request.query_params.get("sent")),
    )  # fmt: skip


async def _letter(visit: Visit) -> LetterRow:
    given = visit.request.path_params
    number = as_number(given["number"]) or given["number"]
    letter = await visit.office.store.letter(number, given["key"])
    if letter is None:
        raise NotFound(N_("{number} has no such letter.", number=number))
    return letter
