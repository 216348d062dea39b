"""The commands of docker-compose.yml, run here without Docker: secrets, databases, setup, workers, reader, desk, mail.

What this cannot try is said in docs/operating.md, "What was tried".
"""

import asyncio
import os
import re
import signal
import smtplib
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import asyncpg
import pytest

from local.stack.ports import free_ports
from local.stack.postgres import Postgres, connected
from local.stack.postgres_place import DAILY_ROLE
from tests.house.compose_temporal import temporal_of_compose
from tests.house.test_compose import ROOT, SERVICES, make_secrets
from tests.waiting import comes
from workflows.connection import connect

pytestmark = pytest.mark.slow
PATIENCE = 120.0
SUPPORT = "soporte@escuelaconstrucciondigital.com"


@dataclass
class Host:
    """The host that the compose file would run on: its services as plain processes."""

    secrets: Path
    temporal: str
    folder: Path
    ports: dict[str, str]
    """Ports of the compose file, and which are free here: outside a container they may be taken."""

    def secret(self, name: str) -> str:
        return (self.secrets / name).read_text(encoding="utf-8")

    def environment(self, service: str) -> dict[str, str]:
        """As the compose file gives it, with the secrets' folder and Temporal's address of this test."""
        given = {key: str(value) for key, value in SERVICES[service]["environment"].items()}
        here = {
            key: self._here(value.replace("/run/secrets", str(self.secrets)))
            for key, value in given.items()
            if "${" not in value
        }
        settings = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TEMPORAL_CONFIG_FILE": os.devnull}
        return {**settings, **here, "TEMPORAL_ADDRESS": self.temporal}

    def command(self, service: str, **changes: str) -> list[str]:
        """Its command, by this Python: the image's entry point is `complaints`."""
        entry = SERVICES[service].get("entrypoint", ["complaints"])
        entry = [sys.executable, "-m", "cli.main"] if entry == ["complaints"] else [sys.executable, *entry[1:]]
        words = [changes.get(word, word) for word in [*entry, *SERVICES[service]["command"]]]
        return [self._here(word) for word in words]

    def _here(self, text: str) -> str:
        """Loopback instead of every interface, and ports that are free."""
        for port, free in self.ports.items():
            text = re.sub(rf"\b{port}\b", free, text)
        return text.replace("0.0.0.0", "127.0.0.1")

    async def runs(self, service: str) -> str:
        """A job of the compose file, to its end; what it said."""
        process = await asyncio.create_subprocess_exec(
            *self.command(service),
            cwd=ROOT,
            env=self.environment(service),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 0, said.decode()
        return said.decode()

    @asynccontextmanager
    async def running(self, service: str, **changes: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """A service of the compose file; at the end it must stop within its grace, with code 0."""
        process = await asyncio.create_subprocess_exec(
            *self.command(service, **changes), cwd=ROOT, env=self.environment(service)
        )
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 60) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def is_healthy(self, service: str) -> None:
        """Waits until the compose file's own health check says so."""
        test = SERVICES[service]["healthcheck"]["test"][1:]
        check = [sys.executable if word == "python" else self._here(word) for word in test]
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            process = await asyncio.create_subprocess_exec(*check, cwd=ROOT, env=self.environment(service))
            if await process.wait() == 0:
                return
            assert asyncio.get_running_loop().time() < deadline, f"{service} did not get healthy"


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    """Postgres as the compose file makes it, on an empty volume, and Temporal by the compose file's own scripts."""
    port = free_ports(1)[0]
    async with Postgres.started(tmp_path / "pg", port=port, durable=False) as postgres:
        await postgres.drop_database("complaints")
        async with connected(postgres.place) as connection:
            await connection.execute(f"DROP ROLE {DAILY_ROLE}")  # `up` makes it; the compose file's own script is tried
        secrets = tmp_path / "secrets"
        assert make_secrets(secrets, "--demo", host=f"127.0.0.1:{port}").returncode == 0
        databases = await asyncio.create_subprocess_exec(
            "sh",
            str(ROOT / "deploy" / "postgres" / "databases.sh"),
            env={
                "PATH": f"{postgres.place.binaries}:{os.environ['PATH']}",
                "SECRETS": str(secrets),
                "POSTGRES_USER": "postgres",
                "PGHOST": "127.0.0.1",
                "PGPORT": str(port),
                "PGPASSWORD": postgres.place.passwords["postgres"],
            },
        )
        assert await databases.wait() == 0
        lmtp, desk = (str(port) for port in free_ports(2))
        async with temporal_of_compose(tmp_path / "temporal", secrets=secrets, postgres_port=str(port)) as temporal:
            yield Host(secrets, temporal, tmp_path, {"2424": lmtp, "8600": desk})


async def test_a_mail_becomes_a_complaint_and_is_acknowledged(host: Host) -> None:
    """From an empty volume to the letter that the customer gets."""
    smtp, page = free_ports(2)
    url = host.secrets / "smtp_url"
    url.chmod(0o600)
    url.write_text(url.read_text(encoding="utf-8").replace("mail:1025", f"127.0.0.1:{smtp}"), encoding="utf-8")
    for _ in range(2):  # it runs at every start
        await host.runs("setup")
    letters = host.folder / "mail"
    ports = {"1025": str(smtp), "8025": str(page), "0.0.0.0": "127.0.0.1", "/srv/mail": str(letters)}
    ports["${SUPPORT_ADDRESS:-" + SUPPORT + "}"] = SUPPORT
    async with AsyncExitStack() as running:
        await running.enter_async_context(host.running("mail", **ports))
        for _ in range(SERVICES["worker"]["deploy"]["replicas"]):
            await running.enter_async_context(host.running("worker"))
        await host.is_healthy("worker")
        number = await _complaint_by_mail(host, smtp)
        await _acknowledged(host, number)
        case = (await connect(address=host.temporal)).get_workflow_handle(number)
        await case.signal("withdrawn")
        assert (await asyncio.wait_for(case.result(), PATIENCE))["outcome"] == "withdrawn"


async def test_the_reader_takes_mail_over_and_the_desk_shows_its_doors(host: Host) -> None:
    """What a mail server hands over is a complaint in the records before it hears 250; the desk asks who one is."""
    await host.runs("setup")
    async with AsyncExitStack() as running:
        for service in ("reader", "desk"):
            await running.enter_async_context(host.running(service))
        for service in ("reader", "desk"):
            await host.is_healthy(service)
        message = _a_complaint("<reader@correo.example>")
        await asyncio.to_thread(_handed_over, int(host.ports["2424"]), message, smtplib.LMTP)
        connection = await asyncpg.connect(host.secret("database_url"))
        try:
            taken = await connection.fetchval(
                "SELECT taken_as FROM messages WHERE message_id = $1", message["Message-ID"]
            )
        finally:
            await connection.close()
        assert taken == "complaint"
        page = await asyncio.to_thread(_page_of, f"http://127.0.0.1:{host.ports['8600']}/")
        assert 'type="password"' in page


async def test_the_daily_role_can_neither_change_the_schema_nor_rewrite_history(host: Host) -> None:
    await host.runs("setup")
    connection = await asyncpg.connect(host.secret("database_url"))
    try:
        assert await connection.fetchval("SELECT count(*) FROM journal") == 0
        for forbidden in (
            "CREATE TABLE mine (x int)",
            "DROP TABLE journal",
            "ALTER TABLE journal DISABLE TRIGGER ALL",
            "DELETE FROM complaints",
            "TRUNCATE journal",
            "UPDATE journal SET what = 'nothing'",
        ):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
                await connection.execute(forbidden)
    finally:
        await connection.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(host.secret("database_url").replace("/complaints?", "/temporal?"))


async def _complaint_by_mail(host: Host, port: int) -> str:
    """Somebody writes to the support address; the number that the complaint got."""
    await asyncio.to_thread(_handed_over, port, _a_complaint("<compose@correo.example>"))
    connection = await asyncpg.connect(host.secret("database_url"))
    try:
        return await _eventually(connection, "SELECT number FROM complaints")
    finally:
        await connection.close()


def _a_complaint(message_id: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "rosa@correo.example", SUPPORT, "Mi curso no abre"
    message["Message-ID"] = message_id
    message.set_content("Desde el lunes no puedo entrar al curso de Revit.\nDNI: 45678912\n")
    return message


def _handed_over(port: int, message: EmailMessage, protocol: type[smtplib.SMTP] = smtplib.SMTP) -> None:
    with protocol("127.0.0.1", port) as server:
        server.send_message(message)


def _page_of(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return str(answer.read().decode())


async def _acknowledged(host: Host, number: str) -> None:
    connection = await asyncpg.connect(host.secret("database_url"))
    try:
        sent = "SELECT message_id FROM letters WHERE number = $1 AND kind = 'acknowledgement' AND state = 'sent'"
        message_id = await _eventually(connection, sent, number)
    finally:
        await connection.close()
    assert any(message_id.encode() in path.read_bytes() for path in (host.folder / "mail").rglob("*") if path.is_file())


async def _eventually(connection: "asyncpg.Connection[asyncpg.Record]", query: str, *values: str) -> str:
    return str(await comes(lambda: connection.fetchval(query, *values), f"answer to: {query}", within=PATIENCE))
