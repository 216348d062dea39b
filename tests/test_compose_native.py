"""The commands of docker-compose.yml, run here without Docker: secrets, databases, setup, two workers, mail catcher.

What this cannot try is said in docs/operating.md, "What was tried".
"""

import asyncio
import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import Client

from local.ports import free_ports
from local.postgres import Postgres
from local.temporal_server import TemporalServer
from tests.test_compose import ROOT, SERVICES, make_secrets
from workflows import names
from workflows.connection import connect

pytestmark = pytest.mark.slow
PATIENCE = 60.0
SUPPORT = "soporte@escuelaconstrucciondigital.com"


@dataclass
class Host:
    """The host that the compose file would run on: its services as plain processes."""

    secrets: Path
    temporal: str
    folder: Path

    def secret(self, name: str) -> str:
        return (self.secrets / name).read_text(encoding="utf-8")

    def environment(self, service: str) -> dict[str, str]:
        """As the compose file gives it, with the secrets' folder and Temporal's address of this test."""
        given = {key: str(value) for key, value in SERVICES[service]["environment"].items()}
        here = {
            key: value.replace("/run/secrets", str(self.secrets)) for key, value in given.items() if "${" not in value
        }
        settings = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TEMPORAL_CONFIG_FILE": os.devnull}
        return {**settings, **here, "TEMPORAL_ADDRESS": self.temporal}

    def command(self, service: str, **changes: str) -> list[str]:
        """Its command, by this Python: the image's entry point is `complaints`."""
        entry = SERVICES[service].get("entrypoint", ["complaints"])
        entry = [sys.executable, "-m", "starter.cli"] if entry == ["complaints"] else [sys.executable, *entry[1:]]
        return [changes.get(word, word) for word in [*entry, *SERVICES[service]["command"]]]

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
            assert await asyncio.wait_for(process.wait(), 15) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def is_healthy(self, service: str) -> None:
        """Waits until the compose file's own health check says so."""
        check = [sys.executable if word == "python" else word for word in SERVICES[service]["healthcheck"]["test"][1:]]
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            process = await asyncio.create_subprocess_exec(*check, cwd=ROOT, env=self.environment(service))
            if await process.wait() == 0:
                return
            assert asyncio.get_running_loop().time() < deadline, f"{service} did not get healthy"


@pytest.fixture
async def temporal(tmp_path: Path) -> AsyncIterator[Client]:
    """A server of this test's own: the compose file names the task queue, and another test's worker may serve it."""
    async with TemporalServer.started(tmp_path / "temporal", attributes=names.SEARCH_ATTRIBUTES) as server:
        yield await connect(address=server.address, namespace=server.namespace)


@pytest.fixture
async def host(temporal: Client, tmp_path: Path) -> AsyncIterator[Host]:
    """Postgres as the compose file makes it, on an empty volume."""
    port = free_ports(1)[0]
    async with Postgres.started(tmp_path / "pg", port=port, durable=False) as postgres:
        await postgres.drop_database("complaints")
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
        yield Host(secrets, temporal.service_client.config.target_host, tmp_path)


async def test_a_mail_becomes_a_complaint_and_is_acknowledged(host: Host, temporal: Client) -> None:
    """The whole compose file but Temporal's own images: from an empty volume to the letter that the customer gets."""
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
        await temporal.get_workflow_handle(number).signal("withdrawn")
        assert (await asyncio.wait_for(temporal.get_workflow_handle(number).result(), PATIENCE))[
            "outcome"
        ] == "withdrawn"


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
        await asyncpg.connect(host.secret("database_url").removesuffix("/complaints") + "/temporal")


async def _complaint_by_mail(host: Host, port: int) -> str:
    """Somebody writes to the support address; the number that the complaint got."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "rosa@correo.example", SUPPORT, "Mi curso no abre"
    message["Message-ID"] = "<compose@correo.example>"
    message.set_content("Desde el lunes no puedo entrar al curso de Revit.\nDNI: 45678912\n")
    await asyncio.to_thread(_handed_over, port, message)
    connection = await asyncpg.connect(host.secret("database_url"))
    try:
        return await _eventually(connection, "SELECT number FROM complaints")
    finally:
        await connection.close()


def _handed_over(port: int, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        server.send_message(message)


async def _acknowledged(host: Host, number: str) -> None:
    connection = await asyncpg.connect(host.secret("database_url"))
    try:
        sent = "SELECT message_id FROM letters WHERE number = $1 AND kind = 'acknowledgement' AND state = 'sent'"
        message_id = await _eventually(connection, sent, number)
    finally:
        await connection.close()
    assert any(message_id.encode() in path.read_bytes() for path in (host.folder / "mail").rglob("*") if path.is_file())


async def _eventually(connection: "asyncpg.Connection[asyncpg.Record]", query: str, *values: str) -> str:
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while (found := await connection.fetchval(query, *values)) is None:
        assert asyncio.get_running_loop().time() < deadline, f"nothing came of: {query}"
        await asyncio.sleep(0.1)
    return str(found)
