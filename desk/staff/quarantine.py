"""The quarantine: mail that somebody looks at before it counts (§3); why it is here, what it says, and the decision."""

from typing import Any

from starlette.responses import Response

from complaints.mail.incoming import Reading
from complaints.mail.kinds import sign_said
from complaints.records.quarantine import QuarantineItem
from complaints.rules.letters import LetterState
from complaints.rules.number import as_number
from complaints.settings import Settings
from complaints.words.catalogue import N_
from complaints.words.quarantine import HANDLED, KINDS, REASONS
from desk.request import PageRequest, address
from desk.staff import messages
from desk.staff.alike import alike
from desk.staff.forms import words_of
from desk.staff.paging import page_of, pages
from desk.staff.previewing import Previewed, previewed
from starter import quarantine
from starter.errors import FrontDeskError, NotFound, Refused
from starter.understanding import understood_item

MOST = 200
ANSWERING = N_("Answer and close")


async def list_page(request: PageRequest) -> Response:
    """What waits, the most urgent first; or everything."""
    given = request.http.query_params
    handled_too = given.get("all") == "1"
    page = page_of(request)
    items = await request.app_state.store.quarantined(handled_too=handled_too, limit=MOST, skip=MOST * (page - 1))
    done = HANDLED.get(given.get("done", ""))
    return request.page(
        "quarantine.html", items=items, **pages(request, page), handled_too=handled_too, reasons=REASONS,
        handled=HANDLED, done=done, to=as_number(given.get("to", "")) or "",
    )  # fmt: skip


async def item_page(request: PageRequest) -> Response:
    """One message: what it says, why it is here, and what may be done with it."""
    return await _page(request)


async def release(request: PageRequest) -> Response:
    """It counts, as of when it came: on a complaint, or as a new one."""
    item, to = await _item(request), words_of(request, "to")
    number = as_number(to) or to or None
    try:
        new = words_of(request, "as") == "new"
        if not new and number is None and item.number is None:
            raise Refused(N_("Say to which complaint, or that it is a new one."))
        taken = await quarantine.released(
            request.app_state.front_desk, item.digest, to=None if new else number, new=new, by=request.member.name
        )
    except FrontDeskError as error:
        return await _page(request, error, asked="release")
    return request.to(address("/quarantine", done="released", to=taken.number))


async def reopen(request: PageRequest) -> Response:
    """What the customer wrote on a closed complaint disputes it: it goes on."""
    item = await _item(request)
    try:
        number = await quarantine.reopened(request.app_state.front_desk, item.digest, by=request.member.name)
    except FrontDeskError as error:
        return await _page(request, error, asked="reopen")
    return request.to(f"/cases/{number}")


async def read(request: PageRequest) -> Response:
    """What the customer wrote on a closed complaint needs no answer."""
    item = await _item(request)
    try:
        reason = request.say(N_("Read: no answer needed"))
        await quarantine.dropped(request.app_state.store, item.digest, reason=reason, by=request.member.name)
    except FrontDeskError as error:
        return await _page(request, error, asked="drop")
    return request.to(f"/cases/{item.number}" if item.number else "/quarantine")


async def drop(request: PageRequest) -> Response:
    """It is nothing for us; kept, with the reason."""
    item = await _item(request)
    try:
        reason = words_of(request, "reason")
        if not reason:
            raise Refused(N_("Say why it is dropped."))
        await quarantine.dropped(request.app_state.store, item.digest, reason=reason, by=request.member.name)
    except FrontDeskError as error:
        return await _page(request, error, asked="drop")
    return request.to(address("/quarantine", done="dropped"))


async def answer(request: PageRequest) -> Response:
    """One letter to whoever wrote it; that closes the item."""
    item = await _item(request)
    try:
        answered = await quarantine.answered(
            request.app_state.store, _settings(request), item.digest, words=words_of(request, "words"),
            by=request.member.name,
            policy=request.app_state.policy, forced=bool(words_of(request, "forced")),
        )  # fmt: skip
    except FrontDeskError as error:
        return await _page(request, error, asked="answer")
    uncertain = answered.state is not LetterState.SENT
    return request.to(address("/quarantine", done="answered", uncertain=uncertain))


async def preview(request: PageRequest) -> Response:
    """The answer as whoever wrote it will get it."""
    item, sentence, found = await _item(request), None, None
    try:
        letter = await quarantine.answer_seen(
            request.app_state.store, _settings(request), item.digest, words=words_of(request, "words"),
            by=request.member.name,
            policy=request.app_state.policy, forced=bool(words_of(request, "forced")),
        )  # fmt: skip
        found = Previewed((letter,))
    except FrontDeskError as error:
        sentence = request.told(error)
    return previewed(request, found, of=request.say(ANSWERING), sentence=sentence)


async def attachment(request: PageRequest) -> Response:
    """A file that came with the message."""
    return await messages.file_of(request, (await _item(request)).digest)


async def image(request: PageRequest) -> Response:
    """The same file, as a picture of the page."""
    return await messages.image_of(request, (await _item(request)).digest)


async def raw(request: PageRequest) -> Response:
    """The message as it came."""
    item = await _item(request)
    mail = await request.app_state.store.mail(item.digest)
    assert mail is not None, "the quarantine refers to kept mail"
    return await messages.as_mail(request, mail, name=f"{item.name}.eml")


async def _page(request: PageRequest, error: FrontDeskError | None = None, *, asked: str = "") -> Response:
    item, store = await _item(request), request.app_state.store
    reading = await understood_item(store, item)
    typed = {name: words_of(request, name) for name in ("to", "reason", "words", "forced")} if request.form else {}
    values: dict[str, Any] = {
        "item": item,
        "reading": reading,
        "files": await store.attachments(item.digest),
        "files_at": f"/quarantine/{item.name}/files",
        "raw_at": f"/quarantine/{item.name}/raw",
        "reasons": REASONS,
        "kinds": KINDS,
        "pictures": messages.SHOWN,
        "sign_said": lambda sign: sign_said(sign, request.language),
        "handled": HANDLED,
        "proposed": reading.customer if reading.held else None,
        "same": [one for one in await alike(store, (_whose(item, reading),)) if one.closed_at is None],
        "sentence": request.told(error) if error else None,
        "asked": asked,
        "typed": typed,
    }
    return request.page("quarantine_item.html", status=409 if error else 200, **values)


def _whose(item: QuarantineItem, reading: Reading) -> str | None:
    return reading.customer.address if reading.held and reading.customer else item.sender


async def _item(request: PageRequest) -> QuarantineItem:
    name: str = request.http.path_params["item"]
    item = await request.app_state.store.quarantine_item(name) if len(name) >= 12 else None
    if item is None:
        raise NotFound(N_("There is no such message in the quarantine."))
    return item


def _settings(request: PageRequest) -> Settings:
    if request.app_state.settings is None:
        raise Refused(N_("There is no mail server here."))
    return request.app_state.settings
