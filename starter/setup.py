"""What `complaints setup` makes ready, safely repeated: the schema, Temporal's search attributes and schedules."""

import asyncio
from datetime import timedelta

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from complaints.words.catalogue import N_
from starter.errors import Away, Refused
from workflows import names

KNOWN_WITHIN = timedelta(seconds=30)
"""How long a server may take until a new search attribute can be asked for."""


async def missing_search_attributes(client: Client) -> list[str]:
    """The names of ours that this namespace does not know. Raises Refused for one of another type than ours."""
    found = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace), retry=True
    )
    for key in names.SEARCH_ATTRIBUTES:
        if found.custom_attributes.get(key.name, key.indexed_value_type) != key.indexed_value_type:
            raise Refused(
                N_(
                    "The search attribute {name} exists with another type: remove it in Temporal, or use another "
                    "namespace.",
                    name=key.name,
                ),
            )
    return [key.name for key in names.SEARCH_ATTRIBUTES if key.name not in found.custom_attributes]


async def ensure_search_attributes(client: Client) -> list[str]:
    """Registers those that are missing and waits until they can be used; their names."""
    missing = await missing_search_attributes(client)
    if missing:
        types = {key.name: IndexedValueType.ValueType(int(key.indexed_value_type)) for key in names.SEARCH_ATTRIBUTES}
        request = AddSearchAttributesRequest(
            namespace=client.namespace, search_attributes={name: types[name] for name in missing}
        )
        try:
            await client.operator_service.add_search_attributes(request, retry=True)
        except RPCError as error:
            if error.status is not RPCStatusCode.ALREADY_EXISTS:  # another setup runs beside this one
                raise
    await _can_be_asked_for(client)
    return missing


async def _can_be_asked_for(client: Client) -> None:
    query = " AND ".join(f"{key.name} IS NULL" for key in names.SEARCH_ATTRIBUTES)
    deadline = asyncio.get_running_loop().time() + KNOWN_WITHIN.total_seconds()
    while True:
        try:
            await client.count_workflows(query)
        except RPCError as error:
            if asyncio.get_running_loop().time() > deadline:
                raise Away(
                    N_(
                        "Temporal does not know the search attributes yet ({message}): repeat `complaints setup`.",
                        message=error.message,
                    ),
                ) from error
            await asyncio.sleep(0.1)
        else:
            return
