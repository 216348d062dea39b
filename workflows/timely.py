"""No event reaches a workflow before its task has begun, and so none at a wrong time.

Temporal's core (sdk-core of temporalio 1.35, tried) has this gap: a query that meets a run which is not in the worker's
cache replays the history up to its very end. If a signal, a timer or a result has just come and its task has not begun
yet, core hands that event over too, at the time of the step before it, which may lie days back; and when the task
begins, it goes on from there. The case would journal an assignment of today at yesterday's hour. Replayed later, the
same event comes at its own time, and the history does not fit any more.

So such a step is answered with a failure: core forgets the run, the query is asked again by whoever asked it, and the
task, when it begins, replays the history with every event in its own time.

And no step has another time when it is replayed. Within a task core moves the time on to the end of a local activity
(tried, on a busy machine): live, what follows has that time; replayed, it has the time at which its task began, where
the task went on in a second one. A row would be kept with one time and told with another. So within a task the time
stands still: what a local activity brings comes at the time of the event before it.
"""

from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from workflows.contexts import Contexts
from workflows.names import COMPLAINT
from workflows.sealing import mark_answers
from workflows.shared_code import share_code

TOO_EARLY = "An event of this run came before its workflow task: ask again in a moment."
"""What a query is told that met the gap."""

_NO_EVENTS = frozenset({"query_workflow", "remove_from_cache", "notify_has_patch", "update_random_seed"})
"""Jobs that come without an event of the history, and so without a task of their own."""


class Timely(WorkflowRunner):
    """Temporal's sandbox, whose instances let no event pass before its task."""

    def __init__(self) -> None:
        self._sandbox = SandboxedWorkflowRunner()

    def prepare_workflow(self, defn: Any) -> None:
        """As the sandbox does; the code of its module is read for the last time."""
        share_code(defn.cls.__module__)
        self._sandbox.prepare_workflow(defn)

    def set_worker_level_failure_exception_types(self, types: Any) -> None:
        """As the sandbox does."""
        self._sandbox.set_worker_level_failure_exception_types(types)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """A guarded run."""
        return _Guarded(self._sandbox.create_instance(det), result_holds_nobody=det.info.workflow_type == COMPLAINT)


class _Guarded(WorkflowInstance):
    """One run in the worker's cache."""

    def __init__(self, instance: WorkflowInstance, *, result_holds_nobody: bool = False) -> None:
        self._instance = instance
        self._contexts: Contexts | None = None
        self._result_holds_nobody = result_holds_nobody
        self._last: tuple[int, int, int] | None = None
        """Seconds, nanoseconds and length of the history of the step before, as core gave them."""
        self._time: tuple[int, int] | None = None
        """Seconds and nanoseconds of the last step that had an event."""

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Hands the step on, or fails it; core forgets the run then."""
        if self._is_too_early(act):
            failed = WorkflowActivationCompletion()
            failed.failed.failure.message = TOO_EARLY
            return failed
        self._last = (act.timestamp.seconds, act.timestamp.nanos, act.history_length)
        if any(_is_event(job) for job in act.jobs):
            self._time = (act.timestamp.seconds, act.timestamp.nanos)
        elif self._time is not None:
            act.timestamp.seconds, act.timestamp.nanos = self._time
        completion = self._instance.activate(act)
        self._known.forget(act)
        self._known.note(completion)
        mark_answers(act, completion, result=self._result_holds_nobody)
        return completion

    def _is_too_early(self, act: WorkflowActivation) -> bool:
        """Whether the history has grown by events while the time has stood still: a task that begins moves it.

        Where a server's clock is set back a task may look so too; it is then done again, and begins later.
        """
        if self._last is None or act.is_replaying or not any(_is_event(job) for job in act.jobs):
            return False
        seconds, nanos, length = self._last
        return act.history_length > length and (act.timestamp.seconds, act.timestamp.nanos) == (seconds, nanos)

    # Whatever else the worker asks of a run.

    def get_serialization_context(self, command_info: Any) -> Any:
        """As the sandbox would say, which is not entered for it."""
        return self._known.serialization(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        """As the sandbox would say, which is not entered for it."""
        return self._known.storage(command_info)

    @property
    def _known(self) -> Contexts:
        if self._contexts is None:
            self._contexts = Contexts(self._instance.get_info())
        return self._contexts

    def get_info(self) -> Any:
        """As the sandbox says."""
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        """As the sandbox says."""
        return self._instance.get_thread_id()


def _is_event(job: WorkflowActivationJob) -> bool:
    kind = job.WhichOneof("variant")
    if kind == "resolve_activity":
        return not job.resolve_activity.is_local  # what ran within this very task
    return kind not in _NO_EVENTS
