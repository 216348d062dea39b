"""Deciding about mail in the quarantine: it counts, as of when it came, or it is answered once, or dropped (§3)."""

from dataclasses import dataclass, replace

from complaints.mail.incoming import Reading
from complaints.mail.letters import Letter
from complaints.records.messages import AttachedFile
from complaints.records.quarantine import QuarantineItem
from complaints.records.store import Store
from complaints.rules.facts import CustomerDissatisfied, Via
from complaints.rules.letters import LetterState
from complaints.rules.policy import Policy
from complaints.settings import Settings
from complaints.words.catalogue import N_
from starter.answering import Answer, as_it_will_be, handed_over
from starter.errors import NotFound, Refused
from starter.front_desk import FrontDesk
from starter.intake import Arrival, Taken
from starter.understanding import understood_item


@dataclass(frozen=True)
class Shown:
    """An item with what it says."""

    item: QuarantineItem
    text: str
    """All of it: whoever decides sees the history, too."""
    attachments: list[AttachedFile]


async def shown(store: Store, name: str) -> Shown:
    """One item, whole. Raises NotFound."""
    item = await _item(store, name)
    reading = await _reading(store, item)
    return Shown(item, reading.whole_text, await store.attachments(item.digest))


async def released(desk: FrontDesk, name: str, *, to: str | None, new: bool, by: str) -> Taken:
    """It counts, with its own receipt time: on the complaint `to`, on the one that it names, or as a new one.

    Safe to repeat: what was interrupted is finished. Raises Refused, NotFound.
    """
    if desk.store is None:
        raise Refused(N_("DATABASE_URL is missing: the quarantine is there."))
    item = _open(await _item(desk.store, name))
    if item.reason == "after-closing" and not (to or new):
        raise Refused(
            N_("{name}: it is noted on {number} already, which is closed.", name=item.name, number=item.number),
            N_(
                "{name}: it is noted on {number} already, which is closed. If it disputes the resolution: "
                "`complaints reopen {number}`; if it is another complaint: --new; if nothing: `complaints "
                "quarantine drop`.",
                name=item.name,
                number=item.number,
            ),
        )
    # What a colleague forwarded counts as the words of the customer proposed: whoever releases it has confirmed them.
    reading = (await _reading(desk.store, item)).of_customer()
    arrival = Arrival(desk, reading, item.digest)
    number = None if new else to or item.number
    if number is None:
        taken = await arrival.opened()
        if taken.quarantined:
            raise Refused(
                N_(
                    "{name}: it names nobody to answer; add it to a complaint, or open one by hand.",
                    name=item.name,
                ),
                N_(
                    "{name}: it names nobody to answer; release it to a complaint with --to, or open one by hand.",
                    name=item.name,
                ),
            )
    else:
        passed_on = await arrival.passed_on(number, proven=await arrival.proven_for(number))
        if passed_on is None:
            raise NotFound.number(number)
        taken = passed_on
    await desk.store.quarantine_handled(item.digest, how="released", by=by, number=taken.number)
    return taken


async def reopened(desk: FrontDesk, name: str, *, by: str) -> str:
    """What the customer wrote on a closed complaint disputes it (§8): it goes on, their words are the reason.

    The complaint's number. Safe to repeat. Raises Refused where it is too late for that, NotFound.
    """
    if desk.store is None:
        raise Refused(N_("DATABASE_URL is missing: the quarantine is there."))
    item = _open(await _item(desk.store, name))
    if item.reason != "after-closing" or item.number is None:
        raise Refused(N_("{name}: it is about no closed complaint.", name=item.name))
    reading = await _reading(desk.store, item)
    event_id = f"mail/{item.digest[:40]}/reopens"
    await desk.reopen(item.number, CustomerDissatisfied(reason=reading.words, by=by, via=Via.REPLY), event_id)
    await desk.store.quarantine_handled(item.digest, how="released", by=by, number=item.number)
    return item.number


async def dropped(store: Store, name: str, *, reason: str, by: str) -> QuarantineItem:
    """It is nothing for us; its bytes stay. Raises Refused without a reason, or where it was decided before."""
    if not reason.strip():
        raise Refused(N_("Say why it is dropped."), N_("Say why it is dropped: --reason."))
    item = _open(await _item(store, name))
    await store.quarantine_handled(item.digest, how="dropped", by=by, why=reason)
    return await _item(store, item.digest)


@dataclass(frozen=True)
class Answered:
    """An item that was answered and is closed."""

    item: QuarantineItem
    state: LetterState
    """SENT; UNCERTAIN where the mail server's word was lost: perhaps it went out, and it is not sent again."""


async def answered(
    store: Store,
    settings: Settings,
    name: str,
    *,
    words: str,
    by: str,
    policy: Policy,
    why: str | None = None,
    forced: bool = False,
) -> Answered:
    """One letter with `words` to whoever wrote the item, which is closed by it; `why` is noted for us alone.

    Safe to repeat: whatever happens in between, one letter goes out at most. Never to a null sender nor about a bounce;
    to a program only if `forced`. Raises NotFound, and Refused, then the item waits as before.
    """
    answer = await _answer(store, name, words=words, by=by, forced=forced)
    state = await handed_over(store, settings, answer, policy=policy)
    await store.quarantine_handled(answer.item.digest, how="answered", by=by, why=why)
    return Answered(await _item(store, answer.item.digest), state)


async def answer_seen(
    store: Store, settings: Settings, name: str, *, words: str, by: str, policy: Policy, forced: bool = False
) -> Letter:
    """The letter that `answered` would send; nothing is sent and the item waits. Raises NotFound and Refused."""
    answer = await _answer(store, name, words=words, by=by, forced=forced)
    return await as_it_will_be(store, settings, answer, policy=policy)


async def _answer(store: Store, name: str, *, words: str, by: str, forced: bool) -> Answer:
    if not words.strip():
        raise Refused(N_("Say what is answered."))
    item = _open(await _item(store, name))
    mail = await store.mail(item.digest)
    assert mail is not None, "the quarantine refers to kept mail"
    return Answer(item, mail.raw, await _reading(store, item), words=words, by=by, forced=forced)


async def _reading(store: Store, item: QuarantineItem) -> Reading:
    mail = await store.mail(item.digest)
    assert mail is not None, "the quarantine refers to kept mail"
    reading = await understood_item(store, item)
    return replace(reading, source_key=mail.source_key or reading.source_key)  # another may have had its own before


async def _item(store: Store, name: str) -> QuarantineItem:
    item = await store.quarantine_item(name.strip().removeprefix("quarantine-"))
    if item is None:
        raise NotFound(
            N_("There is no message {name} in the quarantine, or there are several.", name=name),
            N_(
                "There is no message {name} in the quarantine, or there are several: see `complaints quarantine`.",
                name=name,
            ),
        )
    return item


def _open(item: QuarantineItem) -> QuarantineItem:
    if item.handled_as is not None:
        raise Refused(
            N_(
                "{name}: {handled_by} decided already ({handled_as}).",
                name=item.name,
                handled_by=item.handled_by,
                handled_as=item.handled_as,
            ),
        )
    return item
