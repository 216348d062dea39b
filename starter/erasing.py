"""What people ask about a person's data: to erase it, to keep it for a court, and what will go when (Ley 29733)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

from complaints import erasing
from complaints.records.erasures import HOLD_RELEASED, HOLD_SET, Erasable
from complaints.records.errors import NotErasable, UnknownComplaint
from complaints.records.store import Store
from complaints.rules.facts import Via
from complaints.rules.privacy_requests import PrivacyRequest
from complaints.words.catalogue import N_
from starter.errors import NotFound, Refused
from starter.place import Place
from starter.reaching import client_of
from workflows import forgetting
from workflows.forgetting import StillRuns

SHOWN = 200
"""So many that are due are named."""


class Erased(BaseModel):
    """An erasure that was asked for."""

    model_config = ConfigDict(frozen=True)

    before: Erasable
    """What was there."""
    done: bool
    """False: only looked at, or this very request had done it before."""


class Due(BaseModel):
    """What goes by age, and what does not."""

    model_config = ConfigDict(frozen=True)

    years: int
    """After its end a complaint keeps its person for so long; 0: for ever."""
    due: tuple[str, ...]
    """Those that go with the next daily run, the first of them."""
    held: tuple[str, ...]
    requests: tuple[PrivacyRequest, ...] = ()
    """Who waits for an answer about their data, the most urgent first."""


async def looked_at(store: Store, number: str) -> Erasable:
    """What an erasure would take, and what stands in its way. Raises NotFound."""
    async with _said(number):
        return await store.erasable(number)


async def erase(
    place: Place, number: str, *, by: str, at: datetime, reason: str, event_id: str | None = None, via: Via = Via.CLI
) -> Erased:
    """Takes the person out of everything, Temporal's histories too. Raises NotFound, Refused, TemporalUnreachable."""
    async with place.store() as store, _said(number):
        before = await store.erasable(number)
        if before.closed_at is None or before.hold is not None:
            raise NotErasable(number, held=before.hold is not None)
        client = await client_of(place)
        done = await erasing.erase(
            store,
            number,
            forget_runs=lambda one: forgetting.forget_runs(client, one),
            event_id=event_id or str(uuid4()),
            at=at,
            by=by,
            via=via,
            reason=reason,
        )
        return Erased(before=before, done=done)


async def hold(
    store: Store, number: str, *, by: str, at: datetime, reason: str, event_id: str | None = None, via: Via = Via.CLI
) -> None:
    """Nothing of it is erased until it is released: for a court or an authority. Raises NotFound, Refused."""
    await _noted(store, number, HOLD_SET, by=by, at=at, reason=reason, event_id=event_id, via=via)


async def release(
    store: Store, number: str, *, by: str, at: datetime, reason: str, event_id: str | None = None, via: Via = Via.CLI
) -> None:
    """The hold is over; what is due by age goes with the next daily run. Raises NotFound, Refused."""
    await _noted(store, number, HOLD_RELEASED, by=by, at=at, reason=reason, event_id=event_id, via=via)


async def due(store: Store, *, years: int, now: datetime) -> Due:
    """What goes with the next daily run, and what is held."""
    before = erasing.years_before(now, years)
    found = await store.due_for_erasing(before, limit=SHOWN) if years else []
    waiting = tuple(await store.privacy_requests())
    return Due(years=years, due=tuple(found), held=tuple(await store.held()), requests=waiting)


async def _noted(
    store: Store, number: str, what: str, *, by: str, at: datetime, reason: str, event_id: str | None, via: Via
) -> None:
    if not reason.strip():
        raise Refused(N_("Say why: it is noted with the complaint."), N_("Say why with --reason: it is noted."))
    if (await store.is_held(number)) is (what == HOLD_SET):
        raise Refused(
            N_("{number} is held already.", number=number)
            if what == HOLD_SET
            else N_("{number} is not held.", number=number)
        )
    async with _said(number):
        await store.add_afterword(
            number, event_id=event_id or str(uuid4()), at=at, what=what, by=by, via=via, data={"reason": reason}
        )


@asynccontextmanager
async def _said(number: str) -> AsyncIterator[None]:
    try:
        yield
    except UnknownComplaint as error:
        raise NotFound.number(number) from error
    except StillRuns as error:
        raise _open(number) from error
    except NotErasable as error:
        if not error.held:
            raise _open(number) from error
        raise Refused(
            N_("{number} is held: nothing of it is erased until the hold is released.", number=number),
            N_(
                "{number} is held: `complaints privacy release {number}` first, if nobody needs it any more.",
                number=number,
            ),
        ) from error


def _open(number: str) -> Refused:
    return Refused(
        N_("{number} is open: only a complaint that has ended is erased.", number=number),
        N_(
            "{number} is open: only a complaint that has ended is erased. Where the customer takes it back: "
            "`complaints withdraw {number}`.",
            number=number,
        ),
    )
