"""Links to customers' pages on this machine: the desk's own address, and a key of the home that signs them."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from starter.stack_addresses import Addresses

FILE = "secret.key"


def page_environment(home: Path, stack: Addresses, environ: Mapping[str, str]) -> dict[str, str]:
    """What the programs of a stack with a desk need for links that work; what the environment says itself is kept."""
    if stack.desk is None:
        return {}
    named: dict[str, str] = {}
    if not environ.get("PUBLIC_URL"):
        named["PUBLIC_URL"] = stack.desk.rstrip("/")
    if not (environ.get("SECRET_KEY") or environ.get("SECRET_KEY_FILE")):
        named["SECRET_KEY_FILE"] = str(home.absolute() / FILE)
    return named


def ensure_key(home: Path) -> None:
    """The home's key, made once: links in letters that went out must go on working."""
    try:
        descriptor = os.open(home / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
