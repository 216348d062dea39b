"""The desk as a server: its certificate read again when the file changes, and plain HTTP sent on to its address."""

import asyncio
import logging
import ssl
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from complaints.serving import At, Serving
from complaints.settings import SettingsError
from desk.patient_http import PatientProtocol

LOOK_EVERY = timedelta(seconds=30)
"""At the certificate: who renews it (certbot, acme.sh, a person) tells nobody."""

log = logging.getLogger("desk")


async def serve(
    app: ASGIApp, at: At, serving: Serving, *, public_url: str | None, metrics: ASGIApp | None = None
) -> None:
    """Serves until SIGTERM or Ctrl-C; `metrics` on an address of their own, where one is named.

    Raises SettingsError for a certificate that cannot be used.
    """
    config = _config(app, at)
    if serving.certificate is not None and serving.key is not None:
        config.ssl_certfile, config.ssl_keyfile = str(serving.certificate), str(serving.key)
        check(serving.certificate, serving.key)
    config.load()
    servers = [uvicorn.Server(config)]
    if serving.redirect is not None and public_url is not None:
        servers.append(uvicorn.Server(_config(sent_on(public_url), serving.redirect)))
    if serving.metrics is not None and metrics is not None:
        servers.append(uvicorn.Server(_config(metrics, serving.metrics)))
    watching = asyncio.create_task(_read_again(config.ssl, serving)) if config.ssl else None
    try:
        await asyncio.gather(*(server.serve() for server in servers))
    finally:
        if watching:
            watching.cancel()


def check(certificate: Path, key: Path) -> None:
    """Raises SettingsError where no server could use them; without a word of what they hold."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        raise SettingsError(
            f"TLS_CERT_FILE {certificate} with TLS_KEY_FILE {key} cannot be used ({reason}): "
            "a certificate with its chain and its own key, both PEM."
        ) from None


def sent_on(public_url: str) -> Starlette:
    """Whoever comes by plain HTTP is sent to the same page at our address; what was posted is not repeated there."""

    async def anywhere(request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse(f"{public_url}\n", status_code=426, headers={"Upgrade": "TLS/1.3, HTTP/1.1"})
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{public_url}{request.url.path}{query}", status_code=308)

    return Starlette(routes=[Route("/{path:path}", anywhere, methods=["GET", "HEAD", "POST", "PUT", "DELETE"])])


def _config(app: ASGIApp, at: At) -> uvicorn.Config:
    # No access log: addresses hold what people look for.
    return uvicorn.Config(
        app, host=at.host, port=at.port, http=PatientProtocol, access_log=False, log_config=None, server_header=False,
        lifespan="off", timeout_graceful_shutdown=3, proxy_headers=False,
    )  # fmt: skip


async def _read_again(context: ssl.SSLContext, serving: Serving) -> None:
    """Connections that begin from now on have the new certificate; a wrong one is told, and the old one stays."""
    assert serving.certificate is not None
    assert serving.key is not None
    stamp = _stamp(serving.certificate, serving.key)
    while True:
        await asyncio.sleep(LOOK_EVERY.total_seconds())
        now = _stamp(serving.certificate, serving.key)
        if now == stamp or now is None:
            continue
        try:
            check(serving.certificate, serving.key)
            context.load_cert_chain(serving.certificate, serving.key)
            log.info("The certificate was read again.")
        except SettingsError as error:
            log.error("The new certificate is not used: %s", error)
        stamp = now


def _stamp(*paths: Path) -> tuple[int, ...] | None:
    with suppress(OSError):
        return tuple(part for path in paths for part in (path.stat().st_mtime_ns, path.stat().st_ino))
    return None
