"""A real IMAP server for tests: Dovecot of this system, as an instance of its own without privileges, on loopback.

Dovecot rather than a server in Python: IDLE, INTERNALDATE, flags and what happens to connections are then as customers'
mail servers do it. Debian: `apt-get install dovecot-imapd`; in CI it is required, elsewhere such tests are skipped.
"""

import base64
import hmac
import json
import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from imap_tools import BaseMailBox, MailBoxUnencrypted
from pydantic import SecretStr

from complaints.settings import ImapServer, Tls
from local.stack.ports import free_ports
from tests.mail_servers import answering, home_of, program

NOBODY = 65534
PASSWORD = "una-clave-de-prueba"

CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = {uid}
first_valid_gid = {gid}
mail_location = maildir:{home}/mail/%u
mail_max_userip_connections = 100
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {home}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service auth {{
  inet_listener {{
    port = {auth_port}
  }}
}}
imap_capability = {capability}
"""


OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={home}/keys/
username_attribute = sub
"""

SIGNING_KEY = b"a key that signs access tokens in tests"


@dataclass
class Dovecot:
    """The running server; each user is a mailbox of its own, made at the first login."""

    home: Path
    port: int
    tls_port: int
    auth_port: int
    """Where a mail server asks whether a password is right."""

    def server(self, user: str, *, tls: Tls = Tls.NONE, password: str = PASSWORD) -> ImapServer:
        """What IMAP_URL would say."""
        port = self.tls_port if tls is Tls.IMPLICIT else self.port
        return ImapServer(host="127.0.0.1", port=port, user=user, password=SecretStr(password), tls=tls)

    def url(self, user: str, password: str = PASSWORD) -> str:
        """The value of IMAP_URL for that user."""
        return f"imap://{user}:{quote(password)}@127.0.0.1:{self.port}/INBOX?tls=none"

    def access_token(self, user: str) -> str:
        """As an identity provider would sign it (RFC 7519), for five minutes."""
        now = int(time.time())
        said = {"sub": user, "iat": now - 60, "nbf": now - 60, "exp": now + 300}
        signed = b".".join(_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, said))
        return (signed + b"." + _base64(hmac.digest(SIGNING_KEY, signed, "sha256"))).decode()

    @property
    def trust(self) -> ssl.SSLContext:
        """Its certificate, and no other."""
        return ssl.create_default_context(cafile=str(self.home / "cert.pem"))

    @contextmanager
    def mailbox(self, user: str) -> Iterator[BaseMailBox]:
        """The mailbox, as a mail program sees it."""
        with MailBoxUnencrypted("127.0.0.1", self.port).login(user, PASSWORD) as box:
            yield box

    def arrives(self, user: str, raw: bytes, *, at: datetime | None = None) -> None:
        """A message is delivered, with that receipt time."""
        with self.mailbox(user) as box:
            box.append(raw, "INBOX", dt=at)

    def unseen(self, user: str) -> int:
        """How many nobody has taken."""
        with self.mailbox(user) as box:
            return len(box.uids("UNSEEN"))


@contextmanager
def dovecot(*, idle: bool = True) -> Iterator[Dovecot]:
    """Runs while the block does. Skips the test where there is no Dovecot, except in CI."""
    found = program("dovecot", package="dovecot-imapd")
    with home_of("dovecot") as home:
        here = Dovecot(home, *free_ports(3))
        process = _started(found, here, idle=idle)
        with answering("dovecot", process, home / "log", lambda: here.mailbox("somebody")):
            yield here


def _started(program: str, here: Dovecot, *, idle: bool) -> "subprocess.Popen[bytes]":
    import grp
    import pwd

    as_root = os.getuid() == 0
    uid, gid = (NOBODY, NOBODY) if as_root else (os.getuid(), os.getgid())
    capability = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE LITERAL+" + (" IDLE" if idle else "")
    names = {"user": pwd.getpwuid(uid).pw_name, "group": grp.getgrgid(gid).gr_name, "uid": uid, "gid": gid}
    config = here.home / "dovecot.conf"
    config.write_text(
        CONFIG.format(
            home=here.home,
            port=here.port,
            tls_port=here.tls_port,
            auth_port=here.auth_port,
            password=PASSWORD,
            capability=capability,
            **names,
        )
    )
    (here.home / "oauth2.conf").write_text(OAUTH2.format(home=here.home))
    key = here.home / "keys" / "default" / "HS256" / "default"
    key.parent.mkdir(parents=True)
    key.write_bytes(base64.b64encode(SIGNING_KEY))
    certificate = ("-keyout", here.home / "key.pem", "-out", here.home / "cert.pem")
    wanted = ("-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1")
    subprocess.run(
        ["openssl", "req", *wanted, "-addext", "subjectAltName=IP:127.0.0.1", *certificate],
        check=True,
        capture_output=True,
    )
    for folder in ("run", "state", "mail"):
        (here.home / folder).mkdir(mode=0o700)
    if as_root:
        for path in (here.home, *here.home.rglob("*")):
            os.chown(path, uid, gid)
        return subprocess.Popen([program, "-F", "-c", config], user=uid, group=gid, extra_groups=[])
    return subprocess.Popen([program, "-F", "-c", config])


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
