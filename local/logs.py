"""The logs that the parts of a stack write: their last words for error messages, and a limit to their size."""

import shutil
from pathlib import Path

#: A log that is longer (bytes) is put aside; one old one is kept.
LONGEST = 20_000_000


def log_end(log: Path, *, lines: int = 5) -> str:
    """The last lines of a log, on one line; for error messages."""
    if not log.exists():
        return "(nothing was written)"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        end = file.read().decode(errors="replace").strip().splitlines()[-lines:]
    return " / ".join(end) or "(nothing was written)"


def put_aside(log: Path, *, longest: int = LONGEST) -> None:
    """Empties a log that has become too long, its text kept beside it; whoever writes to it just goes on."""
    if not log.exists() or log.stat().st_size <= longest:
        return
    shutil.copyfile(log, log.with_name(f"{log.name}.old"))
    log.with_name(f"{log.name}.old").chmod(0o600)
    with log.open("r+b") as file:
        file.truncate(0)
