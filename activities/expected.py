"""What an activity says no to is expected: one line in the log, with the number, and no traceback.

Temporal's SDK writes a traceback for whatever an activity raises, unless it is marked as benign. So the marks are set
here, where the worker calls an activity: a traceback is left for mistakes of ours.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from complaints.records.errors import RecordsError, Unreachable

log = logging.getLogger("complaints.activities")

BENIGN = ApplicationErrorCategory.BENIGN


def expected(said: str, kind: str, *, next_retry_delay: timedelta | None = None) -> ApplicationError:
    """What happens in the best of houses, and is tried again."""
    return ApplicationError(said, type=kind, next_retry_delay=next_retry_delay, category=BENIGN)


class OneLine(Interceptor):
    """For the worker: every activity's refusal is one line."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """As Temporal asks for it."""
        return _OneLine(next)


class _OneLine(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - Temporal's name
        """The activity, its refusals told and marked as benign; the kinds that workflows know them by stay."""
        try:
            return await super().execute_activity(input)
        except ApplicationError as error:
            _tell(logging.INFO if error.category is BENIGN else logging.WARNING, error.message)
            raise _benign(error) from error.cause
        except RecordsError as error:
            _tell(logging.INFO if isinstance(error, Unreachable) else logging.WARNING, str(error))
            raise ApplicationError(str(error), type=type(error).__name__, category=BENIGN) from None
        except asyncio.CancelledError:
            if not activity.is_worker_shutdown() or _is_unwanted():
                raise
            said = "The worker was told to stop before this was begun: it is tried again by the next one."
            _tell(logging.INFO, said)
            raise expected(said, "WorkerStops") from None


def _is_unwanted() -> bool:
    """Whether the workflow itself takes it back."""
    details = activity.cancellation_details()
    return details is not None and details.cancel_requested


def _tell(level: int, said: str) -> None:
    info = activity.info()
    log.log(level, "%s, %s, attempt %d: %s", info.workflow_id, info.activity_type, info.attempt, said)


def _benign(error: ApplicationError) -> ApplicationError:
    if error.category is BENIGN:
        return error
    return ApplicationError(
        error.message,
        *error.details,
        type=error.type,
        non_retryable=error.non_retryable,
        next_retry_delay=error.next_retry_delay,
        category=BENIGN,
    )
