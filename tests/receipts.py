"""What no start of a complaint in a test may be: one of some fixed day on the real clock, or another test's.

What was received five days ago is late today, and later still tomorrow: such a test tells the truth for one day only.
A complaint of a certain day belongs on a clock of its own (`Story.begins`, `Story.complaint_arrives`).

All tests of a process share a Temporal server. A number comes from the source key, so two tests with the same key share
a complaint, and which of them finds it open depends on their order.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError
from temporalio.client import Client, Interceptor, OutboundInterceptor, StartWorkflowInput, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy

from complaints.rules.received import ComplaintReceived
from workflows import names

FRESH = timedelta(hours=20)
"""The oldest receipt on the real clock: before anything of §4 to §8 is due, whatever the day."""


class StaleReceipt(AssertionError):
    """A complaint of some fixed day on the real clock."""


class SomebodyElses(AssertionError):
    """A complaint that another test has opened."""


class Receipts(Interceptor):
    """Looks at every start of a complaint, by whatever part of the program."""

    def __init__(self) -> None:
        self.test = ""
        """Which test runs."""
        self.refused: list[str] = []
        """What was refused, in case that the program caught it."""
        self._openers: dict[str, str] = {}

    def look(self, number: str, start: Any, *, anew: bool = False) -> None:
        """Raises StaleReceipt or SomebodyElses."""
        try:
            expect_fresh(start)
            opener = self._openers.setdefault(number, self.test)
            if opener != self.test and not anew:
                raise SomebodyElses(f"{number} was opened by {opener}: give each test's complaint a key of its own.")
        except AssertionError as error:
            self.refused.append(str(error))
            raise

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - Temporal's name
        return _Starts(next, self)


class _Starts(OutboundInterceptor):
    def __init__(self, following: OutboundInterceptor, receipts: Receipts) -> None:
        super().__init__(following)
        self._receipts = receipts

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002
        if input.workflow == names.COMPLAINT and input.args:
            # Whoever allows the same number again means it: a complaint reopened, a past one played by what-if.
            anew = input.id_reuse_policy is WorkflowIDReusePolicy.ALLOW_DUPLICATE
            self._receipts.look(input.id, input.args[0], anew=anew)
        return await super().start_workflow(input)


def expect_fresh(start: Any, *, now: datetime | None = None) -> None:
    """Refuses a complaint that was received more than 20 hours ago and has no clock of its own.

    Raises StaleReceipt. What is no complaint, or goes on from an earlier run, is not looked at.
    """
    try:
        received = ComplaintReceived.model_validate(start if isinstance(start, dict) else start.model_dump())
    except (ValidationError, AttributeError):
        return
    if received.received_at is None or received.clock_offset:
        return
    age = (now or datetime.now(UTC)) - received.received_at
    if age > FRESH:
        raise StaleReceipt(
            f"A complaint received at {received.received_at:%Y-%m-%d %H:%M} UTC, {age.days} days and "
            f"{age.seconds // 3600} hours ago, on the real clock: tomorrow other deadlines will have passed. "
            "Let the story begin on that day (`story.begins(...)`), or let it be received within the last 20 hours."
        )


RECEIPTS = Receipts()
"""One for the whole session; `watched` puts it into every client that connects."""


def watched() -> Any:
    """`Client.connect`, with this look at every start."""
    connect = Client.connect

    async def connecting(*args: Any, **options: Any) -> Client:
        options["interceptors"] = [*options.get("interceptors", ()), RECEIPTS]
        return await connect(*args, **options)

    return connecting
