"""The desk's doors: a stranger locks nobody out, an attack leaves a line, cookies travel by one way only."""

import asyncio
import logging
from dataclasses import replace

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from complaints.passwords import too_weak
from complaints.records.staff import MOST_FAILURES
from complaints.words.catalogue import catalogue
from desk import patient_http
from desk.app import application
from desk.request import PageRequest
from desk.staff.signing_in import digest_of, entered
from tests.desk_house import ADDRESS, House, house_of, said
from tests.story import PATIENCE, Story
from tests.waiting import until


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def test_a_stranger_locks_nobody_out_and_learns_of_no_account(house: House) -> None:
    async with house.signed_in("ana") as ana, house.visitor() as stranger:
        await ana.sends("/find", "/sign-out")
        answers = [await stranger.signs_in("ana", "otra cosa") for _ in range(MOST_FAILURES)]
        answers += [await stranger.signs_in("ana"), await stranger.signs_in("nadie")]
        assert {(answer.status_code, said(answer)) for answer in answers} == {(401, said(answers[0]))}
        assert (await ana.signs_in("ana")).status_code == 303, "from the browser in which she signed in before"


async def test_signing_in_again_in_one_browser_ends_the_session_that_it_had(house: House) -> None:
    async with house.signed_in("ana") as ana:
        before = ana.client.cookies["desk_session"]
        old, store = digest_of(before), house.office.store
        assert await store.session(old)
        request = Request({"type": "http", "headers": [(b"cookie", b"desk_session=" + before.encode())], "path": "/"})
        await entered(PageRequest(request, house.office), "ana", via="password", wanted="/")
        assert await store.session(old) is None


async def test_by_tls_cookies_are_this_hosts_alone_and_leaving_clears_what_pages_left(house: House) -> None:
    house = replace(house, app=application(replace(house.office, secure=True)))
    async with house.visitor() as visitor:
        visitor.client.base_url = ADDRESS.replace("http:", "https:")
        answer = await visitor.signs_in("ana")
        set_here = answer.headers.get_list("set-cookie")
        assert {cookie.partition("=")[0] for cookie in set_here} == {
            "__Host-desk_session", "__Host-desk_known", "__Host-desk_form",
        }  # fmt: skip
        assert all({"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in one.split(";")} for one in set_here)
        page = await visitor.reads("/find")
        assert (page.status_code, "includeSubDomains" in page.headers["strict-transport-security"]) == (200, True)
        left = await visitor.sends("/find", "/sign-out")
        assert left.headers["clear-site-data"] == '"cache", "storage"'


async def test_attacks_leave_a_line_that_names_no_one(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="desk.security"):
        async with house.signed_in("ana") as ana, house.visitor() as stranger:
            await stranger.signs_in("nadie", "una clave secreta")
            await ana.client.post("/sign-out", data={}, headers={"sec-fetch-site": "cross-site"})
            await ana.reads("/people")
    told = [record.getMessage() for record in caplog.records if record.name == "desk.security"]
    assert [line.partition(" ")[0] for line in told] == [
        "signed-in", "wrong-password", "foreign-form", "not-allowed",
    ]  # fmt: skip
    assert not any("nadie" in line or "secreta" in line for line in told)
    assert "account=ana" in told[-1]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("ana ana ana ana", "Contiene el nombre de la cuenta, «ana»"),
        ("escuela12345", "una palabra que aquí se prueba primero"),
        ("quispe123456", "una palabra que aquí se prueba primero"),
        ("password1234", "empieza como una contraseña que todos prueban"),
        ("zxcvbnm,./ asd", "sus teclas están una al lado de otra"),
        ("abababababab", "se repite"),
        ("abcdefghijkl1", "sigue un orden"),
    ],
)
def test_what_everybody_tries_first_is_no_password_and_the_rule_is_said(password: str, why: str) -> None:
    """F23: "it is easily guessed" alone taught nobody anything."""
    weak = too_weak(password, "ana", "Rosa Quispe")
    assert weak is not None
    said = catalogue("es").say(weak)
    assert why in said
    assert password not in said


async def test_a_request_that_never_says_what_it_wants_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_http, "HEAD_WITHIN", 0.2)
    app = Starlette(routes=[Route("/", lambda request: PlainTextResponse("ok"))])
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, http=patient_http.PatientProtocol, log_config=None, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    for half in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(half)
        assert await asyncio.wait_for(reader.read(), PATIENCE) == b"", "hung up, without a word"
        writer.close()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert (await asyncio.wait_for(reader.read(), PATIENCE)).startswith(b"HTTP/1.1 200")
    writer.close()
    server.should_exit = True
    await asyncio.wait_for(serving, PATIENCE)
