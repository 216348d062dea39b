"""The logs that the parts of a stack write: their last words for error messages, and a limit to their size."""

import json
import shutil
from pathlib import Path

#: A log that is longer (bytes) is put aside; one old one is kept.
LONGEST = 20_000_000

#: Characters of one line in an error message.
WIDEST = 300


def length(log: Path | None) -> int:
    """How long a log is now, in bytes; 0 where there is none."""
    return log.stat().st_size if log is not None and log.exists() else 0


def log_end(log: Path, *, lines: int = 5, since: int = 0) -> str:
    """The last lines of a log, on one line; for error messages. `since`: its length when what is told of began."""
    if not log.exists():
        return "(nothing was written)"
    with log.open("rb") as file:
        long = length(log)
        file.seek(max(since if since <= long else 0, long - 65536))  # shorter than it was: it was put aside meanwhile
        end = file.read().decode(errors="replace").strip().splitlines()[-lines:]
    return " / ".join(_plain(line) for line in end) or "(nothing was written)"


def says_port_taken(log: Path, *, since: int = 0) -> bool:
    """Whether a program ended because somebody else listens on its port."""
    return "address already in use" in log_end(log, since=since).lower()


def _plain(line: str) -> str:
    """A line as a person reads it: of a JSON object what happened, not where in the program."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line[:WIDEST]
    if not isinstance(entry, dict):
        return line[:WIDEST]
    said = [str(entry[key]) for key in ("msg", "message", "error") if entry.get(key)]
    return (": ".join(said) or line)[:WIDEST]


def put_aside(log: Path, *, longest: int = LONGEST) -> None:
    """Empties a log that has become too long, its text kept beside it; whoever writes to it just goes on."""
    if not log.exists() or log.stat().st_size <= longest:
        return
    old = log.with_name(f"{log.name}.old")
    shutil.copyfile(log, old)
    old.chmod(0o600)
    with log.open("r+b") as file:
        file.truncate(0)
