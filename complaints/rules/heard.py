"""Idempotency: whether what comes under an event id is the same as before. The same counts once.

A form sent twice is one act. A form that comes again with other words is refused: its sender must learn that they were
not kept.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from complaints.rules.facts import FACTS, Channel, Fact
from complaints.rules.received import ComplaintReceived, content_of
from complaints.rules.refusals import Refusal
from complaints.rules.state import CaseState
from complaints.rules.volume import CUT, fitting_start

ALREADY = Refusal("sent.already")
"""Why something else under an id that was used is not taken."""

_NOT_SAID = frozenset({"at", "by", "via", "event_id", "in_clear", "read", "seems", "sender_proven", "mentions"})
"""Who said it when, through what, and whether sealed, may differ where an answer was lost and it is sent once more; and
so may what we find in the same words the second time."""


def said_otherwise(case: CaseState, fact: Fact) -> bool:
    """Whether something else was applied under this fact's id."""
    kept = next((row for row in case.rows if row.what in FACTS and row.data.get("event_id") == fact.event_id), None)
    return kept is not None and not is_same(kept.what, kept.data, fact)


def is_same(what: str, data: Mapping[str, Any], fact: Fact) -> bool:
    """Whether a row or an afterword with these particulars says what the fact says."""
    if what != fact.name:
        return False
    fields = {field.alias or name for name, field in type(fact).model_fields.items()} - _NOT_SAID
    said = fact.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return all(_is_same(data.get(name), said.get(name)) for name in fields)


def content_digest(received: ComplaintReceived) -> str:
    """Tells two arrivals under one source key apart: of what was said, as a case takes it over."""
    said = json.dumps(content_of(fitting_start(received)), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"content/{said}".encode(errors="replace")).hexdigest()[:32]


def is_same_arrival(kept: ComplaintReceived, received: ComplaintReceived) -> bool:
    """Whether the one that is kept under a source key says what this one says."""
    return is_mail(received) or content_digest(kept) == content_digest(received)


def is_mail(received: ComplaintReceived) -> bool:
    """Its key is made of what it says, and how it is read gets better: what was read is not compared."""
    return received.channel is Channel.EMAIL and (received.source_key or "").startswith("mail:")


def _is_same(kept: Any, said: Any) -> bool:
    if isinstance(kept, str) and isinstance(said, str) and kept.endswith(CUT):  # as much of it as the case took
        return said.startswith(kept.removesuffix(CUT))
    return bool(kept == said)
