"""How long the program waits for an answer before it says something else: in tests as long as a test waits.

Whoever asks at the desk or at a terminal is not left waiting: after some seconds the records answer instead of the run,
or it is said that nothing is known yet. On a machine without a processor to spare these seconds pass though everybody
is there, and a test sees another answer than the one it asks about. So for tests the program waits a minute; where
nobody will ever answer, a test says so (`with nobody_answers()`), and the program gives up after a second.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import ModuleType
from typing import Any

import httpx
import pytest
from temporalio.worker import _workflow as worker_of_workflows

from complaints.records import connection
from desk.staff import identity
from starter import answers, customer_words, doctor, front_desk, intake, opening
from starter.mailbox import turns

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)

OF_A_RUN: tuple[tuple[ModuleType, str], ...] = (
    (answers, "LIMIT"),
    (opening, "LIMIT"),
    (front_desk, "LIMIT"),
    (customer_words, "HEARD_WITHIN"),
    (intake, "FIRST_IS_TAKEN_WITHIN"),
)
"""Of Temporal and of who works there."""

OF_OTHERS: tuple[tuple[ModuleType, str], ...] = (
    (opening, "RECORDS_LIMIT"),
    (doctor, "SHORT"),
    (connection, "CONNECT_WITHIN"),
)
"""Of the records, and of a server that is only looked at."""


@contextmanager
def nobody_answers() -> Iterator[None]:
    """In this block a case will not answer, however long one waits: a second is enough."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in OF_A_RUN:
            patch.setattr(module, name, SECOND)
        yield


@contextmanager
def patient() -> Iterator[None]:
    """The program waits a minute for whoever is there."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (*OF_A_RUN, *OF_OTHERS):
            patch.setattr(module, name, MINUTE)
        patch.setattr(identity, "ANSWER_WITHIN", MINUTE.total_seconds())
        # Of a browser that a test has: the library gives up after five seconds.
        defaults = httpx.AsyncClient.__init__.__kwdefaults__ or {}
        patch.setitem(defaults, "timeout", httpx.Timeout(MINUTE.total_seconds()))
        patch.setattr(turns.Turns.__init__, "__kwdefaults__", {"patience": MINUTE})
        patch.setattr(worker_of_workflows._WorkflowWorker, "__init__", _with_patience_for_steps)
        yield


_made = worker_of_workflows._WorkflowWorker.__init__


def _with_patience_for_steps(worker: Any, **given: Any) -> None:
    """The SDK takes a step of a workflow for dead after 2 s, interrupts it, and may then never end (docs/upstream.md).

    In a process that has seen thousands of tests one collection of garbage takes longer on a busy machine.
    """
    _made(worker, **given)
    if worker._deadlock_timeout_seconds is not None:
        worker._deadlock_timeout_seconds = MINUTE.seconds
