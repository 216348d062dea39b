"""How everybody connects to Temporal."""

from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.service import GrpcCompression

from workflows.connection import LINE_TRIED, connect
from workflows.payloads import ForgivingConverter


async def test_a_dead_line_is_noticed_soon(temporal: Client) -> None:
    client = await connect(address=temporal.service_client.config.target_host)
    assert client.service_client.config.keep_alive_config == LINE_TRIED
    assert LINE_TRIED.interval_millis >= 10_000, "the server hangs up on whoever asks more often"


async def test_what_is_sealed_is_not_squeezed_in_vain(temporal: Client) -> None:
    client = await connect(address=temporal.service_client.config.target_host)
    assert client.service_client.config.grpc_compression is GrpcCompression.NONE


def test_the_converters_of_all_runs_share_what_they_know_of_models() -> None:
    one, other = ForgivingConverter().converters, ForgivingConverter().converters
    assert list(one) == list(PydanticPayloadConverter().converters)
    assert all(one[encoding] is other[encoding] for encoding in one)
