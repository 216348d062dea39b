"""How everybody connects to Temporal."""

from temporalio.client import Client
from temporalio.service import GrpcCompression

from workflows.connection import LINE_TRIED, connect


async def test_a_dead_line_is_noticed_soon(temporal: Client) -> None:
    client = await connect(address=temporal.service_client.config.target_host)
    assert client.service_client.config.keep_alive_config == LINE_TRIED
    assert LINE_TRIED.interval_millis >= 10_000, "the server hangs up on whoever asks more often"


async def test_what_is_sealed_is_not_squeezed_in_vain(temporal: Client) -> None:
    client = await connect(address=temporal.service_client.config.target_host)
    assert client.service_client.config.grpc_compression is GrpcCompression.NONE
