"""Sending a letter once more because somebody asks for it: the ledger's own words, under the same Message-ID."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

from complaints.attaching import FileGone, FilesToSend, sent_with_files
from complaints.contacts_file import ContactsFile
from complaints.mail.headers import AddressUnusable
from complaints.mail.letters import as_kept
from complaints.mail.outgoing import Mailer, NotAccepted, Uncertain
from complaints.mailer import own_addresses
from complaints.own_pages import NoLinks, OwnPages
from complaints.records.ledger import LetterRow
from complaints.records.links import LinksOf
from complaints.records.store import Store
from complaints.rules.after_end import Afterword
from complaints.rules.erasing import MARK
from complaints.rules.facts import Via
from complaints.rules.letters import LetterState, Order
from complaints.scanning import NotLookedAt
from complaints.settings import Settings
from complaints.words.catalogue import N_, language_of
from starter.afterwords import noted_before
from starter.errors import NotFound, Refused
from starter.sending_by_hand import in_one_piece

RESENT = "letter-resent"
"""What the records note beside the case's journal."""

LEASE = timedelta(minutes=15)
"""Longer than the longest answer of a mail server: nobody else sends it meanwhile."""


class Resent(BaseModel):
    """What became of a letter that was sent again by hand."""

    model_config = ConfigDict(frozen=True)

    number: str
    key: str
    state: LetterState
    """SENT; UNCERTAIN where the answer was lost once more; else as it was before."""
    message_id: str
    reason: str | None = None
    """Why it did not go out."""


async def resend(
    store: Store,
    settings: Settings,
    number: str,
    key: str,
    *,
    reason: str,
    by: str,
    at: datetime,
    timezone: str,
    event_id: str | None = None,
    via: Via = Via.CLI,
) -> Resent:
    """Sends it, and notes that in the records beside the case's own journal.

    Safe to repeat under its event id: what went out is not sent again. Raises NotFound, and Refused where sending it
    makes no sense, where it is the worker's to send, or where the event id stands for something else.
    """
    if await store.record(number) is None:
        raise NotFound.number(number)
    row = await _letter(store, number, key)
    if event_id is not None and (before := await _resent_before(store, row, event_id, reason)) is not None:
        return before

    async def work(mailer: Mailer) -> Resent:
        resent = await _handed_over(store, settings, mailer, row, timezone=timezone)
        said = {"key": key, "kind": row.kind, "reason": reason, "before": row.state, "state": resent.state}
        said |= {"why_not": resent.reason} if resent.reason else {}
        await store.add_afterword(
            number, event_id=event_id or str(uuid4()), at=at, what=RESENT, by=by, via=via, data=said
        )
        return resent

    return await in_one_piece(settings, work)


async def _resent_before(store: Store, row: LetterRow, event_id: str, reason: str) -> Resent | None:
    """What came of this very request, where it went out; None where it is to be tried."""

    def is_it(word: Afterword) -> bool:
        return word.what == RESENT and (word.data.get("key"), word.data.get("reason")) == (row.key, reason)

    word = await noted_before(store, row.number, event_id, is_it)
    if word is None or word.data["state"] != LetterState.SENT:
        return None
    return Resent(number=row.number, key=row.key, state=LetterState.SENT, message_id=row.message_id)


async def _letter(store: Store, number: str, key: str) -> LetterRow:
    row = await store.letter(number, key)
    if row is None:
        keys = ", ".join(one.key for one in await store.letters(number)) or "—"
        raise Refused(N_("{number} has no letter {key!r}; it has: {keys}.", number=number, key=key, keys=keys))
    if row.state is LetterState.SUPERSEDED:
        raise Refused(
            N_("{number}: the case has overtaken this letter; what it says is no longer true.", number=number),
            N_(
                "{number}: the case has overtaken letter {key}; what it says is no longer true.", number=number, key=key
            ),
        )
    if row.state is LetterState.DUE:
        raise _with_the_worker(row)
    if row.text == MARK:
        raise Refused(
            N_("{number} is erased: of this letter there are no words left to send.", number=number),
            N_("{number} is erased: of letter {key} there are no words left to send.", number=number, key=key),
        )
    return row


async def _handed_over(store: Store, settings: Settings, mailer: Mailer, row: LetterRow, *, timezone: str) -> Resent:
    own = replace(own_addresses(settings), secret=await store.letters_secret())
    pages = OwnPages(store, settings.customers_url, own, timezone)
    order = _order(row)
    known = await pages.known_for(order)
    claim = None
    if row.state is not LetterState.SENT:  # what was accepted once stays so, whatever comes of this
        claim = await store.claim_again(row.number, row.key, LEASE)
        if claim is None:
            raise _with_the_worker(row)
    before = row.state if row.state is LetterState.FAILED else LetterState.UNCERTAIN
    state, why = await _sent(store, settings, mailer, row, order, pages, known, otherwise=before)
    if claim is not None:
        await store.settle(row.number, row.key, state, reason=why, attempt=claim.attempts)
    elif state is not LetterState.SENT:
        state = LetterState.SENT
    return Resent(number=row.number, key=row.key, state=state, message_id=row.message_id, reason=why)


async def _sent(
    store: Store,
    settings: Settings,
    mailer: Mailer,
    row: LetterRow,
    order: Order,
    pages: OwnPages,
    known: LinksOf | None,
    *,
    otherwise: LetterState,
) -> tuple[LetterState, str | None]:
    """The letter's new state, and why it did not go out if so."""
    try:
        letter = as_kept(
            order,
            to_address=row.to_address,
            subject=row.subject,
            text=row.text,
            html=row.html,
            message_id=row.message_id,
            contacts=ContactsFile(settings.contacts_file).now(),
            timezone=pages.timezone,
            own=pages.own,
            files=row.files,
        )
        send = partial(mailer.send, sender=letter.envelope_from, to=letter.envelope_to, envelope_id=letter.envelope_id)
        bare = pages.put_into(letter, order, known)
        files = FilesToSend(store, settings.file_scanner)
        how = await sent_with_files(bare, files, send, number=row.number, on_page=letter.wants_page)
    except (NotAccepted, AddressUnusable, NoLinks, FileGone, NotLookedAt) as error:
        return otherwise, str(error)
    except Uncertain as error:
        return LetterState.UNCERTAIN, error.reason
    return LetterState.SENT, how


def _order(row: LetterRow) -> Order:
    return Order(
        number=row.number,
        key=row.key,
        kind=row.kind,
        recipient=row.recipient,
        language=language_of(row.language),
        at=row.occasion_at,
    )


def _with_the_worker(row: LetterRow) -> Refused:
    return Refused(
        N_("{number}: this letter is being sent at this moment: wait until that is over.", number=row.number),
        N_(
            "{number}: letter {key} is being sent at this moment: wait until that is over.",
            number=row.number,
            key=row.key,
        ),
    )
