"""A small school's machine from its first answer on: real mail servers, TLS to all of them, power cuts, a lost disk.

`complaints init` and `complaints up` are programs of their own, as a school starts them; Dovecot and Postfix are what
its mail host runs. An upgrade from the release before is tests/cli/test_upgrade.py. What a cut of power does to a disk
that lies about what it wrote is not to be had here: every process is killed at one moment, and what was flushed stays.
"""

import asyncio
import os
import re
import shutil
import signal
import ssl
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from local.stack.guard import descendants
from local.stack.ports import free_ports
from starter.stack_addresses import find_stack
from tests.desk.test_serving import certificate
from tests.desk_house import PASSWORD, Visitor
from tests.dovecot import PASSWORD as OF_THE_BOX
from tests.dovecot import Dovecot, dovecot
from tests.postfix import Postfix, postfix
from tests.terminal import Ran, as_process, environment
from tests.waiting import until

INTAKE = "quejas@colegio.example"
SCHOOL, ROSA, LUIS, MARIA = "quejas", "rosa", "luis", "maria"
CUSTOMERS = (ROSA, LUIS, MARIA)

AGAIN_HOURS = 2 / 3600
"""After which a letter is sent again of which a cut left open whether it had gone out; 6 hours as packaged."""

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class MailHost:
    """The school's mail host, and its customers' too."""

    boxes: Dovecot
    server: Postfix

    def writes(self, customer: str) -> None:
        """A customer complains."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = f"{customer}@correo.example", INTAKE, "Reclamo"
        message["Message-ID"] = make_msgid(domain="correo.example")
        message.set_content("Faltaron horas en el taller del sábado.\n")
        self.server.takes(message)

    def letters(self, customer: str) -> list[EmailMessage]:
        """What the customer has got, as a mail program shows it."""
        with self.boxes.mailbox(customer) as box:
            fetched = [letter.obj.as_bytes() for letter in box.fetch(mark_seen=False)]
        return [message_from_bytes(each, policy=policy.default) for each in fetched]

    def copies(self, customer: str) -> Counter[str]:
        """How often each letter of the school's came."""
        return Counter(str(letter["Message-ID"]) for letter in self.letters(customer))


