"""The log: a line an event, in UTC, with the complaint's number and nobody's name where a machine reads it."""

import json
import logging
import sys
import time

import pytest

from complaints.log_lines import LogFormat, format_from, formatter
from complaints.rules.number import complaint_number
from complaints.settings import SettingsError

NUMBER, OTHER = complaint_number("mail:1"), complaint_number("mail:2")
AT = 1_784_556_000.25
"""2026-07-20 14:00:00.25 UTC."""


def a_record(message: str, **extra: object) -> logging.LogRecord:
    record = logging.makeLogRecord({"name": "complaints.worker", "levelno": 20, "levelname": "INFO", "msg": message})
    record.created = AT
    record.__dict__.update(extra)
    return record


@pytest.mark.parametrize("zone", ["America/Lima", "Asia/Tokyo"])
@pytest.mark.parametrize("form", LogFormat)
def test_instants_are_utc_wherever_the_machine_stands(
    form: LogFormat, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert "2026-07-20T14:00:00.250Z" in formatter(form).format(a_record("ready"))
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_line_for_a_machine_is_one_object_with_the_number_in_its_place() -> None:
    said = formatter(LogFormat.JSON).format(a_record(f"{NUMBER}: two\nlines, ñ"))
    assert "\n" not in said
    assert json.loads(said) == {
        "time": "2026-07-20T14:00:00.250Z", "level": "INFO", "logger": "complaints.worker",
        "message": f"{NUMBER}: two\nlines, ñ", "number": NUMBER,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("message", "extra", "number"),
    [
        ("the worker is ready", {}, None),
        (f"{NUMBER} belongs with {OTHER}", {}, None),  # whose line it is, nobody can say
        ("a task failed", {"temporal_workflow": {"workflow_id": NUMBER, "attempt": 2}}, NUMBER),
        (f"told of {OTHER}", {"temporal_activity": {"workflow_id": NUMBER}}, NUMBER),
        ("the review", {"temporal_workflow": {"workflow_id": "quality-review-2026-07"}}, None),
    ],
)
def test_the_number_is_the_runs_or_the_only_one_that_is_named(
    message: str, extra: dict[str, object], number: str | None
) -> None:
    assert json.loads(formatter(LogFormat.JSON).format(a_record(message, **extra))).get("number") == number


def test_what_libraries_hang_on_a_record_stays_out() -> None:
    said = formatter(LogFormat.JSON).format(a_record("sent", to="rosa@correo.example", input={"name": "Rosa"}))
    assert set(json.loads(said)) == {"time", "level", "logger", "message"}


def test_an_exception_is_in_the_line_that_tells_of_it() -> None:
    try:
        raise ValueError("boom")
    except ValueError:
        said = json.loads(formatter(LogFormat.JSON).format(a_record("failed", exc_info=sys.exc_info())))
    assert said["exception"].endswith("ValueError: boom")


def test_another_form_is_refused_by_name() -> None:
    assert (format_from({}), format_from({"LOG_FORMAT": " json "})) == (LogFormat.TEXT, LogFormat.JSON)
    with pytest.raises(SettingsError, match="LOG_FORMAT must be one of text, json"):
        format_from({"LOG_FORMAT": "yaml"})
