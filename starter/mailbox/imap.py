"""Reads a mailbox by IMAP (§3): waits with IDLE or looks now and then, and marks as seen only what is taken in.

Runs in a thread, because imap-tools waits. Several readers may read one mailbox: a message that two of them take in
has one effect, and reading it again after a crash is harmless.
"""

import imaplib
import logging
import re
import shlex
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import cast

from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError

from complaints.settings import ImapServer, SettingsError, Tls

LOOK_EVERY = timedelta(seconds=60)
"""Also while the server tells of new mail by itself: some forget to."""

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=1)
"""Between two tries while the mailbox, or what takes mail in, is away."""

ANSWER_WITHIN = timedelta(seconds=60)
TOKEN_WITHIN = timedelta(seconds=30)

AT_ONCE = 2
"""Messages that are fetched, one by one, and taken in side by side: no more than these are in memory."""

ARRIVED = "EXISTS"
"""What a server says unasked, in any answer, when there is another message (RFC 9051 §7.4.1)."""

GONE = (OSError, imaplib.IMAP4.error, ImapToolsError)

log = logging.getLogger("complaints.mailbox")

Take = Callable[[bytes, datetime], "Future[object]"]
"""Takes one message in, with the time at which the mail server took it; done when it is safe with us."""


@dataclass(frozen=True)
class Token:
    """Where an access token comes from (XOAUTH2), asked at each connection."""

    command: str | None = None
    file: Path | None = None

    def __bool__(self) -> bool:
        return bool(self.command or self.file)

    def read(self) -> str:
        """The token. Raises SettingsError, without it."""
        try:
            if self.file is not None:
                return self.file.read_text(encoding="utf-8").strip()
            done = subprocess.run(
                shlex.split(self.command or ""),
                capture_output=True,
                text=True,
                check=True,
                timeout=TOKEN_WITHIN.total_seconds(),
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise SettingsError(
                f"No access token for the mailbox ({type(error).__name__}): see IMAP_TOKEN_COMMAND or IMAP_TOKEN_FILE."
            ) from None
        return done.stdout.strip()


@dataclass
class ImapReader:
    """One reader of one mailbox."""

    server: ImapServer
    take: Take
    token: Token = field(default_factory=Token)
    tls: ssl.SSLContext | None = None
    """None: the certificates that this system trusts."""
    look_every: timedelta = LOOK_EVERY
    since: datetime | None = None
    """After a restore: whatever came since then is taken in once more, seen or not; each message counts once."""
    idle: bool = True
    """Whether IDLE is used where the server offers it."""
    _failures: "Counter[str]" = field(default_factory=Counter)

    def run(self, stop: threading.Event, *, ready: Callable[[], None] = lambda: None) -> None:
        """Reads until told to stop; whatever is away is tried again, at growing pauses."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                with self.connected() as box:
                    log.info("The mailbox is open.")
                    ready()
                    pause = FIRST_PAUSE
                    self._serve(box, stop)
            except (*GONE, SettingsError) as error:
                said = str(error) if isinstance(error, SettingsError) else type(error).__name__
                log.warning("The mailbox is away (%s); tried again in %d s.", said, pause.total_seconds())
                stop.wait(pause.total_seconds())
                pause = min(pause * 2, LONGEST_PAUSE)

    def once(self) -> bool:
        """Takes in what is there; whether all of it was taken. Raises what `GONE` lists."""
        with self.connected() as box:
            stop = threading.Event()
            return self.read_again(box, stop) and self.read_new(box, stop)

    @contextmanager
    def connected(self) -> Iterator[BaseMailBox]:
        """The mailbox, open."""
        server = self.server
        box = self._connection()
        try:
            if self.token:
                box.xoauth2(server.user, self.token.read(), initial_folder=server.folder)
            else:
                password = server.password.get_secret_value() if server.password else ""
                box.login(server.user, password, initial_folder=server.folder)
            yield box
        finally:
            with suppress(*GONE):
                box.logout()

    def _connection(self) -> BaseMailBox:
        server, timeout = self.server, ANSWER_WITHIN.total_seconds()
        if server.tls is Tls.NONE:
            return MailBoxUnencrypted(server.host, server.port, timeout=timeout)
        context = self.tls or ssl.create_default_context()
        if server.tls is Tls.STARTTLS:
            return MailBoxStartTls(server.host, server.port, timeout=timeout, ssl_context=context)
        return MailBox(server.host, server.port, timeout=timeout, ssl_context=context)

    def _serve(self, box: BaseMailBox, stop: threading.Event) -> None:
        idles = self.idle and b"IDLE" in b" ".join(box.client.capability()[1] or []).upper().split()
        pause = FIRST_PAUSE
        while not stop.is_set():
            if self.read_again(box, stop) and self.read_new(box, stop):
                pause = FIRST_PAUSE
                self._wait(box, stop, self.look_every, idles=idles)
            else:
                self._wait(box, stop, pause, idles=idles)
                pause = min(pause * 2, LONGEST_PAUSE)

    def read_new(self, box: BaseMailBox, stop: threading.Event) -> bool:
        """One look: what could not be taken in stays unseen, and comes last in the next look. Whether all was taken."""
        box.client.response(ARRIVED)  # forgotten: the search that follows finds what it told of
        found = sorted(box.uids("UNSEEN", charset=None), key=lambda uid: (self._failures[uid], int(uid)))
        all_taken = True
        for start in range(0, len(found), AT_ONCE):
            if stop.is_set():
                return True
            batch = found[start : start + AT_ONCE]
            taken = self._taken(box, batch)
            if taken:
                box.flag(taken, MailMessageFlags.SEEN, True)
            all_taken = all_taken and len(taken) == len(batch)
            if not taken:
                break  # whoever takes mail in is away: more tries would only wait
        return all_taken

    def read_again(self, box: BaseMailBox, stop: threading.Event) -> bool:
        """What came on the day of `since` and later, once; whether all was taken, or there was nothing to do."""
        if self.since is None:
            return True
        day = (self.since - timedelta(days=1)).date()  # a server's day may begin before ours (RFC 9051 §6.4.4)
        found = sorted(box.uids(AND(date_gte=day), charset=None), key=int)
        taken = [uid for start in range(0, len(found), AT_ONCE) for uid in self._batch(box, found, start, stop)]
        if len(taken) < len(found):
            return False
        log.info("%d messages since the copy were looked at again.", len(found))
        self.since = None
        return True

    def _batch(self, box: BaseMailBox, found: Sequence[str], start: int, stop: threading.Event) -> list[str]:
        taken = [] if stop.is_set() else self._taken(box, found[start : start + AT_ONCE])
        if taken:
            box.flag(taken, MailMessageFlags.SEEN, True)
        return taken

    def _taken(self, box: BaseMailBox, uids: Sequence[str]) -> list[str]:
        """Those that are safe with us, or were taken away by somebody else."""
        taken: list[str] = []
        under_way: list[tuple[str, Future[object]]] = []
        for uid in uids:
            message = fetched(box, uid)
            if message is None:
                taken.append(uid)
            else:
                under_way.append((uid, self.take(*message)))
        for uid, future in under_way:
            try:
                future.result()
            except Exception as error:  # whatever it is, the message stays unseen and is read again
                self._failures[uid] += 1
                log.warning("Message %s could not be taken in (%s): it is tried again.", uid, type(error).__name__)
            else:
                self._failures.pop(uid, None)
                taken.append(uid)
        return taken

    def _wait(self, box: BaseMailBox, stop: threading.Event, span: timedelta, *, idles: bool) -> None:
        """Until the server tells of something, or so long; not at all if it did so since the last look began.

        A message that arrives during a look is told with the answer to whatever was asked then, and not again by IDLE.
        """
        if box.client.response(ARRIVED)[1] != [None]:
            return
        if not idles:
            stop.wait(span.total_seconds())
            return
        until = time.monotonic() + span.total_seconds()
        with box.idle as idle:
            if read_ahead(box):
                return
            while not stop.is_set() and (left := until - time.monotonic()) > 0:
                asked, before = min(left, 1.0), time.monotonic()
                # Nothing before its time: the connection is gone, which DONE will tell.
                if idle.poll(timeout=asked) or time.monotonic() - before < asked / 2:
                    return


def read_ahead(box: BaseMailBox) -> bool:
    """Whether the server's next line was read together with an earlier one: the socket then stays still for ever."""
    sock = box.client.sock
    before = sock.gettimeout()
    sock.settimeout(0)
    try:
        return bool(cast("BufferedReader", box.client.file).peek(1))
    except ssl.SSLWantReadError:
        return False
    finally:
        sock.settimeout(before)


def fetched(box: BaseMailBox, uid: str) -> tuple[bytes, datetime] | None:
    """A message with its INTERNALDATE, without marking it; None if it is gone."""
    answer, parts = box.client.uid("FETCH", uid, "(INTERNALDATE BODY.PEEK[])")
    if answer != "OK":
        raise imaplib.IMAP4.error(f"FETCH: {answer}")
    raw: bytes | None = None
    said = b""
    for part in parts or []:
        if isinstance(part, tuple):
            said += part[0]
            raw = part[1] if b"BODY[]" in part[0].upper() else raw
        elif isinstance(part, bytes):
            said += part
    return None if raw is None else (raw, _internal_date(said))


def _internal_date(said: bytes) -> datetime:
    """When the mail server took it (§3)."""
    found = re.search(rb'INTERNALDATE "([^"]+)"', said, re.IGNORECASE)
    try:
        return datetime.strptime(found[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z") if found else datetime.now(UTC)
    except ValueError:
        return datetime.now(UTC)
