"""The proxies' files in deploy/, as nginx and Caddy of this system read and run them, in front of a server of ours."""

import asyncio
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from complaints.serving import At, Serving
from local.stack.ports import free_ports, listening
from tests.desk.test_serving import certificate, served

DEPLOY = Path(__file__).parents[2] / "deploy"
OURS = "quejas.example.org"
LINK = "/c/Q-7KF3-02M9D/a-secret-that-opens-it"
PROXIES = ("caddy", "caddy of compose", "nginx")

pytestmark = pytest.mark.server  # they look at the machine's own clock


async def echo(request: Request) -> JSONResponse:
    """What came, as the desk would see it."""
    seen = {name: value for name, value in request.headers.items() if name.startswith("x-forwarded") or name == "host"}
    body = await request.body()
    said = {"strict-transport-security": "max-age=1"}  # the desk's own: one of them only may reach a browser
    return JSONResponse({"path": request.url.path, "headers": seen, "bytes": len(body)}, headers=said)


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs, in front of whatever listens at `desk`."""

    https: int
    http: int
    desk: int
    output: Path
    """All that it has written anywhere."""

    def browser(self) -> httpx.AsyncClient:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return httpx.AsyncClient(verify=trusting, base_url=f"https://localhost:{self.https}")


def program(name: str) -> str:
    """Where it is; the test is skipped where it is not, except in CI."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        assert not os.environ.get("CI"), f"CI must install {name} (.ci/run does)"
        pytest.skip(f"{name} is not on this machine")
    return found


def of_caddy(text: str, folder: Path, at: Proxy) -> list[str]:
    """Its file with ports and a name of this test; Caddy signs the certificate of localhost itself."""
    own = f"\thttp_port {at.http}\n\thttps_port {at.https}\n\tskip_install_trust\n"
    text = (
        text.replace("admin localhost:2019", "admin off")
        if "admin " in text
        else text.replace("{\n", "{\n\tadmin off\n", 1)
    )
    text = text.replace("{\n", "{\n" + own, 1)
    text = re.sub(r"reverse_proxy \S+", f"reverse_proxy 127.0.0.1:{at.desk}", text)
    (folder / "Caddyfile").write_text(text.replace(OURS, "localhost"), encoding="utf-8")
    return [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def of_nginx(text: str, folder: Path, at: Proxy) -> list[str]:
    """The file as a site of Debian's nginx.conf, which logs what a site does not forbid."""
    for before, after in (
        (f"/etc/letsencrypt/live/{OURS}/fullchain.pem", str(folder / "cert.pem")),
        (f"/etc/letsencrypt/live/{OURS}/privkey.pem", str(folder / "key.pem")),
        ("127.0.0.1:8600", f"127.0.0.1:{at.desk}"),
        (f"https://{OURS}$request_uri", f"https://localhost:{at.https}$request_uri"),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{at.http};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{at.https} ssl http2;"),
        (f"server_name {OURS};", "server_name localhost;"),
    ):
        assert before in text, before
        text = text.replace(before, after)
    certificate(folder, serial=1)
    (folder / "site").write_text(text, encoding="utf-8")
    temporary = " ".join(
        f"{each}_temp_path {folder}/{each};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    main = f"{user} pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
    main += f"http {{ access_log {folder}/access.log; {temporary} include {folder}/site; }}\n"
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    command = [program("nginx"), "-p", str(folder), "-e", str(folder / "start.log"), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    return [*command, "-g", "daemon off;"]


FILES: dict[str, tuple[Path, Callable[[str, Path, Proxy], list[str]]]] = {
    "caddy": (DEPLOY / "proxy" / "Caddyfile", of_caddy),
    "caddy of compose": (DEPLOY / "caddy" / "Caddyfile", of_caddy),
    "nginx": (DEPLOY / "proxy" / "nginx.conf", of_nginx),
}


@asynccontextmanager
async def running(which: str, folder: Path) -> AsyncIterator[Proxy]:
    """That proxy with its file, until the block ends."""
    https, http, desk = free_ports(3)
    at = Proxy(https, http, desk, folder / "output")
    file, made = FILES[which]
    command = made(file.read_text(encoding="utf-8"), folder, at)
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with at.output.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **home, "DESK_ADDRESS": "https://localhost"}, stdout=output, stderr=output
        )
    try:
        for port in (at.https, at.http):
            up = await listening(port, alive=lambda: process.returncode is None, limit=60)
            assert up, at.output.read_text(encoding="utf-8", errors="replace")
        yield at
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 60)


async def takes_no(browser: httpx.AsyncClient, body: bytes) -> bool:
    """Caddy notices only while it hands on: it answers, or closes while the rest is still being sent."""
    try:
        return (await browser.post("/", content=body)).status_code in (413, 502)
    except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
        return True


@pytest.mark.parametrize("which", PROXIES)
async def test_a_visitor_comes_to_the_desk_by_tls_and_is_who_he_is(
    which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Starlette(routes=[Route("/{rest:path}", echo, methods=["GET", "POST"])])
    monkeypatch.setattr("tests.desk.test_serving.APP", app)
    async with running(which, tmp_path) as proxy, proxy.browser() as browser:
        async with served(Serving(listen=At("127.0.0.1", proxy.desk))):
            answer = await browser.get("/cases?page=2", headers={"X-Forwarded-For": "203.0.113.9"})
            seen = answer.json()
            assert (answer.status_code, seen["path"]) == (200, "/cases")
            assert answer.headers.get_list("strict-transport-security") == ["max-age=31536000"]
            assert seen["headers"]["x-forwarded-for"] == "127.0.0.1", "not what the visitor wrote"
            assert seen["headers"]["x-forwarded-proto"] == "https"
            assert seen["headers"]["host"].partition(":")[0] == "localhost"
            assert (await browser.post("/", content=b"x" * 26_000_000)).json()["bytes"] == 26_000_000
            assert await takes_no(browser, b"x" * 116_000_000)
            plain = await browser.get(f"http://localhost:{proxy.http}{LINK}")
            assert (plain.status_code, plain.headers["location"].startswith("https://localhost")) == (308, True)
            assert plain.headers["location"].endswith(LINK)
            assert (await browser.get(LINK)).status_code == 200
        down = await browser.get(LINK)  # the desk is away: an error, whose line would hold the address
        assert down.status_code == 502
        written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
        assert b"a-secret" not in written, "the link opens the complaint"
