"""Files, by default for their owner only, replaced in one step: who reads one reads all of the old or of the new."""

import os
from pathlib import Path


def write_private(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Writes it with that mode. What stood there before stays until all of it is written."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, mode)
        file.write(text)
    partial.replace(path)
