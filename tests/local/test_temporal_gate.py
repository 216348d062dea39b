"""Temporal's page, as whoever means no good would use it: under another name, from another site, to do something."""

import asyncio
import contextlib
import json
import os
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from temporalio.client import Client

from desk.own_host import OwnHost
from local.stack.guard import descendants
from local.stack.temporal_gate import Gate
from local.stack.temporal_program import UI_SWITCHES, Cli, Place, TemporalPorts
from local.stack.temporal_server import TemporalServer
from workflows.connection import connect

EVIL = {"Host": "evil.example"}
API = "/api/v1/namespaces/default"


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TemporalServer]:
    async with TemporalServer.started(tmp_path_factory.mktemp("gate"), ui=True, persistent=True) as server:
        yield server


@pytest.fixture
async def browser(server: TemporalServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.ui_url or "", timeout=20) as browser:
        yield browser


@pytest.fixture
async def case(server: TemporalServer) -> str:
    client = await connect(address=server.address, namespace=server.namespace)
    number = f"gate-{os.urandom(4).hex()}"
    await client.start_workflow("Nobody", id=number, task_queue="nobody")
    return number


async def has_events(server: TemporalServer, number: str) -> list[str]:
    client: Client = server.client
    history = await client.get_workflow_handle(number).fetch_history()
    return [event.WhichOneof("attributes") or "" for event in history.events]


async def test_our_own_browser_reads_the_page_and_what_it_asks_for(browser: httpx.AsyncClient, case: str) -> None:
    page = await browser.get("/")
    assert (page.status_code, "<html" in page.text) == (200, True)
    assert case in (await browser.get(f"{API}/workflows/{case}")).text
    settings = (await browser.get("/api/v1/settings")).json()
    assert settings["DisableWriteActions"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8233", "localhost.evil.example", ""]
)
async def test_a_page_elsewhere_whose_name_leads_here_gets_nothing(browser: httpx.AsyncClient, host: str) -> None:
    for path in ("/", f"{API}/workflows", "/api/v1/settings"):
        answer = await browser.get(path, headers={"Host": host})
        assert (answer.status_code, "default" in answer.text) == (421, False)


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
    assert len(found) > 4, "frontend, its inner services, page and gate"
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
async def test_no_browser_would_speak_to_the_page_behind_its_gate(server: TemporalServer) -> None:
    """It speaks TLS, with a certificate that no browser trusts."""
    found = listeners(descendants(os.getpid()))
    answers = await asyncio.gather(*(greeted_by(address, port) for address, port in found))
    assert "not trusted" in answers
    assert "trusted" not in answers, dict(zip(found, answers, strict=True))


async def greeted_by(address: str, port: int) -> str:
    """How a browser's greeting in TLS ends there."""
    try:
        await asyncio.wait_for(asyncio.open_connection(address, port, ssl=ssl.create_default_context()), 3)
    except ssl.SSLCertVerificationError:
        return "not trusted"
    except (OSError, TimeoutError):
        return "no TLS"
    return "trusted"


DOES = [
    ("POST", f"{API}/workflows/CASE/signal/customer-satisfied"),
    ("POST", f"{API}/workflows/CASE/terminate"),
    ("POST", f"{API}/workflows/CASE/cancel"),
    ("POST", f"{API}/workflows/other"),
    ("POST", f"{API}/workflows/CASE/update/resolve"),
    ("DELETE", f"{API}/workflows/CASE"),
    ("PUT", f"{API}/schedules/verify"),
    # What looks like a query to the page's own switch, and like a signal or a batch to what stands behind it.
    ("POST", f"{API}/workflows/CASE/signal/x%2Fquery%2Fy"),
    ("POST", f"{API}/batch-operations/x%2Fworkflows%2Fy%2Fquery%2Fz"),
    ("POST", f"{API}/workflows/CASE/query/x/../../signal/y"),
]


@pytest.mark.parametrize(("method", "path"), DOES)
async def test_nothing_can_be_done_through_it(
    browser: httpx.AsyncClient, server: TemporalServer, case: str, method: str, path: str
) -> None:
    before = await has_events(server, case)
    page = await browser.get("/")
    token = page.cookies.get("_csrf") or ""
    request = browser.build_request(method, "/", headers={"X-CSRF-Token": token}, content=b"{}")
    request.url = request.url.copy_with(raw_path=path.replace("CASE", case).encode())
    answer = await browser.send(request)
    assert answer.status_code == 405
    assert await has_events(server, case) == before


async def test_a_query_is_let_through(browser: httpx.AsyncClient) -> None:
    """That Temporal itself says that there is no such case shows that it was asked."""
    page = await browser.get("/")
    headers = {"X-CSRF-Token": page.cookies.get("_csrf") or ""}
    path = f"{API}/workflows/no-such-case/query/status"
    answer = await browser.post(path, headers=headers, content=json.dumps({"query": {"queryType": "status"}}))
    assert (answer.status_code, "not found" in answer.text) == (404, True)


FROM_ELSEWHERE = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
async def test_another_site_is_not_answered(browser: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await browser.get("/api/v1/settings", headers=headers)).status_code == 403
    # The desk leads to a case there.
    link = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"}
    assert (await browser.get("/", headers=link)).status_code == 200


async def test_a_proxy_before_it_may_have_a_name_of_its_own(server: TemporalServer) -> None:
    gate = Gate("http://127.0.0.1:9", hosts=["temporal.escuela.example"])
    transport = httpx.ASGITransport(app=gate.application())
    async with httpx.AsyncClient(transport=transport, base_url="http://temporal.escuela.example") as browser:
        assert (await browser.get("/")).status_code == 502, "it was let through, and nobody is behind"
        assert (await browser.get("/", headers=EVIL)).status_code == 421
    await gate.close()


def test_the_cli_has_its_page_behind_the_gate_too(tmp_path: Path) -> None:
    """Its page has neither switches nor TLS: it stands where nobody finds it, or nowhere."""
    place = Place(tmp_path, TemporalPorts.choose(frontend=7233, ui=8233))
    command = list(Cli(tmp_path / "temporal").server_order(place).command)
    gate = Cli(tmp_path / "temporal").ui_order(place)
    if gate is None:
        assert "--headless" in command
        return
    address = command[command.index("--ui-ip") + 1]
    assert address.startswith("127.")
    assert address != "127.0.0.1"
    assert list(gate.command)[-1] == f"http://{address}:8233"
    assert place.hidden == address, "the same for both"
    assert 'frontend.httpAllowedHosts=["none.invalid"]' in command


def test_the_page_offers_nothing_to_do() -> None:
    assert UI_SWITCHES["disableWriteActions"]


HOSTS = [
    ("quejas.example", 200), ("quejas.example:443", 200), ("127.0.0.1:8600", 200), ("localhost", 200),
    ("[::1]:80", 200), ("192.168.1.7", 200), ("evil.example", 421), ("quejas.example.evil.example", 421),
    ("", 421), ("[", 421),
]  # fmt: skip


@pytest.mark.parametrize(("host", "status"), HOSTS)
async def test_the_desk_answers_under_its_own_name_only(host: str, status: int) -> None:
    transport = httpx.ASGITransport(app=OwnHost(PlainTextResponse("the desk"), "https://quejas.example"))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as browser:
        assert (await browser.get("/", headers={"Host": host})).status_code == status
