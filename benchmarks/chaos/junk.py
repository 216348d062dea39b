"""What means nothing: kinds of junk, each sent as the payload of every signal and request, and as a start."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import cycle
from typing import Any

from pydantic import ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.common import RawValue
from temporalio.service import RPCError

from complaints.rules.facts import FACTS, UPDATES
from complaints.settings import TASK_QUEUE
from workflows import names

LONGEST = 60.0
"""Seconds until it is no longer waited for whether something was heard: a complaint that has ended says nothing."""

DEEP: Any = "bottom"
for _ in range(300):
    DEEP = [DEEP]

VALUES: dict[str, Any] = {
    "null": None, "a word": "academic", "an empty word": "", "a number": 42, "a negative": -1, "a fraction": 0.5,
    "beyond 64 bits": 10**30, "a truth": True, "a list": [1, "two", None], "a list of facts": [{"text": "x"}],
    "deep": DEEP, "an empty object": {}, "unknown fields": {"favourite_colour": "green", "": 1},
    "wrong types": {"text": {"a": 1}, "department": ["x"], "at": 7, "by": True, "reached": "maybe", "score": 99},
    "all null": {"text": None, "department": None, "by": None, "at": None, "event_id": None},
    "too long": {"text": "x" * 100_001, "department": "z" * 2_000},
    "blank": {"text": " \t\n", "department": " ", "reason": "\u3000"},
    "no zone": {"at": "2026-07-22T10:00:00"}, "before time": {"at": "0001-01-01T00:00:00Z"},
    "after time": {"at": "9999-12-31T23:59:59Z", "date": "9999-12-31"}, "no date": {"date": "2026-02-30"},
    "a date in words": {"date": "mañana"}, "NUL": {"text": "a\0b", "by": "\0", "department": "\0"},
    "controls": {"text": "\x1b[31m\x07", "by": "two\nlines", "reason": "\u0085\u2028"},
    "right to left": {"text": "\u202eabc\u2066", "by": "\u202egnp.exe"}, "not a character": {"text": "\uffff\ufffe"},
    "a long id": {"event_id": "e" * 5_000, "text": "x"},
    "another's fields": {"into": "Q-0000-00000", "key": "k", "level": 9},
    "an own flag": {"in_clear": True, "recorded_by": "x", "name": "resolved", "__class__": "Fact"},
}  # fmt: skip
"""JSON that no fact is."""

BYTES: dict[str, Payload] = {
    "half an object": Payload(metadata={"encoding": b"json/plain"}, data=b'{"text": '),
    "a lone surrogate": Payload(metadata={"encoding": b"json/plain"}, data=b'{"text": "\\ud800", "by": "\\udfff"}'),
    "no UTF-8": Payload(metadata={"encoding": b"json/plain"}, data=b'{"text": "\xff\xfe"}'),
    "not a number": Payload(metadata={"encoding": b"json/plain"}, data=b'{"score": NaN, "at": Infinity}'),
    "nothing at all": Payload(metadata={}, data=b""),
    "an encoding nobody knows": Payload(metadata={"encoding": b"x-own/thing"}, data=b"\x00\x01"),
    "a foreign seal": Payload(metadata={"encoding": b"binary/encrypted", "encryption-key-id": b"k-x"}, data=b"\1" * 40),
    "a broken seal": Payload(metadata={"encoding": b"binary/encrypted"}, data=b""),
    "a long number": Payload(metadata={"encoding": b"json/plain"}, data=b'{"score": ' + b"9" * 6_000 + b"}"),
    "very deep": Payload(metadata={"encoding": b"json/plain"}, data=b"[" * 20_000 + b"]" * 20_000),
}  # fmt: skip
"""Payloads that are no JSON that can be read."""


def _raw(value: Any) -> RawValue:
    """As another program's library writes it; ours would refuse some of it."""
    return RawValue(Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(value).encode()))


KINDS = {
    **{name: [_raw(value)] for name, value in VALUES.items()},
    **{name: [RawValue(raw)] for name, raw in BYTES.items()},
    "several": [_raw({"text": "x"}), _raw("two"), _raw(3)],
}
"""The arguments of each kind."""

NAMES = (*FACTS, "nobody-knows-this", "", "Assigned", "ñandú", "a" * 900)
"""Signals that are known, and that are not."""


def means_nothing(name: str, kind: str) -> bool:
    """Whether no fact can be read out of it, so that a complaint which hears it goes on as if it had heard nothing."""
    if name not in FACTS:
        return True
    if kind not in VALUES:
        return False  # it may come down to a bare word
    try:
        FACTS[name].model_validate(VALUES[kind] if VALUES[kind] is not None else {})
    except ValidationError:
        return isinstance(VALUES[kind], dict)
    return False


async def thrown_at(client: Client, living: Sequence[str], targets: Sequence[str], *, starts: int) -> int:
    """Rains on these complaints: what means nothing at those that live, everything at the targets; how much it was."""
    thrower = _Thrower(client)
    lives, marks = cycle(living), cycle(targets)
    for kind, arguments in KINDS.items():
        for name in NAMES:
            thrower.signal(next(marks), name, arguments)
            if means_nothing(name, kind):
                thrower.signal(next(lives), name, arguments)
        for name, fact in UPDATES.items():
            thrower.ask(next(marks), name, arguments)
            if means_nothing(fact.name, kind):
                thrower.ask(next(lives), name, arguments)
    for place, arguments in zip(range(starts), cycle(KINDS.values()), strict=False):
        thrower.start(f"junk-{targets[0]}-{place}", arguments)
    return await thrower.done()


REFUSALS = (RPCError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError)


class _Thrower:
    """Sixteen at the same time; that something is refused is what junk is for."""

    def __init__(self, client: Client) -> None:
        self._client, self._gate = client, asyncio.Semaphore(16)
        self._tasks: list[asyncio.Task[None]] = []

    def signal(self, number: str, name: str, arguments: list[Any]) -> None:
        self._throw(lambda: self._client.get_workflow_handle(number).signal(name, args=arguments))

    def ask(self, number: str, name: str, arguments: list[Any]) -> None:
        self._throw(lambda: self._client.get_workflow_handle(number).execute_update(name, args=arguments))

    def start(self, number: str, arguments: list[Any]) -> None:
        self._throw(
            lambda: self._client.start_workflow(names.COMPLAINT, args=arguments, id=number, task_queue=TASK_QUEUE)
        )

    async def done(self) -> int:
        """Once all of it has landed."""
        await asyncio.gather(*self._tasks)
        return len(self._tasks)

    def _throw(self, thing: Callable[[], Awaitable[Any]]) -> None:
        async def throw() -> None:
            async with self._gate:
                with suppress(*REFUSALS):
                    async with asyncio.timeout(LONGEST):
                        await thing()

        self._tasks.append(asyncio.create_task(throw()))
