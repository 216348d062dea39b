"""What the workflow asks of Temporal while a stored history is replayed, command by command: its fingerprint.

A replay compares kinds and names only: a timer of another length, or an activity with another timeout, replays and is
another procedure all the same. So the commands are kept beside the histories, and a test says which changed.

uv run python -m tests.commanded    writes them anew, where a change is meant; the diff says what it changes
"""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from google.protobuf.duration_pb2 import Duration
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails

from tests.rings import session_keys
from workflows.complaint import Complaint
from workflows.connection import data_converter

HISTORIES = Path(__file__).parent / "histories"
"""A folder for each version that recorded lives, `1.0.0` the first: each must replay for ever."""

_NO_COMMANDS_OF_A_RUN = {"respond_to_query", "update_response"}
"""Answers to whoever asks: they are events of an update, or none."""


class Stored(NamedTuple):
    """A life, as the worker of a version recorded it."""

    version: str
    life: str

    @property
    def file(self) -> Path:
        """Its history, as JSON."""
        return HISTORIES / self.version / f"{self.life}.json"

    @property
    def commands(self) -> Path:
        """What its workflow asked for, a command a line."""
        return HISTORIES / self.version / "commands" / f"{self.life}.txt"

    def history(self) -> WorkflowHistory:
        """The stored history."""
        return WorkflowHistory.from_json(f"H-{self.life}", self.file.read_text(encoding="utf-8"))

    def kept(self) -> list[str]:
        """The commands as they are kept."""
        return self.commands.read_text(encoding="utf-8").splitlines()

    def __str__(self) -> str:
        return f"{self.version}/{self.life}"


def stored() -> Iterator[Stored]:
    """Every life of every version."""
    for file in sorted(HISTORIES.glob("*/*.json")):
        yield Stored(file.parent.name, file.stem)


async def commands_of(one: Stored) -> list[str]:
    """The commands that today's workflow gives while that history is replayed, in order."""
    runner = _Listening()
    converter = data_converter(session_keys())
    replayer = Replayer(workflows=[Complaint], data_converter=converter, workflow_runner=runner, debug_mode=True)
    await replayer.replay_workflow(one.history())
    return runner.heard


class _Listening(UnsandboxedWorkflowRunner):
    """Hears every command on its way to Temporal's core."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        instance = super().create_instance(det)
        activate = instance.activate

        def heard(act: WorkflowActivation) -> WorkflowActivationCompletion:
            completion = activate(act)
            for command in completion.successful.commands:
                if command.WhichOneof("variant") not in _NO_COMMANDS_OF_A_RUN:
                    self.heard.append(_said(command))
            return completion

        instance.activate = heard  # type: ignore[method-assign]
        return instance


def _said(command: WorkflowCommand) -> str:
    """`start_timer 23:59:59.98`; `schedule_activity send_letter start-to-close 0:15:00 …`."""
    variant = command.WhichOneof("variant") or "?"
    said: Any = getattr(command, variant)
    words: list[str] = [variant]
    for name in ("activity_type", "signal_name", "patch_id"):
        words += [getattr(said, name)] if hasattr(said, name) else []
    for field, value in said.ListFields():
        if isinstance(value, Duration):
            words += [field.name.removesuffix("_timeout").replace("_", "-"), str(value.ToTimedelta())]
    if variant == "start_timer":  # which deadline it waits for
        words.append(json.loads(command.user_metadata.summary.data))
    if variant == "upsert_workflow_search_attributes":
        words += sorted(said.search_attributes.indexed_fields)
    return " ".join(words)


async def _write() -> None:
    for one in stored():
        commands = await commands_of(one)
        one.commands.parent.mkdir(exist_ok=True)
        one.commands.write_text("\n".join(commands) + "\n", encoding="utf-8")
        print(f"{one}: {len(commands)} commands")


if __name__ == "__main__":
    asyncio.run(_write())
