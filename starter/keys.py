"""A ring of keys on the disk: made once, and followed by other keys."""

from pathlib import Path

from complaints.words.catalogue import N_
from starter.errors import Refused
from starter.private_files import write_private
from workflows.key_ring import Key, KeyRing, Keys, prepared, rotated


def ensure_ring(path: Path) -> None:
    """A ring with one key, where there is none yet."""
    if not path.exists():
        write_private(path, KeyRing((Key.made(),)).text())


def rotate(path: Path, *, prepare: bool = False) -> KeyRing:
    """Another key seals from now on; with `prepare` it is only made known. Raises KeysError."""
    ring = Keys(path).ring
    after = prepared(ring) if prepare else rotated(ring)
    write_private(path, after.text())
    return after


def forget(path: Path, key_id: str) -> bool:
    """Takes a key out of the ring; False if it is not in it. Raises Refused for the one that seals."""
    ring = Keys(path).ring
    if ring.find(key_id) is None:
        return False
    if ring.sealing.id == key_id:
        raise Refused(N_("{id} seals: `complaints keys rotate` first, then forget it.", id=key_id))
    write_private(path, KeyRing(tuple(key for key in ring.keys if key.id != key_id)).text())
    return True
