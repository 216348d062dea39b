"""The desk as a server of its own: TLS without a proxy, a renewed certificate without a restart, HTTP sent on."""

import asyncio
import signal
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from complaints.serving import At, Serving
from complaints.settings import SettingsError
from desk import serving
from local.stack.ports import free_ports, listening
from tests.waiting import becomes, until

PUBLIC = "https://quejas.colegio.example"


async def hello(_: Request) -> PlainTextResponse:
    return PlainTextResponse("hola")


APP = Starlette(routes=[Route("/", hello)])


def certificate(folder: Path, *, serial: int) -> tuple[Path, Path]:
    """A certificate of localhost that signs itself, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "us")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for file, content in (("cert.pem", made.public_bytes(pem)), ("key.pem", key.private_bytes(*plain))):
        partial = folder / f"{file}.new"
        partial.write_bytes(content)
        partial.replace(folder / file)
    return folder / "cert.pem", folder / "key.pem"


@asynccontextmanager
async def served(how: Serving) -> AsyncIterator[int]:
    """The desk's server with a page of ours, on this port; ended as a supervisor ends it."""
    assert how.listen is not None
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    running = asyncio.create_task(serving.serve(APP, how.listen, how, public_url=PUBLIC))
    try:
        ports = [how.listen.port, *([how.redirect.port] if how.redirect else [])]
        for port in ports:
            assert await listening(port, alive=lambda: not running.done())
        yield how.listen.port
    finally:
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(running, 60)
        signal.signal(signal.SIGTERM, before)


async def serial_at(port: int) -> int:
    """The certificate that a connection made now is shown."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
    seen = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(seen).serial_number


@pytest.mark.server  # OpenSSL looks at the machine's own clock
async def test_a_renewed_certificate_is_shown_without_a_restart_and_a_broken_one_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "LOOK_EVERY", timedelta(milliseconds=20))
    pair = certificate(tmp_path, serial=1)
    how = Serving(listen=At("127.0.0.1", free_ports(1)[0]), certificate=pair[0], key=pair[1])
    async with served(how) as port:
        trusting = ssl.create_default_context(cafile=str(pair[0]))
        async with httpx.AsyncClient(verify=trusting) as browser:
            assert (await browser.get(f"https://localhost:{port}/")).text == "hola"
        assert await serial_at(port) == 1
        pair[0].write_text("half a certif", encoding="utf-8")
        await until(lambda: "is not used" in caplog.text)
        assert await serial_at(port) == 1
        certificate(tmp_path, serial=2)
        await becomes(lambda: serial_at(port), 2)


async def test_plain_http_is_sent_on_and_nothing_posted_there_is_taken() -> None:
    ours, plain = free_ports(2)
    how = Serving(listen=At("127.0.0.1", ours), redirect=At("127.0.0.1", plain))
    async with served(how), httpx.AsyncClient(base_url=f"http://127.0.0.1:{plain}") as browser:
        sent = await browser.get("/cases/Q-7KF3-02M9D?page=2", headers={"Host": "evil.example"})
        assert (sent.status_code, sent.headers["location"]) == (308, f"{PUBLIC}/cases/Q-7KF3-02M9D?page=2")
        for path in ("//evil.example/x", "/%2f%2fevil.example"):
            assert (await browser.get(path)).headers["location"].startswith(f"{PUBLIC}/")
        assert (await browser.post("/sign-in", data={"password": "x"})).status_code == 426


@pytest.mark.parametrize("wrong", ["missing", "another key", "no certificate"])
async def test_a_certificate_that_cannot_be_used_is_refused_at_the_start(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "other").mkdir()
    cert, key = certificate(tmp_path, serial=1)
    other = certificate(tmp_path / "other", serial=2)[1]
    match wrong:
        case "missing":
            cert = tmp_path / "nowhere.pem"
        case "another key":
            key = other
        case _:
            cert.write_text("x", encoding="utf-8")
    how = Serving(listen=At("127.0.0.1", free_ports(1)[0]), certificate=cert, key=key)
    with pytest.raises(SettingsError, match="TLS_CERT_FILE"):
        await serving.serve(APP, At("127.0.0.1", 1), how, public_url=PUBLIC)


@pytest.mark.parametrize(
    "said",
    [
        {"DESK_LISTEN": "443"},
        {"DESK_LISTEN": "0.0.0.0"},
        {"DESK_LISTEN": "0.0.0.0:99999"},
        {"DESK_LISTEN": "http://0.0.0.0:443"},
        {"TLS_CERT_FILE": "cert.pem"},
        {"TLS_KEY_FILE": "key.pem"},
        {"DESK_REDIRECT_LISTEN": "0.0.0.0:80"},  # to where?
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(said: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=next(iter(said))):
        Serving.from_env(said, public_url=None)


def test_the_settings_of_a_small_host() -> None:
    said = {
        "DESK_LISTEN": "[::]:443",
        "DESK_REDIRECT_LISTEN": "0.0.0.0:80",
        "DESK_METRICS_LISTEN": "127.0.0.1:9101",
        "TLS_CERT_FILE": "/etc/c.pem",
        "TLS_KEY_FILE": "/etc/k.pem",
    }
    how = Serving.from_env(said, public_url=PUBLIC)
    assert (how.listen, how.redirect, how.certificate) == (At("::", 443), At("0.0.0.0", 80), Path("/etc/c.pem"))
    assert how.metrics == At("127.0.0.1", 9101)
    assert Serving.from_env({}, public_url=None) == Serving()
