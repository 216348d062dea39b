"""How everybody connects to Temporal: one converter, one way to find the server."""

import dataclasses
import os
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter
from temporalio.envconfig import ClientConfig
from temporalio.runtime import Runtime
from temporalio.service import GrpcCompression, KeepAliveConfig, RPCError

from workflows.failures import SealedFailures
from workflows.key_ring import Keys, keys_named
from workflows.payloads import ForgivingConverter, Packing
from workflows.sealing import Sealing
from workflows.traced import interceptors

DEFAULT_ADDRESS = "localhost:7233"

LINE_TRIED = KeepAliveConfig(interval_millis=15_000, timeout_millis=5_000)
"""How soon a line is known to be dead whose other end vanished without a word: half a minute until work goes on, where
Temporal's own 30 and 15 seconds take three quarters (measured). The server allows no less than 10 seconds."""

UNPACKED = GrpcCompression.NONE
"""Nothing is compressed on the way: what is sealed does not get smaller by it, and both ends work for each call. With
the SDK's own gzip a call cost the server 15 % more processor time, and us 20 % (decision 614)."""


class TemporalUnreachable(Exception):
    """The Temporal server does not answer. The message says where it was looked for, and what to do."""


def data_converter(keys: Keys | None = None) -> DataConverter:
    """Pydantic models as JSON; with keys all of it sealed, and the words of failures with it."""
    converter = dataclasses.replace(pydantic_data_converter, payload_converter_class=ForgivingConverter)
    if keys is None:
        return converter
    failures = SealedFailures if keys.seals else converter.failure_converter_class
    return dataclasses.replace(
        converter, payload_converter_class=Packing, payload_codec=Sealing(keys), failure_converter_class=failures
    )


async def connect(
    *,
    address: str | None = None,
    namespace: str | None = None,
    keys: Keys | None = None,
    runtime: Runtime | None = None,
    lazy: bool = False,
) -> Client:
    """A client for the server that was named, or else the one that the environment or the profile names.

    Without `keys` the ring that the environment names seals, if it names one. Raises TemporalUnreachable, with `lazy`
    only the first call does; KeysError where that ring cannot be read.
    """
    converter = data_converter(keys or keys_named(os.environ))
    config: dict[str, Any] = {}
    if address is None:
        config = dict(ClientConfig.load_client_connect_config())
    config["target_host"] = address or config.get("target_host") or DEFAULT_ADDRESS
    if namespace:
        config["namespace"] = namespace
    config.setdefault("keep_alive_config", LINE_TRIED)
    config.setdefault("grpc_compression", UNPACKED)
    if traced := interceptors(os.environ):
        config["interceptors"] = traced
    try:
        return await Client.connect(**config, data_converter=converter, runtime=runtime, lazy=lazy)
    except (RuntimeError, RPCError) as error:
        raise TemporalUnreachable(
            f"The Temporal server at {config['target_host']} does not answer: start it (`complaints up`), "
            "or name it in TEMPORAL_ADDRESS."
        ) from error
