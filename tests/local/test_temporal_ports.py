"""Temporal's ports on this machine, as a browser that somebody leads astray would find them."""

import asyncio
import contextlib
import os
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.stack.guard import descendants
from local.stack.temporal_program import UI_SWITCHES, Cli, Place, TemporalPorts
from local.stack.temporal_server import TemporalServer
from starter.page_behind import Behind

API = "/api/v1/namespaces/default"


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TemporalServer]:
    async with TemporalServer.started(tmp_path_factory.mktemp("ports"), ui=True, persistent=True) as server:
        yield server


def listeners(pids: list[int]) -> set[tuple[str, int]]:
    """Where these processes accept TCP connections."""
    inodes = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            for handle in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    inodes.add(str(handle.readlink()))
    found = set()
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
            address, port = fields[1].split(":")
            found.add((socket.inet_ntoa(bytes.fromhex(address)[::-1]), int(port, 16)))
    return found


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="listens are read from /proc")
async def test_no_port_of_temporal_answers_under_a_foreign_name(server: TemporalServer) -> None:
    """Also those that nobody was told of: a browser can try them all."""
    found = listeners(descendants(os.getpid()))
    assert len(found) > 4, "frontend, its inner services, page"
    heads = (f"GET {API}/workflows HTTP/1.1", "GET / HTTP/1.1", "GET /api/v1/cluster-info HTTP/1.1")
    asked = [(address, port, head) for address, port in found for head in heads]
    for answered, (address, port, _) in zip(
        await asyncio.gather(*(said_by(*one) for one in asked)), asked, strict=True
    ):
        assert b" 200 " not in answered.split(b"\r\n")[0], (address, port, answered[:200])


async def said_by(address: str, port: int, head: str) -> bytes:
    """What that port answers within a while; some never do."""
    reader, writer = await asyncio.open_connection(address, port)
    writer.write(f"{head}\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode())
    try:
        return await asyncio.wait_for(reader.read(2000), 3)
    except (TimeoutError, OSError):
        return b""
    finally:
        writer.close()


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="listens are read from /proc")
async def test_no_browser_would_speak_to_the_page_behind_the_desk(server: TemporalServer) -> None:
    """It speaks TLS, with a certificate that no browser trusts."""
    found = listeners(descendants(os.getpid()))
    trusting = ssl.create_default_context()
    answers: list[str] = []
    patience = 3.0
    while "not trusted" not in answers and patience < 60:  # on a busy machine even that port is slow to answer
        answers = await asyncio.gather(*(greeted_by(address, port, trusting, patience) for address, port in found))
        assert "trusted" not in answers, dict(zip(found, answers, strict=True))
        patience *= 2
    assert "not trusted" in answers, dict(zip(found, answers, strict=True))


async def greeted_by(address: str, port: int, trusting: ssl.SSLContext, patience: float) -> str:
    """How a browser's greeting in TLS ends there; what speaks something else never answers."""
    try:
        await asyncio.wait_for(asyncio.open_connection(address, port, ssl=trusting), patience)
    except ssl.SSLCertVerificationError:
        return "not trusted"
    except (OSError, TimeoutError):
        return "no TLS"
    return "trusted"


def test_the_cli_has_its_page_where_only_the_desk_finds_it(tmp_path: Path) -> None:
    """Its page has neither switches nor TLS: it stands where nobody finds it, or nowhere."""
    place = Place(tmp_path, TemporalPorts.choose(frontend=7233, ui=8233))
    cli = Cli(tmp_path / "temporal")
    command = list(cli.server_order(place).command)
    if cli.page(place) is None:
        assert "--headless" in command
        return
    address = command[command.index("--ui-ip") + 1]
    assert address.startswith("127.")
    assert address != "127.0.0.1"
    assert cli.page(place) == Behind(f"http://{address}:8233")
    assert place.hidden == address, "the same for both"
    assert 'frontend.httpAllowedHosts=["none.invalid"]' in command


def test_the_page_offers_nothing_to_do() -> None:
    assert UI_SWITCHES["disableWriteActions"]