@dataclass(frozen=True)
class Host:
    """The school's machine."""

    home: Path
    mail: MailHost
    https: int
    certificate: Path
    """The desk's, which the school gets from elsewhere and keeps there; its key lies beside it."""

    @property
    def surroundings(self) -> dict[str, str]:
        """Certificates of the mail host are signed by itself; OpenSSL's variable says whom to believe."""
        return {"SSL_CERT_FILE": str(self.mail.boxes.home / "cert.pem")}

    async def runs(self, *words: str) -> Ran:
        ran = await as_process(*words, "--home", str(self.home), env=self.surroundings)
        assert ran.code == 0, ran.err
        return ran

    async def begins(self) -> str:
        """`init` by flags, then what its file leaves to the school; the admin's first password."""
        box = f"quejas:{OF_THE_BOX}@127.0.0.1:{self.mail.boxes.tls_port}"
        words = ["--school", "Colegio San José", "--intake", INTAKE, "--test-letter", f"{ROSA}@correo.example"]
        words += ["--smtp", self.mail.server.url(SCHOOL), "--imap", f"imaps://{box}/INBOX"]
        words += ["--public-url", f"https://localhost:{self.https}", "--admin", "ana", "--admin-name", "Ana Ruiz"]
        begun = await self.runs("init", *words, "--json")
        more = {
            "DESK_LISTEN": f"127.0.0.1:{self.https}",
            "TLS_CERT_FILE": self.certificate,
            "TLS_KEY_FILE": self.certificate.with_name("key.pem"),
        }
        with (self.home / "settings.toml").open("a", encoding="utf-8") as settings:
            settings.writelines(f'{name} = "{value}"\n' for name, value in more.items())
        rules = self.home / "policy.toml"
        said, times = re.subn(
            "(?m)^retry_hours = 6 ", f"retry_hours = {AGAIN_HOURS} ", rules.read_text(encoding="utf-8")
        )
        assert times == 1
        rules.write_text(said, encoding="utf-8")
        return str(begun.facts["password"])

    @asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        """`complaints up`, ready; with the block the power is gone, for every process at one moment."""
        with environment(self.surroundings):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "cli.main", "up", "--home", str(self.home), "--json"),
                stdout=asyncio.subprocess.PIPE,
            )
        assert process.stdout is not None
        try:
            assert await asyncio.wait_for(process.stdout.readline(), 400), "it is not ready"
            yield
        finally:
            for pid in [process.pid, *descendants(process.pid)]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await asyncio.wait_for(process.wait(), 60)
            await until(lambda: find_stack(self.home) is None)

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[Visitor]:
        """A browser, without scripts."""
        trust = ssl.create_default_context(cafile=str(self.certificate))
        async with httpx.AsyncClient(verify=trust, base_url=f"https://localhost:{self.https}") as client:
            yield Visitor(client)

    async def numbers(self) -> dict[str, str]:
        """The complaint of each customer."""
        rows = await self.records("SELECT email, number FROM complaints")
        found = {email.partition("@")[0]: number for email, number in rows}
        assert len(found) == len(rows), "nobody's complaint is there twice"
        return found

    async def tries(self, customer: str) -> dict[str, int]:
        """How often each letter to them may have left, as it was counted before each try."""
        query = "SELECT message_id, attempts FROM letters WHERE to_address = $1"
        return dict(await self.records(query, f"{customer}@correo.example"))

    async def records(self, query: str, *values: str) -> list[tuple[str, Any]]:
        """What the records of the running host say."""
        stack = find_stack(self.home)
        assert stack is not None
        connection = await asyncpg.connect(stack.database)
        try:
            return [tuple(row) for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()


@pytest.fixture(scope="module")
def mail() -> Iterator[MailHost]:
    with dovecot() as boxes, postfix(boxes, INTAKE, *(f"{each}@correo.example" for each in CUSTOMERS)) as server:
        yield MailHost(boxes, server)


@pytest.fixture
def host(mail: MailHost, tmp_path: Path) -> Host:
    return Host(tmp_path / "home", mail, free_ports(1)[0], certificate(tmp_path, serial=1)[0])


async def test_nothing_is_lost_and_nothing_is_said_twice_that_was_not_counted(host: Host, tmp_path: Path) -> None:
    password, mail, key = await host.begins(), host.mail, tmp_path / "key"
    await until(lambda: mail.letters(ROSA))
    [tried] = mail.letters(ROSA)

    async with host.up():
        await asyncio.to_thread(mail.writes, ROSA)
        await until(lambda: len(mail.letters(ROSA)) == 2)
        [letter] = [each for each in mail.letters(ROSA) if each["Message-ID"] != tried["Message-ID"]]
        await read_by_the_customer(host, letter)
        await seen_by_the_admin(host, password, (await host.numbers())[ROSA])
        await asyncio.to_thread(mail.writes, LUIS)  # and the power goes, wherever his complaint is now

    async with host.up():
        await until(lambda: mail.letters(LUIS))
        before = await host.numbers()
        assert before.keys() == {ROSA, LUIS}
        await host.runs("backup", str(tmp_path / "copies"), "--key", str(key))
        await asyncio.to_thread(mail.writes, MARIA)
        await until(lambda: mail.letters(MARIA))  # and the power goes again, as soon as she has it
    shutil.rmtree(host.home)

    [copy] = (tmp_path / "copies").iterdir()
    told = await host.runs("restore", str(copy), "--key", str(key))
    assert "2 complaints, 2 of them open" in told.out
    async with host.up():
        await until(lambda: mail.copies(MARIA).total() >= 2)
        after = await host.numbers()
        assert after.keys() == {*CUSTOMERS}
        assert before.items() <= after.items()
        for customer in CUSTOMERS:
            counted = await host.tries(customer)
            came = await asyncio.to_thread(mail.copies, customer)
            came.pop(str(tried["Message-ID"]), None)
            assert came.keys() == counted.keys(), "each letter that was written came, and no other"
            of_the_lost_disk = 1 if customer == MARIA else 0
            for message_id, copies in came.items():
                assert 1 <= copies <= counted[message_id] + of_the_lost_disk
        assert mail.boxes.unseen(SCHOOL) == 0
        async with host.visitor() as ana:
            assert (await ana.signs_in("ana", PASSWORD)).status_code == 303, "her own password is in the copy"


async def read_by_the_customer(host: Host, letter: EmailMessage) -> None:
    """The letter's link leads to the complaint, by TLS."""
    body = letter.get_body(("plain",))
    assert body is not None
    link = re.search(rf"https://localhost:{host.https}(/c/\S+)", body.get_content())
    assert link, body.get_content()
    async with host.visitor() as customer:
        page = await customer.reads(link[1])
        assert (page.status_code, "Faltaron horas" in page.text) == (200, True)


async def seen_by_the_admin(host: Host, password: str, number: str) -> None:
    """Who signs in with the first password takes one of her own, and finds the complaint."""
    async with host.visitor() as ana:
        assert (await ana.signs_in("ana", password)).status_code == 303
        changed = await ana.sends("/password", "/password", old=password, new=PASSWORD, again=PASSWORD)
        assert changed.status_code == 303, changed.text
        page = await ana.reads(f"/cases/{number}")
        assert (page.status_code, "Faltaron horas" in page.text) == (200, True)
        assert page.headers["strict-transport-security"].startswith("max-age=")
