"""Letting time pass for one complaint, on a stack that was made for it (design §6)."""

import asyncio
from datetime import timedelta

from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from complaints.rules.status import Status
from complaints.words.catalogue import N_
from starter.errors import NotFound, Refused, expect_number
from starter.front_desk import FrontDesk
from starter.place import Place

WITHIN = timedelta(seconds=60)
"""Real time that the server may take; a month of updates takes less than a second."""

MOST_SKIPS = 10_000


async def forwarded(desk: FrontDesk, place: Place, number: str, span: timedelta) -> Status:
    """The status after that time. Raises Refused where time is real, and for a complaint that has ended."""
    if not place.time_skipping:
        raise Refused(
            N_("Time is real here: this works only with a stack begun by `complaints up --time-skipping`."),
        )
    expect_number(number)
    handle = desk.client.get_workflow_handle(number)
    try:
        run = await handle.describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NotFound.number(number) from error
        raise
    if run.status is not WorkflowExecutionStatus.RUNNING:
        raise Refused(N_("{number} is closed: its time is over.", number=number))
    skipper = TimeSkipper(desk.client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=MOST_SKIPS))
    # Cancelled and awaited where it takes too long: an abandoned poll breaks the interpreter's exit.
    try:
        await asyncio.wait_for(skipper.fast_forward(handle, span), WITHIN.total_seconds())
    except TimeoutError:
        raise Refused(
            N_(
                "{number}: time did not pass within {seconds} s: does a worker run? (`complaints doctor`)",
                number=number,
                seconds=WITHIN.seconds,
            ),
        ) from None
    return (await desk.status(number)).value
