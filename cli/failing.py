"""What a command says when something went wrong: one sentence and an exit code; details of the unexpected in a file."""

import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from complaints.records.errors import RecordsError
from complaints.rules.refusals import NotNow, refusals_of
from complaints.rules.text import plain
from complaints.settings import SettingsError
from complaints.toml_file import FileError
from complaints.words.catalogue import _, spoken
from complaints.words.refusals import said as in_words
from starter.errors import FrontDeskError
from starter.homes import home_folder
from starter.started_as import as_started

LOG = "cli.log"
LONGEST = 5_000
"""Characters of what is said: a list of refusals, but no megabyte that was typed."""

_SENTENCES = (RecordsError, SettingsError)
"""Errors of ours whose message is a sentence that says what to do."""

_BY_NAME = frozenset(
    {"CannotStart", "StackRefused", "PartFailed", "NoPostgres", "TemporalMissing", "NotReady", "PlayFailed"}
    | {"BuildFailed", "NoTables", "TemporalUnreachable", "KeysError", "TracingMissing"}
)
"""The same of rooms that no command but their own needs to load."""


def told(error: Exception) -> int:
    """Says it on standard error; the exit code."""
    sentence, code = said(error)
    print(as_started(for_a_terminal(sentence)), file=sys.stderr)
    return code


def for_a_terminal(sentence: str) -> str:
    """The text without control characters: a sentence may quote whatever somebody typed or pasted."""
    return plain(sentence, longest=LONGEST)


def said(error: Exception) -> tuple[str, int]:
    """The sentence and the exit code for an error."""
    if isinstance(error, FrontDeskError):
        return str(error), error.exit_code
    if isinstance(error, ValidationError):
        return in_words(NotNow(*refusals_of(error)), spoken()), 1
    if isinstance(error, FileError):
        return error.said(spoken()), 1
    if isinstance(error, _SENTENCES) or _ours(error):
        return str(error), 1
    if (service := sys.modules.get("temporalio.service")) and isinstance(error, service.RPCError):
        return (
            _("The Temporal server answered {name}: {message}. See `complaints doctor`.").format(
                name=error.status.name, message=error.message
            ),
            1,
        )
    return _unexpected(error), 1


def _ours(error: Exception) -> bool:
    return any(kind.__name__ in _BY_NAME for kind in type(error).__mro__)


def _unexpected(error: Exception) -> str:
    name = type(error).__name__
    try:
        log = _kept(error)
    except OSError:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(frame.filename).name}:{frame.lineno}"
        return _(
            "Something unexpected happened ({name} in {where}); its details could not be kept. Please report it."
        ).format(name=name, where=where)
    return _("Something unexpected happened ({name}); its details are in {log}. Please report it.").format(
        name=name, log=log
    )


def _kept(error: Exception) -> Path:
    """Where it happened, for its owner only; messages of others may quote what people wrote, so they stay out."""
    folder = _home() / "logs"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = folder / LOG
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {' '.join(sys.argv[1:2])}\n")
        cause: BaseException | None = error
        while cause is not None:
            file.write("".join(traceback.format_tb(cause.__traceback__)))
            file.write(f"{type(cause).__module__}.{type(cause).__name__}\n")
            cause = cause.__cause__
    return log


def _home() -> Path:
    """The home that the command was given, as far as its words tell."""
    words = sys.argv[1:]
    for position, word in enumerate(words):
        if word == "--home" and position + 1 < len(words):
            return Path(words[position + 1])
        if word.startswith("--home="):
            return Path(word.removeprefix("--home="))
    return home_folder()
