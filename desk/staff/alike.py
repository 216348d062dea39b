"""Other complaints of the same customer: open ones may be the same, closed ones are what they lived through before."""

import asyncio
from collections.abc import Iterable

from complaints.records.part import Part
from complaints.records.store import Store
from complaints.rules.journal import CaseRecord

MOST = 8
SHORTEST = 6
"""Characters by which somebody may be known: less would find half the school."""


async def alike(store: Store, known_by: Iterable[str | None], *, besides: str | None = None) -> Part[CaseRecord]:
    """The complaints that are found by any of these, the open ones first, then the newest, and how many at least."""
    texts = [text for text in known_by if text and len(text) >= SHORTEST]
    found: dict[str, CaseRecord] = {}
    for records in await asyncio.gather(*(store.find_customer(text, limit=MOST) for text in texts)):
        found.update({record.number: record for record in records if record.number != besides})
    newest = sorted(found.values(), key=lambda record: record.received_at, reverse=True)
    ordered = sorted(newest, key=lambda record: record.closed_at is not None)
    return Part(ordered[:MOST], total=len(ordered))
