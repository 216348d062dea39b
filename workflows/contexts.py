"""What the worker asks of a run for each payload: whose it is, for a codec or a store that wants to know.

Temporal's sandbox answers by entering the sandbox, once a payload and twice where it is written: 11 % of the worker's
processor time (sampled on temporalio 1.35). All that the answer needs stands in the run's own commands, so it is given
from there, and is the same: `tests/stories/test_timely.py` asks both.
"""

from typing import Any

from temporalio.api.enums.v1.command_type_pb2 import CommandType
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import (
    ActivitySerializationContext,
    SerializationContext,
    StorageDriverStoreContext,
    StorageDriverWorkflowInfo,
    WorkflowSerializationContext,
)
from temporalio.workflow import Info

_ACTIVITY = CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK
_SIGNAL = CommandType.COMMAND_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION


class Contexts:
    """Those of one run. Its kinds of commands are activities and signals to other complaints; there are no others."""

    def __init__(self, info: Info) -> None:
        self._namespace, self._workflow_type = info.namespace, info.workflow_type
        self._workflow_id = info.workflow_id
        self._own = WorkflowSerializationContext(namespace=info.namespace, workflow_id=info.workflow_id)
        own = StorageDriverWorkflowInfo(
            id=info.workflow_id, run_id=info.run_id, type=info.workflow_type, namespace=info.namespace
        )
        self._own_store = StorageDriverStoreContext(target=own)
        self._task_queue = info.task_queue
        self._of: dict[tuple[int, int], SerializationContext] = {}
        self._stores: dict[tuple[int, int], StorageDriverStoreContext] = {}

    def note(self, completion: WorkflowActivationCompletion) -> None:
        """Remembers what the step has ordered."""
        for command in completion.successful.commands:
            kind = command.WhichOneof("variant")
            if kind in ("schedule_activity", "schedule_local_activity"):
                ordered = getattr(command, kind)
                is_local = kind == "schedule_local_activity"
                self._of[_ACTIVITY, ordered.seq] = ActivitySerializationContext(
                    namespace=self._namespace,
                    workflow_id=self._workflow_id,
                    workflow_type=self._workflow_type,
                    activity_type=ordered.activity_type,
                    activity_id=None,  # we name none
                    activity_task_queue=self._task_queue if is_local else ordered.task_queue,
                    is_local=is_local,
                )
            elif kind == "signal_external_workflow_execution":
                signal = command.signal_external_workflow_execution
                to = signal.workflow_execution
                self._of[_SIGNAL, signal.seq] = WorkflowSerializationContext(
                    namespace=self._namespace, workflow_id=to.workflow_id
                )
                target = StorageDriverWorkflowInfo(id=to.workflow_id, namespace=self._namespace)
                self._stores[_SIGNAL, signal.seq] = StorageDriverStoreContext(target=target)

    def forget(self, act: WorkflowActivation) -> None:
        """Drops what has come to its end."""
        for job in act.jobs:
            kind = job.WhichOneof("variant")
            if kind == "resolve_activity":
                self._of.pop((_ACTIVITY, job.resolve_activity.seq), None)
            elif kind == "resolve_signal_external_workflow":
                ended = _SIGNAL, job.resolve_signal_external_workflow.seq
                self._of.pop(ended, None)
                self._stores.pop(ended, None)

    def serialization(self, command_info: Any) -> SerializationContext:
        """Whose a payload is that stands in this command, or in none."""
        return self._of.get(_key(command_info), self._own) if command_info else self._own

    def storage(self, command_info: Any) -> StorageDriverStoreContext:
        """For whom a payload would be stored outside the history."""
        return self._stores.get(_key(command_info), self._own_store) if command_info else self._own_store


def _key(command_info: Any) -> tuple[int, int]:
    return command_info.command_type, command_info.command_seq
