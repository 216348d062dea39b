"""The line to Temporal by TLS (ASVS 12.3.3): a real endpoint before a real server, named by Temporal's own settings."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from tests.desk.test_serving import certificate
from tests.outage import pump
from workflows.connection import TemporalUnreachable, connect


@dataclass
class Endpoint:
    """What ends the TLS in front of a server, as before a cluster."""

    port: int
    certificate: Path
    spoken: list[str] = field(default_factory=list)
    """The version of TLS of each connection that came about."""


@asynccontextmanager
async def tls_before(temporal: Client, folder: Path) -> AsyncIterator[Endpoint]:
    """An endpoint whose certificate is of `localhost`, before that server."""
    host, _, port = temporal.service_client.config.target_host.rpartition(":")
    folder.mkdir()
    chain, key = certificate(folder, serial=7)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    context.set_alpn_protocols(["h2"])
    endpoint = Endpoint(0, chain)
    open_lines: set[asyncio.Task[None]] = set()

    async def joins(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_lines.add(task)
        endpoint.spoken.append(str(writer.get_extra_info("ssl_object").version()))
        inner_reader, inner_writer = await asyncio.open_connection(host, int(port))
        await asyncio.gather(pump(reader, inner_writer), pump(inner_reader, writer))

    server = await asyncio.start_server(joins, "127.0.0.1", 0, ssl=context)
    endpoint.port = server.sockets[0].getsockname()[1]
    try:
        yield endpoint
    finally:
        server.close()
        for task in open_lines:
            task.cancel()
        await asyncio.gather(*open_lines, return_exceptions=True)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("TEMPORAL_TLS", "TEMPORAL_TLS_SERVER_CA_CERT_PATH", "TEMPORAL_TLS_SERVER_NAME"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


async def asks(client: Client) -> str:
    """Something that only the server behind the line knows."""
    request = DescribeNamespaceRequest(namespace=client.namespace)
    found = await client.workflow_service.describe_namespace(request)
    return found.namespace_info.name


async def test_by_its_settings_the_line_is_tls_and_another_certificate_is_refused(
    temporal: Client, tmp_path: Path, settings: pytest.MonkeyPatch
) -> None:
    others = tmp_path / "others"
    others.mkdir()
    another, _ = certificate(others, serial=8)
    async with tls_before(temporal, tmp_path / "ours") as endpoint:
        settings.setenv("TEMPORAL_ADDRESS", f"localhost:{endpoint.port}")
        settings.setenv("TEMPORAL_NAMESPACE", temporal.namespace)
        settings.setenv("TEMPORAL_TLS", "true")
        settings.setenv("TEMPORAL_TLS_SERVER_CA_CERT_PATH", str(endpoint.certificate))
        assert await asks(await connect()) == temporal.namespace
        assert set(endpoint.spoken) <= {"TLSv1.2", "TLSv1.3"}
        assert endpoint.spoken
        lines = len(endpoint.spoken)
        for name, value in (
            ("TEMPORAL_TLS_SERVER_CA_CERT_PATH", str(another)),  # somebody between shows a certificate of their own
            ("TEMPORAL_TLS_SERVER_NAME", "temporal.escuela.example"),  # a good one, of another host
            ("TEMPORAL_TLS", "false"),  # in clear, where nobody speaks that
        ):
            with settings.context() as wrong:
                wrong.setenv(name, value)
                if value == "false":
                    wrong.delenv("TEMPORAL_TLS_SERVER_CA_CERT_PATH")
                with pytest.raises(TemporalUnreachable, match=str(endpoint.port)):
                    await connect()
        assert len(endpoint.spoken) == lines, "no line came about, and nothing was said on one"
        assert await asks(await connect()) == temporal.namespace


async def test_where_tls_is_asked_for_nothing_is_said_in_clear(
    temporal: Client, tmp_path: Path, settings: pytest.MonkeyPatch
) -> None:
    """A server that knows no TLS is not spoken to without."""
    heard = bytearray()

    async def listens(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.read(5))
        writer.close()

    server = await asyncio.start_server(listens, "127.0.0.1", 0)
    settings.setenv("TEMPORAL_ADDRESS", f"localhost:{server.sockets[0].getsockname()[1]}")
    settings.setenv("TEMPORAL_TLS", "true")
    try:
        with pytest.raises(TemporalUnreachable):
            await connect()
    finally:
        server.close()
    assert heard[:2] == b"\x16\x03", "a handshake, and nothing else"
