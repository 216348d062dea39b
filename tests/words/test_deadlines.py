"""Deadlines as people ask for them: late first and since when, then the next, the rest; the calendar once (F17)."""

import io
from typing import Any

from rich.console import Console

from cli import show
from complaints.rules.status import explained, status_of
from complaints.words.telling import arranged
from complaints.words.wording import Wording
from tests.casebook import Tale, shown

ES = Wording("es", "America/Lima")


def printed(monkeypatch: Any, said: Any) -> str:
    out = io.StringIO()
    monkeypatch.setattr(show, "console", lambda: Console(file=out, width=200))
    said()
    return out.getvalue()


def test_what_is_late_stands_first_with_its_own_date() -> None:
    tale = Tale.begins().until("2026-07-28 09:00")
    late = [(one.name, shown(one.due)) for one in explained(tale.case) if one.late]
    assert late == [("assessment", "2026-07-27 18:00")]
    assert explained(tale.case)[0].late


def test_everything_that_passed_is_told_the_longest_first() -> None:
    tale = Tale.begins(mail=None).until("2026-08-19 09:00")
    late = [(one.name, shown(one.due)) for one in explained(tale.case) if one.late]
    assert late == [
        ("acknowledgement", "2026-07-23 09:00"), ("assessment", "2026-07-27 18:00"), ("legal/15", "2026-08-18 18:00"),
    ]  # fmt: skip
    for one in explained(tale.case):
        assert one.days is None or one.days.deadline == one.due or one.name.startswith("warning/")


def test_a_missed_promise_is_late_since_its_close() -> None:
    tale = Tale.begins()
    tale.says("date-promised", date="2026-07-24")
    tale.until("2026-07-25 10:00")
    assert [(one.name, shown(one.due)) for one in explained(tale.case) if one.late] == [("promise", "2026-07-24 18:00")]


def test_the_calendar_is_told_once_and_the_next_is_no_warning() -> None:
    told = arranged(explained(Tale.begins().until("2026-07-23 12:00").case))
    assert told.next is not None
    assert not told.next.name.startswith("warning/")
    days = [day.day for day in told.calendar]
    assert len(days) == len(set(days))
    assert days == sorted(days)


def test_the_terminal_tells_late_first_and_never_calls_a_passed_date_the_next(monkeypatch: Any) -> None:
    monkeypatch.setenv("COMPLAINTS_LANGUAGE", "es")
    tale = Tale.begins().until("2026-07-28 09:00")
    said = printed(monkeypatch, lambda: show.explained(explained(tale.case), ES))
    assert said.splitlines()[0].startswith("evaluación inicial: tarde desde el lunes 27 de julio")
    assert said.count("Los días que cuentan y los que no") == 1
    card = printed(monkeypatch, lambda: show.status_card(status_of(tale.case), ES))
    assert "Venció" in card
    assert "Próximo plazo" not in card
