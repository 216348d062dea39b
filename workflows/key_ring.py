"""The keys that seal what Temporal keeps: a ring in a file, whose first key seals, and all of whose keys open.

A line of the file is a key: its id, a blank, 32 random bytes as base64, and ` next` where it is only prepared. Lines
that begin with # are for people.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
"""AES-256."""

VARIABLE = "PAYLOAD_KEYS_FILE"
"""The setting that names the file."""

SEAL = "SEAL_PAYLOADS"
"""The setting that says what is sealed."""


class Seal(StrEnum):
    """What of our own is sealed; what comes sealed is always read."""

    NOTHING = "0"
    KEPT = "1"
    """What Temporal keeps."""
    ALL = "all"
    """Answers to whoever asks in clear, too."""


MOUNTED = Path("/run/secrets")
"""Where Docker puts what only one container gets."""

_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")
_NEXT = "next"
_CHECKED = b"complaint-desk: which key this is"


class KeysError(Exception):
    """The ring cannot be used. The sentence names the file and what to do, never a key."""


@dataclass(frozen=True)
class Key:
    """One key."""

    id: str
    """Stands in the metadata of every payload that it sealed; random, so that no two keys share one."""
    secret: bytes = field(repr=False)
    prepared: bool = False
    """Known everywhere, but it seals nothing yet: the next rotation takes it (`next` in the file)."""
    cipher: AESGCM = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cipher", AESGCM(self.secret))

    @classmethod
    def made(cls) -> Self:
        """A new one."""
        return cls(f"k-{secrets.token_hex(4)}", secrets.token_bytes(KEY_BYTES))

    def line(self) -> str:
        """As the file holds it."""
        return f"{self.id} {base64.b64encode(self.secret).decode()}" + (f" {_NEXT}" if self.prepared else "")

    @property
    def fingerprint(self) -> str:
        """Tells whether two keys are the same without telling anything of either."""
        return hmac.new(self.secret, _CHECKED, hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True)
class KeyRing:
    """Keys in their order; the first seals."""

    keys: tuple[Key, ...]

    @classmethod
    def parsed(cls, text: str, *, source: str) -> Self:
        """The ring that a file holds. Raises KeysError, which names `source`."""
        keys = []
        for place, line in enumerate(text.splitlines(), start=1):
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            secret = _secret(words[1]) if len(words) == 2 or words[2:] == [_NEXT] else None
            if secret is None or not _ID.fullmatch(words[0]):
                raise KeysError(f"{source}, line {place}, is no key: an id, a blank, {KEY_BYTES} bytes as base64.")
            keys.append(Key(words[0], secret, prepared=len(words) == 3))
        if all(key.prepared for key in keys):
            raise KeysError(f"{source} holds no key: put the file back from your copy.")
        if len({key.id for key in keys}) < len(keys):
            raise KeysError(f"{source} holds two keys of one id: keep one of them.")
        return cls(tuple(keys))

    @property
    def sealing(self) -> Key:
        """The key that seals."""
        return next(key for key in self.keys if not key.prepared)

    def find(self, key_id: str) -> Key | None:
        """The key of that id."""
        return next((key for key in self.keys if key.id == key_id), None)

    def text(self) -> str:
        """As the file holds it."""
        said = "# Seals what Temporal keeps of complaints. The first key seals, all of them open. Keep a copy apart.\n"
        return said + "".join(f"{key.line()}\n" for key in self.keys)


def _secret(text: str) -> bytes | None:
    try:
        secret = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    return secret if len(secret) == KEY_BYTES else None


class Keys:
    """The ring of a file, read again when the file changes: a running program knows a new key with its next payload."""

    def __init__(self, path: Path, *, seal: Seal = Seal.KEPT) -> None:
        """Raises KeysError where the file cannot be read."""
        self.path = path
        self.seals = seal is not Seal.NOTHING
        """Whether what Temporal keeps is sealed."""
        self.seals_answers = seal is Seal.ALL
        self._stamp = _stamp(path)
        self._ring = _read(path)

    @property
    def ring(self) -> KeyRing:
        """As the file is now; as it was where it cannot be read any more."""
        stamp = _stamp(self.path)
        if stamp is not None and stamp != self._stamp:
            try:
                self._ring = _read(self.path)
            except KeysError:  # half written, or gone: what was read goes on working, and the next start says so
                return self._ring
            self._stamp = stamp
        return self._ring


def is_open_to_others(path: Path) -> bool:
    """Whether somebody beyond its owner and group may read the ring, or beyond its owner write it.

    A folder on the way that lets nobody else through keeps it as well. Where Docker mounts what one container gets
    (`/run/secrets`), a file's mode says nothing.
    """
    path = path.resolve()
    if path.parent == MOUNTED or not path.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
        return False
    return all(folder.stat().st_mode & (stat.S_IXOTH | stat.S_IXGRP) for folder in path.parents)


def _read(path: Path) -> KeyRing:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeysError(
            f"The key ring {path} cannot be read ({type(error).__name__}): put it back from your copy, or name it "
            f"in {VARIABLE}."
        ) from error
    if is_open_to_others(path):
        raise KeysError(f"The key ring {path} is open to others, and with it all that it seals: `chmod 600 {path}`.")
    return KeyRing.parsed(text, source=str(path))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def keys_named(environ: Mapping[str, str]) -> Keys | None:
    """The ring that the environment names; None: payloads are in clear. Raises KeysError."""
    path = environ.get(VARIABLE, "").strip()
    return Keys(Path(path), seal=seal_said(environ.get(SEAL, ""))) if path else None


def seal_said(text: str) -> Seal:
    """What the setting says. Raises KeysError."""
    try:
        return Seal(text.strip() or Seal.KEPT)
    except ValueError:
        raise KeysError(f"{SEAL} must be 1, 0 or all.") from None


def prepared(ring: KeyRing) -> KeyRing:
    """With a key that is known and seals nothing yet: every program on every host can open it before any uses it."""
    if any(key.prepared for key in ring.keys):
        return ring
    return KeyRing((*ring.keys, replace(Key.made(), prepared=True)))


def rotated(ring: KeyRing) -> KeyRing:
    """With another key that seals, in front: the prepared one, or a new one. The older go on opening."""
    waits = next((key for key in ring.keys if key.prepared), None)
    new = replace(waits, prepared=False) if waits else Key.made()
    return KeyRing((new, *(key for key in ring.keys if key.id != new.id)))
