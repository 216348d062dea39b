"""The desk's doors: a stranger locks nobody out, an attack leaves a line, cookies travel by one way only."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from complaints.passwords import too_weak
from complaints.records.staff import MOST_FAILURES
from complaints.words.catalogue import catalogue
from desk import patient_http
from desk.app import application
from desk.request import PageRequest
from desk.staff.signing_in import digest_of, entered
from desk.unbroken import Unbroken
from tests.desk_house import ADDRESS, House, house_of, said
from tests.story import Story
from tests.waiting import PATIENCE, until


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


async def test_every_answer_by_tls_says_so_for_a_year_and_all_below_it(house: House) -> None:
    """HSTS of whatever is answered, pages for nobody and files of the page too; and none where there is no TLS."""
    secure = replace(house, app=application(replace(house.office, secure=True)))
    for one, promised in ((secure, "max-age=31536000; includeSubDomains"), (house, None)):
        async with one.visitor() as visitor:
            for path in ("/sign-in", "/", "/nothing-here", "/static/desk.css", "/api/find?text=x", "/c", "/health"):
                answer = await visitor.reads(path)
                assert answer.headers.get("strict-transport-security") == promised, path


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


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[int]:
    """The port of the desk's own server, with that application."""
    config = uvicorn.Config(app, port=0, http=patient_http.PatientProtocol, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await asyncio.wait_for(serving, PATIENCE)


async def answered(port: int, *pieces: bytes) -> bytes:
    """What comes back until it hangs up; the pieces are sent a moment after each other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = b""
    with suppress(ConnectionError):  # hung up on while it speaks
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.05)
        said = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    return said


async def read_all(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{len(await request.body())} bytes")


async def test_a_request_that_never_says_what_it_wants_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_http, "HEAD_WITHIN", 0.2)
    async with served(Starlette(routes=[Route("/", lambda request: PlainTextResponse("ok"))])) as port:
        for half in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"):
            assert await answered(port, half) == b"", "hung up, without a word"
        monkeypatch.setattr(patient_http, "HEAD_WITHIN", PATIENCE)
        whole = await answered(port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert whole.startswith(b"HTTP/1.1 200")


async def test_a_body_that_never_comes_is_hung_up_on_and_a_slow_one_is_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(patient_http, "BODY_EVERY", 0.2)
    app = Unbroken(Starlette(routes=[Route("/", read_all, methods=["POST"])]), broken=lambda request: Response())
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 40000\r\n\r\n"
    async with served(app) as port:
        assert await answered(port, head) == b""
        assert await answered(port, head, b"a=", b"1") == b"", "a few bytes now and then are not enough"
        monkeypatch.setattr(patient_http, "BODY_EVERY", PATIENCE)
        assert b"40000 bytes" in await answered(port, head, b"x" * 20_000, b"x" * 20_000)
    assert [line.getMessage() for line in caplog.records if line.levelno >= logging.ERROR] == []


async def test_who_does_not_read_its_body_blames_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form waits for its turn, or for 100 Continue: what we do not take cannot come."""
    monkeypatch.setattr(patient_http, "BODY_EVERY", 0.1)
    turn = asyncio.Event()

    async def waits(request: Request) -> PlainTextResponse:
        await turn.wait()
        return await read_all(request)

    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 500000\r\n"
    async with served(Starlette(routes=[Route("/", waits, methods=["POST"])])) as port:
        # In one piece: more than the server keeps for a page that does not read is there before it looks.
        patient = asyncio.create_task(answered(port, head + b"\r\n" + b"x" * 500_000))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head + b"Expect: 100-continue\r\n\r\n")
        await asyncio.sleep(1)
        monkeypatch.setattr(patient_http, "BODY_EVERY", PATIENCE)
        turn.set()
        assert b"500000 bytes" in await patient
        assert (await asyncio.wait_for(reader.readline(), PATIENCE)).startswith(b"HTTP/1.1 100")
        writer.write(b"x" * 500_000)
        assert b"500000 bytes" in await asyncio.wait_for(reader.read(), PATIENCE)
        writer.close()


async def test_a_mistake_of_ours_is_a_page_and_a_line_without_what_was_sent(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(account: str) -> object:
        raise ValueError(f"Rosa Quispe of {account}")

    async with house.signed_in("ana") as ana:
        monkeypatch.setattr(house.office.store, "mentions_of", broken)
        answer = await ana.reads("/")
    assert (answer.status_code, "inesperado" in answer.text) == (500, True)
    assert "no-store" in answer.headers["cache-control"]
    assert next(line.getMessage() for line in caplog.records if line.name == "desk").startswith("GET: ValueError in ")
    assert "Rosa Quispe" not in caplog.text
