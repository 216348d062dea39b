"""A real SMTP server for tests: Postfix of this system, beside `tests.dovecot`, as a school's mail host has the two.

Whoever writes to a known address is let in on the port for other servers; a letter of the school's goes out on the
port for submission, by TLS and with Dovecot's password only (RFC 8314). All domains end in Dovecot's mailboxes, so
that a customer can read what came. Debian: `apt-get install postfix`; in CI it is required, elsewhere such tests are
skipped, and where nobody is root: Postfix becomes other users.
"""

import os
import pwd
import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from local.stack.ports import free_ports
from tests.dovecot import NOBODY, PASSWORD, Dovecot
from tests.mail_servers import answering, home_of, program

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.colegio.example
mydestination =
mynetworks =
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth_port}
smtpd_tls_cert_file = {boxes}/cert.pem
smtpd_tls_key_file = {boxes}/key.pem
smtpd_tls_auth_only = yes
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {boxes}/mail
virtual_mailbox_maps = texthash:{home}/boxes
recipient_delimiter = +
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{tls_port} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """The running server."""

    home: Path
    port: int
    """For other mail servers: takes what is for its own domains, from anybody."""
    tls_port: int
    """For the school's programs: implicit TLS, and a password."""

    def url(self, user: str) -> str:
        """The value of SMTP_URL."""
        return f"smtps://{user}:{quote(PASSWORD)}@127.0.0.1:{self.tls_port}"

    def takes(self, message: EmailMessage) -> None:
        """Another server hands a message over; it is in the queue when this returns."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as server:
            server.send_message(message)


@contextmanager
def postfix(boxes: Dovecot, *addresses: str) -> Iterator[Postfix]:
    """Runs while the block does, and delivers what is for these addresses, each into the mailbox of its local part."""
    if os.geteuid() != 0:
        pytest.skip("Postfix starts as root only")
    found = program("postfix", package="postfix")
    with home_of("postfix") as home:
        home.chmod(0o755)  # its parts walk through it as other users
        here = Postfix(home, *free_ports(2))
        _written(here, boxes, addresses)
        subprocess.run([found, "-c", home, "check"], check=True, capture_output=True)  # makes its folders
        process = subprocess.Popen([_master(found), "-c", home, "-d"], start_new_session=True)
        greeted = partial(smtplib.SMTP, "127.0.0.1", here.port, timeout=60)
        with answering("postfix", process, home / "log", greeted):
            yield here


def _written(here: Postfix, boxes: Dovecot, addresses: tuple[str, ...]) -> None:
    values = {"home": here.home, "boxes": boxes.home, "auth_port": boxes.auth_port, "uid": NOBODY}
    values["domains"] = " ".join(sorted({each.partition("@")[2] for each in addresses}))
    (here.home / "main.cf").write_text(MAIN.format(**values))
    (here.home / "master.cf").write_text(MASTER.format(port=here.port, tls_port=here.tls_port))
    (here.home / "boxes").write_text("".join(f"{each} {each.partition('@')[0]}/\n" for each in addresses))
    for folder, owner in (("queue", 0), ("data", pwd.getpwnam("postfix").pw_uid)):
        (here.home / folder).mkdir()
        os.chown(here.home / folder, owner, -1)


def _master(program: str) -> str:
    """The program that stays; `postfix start` would only start it, and leave it behind."""
    folder = subprocess.run(
        [str(Path(program).with_name("postconf")), "-dh", "daemon_directory"],
        check=True,
        capture_output=True,
        text=True,
    )
    return f"{folder.stdout.strip()}/master"
