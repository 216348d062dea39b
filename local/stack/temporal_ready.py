"""Makes a started Temporal server ready: waits until it answers, then gives it its namespace and search attributes."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeNamespaceResponse,
    GetClusterInfoRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

#: How long a closed case can still be looked at in Temporal. Postgres keeps its record for good.
RETENTION = timedelta(days=90)

#: What a server that is not up yet, or whose parts have not all met, answers with.
NOT_YET = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.UNKNOWN})

T = TypeVar("T")


class NotReady(RuntimeError):
    """The server did not become ready; the message says what it answered last."""


async def make_ready(
    address: str,
    *,
    attributes: Sequence[SearchAttributeKey[Any]] = (),
    namespace: str = "default",
    limit: float = 30.0,
    alive: Callable[[], bool] = lambda: True,
    cluster: str | None = None,
) -> Client:
    """A client for a server on which the namespace and the attributes can be used. Safe to repeat.

    Args:
        address: host and port.
        attributes: search attributes to register where they are missing.
        namespace: registered if it is missing, with our retention in any case.
        limit: seconds until it is given up.
        alive: asked between tries; once False there is nothing to wait for.
        cluster: the name that this server gives itself; None: whoever answers at the address will do.

    Raises:
        NotReady: the server does not answer, or answered with an error that waiting does not cure.
    """
    patience = Patience(limit, alive)
    client = await patience.until(lambda: Client.connect(address, namespace=namespace), "accept a connection")
    if cluster is not None:
        await patience.until(lambda: _expect(client, cluster), f"answer on {address} itself: another one does")
    await patience.until(lambda: _ensure_namespace(client), f"register the namespace {namespace}")
    await patience.until(lambda: _ensure_attributes(client, attributes), "register the search attributes")
    if attributes:
        query = " AND ".join(f"{key.name} IS NULL" for key in attributes)
        await patience.until(lambda: client.count_workflows(query), "answer a question about search attributes")
    return client


class Patience:
    """Repeats a question until it is answered, for a limited time in all."""

    def __init__(self, limit: float, alive: Callable[[], bool]) -> None:
        self.limit, self.alive = limit, alive
        self.started = time.monotonic()

    async def until(self, ask: Callable[[], Awaitable[T]], meaning: str) -> T:
        """The first answer. `meaning` completes "the server does not …".

        Raises:
            NotReady: time is up, or the server is gone.
        """
        while True:
            try:
                return await ask()
            except NotReady:
                raise
            except (RPCError, RuntimeError, OSError) as error:
                if not _may_pass(error):
                    raise NotReady(f"The Temporal server does not {meaning}: {error}") from error
                if not self.alive():
                    raise NotReady(f"The Temporal server ended before it could {meaning}.") from error
                if time.monotonic() - self.started > self.limit:
                    raise NotReady(f"The Temporal server did not {meaning} for {self.limit:.0f} s: {error}") from error
            await asyncio.sleep(0.05)


class _AnotherServer(RuntimeError):
    """Somebody else took the port before our server came to it; ours is about to end."""


async def _expect(client: Client, cluster: str) -> None:
    answer = await client.workflow_service.get_cluster_info(GetClusterInfoRequest(), timeout=SHORT)
    if answer.cluster_name != cluster:
        raise _AnotherServer(f"it is {answer.cluster_name}, not {cluster}")


def _may_pass(error: Exception) -> bool:
    """Whether asking again may help. A client that cannot connect says so with a RuntimeError."""
    if not isinstance(error, RPCError):
        return True
    # Right after its registration, one of the server's services may not know a namespace or an attribute yet.
    return error.status in NOT_YET or error.status in (RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT)


async def _ensure_namespace(client: Client) -> None:
    service = client.workflow_service
    try:
        known = await service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace), timeout=SHORT)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        await _register_namespace(client)
        return
    await _ensure_retention(client, known)


async def _register_namespace(client: Client) -> None:
    request = RegisterNamespaceRequest(namespace=client.namespace, description="Customer complaints")
    request.workflow_execution_retention_period.FromTimedelta(RETENTION)
    try:
        await client.workflow_service.register_namespace(request, timeout=SHORT)
    except RPCError as error:
        if error.status != RPCStatusCode.ALREADY_EXISTS:
            raise


async def _ensure_retention(client: Client, known: DescribeNamespaceResponse) -> None:
    """`start-dev` makes its namespace with one day; less than ours is raised, more is somebody's wish."""
    if known.config.workflow_execution_retention_ttl.ToTimedelta() >= RETENTION:
        return
    request = UpdateNamespaceRequest(namespace=client.namespace)
    request.config.workflow_execution_retention_ttl.FromTimedelta(RETENTION)
    await client.workflow_service.update_namespace(request, timeout=SHORT)


async def _ensure_attributes(client: Client, attributes: Sequence[SearchAttributeKey[Any]]) -> None:
    listing = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace), timeout=SHORT
    )
    wanted = {key.name: IndexedValueType.ValueType(int(key.indexed_value_type)) for key in attributes}
    for name in wanted.keys() & listing.custom_attributes.keys():
        if listing.custom_attributes[name] != wanted[name]:
            raise NotReady(
                f"The Temporal server knows the search attribute {name} with another type than ours: "
                "remove it there, or use another namespace."
            )
    missing = {name: kind for name, kind in wanted.items() if name not in listing.custom_attributes}
    if missing:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing), timeout=SHORT
        )


#: For one question, so that a server that hangs is asked again.
SHORT = timedelta(seconds=5)
