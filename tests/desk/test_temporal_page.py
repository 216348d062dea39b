"""Temporal's page behind the desk: read by whoever is signed in and may, and by no other way; nothing is done there."""

import json
import os
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import pytest
from google.protobuf import json_format
from starlette.responses import PlainTextResponse
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.client import Client

from complaints.records.staff import Role
from desk.own_host import OwnHost
from desk.page_behind import TemporalPage
from local.stack.temporal_server import TemporalServer
from starter.page_behind import Behind
from tests.desk_house import House, house_of
from tests.naughty import NAUGHTY, sendable
from tests.story import Story
from workflows.connection import connect

API = "/temporal/api/v1/namespaces/default"


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TemporalServer]:
    async with TemporalServer.started(tmp_path_factory.mktemp("page"), ui=True, persistent=True) as server:
        yield server


@pytest.fixture
async def house(story: Story, server: TemporalServer) -> AsyncIterator[House]:
    """A desk with that server's page behind it."""
    page = TemporalPage(lambda: server.page)
    house = house_of(story, temporal_page=page)
    await house.employs("marta", Role.MANAGER)
    yield house
    await page.aclose()


@pytest.fixture
async def marta(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of a manager who is signed in."""
    async with house.signed_in("marta") as visitor:
        yield visitor.client


@pytest.fixture
async def case(server: TemporalServer) -> str:
    client = await connect(address=server.address, namespace=server.namespace)
    number = f"page-{os.urandom(4).hex()}"
    await client.start_workflow("Nobody", id=number, task_queue="nobody")
    return number


async def has_events(server: TemporalServer, number: str) -> list[str]:
    client: Client = server.client
    history = await client.get_workflow_handle(number).fetch_history()
    return [event.WhichOneof("attributes") or "" for event in history.events]


async def test_whoever_is_signed_in_reads_the_page_and_what_it_asks_for(marta: httpx.AsyncClient, case: str) -> None:
    page = await marta.get("/temporal/")
    assert (page.status_code, 'base: "/temporal"' in page.text) == (200, True)
    assert "'unsafe-inline'" not in page.headers["content-security-policy"].partition("style-src")[0]
    script = page.text.partition('import("')[2].partition('"')[0]
    code = await marta.get(script)
    assert (code.status_code, code.headers["content-type"].partition(";")[0]) == (200, "text/javascript")
    assert case in (await marta.get(f"{API}/workflows/{case}")).text
    settings = (await marta.get("/temporal/api/v1/settings")).json()
    assert (settings["DisableWriteActions"], settings["Codec"]["Endpoint"]) == (True, "/temporal/codec")
    framed = await marta.get("/temporal/render?content=**hola**")
    assert ("<strong>hola</strong>" in framed.text, "sandbox" in framed.headers["content-security-policy"]) == (
        True,
        True,
    )
    assert (await marta.get("/temporal")).headers["location"] == "/temporal/"


async def test_signed_out_nothing_of_it_is_read(house: House, case: str) -> None:
    async with house.visitor() as visitor:
        opened = await visitor.reads(f"/temporal/namespaces/default/workflows/{case}")
        assert opened.status_code == 303
        assert opened.headers["location"].startswith("/sign-in?next=%2Ftemporal%2Fnamespaces")
        for path in (
            "/temporal/",
            f"{API}/workflows/{case}",
            "/temporal/_app/version.json",
            "/temporal/render?content=x",
        ):
            asked = await visitor.client.get(path, headers={"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"})
            assert (asked.status_code, case in asked.text) == (401, False)
        posted = await visitor.client.post(f"{API}/workflows/{case}/query/status", json={})
        assert posted.status_code == 401


async def test_an_agent_does_not_see_it(house: House, case: str) -> None:
    await house.employs("ana", Role.AGENT)
    async with house.signed_in("ana") as visitor:
        answer = await visitor.reads(f"{API}/workflows/{case}")
        assert (answer.status_code, "workflowExecution" in answer.text) == (403, False)


async def test_the_page_standing_open_keeps_nobody_signed_in(house: House, marta: httpx.AsyncClient) -> None:
    store = house.office.store
    async with store.connection() as connection:
        await connection.execute("UPDATE staff_sessions SET seen_at = now() - interval '1 hour'")
    [before] = await store.sessions_of("marta", here="")
    await marta.get(f"{API}/workflows")
    assert (await store.sessions_of("marta", here=""))[0].seen_at == before.seen_at
    await marta.get("/temporal/")
    assert (await store.sessions_of("marta", here=""))[0].seen_at > before.seen_at


async def test_neither_cookies_nor_who_asks_reach_the_page(house: House, marta: httpx.AsyncClient) -> None:
    """It is a program of somebody else's: the session's key is none of its business."""
    heard: list[httpx.Headers] = []

    async def body() -> AsyncIterator[bytes]:
        yield b"{}"

    def answers(request: httpx.Request) -> httpx.Response:
        heard.append(request.headers)
        said = {"set-cookie": "theirs=1; Path=/", "x-frame-options": "ALLOW"}
        return httpx.Response(200, content=body(), headers=said)

    client = httpx.AsyncClient(transport=httpx.MockTransport(answers), base_url="http://page.example")
    house.office.temporal_page._reached = ((*Behind("http://page.example"), None), client)
    house.office.temporal_page._where = lambda: Behind("http://page.example")
    answer = await marta.get(f"{API}/workflows", headers={"Authorization": "Bearer x", "X-HTTP-Method-Override": "PUT"})
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-frame-options"] == "DENY"
    [said] = heard
    assert said["cookie"].startswith("_csrf=0")
    assert "desk_session" not in said["cookie"]
    assert not {"authorization", "x-http-method-override"} & said.keys()


async def test_a_desk_without_such_a_page_says_so(story: Story) -> None:
    house = house_of(story)
    await house.employs("marta", Role.MANAGER)
    async with house.signed_in("marta") as visitor:
        answer = await visitor.reads("/temporal/")
        assert (answer.status_code, "no corre" in answer.text) == (404, True)
    house = house_of(story, temporal_page=TemporalPage(lambda: Behind("http://127.0.0.1:9")))
    async with house.signed_in("marta") as visitor:
        assert (await visitor.reads("/temporal/")).status_code == 502


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
    marta: httpx.AsyncClient, server: TemporalServer, case: str, method: str, path: str
) -> None:
    before = await has_events(server, case)
    request = marta.build_request(method, "/", content=b"{}")
    request.url = request.url.copy_with(raw_path=path.replace("CASE", case).encode())
    answer = await marta.send(request)
    assert answer.status_code == 405
    assert await has_events(server, case) == before


async def test_a_query_is_let_through(marta: httpx.AsyncClient) -> None:
    """That Temporal itself says that there is no such case shows that it was asked."""
    path = f"{API}/workflows/no-such-case/query/status"
    answer = await marta.post(path, content=json.dumps({"query": {"queryType": "status"}}))
    assert (answer.status_code, "not found" in answer.text) == (404, True)


FROM_ELSEWHERE = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
async def test_another_site_is_not_answered(marta: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await marta.get("/temporal/api/v1/settings", headers=headers)).status_code == 403
    assert (await marta.post(f"{API}/workflows/x/query/y", headers=headers)).status_code == 403
    # A link in a letter to staff leads to it.
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert (await marta.get("/temporal/", headers=link)).status_code == 200


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


NO_PAYLOADS = [
    *(sendable(text).encode() for text in NAUGHTY.values()),
    *(b"", b"null", b"[]", b"7", b'"x"', b"\xff\xfe", b'{"payloads": 7}', b'{"payloads": [{"data": "\xc2\xa1"}]}'),
    *(b"[" * 100_000, b'{"payloads":' * 20_000, b'{"payloads": [{"metadata": {"a": {}}}]}'),
]
"""What a program of anybody who is signed in may send to the codec."""


async def test_whatever_is_asked_of_the_page_the_desk_does_not_break(marta: httpx.AsyncClient) -> None:
    """Each naughty string in the path and the question of what is handed on."""
    for name, text in NAUGHTY.items():
        said = quote(sendable(text)[:300], safe="")
        for path in (f"/temporal/{said}", f"{API}/workflows/{said}", f"/temporal/render?content={said}"):
            answer = await marta.get(path)
            assert answer.status_code not in (500, 502), (name, path, answer.status_code)
        posted = await marta.post(f"{API}/workflows/x/query/{said}", content=sendable(text)[:5_000].encode())
        assert posted.status_code != 500, name


async def test_the_desk_opens_what_the_page_is_to_show(house: House, marta: httpx.AsyncClient) -> None:
    """Sealed or not, and what a stranger sealed as it is; the key to a customer's page is struck out."""
    [sealed] = await house.story.client.data_converter.encode([{"text": "Faltan horas"}])
    payloads = json_format.MessageToDict(Payloads(payloads=[sealed, Payload(data=b"{}")]))
    asked = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Content-Type": "application/json"}
    path = "/temporal/codec/decode?preserveStorageRefs=true"
    answer = await marta.post(path, content=json.dumps(payloads), headers=asked)
    assert answer.status_code == 200
    opened = json_format.Parse(answer.text, Payloads()).payloads
    assert [one.data for one in opened] == [b'{"text":"Faltan horas"}', b"{}"]
    assert dict(opened[0].metadata) == {"encoding": b"json/plain"}
    for junk in NO_PAYLOADS:
        answer = await marta.post(path, content=junk, headers=asked)
        assert answer.status_code in (200, 400), junk[:40]  # some of it is an empty list of payloads
    assert (await marta.post(path, content=json.dumps(payloads), headers={"Origin": "null"})).status_code == 403
    async with house.visitor() as visitor:
        assert (await visitor.client.post(path, json=payloads, headers=asked)).status_code == 401
