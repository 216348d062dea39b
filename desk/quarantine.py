"""The quarantine: mail that somebody looks at before it counts (§3); why it is here, what it says, and the decision."""

from typing import Any

from starlette.responses import Response

from complaints.mail.incoming import Reading
from complaints.records.quarantine import QuarantineItem
from complaints.rules.letters import LetterState
from complaints.rules.number import as_number
from complaints.settings import Settings
from complaints.words.catalogue import N_
from desk import messages
from desk.acts import Words
from desk.alike import alike
from desk.evidence import KINDS, evidence_said
from desk.forms import words_of
from desk.visit import Visit, address
from starter import quarantine
from starter.errors import FrontDeskError, NotFound, Refused
from starter.understanding import understood_item

MOST = 200

REASONS: dict[str, Words] = {
    "sender-mismatch": N_("It names a complaint, but its sender does not belong to it."),
    "auto-reply": N_("It looks like an automatic answer."),
    "bulk": N_("It looks like bulk mail or a list."),
    "spam-like": N_("It looks like spam."),
    "bounce": N_("It looks like a letter that came back."),
    "unreadable": N_("It cannot be read."),
    "loop": N_("Too many in one hour: it may be a loop."),
    "flood": N_("Too many new complaints came at once: their senders may be forged."),
    "forged-sender": N_("Our mail server says that the sender is forged (SPF, DKIM or DMARC)."),
    "staff-forward": N_("A colleague forwarded it: confirm whose complaint it is."),
    "form-of-nobody": N_("It comes from a form of ours that does not say whose it is."),
    "no-contact": N_("It names nobody to answer."),
    "after-closing": N_("It is about a complaint that is closed."),
}
"""Why a message is here, in words; the evidence says more."""

HANDLED: dict[str, Words] = {
    "released": N_("counts"),
    "dropped": N_("dropped"),
    "answered": N_("answered"),
}


async def list_page(visit: Visit) -> Response:
    """What waits, the most urgent first; or everything."""
    given = visit.request.query_params
    handled_too = given.get("all") == "1"
    items = await visit.office.store.quarantined(handled_too=handled_too, limit=MOST)
    done = HANDLED.get(given.get("done", ""))
    return visit.page(
        "quarantine.html", items=items, most=MOST, handled_too=handled_too, reasons=REASONS, handled=HANDLED, done=done,
        to=as_number(given.get("to", "")) or "",
    )  # fmt: skip


async def item_page(visit: Visit) -> Response:
    """One message: what it says, why it is here, and what may be done with it."""
    return await _page(visit)


async def release(visit: Visit) -> Response:
    """It counts, as of when it came: on a complaint, or as a new one."""
    item, to = await _item(visit), words_of(visit, "to")
    number = as_number(to) or to or None
    try:
        new = words_of(visit, "as") == "new"
        if not new and number is None and item.number is None:
            raise Refused(N_("Say to which complaint, or that it is a new one."))
        taken = await quarantine.released(
            visit.office.front_desk, item.digest, to=None if new else number, new=new, by=visit.member.name
        )
    except FrontDeskError as error:
        return await _page(visit, error, asked="release")
    return visit.to(address("/quarantine", done="released", to=taken.number))


async def drop(visit: Visit) -> Response:
    """It is nothing for us; kept, with the reason."""
    item = await _item(visit)
    try:
        reason = words_of(visit, "reason")
        if not reason:
            raise Refused(N_("Say why it is dropped."))
        await quarantine.dropped(visit.office.store, item.digest, reason=reason, by=visit.member.name)
    except FrontDeskError as error:
        return await _page(visit, error, asked="drop")
    return visit.to(address("/quarantine", done="dropped"))


async def answer(visit: Visit) -> Response:
    """One letter to whoever wrote it; that closes the item."""
    item = await _item(visit)
    try:
        answered = await quarantine.answered(
            visit.office.store, _settings(visit), item.digest, words=words_of(visit, "words"), by=visit.member.name,
            timezone=visit.office.policy.calendar.timezone, forced=bool(words_of(visit, "forced")),
        )  # fmt: skip
    except FrontDeskError as error:
        return await _page(visit, error, asked="answer")
    uncertain = answered.state is not LetterState.SENT
    return visit.to(address("/quarantine", done="answered", uncertain=uncertain))


async def attachment(visit: Visit) -> Response:
    """A file that came with the message."""
    return await messages.file_of(visit, (await _item(visit)).digest)


async def image(visit: Visit) -> Response:
    """The same file, as a picture of the page."""
    return await messages.image_of(visit, (await _item(visit)).digest)


async def raw(visit: Visit) -> Response:
    """The message as it came."""
    item = await _item(visit)
    mail = await visit.office.store.mail(item.digest)
    assert mail is not None, "the quarantine refers to kept mail"
    return await messages.as_mail(mail, name=f"{item.name}.eml")


async def _page(visit: Visit, error: FrontDeskError | None = None, *, asked: str = "") -> Response:
    item, store = await _item(visit), visit.office.store
    reading = await understood_item(store, item)
    typed = {name: words_of(visit, name) for name in ("to", "reason", "words", "forced")} if visit.form else {}
    values: dict[str, Any] = {
        "item": item,
        "reading": reading,
        "files": await store.attachments(item.digest),
        "files_at": f"/quarantine/{item.name}/files",
        "raw_at": f"/quarantine/{item.name}/raw",
        "reasons": REASONS,
        "kinds": KINDS,
        "pictures": messages.SHOWN,
        "evidence_said": lambda what: evidence_said(str(what), visit.language),
        "handled": HANDLED,
        "proposed": reading.customer if reading.held else None,
        "same": [one for one in await alike(store, (_whose(item, reading),)) if one.closed_at is None],
        "sentence": visit.told(error) if error else None,
        "asked": asked,
        "typed": typed,
    }
    return visit.page("quarantine_item.html", status=409 if error else 200, **values)


def _whose(item: QuarantineItem, reading: Reading) -> str | None:
    return reading.customer.address if reading.held and reading.customer else item.sender


async def _item(visit: Visit) -> QuarantineItem:
    name: str = visit.request.path_params["item"]
    item = await visit.office.store.quarantine_item(name) if len(name) >= 12 else None
    if item is None:
        raise NotFound(N_("There is no such message in the quarantine."))
    return item


def _settings(visit: Visit) -> Settings:
    if visit.office.settings is None:
        raise Refused(N_("There is no mail server here."))
    return visit.office.settings
