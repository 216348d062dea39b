"""How a story is told on a terminal: words, marks without colours, spans and dates."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaints.words.catalogue import Language
from complaints.words.wording import Wording
from local.stories.telling import Telling


def telling(language: Language = "es") -> Telling:
    return Telling(Wording(language=language), {"ana@escuela.example": "Ana Paredes", "systems": "Sistemas"})


@pytest.mark.parametrize(
    ("what", "data", "by", "line"),
    [
        ("assigned", {"department": "systems"}, "ana@escuela.example", "Se asignó al área: Sistemas — Ana Paredes"),
        ("assigned", {}, None, "Se asignó"),  # a bare signal
        ("assessed", {}, "leo@escuela.example", "Se evaluó la queja — leo"),  # unknown: no whole address on a screen
        ("noted", {}, "general_director", "Se agregó una nota — Director General"),
        ("called", {"reached": False}, None, "Hubo una llamada con el cliente (no contestó)"),
        ("called", {"reached": True}, None, "Hubo una llamada con el cliente"),
        ("customer-satisfied", {"effect": "held"}, "customer", "El cliente está conforme (se guarda)"),
        ("letter-sent", {"kind": "late", "key": "1/late/assessment/care_team", "recipient": "care_team"}, None,
         "Plazo vencido: evaluación inicial → Atención al Cliente"),
        ("letter-superseded", {"kind": "update", "key": "1/update/2/customer"}, None,
         "Un correo ya no hizo falta: Cómo va su queja"),
        ("mail-server/down", {}, None, "El servidor de correo deja de responder"),
        ("noted\n\x1b[2J", {}, None, "noted [2J"),  # nothing that a terminal would obey
    ],
)  # fmt: skip
def test_what_happened_is_said_in_the_procedures_words(what: str, data: Any, by: str | None, line: str) -> None:
    assert telling().line(what, data, by=by) == line


@pytest.mark.parametrize(
    ("data", "quote"),
    [
        ({"text": "Dos\nlíneas"}, "«Dos líneas»"),
        ({"words": "Gracias."}, "«Gracias.»"),
        ({"reason": "time"}, None),  # a word of ours, not somebody's
        ({"fact": "resolved", "reason": "it is closed"}, None),  # said in the line already
        ({}, None),
    ],
)
def test_somebodys_own_words_are_quoted(data: Any, quote: str | None) -> None:
    assert telling().quote(data) == quote


@pytest.mark.parametrize(
    ("what", "mark"),
    [("late/assessment", "!"), ("warned/legal/10", "△"), ("escalated", "▲"), ("letter-sent", "✉"), ("noted", "·")],
)
def test_what_matters_can_be_told_without_colours(what: str, mark: str) -> None:
    assert telling().mark(what) == mark


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(days=3, hours=15, minutes=59), "3 d 15 h"),
        (timedelta(days=2, minutes=10), "2 d"),
        (timedelta(hours=4, minutes=30), "4 h"),
        (timedelta(minutes=25), "25 min"),
        (timedelta(seconds=3), "1 min"),
    ],
)
def test_lateness_is_said_in_the_two_units_that_count(span: timedelta, said: str) -> None:
    assert telling().span(span) == said


def test_tables_have_short_dates_of_one_width() -> None:
    at = datetime(2026, 8, 3, 23, 0, tzinfo=UTC)
    assert telling().short(at) == "lun  3 ago 18:00"
    assert telling("en").short(at + timedelta(days=9)) == "Wed 12 Aug 18:00"
