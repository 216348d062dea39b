"""What came by mail: kept as it came, judged, then a new complaint, an answer passed on, or the quarantine (§3)."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from complaints.mail import parts
from complaints.mail.content import content_digest
from complaints.mail.incoming import ZONE, Reading
from complaints.mail.kinds import Kind
from complaints.mail.replies import bounced_letter, which_case
from complaints.records.messages import Kept
from complaints.records.store import Store
from complaints.rules.facts import LetterBounced, MessageReceived, Noted, Via
from complaints.rules.letters import CUSTOMER
from complaints.rules.policy import rules_in_force
from complaints.rules.quarantine import OF_NO_CASE, Quarantined, flood_name
from complaints.rules.status import Status
from complaints.words.catalogue import N_, _
from starter.believing import NOBODY, Belief, Ours, says_what_it_said
from starter.errors import Away, NotFound, NotKnown, Refused
from starter.front_desk import FrontDesk, Opened
from starter.said_by_mail import said, to_keep
from starter.understanding import understood

__all__ = ["NOBODY", "Arrival", "Ours", "Taken", "item_name", "taken_in"]

FROM_ONE_ADDRESS = 20
"""Messages of one address in an hour; the next ones are looked at first. Some responders set no header at all."""

TO_ONE_CASE = 20
"""Messages to one complaint in an hour."""

NAME = 12
"""Characters of a digest that name an item."""

HOUR = timedelta(hours=1)

LOOKED_AT_WITHIN = timedelta(hours=24)
"""§4, from the receipt: what is in the quarantine may be a complaint after all."""

PERHAPS_THE_SAME = timedelta(days=14)
"""How far back another open complaint of the same sender is pointed out."""

MOST_POINTED_OUT = 5

AT_ONCE = timedelta(minutes=10)

FIRST_IS_TAKEN_WITHIN = timedelta(seconds=5)
"""How long another message of the same Message-ID and sender is waited for that is being taken in right now."""


class Taken(Opened):
    """What became of a mail that was taken in: which case has it, or where it waits."""

    reply: bool = False
    """It belongs to a complaint that exists, and was passed on to it."""
    quarantined: str | None = None
    """Why somebody looks at it before it counts; `number` then names the item, except where it is on a case too."""


async def taken_in(desk: FrontDesk, raw: bytes, *, mailbox: str, received_at: datetime, ours: Ours = NOBODY) -> Taken:
    """Takes a mail in. Safe to repeat, by several readers at once: the same mail has its effect once.

    Returns when the records have its bytes and Temporal the complaint or the answer. Raises Away, NotKnown and the
    records' errors where it must be taken in again later.
    """
    store = _records(desk)
    reading = await understood(store, raw, mailbox=mailbox, received_at=received_at, staff=ours.staff)
    if (first := await store.unread_arrival(reading.source_key)) is not None:
        content = await asyncio.to_thread(lambda: content_digest(first, parts.parsed(first)))
        await store.arrival_read(reading.source_key, content)
    kept = await store.keep_mail(to_keep(raw, reading))
    if kept.taken_as is not None:
        return await _what_became_of(store, kept)
    beside = reading.source_key if kept.beside else None
    reading = replace(reading, received_at=kept.received_at, source_key=kept.source_key or reading.source_key)
    return await Arrival(desk, reading, kept.digest, ours, beside=beside).taken()


class Arrival:
    """One message that is kept, and what is done with it."""

    def __init__(
        self, desk: FrontDesk, reading: Reading, digest: str, ours: Ours = NOBODY, *, beside: str | None = None
    ) -> None:
        """`beside`: the source key that another message had before this one, which says something else."""
        self.desk, self.reading, self.digest, self.ours, self.beside = desk, reading, digest, ours, beside
        self.store = _records(desk)
        self.belief = Belief(self.store, reading, ours)

    async def taken(self) -> Taken:
        """Does it, then notes that it is done: whoever dies in between leaves it to be done again, with one effect."""
        reading = self.reading
        if own := await self._our_own():
            return own
        if reading.kind is Kind.BOUNCE:
            return await self._bounced()
        if not reading.by_human:
            return await self.quarantined(reading.kind.value)
        if await self._too_many_from_there():
            return await self.quarantined("loop")
        if request := await self.belief.request():
            return await self._help_answered(*request)
        match = await which_case(reading, self, keys=self.ours.keys)
        if reading.held:
            return await self.quarantined(reading.held, match.number)
        if match.needs_review:
            return await self.quarantined("sender-mismatch", match.number)
        proven, forged = await self.belief.proven(match), self.belief.forged
        if forged and not proven:
            return await self.quarantined("forged-sender", match.number)
        number = match.number or await self._number_beside()
        if number is None:
            return await self._let_through()
        if await self._too_many_to(number):
            return await self.quarantined("loop", number)
        return await self.passed_on(number, proven=proven and not forged) or await self._let_through()

    async def _let_through(self) -> Taken:
        """A new complaint, unless there are too many at once: whoever gets our acknowledgements may not have written.

        Mail that our server found genuine is counted like any other: a flood is one whoever sends it.
        """
        key, at = self.reading.source_key, self.reading.received_at
        if not await self.store.admitted(key, at, most=self.ours.new_at_once, within=AT_ONCE):
            return await self.quarantined("flood")
        return await self.opened()

    # -- what may be done --------------------------------------------------------------------------------------------

    async def opened(self) -> Taken:
        """A new complaint, with the mail's own receipt time; other open ones of the sender are pointed out."""
        try:
            opened = await self.desk.open(self.reading.complaint())
        except (ValueError, Refused):  # nobody could be answered
            return await self.quarantined("no-contact")
        await self._point_out(opened.number)
        return await self._done("complaint", Taken.model_validate(opened.model_dump()))

    async def proven_for(self, number: str) -> bool:
        """Whether it shows that the customer of this complaint wrote it."""
        match = await which_case(self.reading, self, keys=self.ours.keys)
        return match.number == number and await self.belief.proven(match)

    async def passed_on(self, number: str, *, proven: bool = False) -> Taken | None:
        """The words reach the case; None if there is no such complaint. What comes after its end staff see, too.

        `proven`: it came to the case's signed address, or answers a letter of ours about it to the customer. Without
        it nothing is known but that a message came: the From and the number anybody can write.
        """
        named, status = number, await self._status(number)
        for _step in range(MOST_POINTED_OUT):
            if status is None or not status.merged_into:
                break
            if not await self.desk.merging.is_same_person(named, status.merged_into):
                break  # what one person writes is never put before another
            number = status.merged_into
            status = await self._status(number)
        closed = status is not None and (status.closed_at is not None or status.outcome is not None)
        try:
            proven = proven and number == named
            asked = None if closed or not proven else status
            fact = said(self.reading, asked, proven=proven, **self._who("customer"))
            if number != named and isinstance(fact, MessageReceived):
                fact = fact.model_copy(update={"of": named})
            await self.desk.tell(number, fact)
        except NotFound:
            return None
        except Refused:  # kept nowhere else: the quarantine shows it
            return await self.quarantined("after-closing", number)
        if closed:
            await self._put_aside("after-closing", number)
        taken = Taken(number=number, already=True, reply=True, quarantined="after-closing" if closed else None)
        return await self._done("reply", taken, kept_with=named)

    async def _help_answered(self, number: str, request: int) -> Taken:
        """A colleague's answer to a request for help (§5.3): a note on the case, which no customer reads."""
        if self.belief.forged:
            return await self.quarantined("forged-sender", number)
        who = {**self._who(self.reading.from_address or "mailbox"), "via": Via.REPLY}
        try:
            await self.desk.tell(number, Noted(text=self.reading.words, answers_request=request, **who))
        except (NotFound, Refused):  # it has ended meanwhile, perhaps
            return await self.quarantined("after-closing", number)
        # Not as an answer of the customer's: whoever wrote one belongs to the case.
        return await self._done("internal", Taken(number=number, already=True, reply=True))

    async def quarantined(self, reason: str, number: str | None = None) -> Taken:
        """Somebody looks at it first: never answered by itself, never a complaint by itself."""
        await self._put_aside(reason, number)
        await self.store.mail_taken(self.digest, "quarantine")
        return Taken(number=item_name(self.digest), quarantined=reason)

    async def _put_aside(self, reason: str, number: str | None) -> None:
        reading = self.reading
        due = answered_by(self.desk, reason, reading.received_at)
        flood = await self.store.flood_at(
            reading.received_at,
            digest=self.digest,
            most=self.ours.new_at_once,
            within=AT_ONCE,
            certain=reason == "flood",
        )
        flood = await self.store.quarantine(
            self.digest,
            reason=reason,
            number=number,
            sender=reading.from_address,
            subject=reading.subject,
            received_at=reading.received_at,
            due=due,
            flood=flood,
        )
        if flood is not None:  # one notice for all of it, and at once: each should be acknowledged within 24 hours (§4)
            await self.desk.watch(Quarantined(name=flood_name(flood), due=flood))
        else:
            await self.desk.watch(Quarantined(name=self.digest[:NAME], due=due))

    async def _done(self, taken_as: str, taken: Taken, *, kept_with: str | None = None) -> Taken:
        """`kept_with`: the complaint that it was written to, where another goes on for it."""
        # What was left out of the complaint, its signature say, may be what somebody remembers of it; of an answer the
        # rest is what we wrote ourselves.
        wrote = [self.reading.subject, self.reading.whole_text] if taken_as == "complaint" else []
        await self.store.mail_taken(self.digest, taken_as, kept_with or taken.number, wrote=wrote)
        return taken

    # -- mail of programs --------------------------------------------------------------------------------------------

    async def _our_own(self) -> Taken | None:
        """A letter of ours that came back to us is no complaint: taken for one, it would be answered for ever."""
        if not self.reading.message_id:
            return None
        letter = await self.store.letter_by_message_id(self.reading.message_id)
        if letter is None:
            return None
        if says_what_it_said(self.reading, letter):
            return await self._done("own", Taken(number=letter.number, already=True))
        return None  # our Message-ID on somebody's own words: they are read like any others

    async def _bounced(self) -> Taken:
        """A report on a letter: told to its case; of nothing that we know, or of a colleague's letter, to staff."""
        bounce, domain = self.reading.bounce, self.ours.domain or "\x00"
        message_id = bounced_letter(self.reading, domain=domain, keys=self.ours.keys)
        letter = await self.store.letter_by_message_id(message_id) if message_id else None
        if bounce is None or letter is None or bounce.action == "feedback" or letter.kind in OF_NO_CASE:
            of_case = letter is not None and letter.kind not in OF_NO_CASE
            return await self.quarantined(Kind.BOUNCE.value, letter.number if letter and of_case else None)
        if not self.belief.of_report(letter):
            return await self.quarantined(Kind.BOUNCE.value, letter.number)  # anybody may have written it
        if bounce.action in ("failed", "delayed"):
            permanent = bounce.permanent_for(letter.to_address, proven=self.belief.came_back)
            said = LetterBounced(
                key=letter.key,
                reason=" ".join(filter(None, (bounce.status, bounce.action))),
                permanent=permanent,
                to=letter.to_address,
                **self._who("mailbox"),
            )
            try:
                await self.desk.tell(letter.number, said)
            except Refused:
                return await self.quarantined(Kind.BOUNCE.value, letter.number)
            if letter.recipient != CUSTOMER and permanent:
                return await self.quarantined(Kind.BOUNCE.value, letter.number)
        return await self._done("bounce", Taken(number=letter.number, already=True))

    # -- what a person says ------------------------------------------------------------------------------------------

    def _who(self, by: str) -> dict[str, Any]:
        """Who said it, when, and the id under which it counts once however often the mail comes."""
        key = hashlib.sha256(self.reading.source_key.encode(errors="replace")).hexdigest()[:40]
        at = self.reading.received_at if self.desk.stamps else None
        return {"by": by, "via": Via.REPLY, "at": at, "event_id": f"mail/{key}"}

    async def _point_out(self, number: str) -> None:
        """Other open complaints of this sender may be about the same; joining them is for people to decide (§5.1)."""
        sender = self.reading.from_address
        if not sender:
            return
        since = self.reading.received_at - PERHAPS_THE_SAME
        others = [one for one in await self.store.open_cases_of(sender, since=since) if one != number]
        for other in others[-MOST_POINTED_OUT:]:
            for case, same in ((number, other), (other, number)):
                note = _("Possible duplicate: {same} has the same sender. If it is the same, merge them.").format(
                    same=same
                )
                fact = Noted(text=note, by="mailbox", at=self._who("")["at"], event_id=f"duplicate/{case}/{same}")
                try:
                    await self.desk.tell(case, fact)
                except Refused:
                    continue  # it has ended meanwhile

    async def _number_beside(self) -> str | None:
        """The complaint of the message that had this Message-ID and sender before, and said something else."""
        if self.beside is None or not self.reading.from_address:
            return None
        deadline = asyncio.get_running_loop().time() + FIRST_IS_TAKEN_WITHIN.total_seconds()
        while (first := await self.store.first_arrival(self.beside)) is not None and first.taken_as is None:
            if asyncio.get_running_loop().time() > deadline:
                return None  # its reader has died, perhaps: this one stands for itself
            await asyncio.sleep(0.1)
        if first is None or first.number is None or first.taken_as not in ("complaint", "reply"):
            return None
        belongs = await self.belongs(first.number, self.reading.from_address)
        return None if belongs is False else first.number

    # -- questions ---------------------------------------------------------------------------------------------------

    async def number_of_letter(self, message_id: str) -> str | None:
        """The complaint that our letter with this Message-ID is about."""
        letter = await self.store.letter_by_message_id(message_id)
        return letter.number if letter and letter.kind not in OF_NO_CASE else None

    async def belongs(self, number: str, address: str) -> bool | None:
        """Whether the complaint is this sender's. One that the records do not know yet is nobody's, to be looked at."""
        known = await self.store.sender_belongs(number, address)
        if known is not None:
            return known
        return None if await self._status(number) is None else False

    async def _status(self, number: str) -> Status | None:
        """Where the case stands; None where there is none, or nobody can say."""
        try:
            return (await self.desk.status(number)).value
        except (Refused, NotKnown, Away):
            return None

    async def _too_many_from_there(self) -> bool:
        reading = self.reading
        if not reading.from_address:
            return False
        found = await self.store.mails_from(
            reading.from_address, until=reading.received_at, within=HOUR, beside=reading.source_key
        )
        return found >= FROM_ONE_ADDRESS

    async def _too_many_to(self, number: str) -> bool:
        reading = self.reading
        found = await self.store.mails_to(number, until=reading.received_at, within=HOUR, beside=reading.source_key)
        return found >= TO_ONE_CASE


def answered_by(desk: FrontDesk, reason: str, received_at: datetime) -> datetime:
    """Until when somebody decides: what a customer writes on a closed complaint is late like any message of theirs."""
    if reason != "after-closing":
        return received_at + LOOKED_AT_WITHIN
    rules = rules_in_force(desk.policy, received_at.astimezone(ZONE).date())
    return rules.calendar.deadline(received_at, desk.policy.messages.answer_within)


def item_name(digest: str) -> str:
    """What a quarantined message is called."""
    return f"quarantine-{digest[:NAME]}"


async def _what_became_of(store: Store, kept: Kept) -> Taken:
    """A repeat of what is done."""
    if kept.taken_as == "quarantine":
        item = await store.quarantine_item(kept.digest)
        if item is not None and item.handled_at is None:
            return Taken(number=item_name(kept.digest), already=True, quarantined=item.reason)
    number = kept.number or item_name(kept.digest)
    return Taken(number=number, already=True, reply=kept.taken_as == "reply")


def _records(desk: FrontDesk) -> Store:
    if desk.store is None:
        raise Refused(
            N_("Mail is kept before it is taken in: say where the records are with DATABASE_URL."),
        )
    return desk.store
