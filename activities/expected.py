"""Expected failures of activities: one line in the log, with the complaint's number, and no traceback.

Temporal's SDK logs a traceback for whatever an activity raises, unless it is marked as benign. The marks are set here,
in an interceptor, so that a traceback is left for bugs.
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
    """A benign, retryable ApplicationError of the type `kind`."""
    return ApplicationError(said, type=kind, next_retry_delay=next_retry_delay, category=BENIGN)


class OneLine(Interceptor):
    """Interceptor for the worker: an expected failure of an activity is one line in the log."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """See base class."""
        return _OneLine(next)


class _OneLine(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - Temporal's name
        """Runs the activity; logs expected failures and marks them as benign. Their types, by which workflows tell them
        apart, stay."""
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
    """Whether the workflow cancelled the activity."""
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
