"""Payloads that anybody may send: what cannot be read becomes a marked value, so that no stranger freezes a case.

Tried on temporalio 1.35: a signal whose payload is malformed, or under a foreign key, is dropped with a log line, and
such a start leaves a run behind whose first task fails for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import CompositePayloadConverter

from complaints.rules.refusals import Refusal
from complaints.rules.requests import RulesTold
from workflows.sealing import ENCODING, IN_CLEAR, KEY_ID, PACKS


@dataclass(frozen=True)
class Unreadable:
    """Stands for a payload that cannot be read; whoever takes it says so instead of failing."""

    encoding: str
    key: str | None = None
    """The id of the key that it is sealed with, which is none of ours, or not the one it says."""

    @property
    def refusal(self) -> Refusal:
        """Why nothing can be done with it."""
        if self.key is not None:
            return Refusal("payload.foreign-key", {"key": repr(self.key)})
        return Refusal("payload.unreadable", {"encoding": repr(self.encoding)})


_ENCODINGS = tuple(PydanticPayloadConverter().converters.values())
"""Made once a process. One of its own for each run would learn anew in the sandbox how every model is read, and keep it
for as long as the case is in memory."""


class ForgivingConverter(PydanticPayloadConverter):
    """Pydantic models as JSON. Where no type is expected, as in `*payload`, an unreadable payload is marked."""

    def __init__(self) -> None:
        """Each run of a case makes one, and all of them share their encodings, which keep nothing of anybody."""
        CompositePayloadConverter.__init__(self, *_ENCODINGS)

    def from_payloads(self, payloads: Sequence[Payload], type_hints: list[type] | None = None) -> list[Any]:
        """See base class. Raises only where types are expected."""
        if type_hints:
            return super().from_payloads(payloads, type_hints)
        return [self._read(payload) for payload in payloads]

    def _read(self, payload: Payload) -> Any:
        try:
            value = super().from_payloads([payload])[0]
        except Exception:  # whatever a converter makes of bytes that are not its own
            encoding, key = _said(payload, "encoding"), _said(payload, KEY_ID)
            return Unreadable(encoding, key if encoding.encode() == ENCODING else None)
        # Whoever sent it is told by it, in the case's journal; nobody can say of themselves that they did.
        if isinstance(value, dict):
            value.pop("in_clear", None)
            if IN_CLEAR in payload.metadata:
                value["in_clear"] = True
        return value


class Packing(ForgivingConverter):
    """With a key: what only our own workers read, and read as what they expect, is packed before it is sealed."""

    def to_payloads(self, values: Sequence[Any]) -> list[Payload]:
        """See base class."""
        payloads = super().to_payloads(values)
        for value, payload in zip(values, payloads, strict=True):
            if isinstance(value, RulesTold):
                payload.metadata[PACKS] = b"1"
        return payloads


def _said(payload: Payload, name: str) -> str:
    return payload.metadata.get(name, b"")[:60].decode("ascii", errors="replace")


def unreadable(arguments: Sequence[Any]) -> Unreadable | None:
    """The mark, if the argument that counts could not be read."""
    return arguments[0] if arguments and isinstance(arguments[0], Unreadable) else None
