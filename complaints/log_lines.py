"""How our programs write their log: a line an event on standard error, in UTC, as text or as JSON; never with a person.

Whoever reads the log wants the complaint: its number stands in a field of its own where the JSON is asked for.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from complaints.rules.number import numbers_in
from complaints.settings import SettingsError


class LogFormat(StrEnum):
    """LOG_FORMAT: how a line of the log looks."""

    TEXT = "text"
    JSON = "json"


def begin(environ: Mapping[str, str], *, level: int = logging.INFO) -> None:
    """Logging for this process, once; later calls change nothing. Raises `SettingsError` for another LOG_FORMAT."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(format_from(environ)))
    logging.basicConfig(level=level, handlers=[handler])


def format_from(environ: Mapping[str, str]) -> LogFormat:
    """What LOG_FORMAT says; text where it says nothing. Raises `SettingsError`."""
    said = environ.get("LOG_FORMAT", "").strip() or LogFormat.TEXT
    try:
        return LogFormat(said)
    except ValueError:
        raise SettingsError(f"LOG_FORMAT must be one of {', '.join(LogFormat)}.") from None


def formatter(form: LogFormat) -> logging.Formatter:
    """What makes lines of that form."""
    return _Json() if form is LogFormat.JSON else _Text("%(asctime)s %(levelname)s %(name)s %(message)s")


class _Text(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        return _instant(record)


class _Json(logging.Formatter):
    """One object a line: time, level, logger, message; number where there is one; exception where there is one.

    What else a library hangs on a record stays out: nobody here has looked at whom it may name.
    """

    def format(self, record: logging.LogRecord) -> str:
        said = {"time": _instant(record), "level": record.levelname, "logger": record.name}
        said["message"] = record.getMessage()
        if number := _number(record):
            said["number"] = number
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def _number(record: logging.LogRecord) -> str | None:
    """The complaint's number: the run's own, or the only one that the message names."""
    for where in ("temporal_workflow", "temporal_activity"):
        if found := numbers_in(str(getattr(record, where, {}).get("workflow_id", ""))):
            return found[0]
    named = numbers_in(record.getMessage())
    return named[0] if len(named) == 1 else None


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
