"""The key ring of a home: made once, with its first key; lost, it is missed rather than made anew."""

from pathlib import Path

FILE = "payload.keys"

KEYS_VARIABLE = "PAYLOAD_KEYS_FILE"
"""The setting that names a ring; the programs of a home have the home's own."""


def ring_of_home(home: Path) -> Path:
    """Where a home's ring lies."""
    return home.absolute() / FILE
