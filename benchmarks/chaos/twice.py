"""A worker to which every activity is delivered twice, at the same moment: `python -m benchmarks.chaos.twice`."""

import asyncio
from typing import Any

from temporalio.client import Client
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

import worker
from cli.commands import running
from workflows import connection


class Twice(ClientInterceptor, Interceptor):
    """Of a client, and with it of every worker that works for it."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return _Twice(next)


class _Twice(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - Temporal's name
        """What the first says that comes to an end; that the other has it in hand is no answer."""
        both = await asyncio.gather(*(self.next.execute_activity(input) for _ in range(2)), return_exceptions=True)
        well = [one for one in both if not isinstance(one, BaseException)]
        if well:
            return well[0]
        assert isinstance(both[0], BaseException)
        raise both[0]


def main() -> None:
    """`complaints worker`, with that."""
    connect = connection.connect

    async def connecting(**options: Any) -> Client:
        config = (await connect(**options)).config()
        config["interceptors"] = [*config.get("interceptors", ()), Twice()]
        return Client(**config)

    setattr(worker, "connect", connecting)  # noqa: B010 - it is not the worker's to hand on
    running.worker()


if __name__ == "__main__":
    main()
