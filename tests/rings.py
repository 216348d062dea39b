"""The key ring of this session's tests: payloads are sealed in every story, as they are in `complaints up`."""

import tempfile
from functools import cache
from pathlib import Path

from temporalio.client import Client

from starter.keys import ensure_ring
from workflows import sealing
from workflows.key_ring import VARIABLE, Keys


@cache
def session_keys() -> Keys:
    """Made with the first test that asks."""
    folder = tempfile.TemporaryDirectory(prefix="complaints-keys-")
    _FOLDERS.append(folder)  # removed with this process
    path = Path(folder.name) / "payload.keys"
    ensure_ring(path)
    return Keys(path)


_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


def keys_of(client: Client) -> Keys:
    """Those that a client seals with."""
    keys = sealing.keys_of(client)
    assert keys is not None, "a test's client is connected with `session_keys()`"
    return keys


def ring_environment(client: Client) -> dict[str, str]:
    """What a program needs in its environment to open what this client sealed."""
    return {VARIABLE: str(keys_of(client).path)}
