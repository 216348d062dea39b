"""The gate before Temporal's page, which knows nobody: it lets our own browsers look and ask, and nothing be done.

Temporal's page answers under any name, so that a page elsewhere could have its own name resolve to this machine (DNS
rebinding) and read and signal through the browser of whoever sits here. And its own switch against writing can be
talked around by an escaped path. So the page stands where no browser gets to (TLS with a certificate that nobody
trusts but this process, or an address that nobody knows), and everything goes through here.

`python -m local.stack.temporal_gate --port 8233 --run UI --folder FOLDER` runs the page itself, as configured in
FOLDER/ui/ours.yaml; with `--to URL` it stands before one that somebody else runs.
"""

import argparse
import asyncio
import ipaddress
import json
import logging
import os
import re
import signal
import ssl
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from complaints import log_lines
from local.stack.child import Child, Order
from local.stack.ports import LOOPBACK, free_ports, listening

OUR_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
"""Any port: whoever comes through a tunnel has another one, and a foreign name stays foreign."""

QUERY = re.compile(rb"/api/v1/namespaces/[^/]+/workflows/[^/]+/query/[^/]+")
"""The one POST that changes nothing, as it came over the line."""

HANDED_ON = (
    *("accept", "accept-encoding", "accept-language", "authorization-extras", "caller-type", "content-type", "cookie"),
    *("if-modified-since", "if-none-match", "range", "sec-fetch-site", "x-csrf-token"),
)
"""Headers of a request; among them none that says who asks, or that another method is meant."""

FROM_THERE = frozenset({"connection", "keep-alive", "transfer-encoding", "date", "server"})
"""Headers of an answer that are about the connection."""

LARGEST = 1_000_000
"""Bytes of a question."""

LOOKED_UP_WITHIN = 60.0
"""Seconds; the page itself waits for news as long."""


