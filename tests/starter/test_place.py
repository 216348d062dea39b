"""Which servers a program works with: those of the stack that runs in its home, also while that is still starting."""

import os
from pathlib import Path
from typing import Any

import pytest

from starter.errors import Refused
from starter.place import place_of
from starter.stack_addresses import Addresses
from tests.terminal import a_home

OURS = {"TEMPORAL_ADDRESS": "127.0.0.1:7233", "DATABASE_URL": "postgresql://u@localhost/d"}


def addresses(status: Any) -> Addresses:
    return Addresses(
        status=status,
        pid=os.getpid(),
        temporal=OURS["TEMPORAL_ADDRESS"],
        database=OURS["DATABASE_URL"],
        smtp="smtp://127.0.0.1:25",
        mailbox=None,
    )


@pytest.mark.parametrize(
    ("status", "environ", "known", "because"),
    [
        ("ready", OURS, True, "a program of a stack that is ready"),
        ("starting", OURS, True, "the worker of a stack that gets ready by it: it sees to the schedules"),
        ("starting", {**OURS, "TEMPORAL_ADDRESS": "other:7233"}, False, "somebody else's servers"),
        ("stopped", OURS, False, "no stack"),
    ],
)
def test_a_program_of_a_stack_knows_it(
    tmp_path: Path, status: str, environ: dict[str, str], known: bool, because: str
) -> None:
    with a_home(tmp_path, addresses(status)):
        place = place_of(None, {**environ, "COMPLAINTS_HOME": str(tmp_path)})
    assert (place.stack is not None) is known, because


def test_for_everybody_else_a_stack_that_is_starting_is_none(tmp_path: Path) -> None:
    with a_home(tmp_path, addresses("starting")), pytest.raises(Refused, match="complaints up"):
        place_of(tmp_path, {})


def test_what_a_killed_stack_left_is_none(tmp_path: Path) -> None:
    with a_home(tmp_path, addresses("starting")):
        pass  # its lock is gone with it
    assert place_of(None, {**OURS, "COMPLAINTS_HOME": str(tmp_path)}).stack is None