class Gate:
    """Stands before the page at `to`."""

    def __init__(self, to: str, *, hosts: Iterable[str] = (), trust: ssl.SSLContext | None = None) -> None:
        """`hosts`: further names that are ours, as a proxy before us says them. `trust`: the page's certificate."""
        self._hosts = frozenset(host.lower() for host in hosts)
        limits = httpx.Limits(max_connections=50)
        self._page = httpx.AsyncClient(
            base_url=to, verify=trust or ssl.create_default_context(), timeout=LOOKED_UP_WITHIN, limits=limits,
            trust_env=False,
        )  # fmt: skip

    def application(self) -> Starlette:
        """The gate as a web application."""
        methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=methods)])

    async def close(self) -> None:
        """Lets go of the page."""
        await self._page.aclose()

    async def _answer(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                return _no(413, "Too long.")
        path = request.scope["raw_path"] + (b"?" + request.scope["query_string"] if request.url.query else b"")
        headers = [(name, value) for name, value in request.headers.items() if name in HANDED_ON]
        url = self._page.base_url.copy_with(raw_path=path)
        asked = self._page.build_request(request.method, url, headers=headers, content=body)
        try:
            answer = await self._page.send(asked, stream=True)
        except httpx.HTTPError as error:
            return _no(502, f"Temporal's page does not answer ({type(error).__name__}).")
        # As it came, compressed or not.
        handed_back = StreamingResponse(_to_its_end(answer), status_code=answer.status_code)
        said = [(name, value) for name, value in answer.headers.raw if name.decode().lower() not in FROM_THERE]
        handed_back.raw_headers = [(name.lower(), value) for name, value in said]
        handed_back.headers["cross-origin-resource-policy"] = "same-origin"
        return handed_back

    def _refused(self, request: Request) -> Response | None:
        """Why a request goes no further; None if it may."""
        host = request.headers.get("host", "").lower()
        if not OUR_HOST.fullmatch(host) and host not in self._hosts:
            return _no(421, "This page is for its own host only.")
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host:
            return _no(403, "This page answers no other site.")
        asks = request.method in ("GET", "HEAD")
        elsewhere = request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if elsewhere and not (asks and request.headers.get("sec-fetch-mode") == "navigate"):
            return _no(403, "This page answers no other site.")
        if not asks and not _is_query(request):
            return _no(405, "Nothing is done here: signals go through the desk, `complaints`, or `temporal`.")
        return None


def _is_query(request: Request) -> bool:
    """Whether it is the one POST that changes nothing; an escaped slash would hide what a path means."""
    path = request.scope["raw_path"]
    return request.method == "POST" and QUERY.fullmatch(path) is not None and b"%2f" not in path.lower()


async def _to_its_end(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in answer.aiter_raw():
            yield piece
    finally:
        await answer.aclose()


def _no(status: int, said: str) -> Response:
    return PlainTextResponse(f"{said}\n", status_code=status, headers={"cache-control": "no-store"})


# -- a page of our own behind it -------------------------------------------------------------------------------------


@asynccontextmanager
async def page_of_ours(program: Path, folder: Path, log: Path) -> AsyncIterator[tuple[str, ssl.SSLContext, Child]]:
    """The page, by TLS on a free port, with a certificate for this one run; its address, and whom to trust."""
    [port] = free_ports(1)
    config = json.loads((folder / "ui" / "ours.yaml").read_text(encoding="utf-8"))
    certificate, key = _identity(folder / "ui")
    config |= {"host": LOOPBACK, "port": port, "uiServerTLS": {"certFile": str(certificate), "keyFile": str(key)}}
    (folder / "ui" / "running.yaml").write_text(json.dumps(config, indent=1), encoding="utf-8")
    command = [str(program), "--root", str(folder), "--config", "ui", "--env", "running", "start"]
    child = await Child.start(Order(command, log=log, grace=2, cwd=folder))
    try:
        if not await listening(port, alive=child.is_running):
            raise SystemExit("Temporal's page did not start.")
        yield f"https://{LOOPBACK}:{port}", ssl.create_default_context(cafile=str(certificate)), child
    finally:
        await child.stop()


def _identity(folder: Path) -> tuple[Path, Path]:
    """A certificate that nobody but this process will ever trust, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Temporal's page, for its gate only")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "page.crt", folder / "page.key"
    parts = (
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    for file, part in zip(files, parts, strict=True):
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(part)
    return files


async def _serve(arguments: argparse.Namespace) -> None:
    async with AsyncExitStack() as stack:
        to, trust, page = arguments.to, None, None
        if arguments.run:
            to, trust, page = await stack.enter_async_context(
                page_of_ours(arguments.run, arguments.folder, arguments.log)
            )
        gate = Gate(to, hosts=arguments.host, trust=trust)
        stack.push_async_callback(gate.close)
        config = uvicorn.Config(
            gate.application(), host=arguments.bind, port=arguments.port, access_log=False, log_config=None,
            server_header=False, lifespan="off", timeout_graceful_shutdown=1, proxy_headers=False,
        )  # fmt: skip
        server = uvicorn.Server(config)
        for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises them again at its end, before ours
            signal.signal(number, lambda *_: None)
        watching = asyncio.create_task(_ends_with(page, server)) if page else None
        await server.serve()
        if watching:
            watching.cancel()


async def _ends_with(page: Child, server: uvicorn.Server) -> None:
    """Without the page the gate is nothing: it ends, and whoever keeps it starts both anew."""
    await page.wait()
    server.should_exit = True


def main(words: Sequence[str] | None = None) -> None:
    """The process."""
    parser = argparse.ArgumentParser(prog="python -m local.stack.temporal_gate", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bind", default=LOOPBACK, metavar="ADDRESS", help="only inside a container another one")
    parser.add_argument("--host", action="append", default=[], metavar="NAME", help="another name that is ours")
    behind = parser.add_mutually_exclusive_group(required=True)
    behind.add_argument("--to", metavar="URL", help="a page that runs already")
    behind.add_argument("--run", type=Path, metavar="PROGRAM", help="the page to run")
    parser.add_argument("--folder", type=Path, help="with --run: where its configuration lies")
    parser.add_argument("--log", type=Path, help="with --run: where its output goes")
    log_lines.begin(os.environ, level=logging.WARNING)
    asyncio.run(_serve(parser.parse_args(words)))


if __name__ == "__main__":
    main()
