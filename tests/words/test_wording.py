"""Dates, roles and the journal as people say them."""

from datetime import date, datetime
from typing import Any

import pytest
from babel.dates import get_day_names, get_month_names

from complaints.rules.details import Detail
from complaints.rules.facts import FACTS
from complaints.rules.letters import LetterKind
from complaints.rules.received import Kind
from complaints.rules.stages import Stage
from complaints.words import vocabulary
from complaints.words.vocabulary import Language
from complaints.words.wording import Wording

ES = Wording("es", "America/Lima", date(2026, 7, 28))
EN = Wording("en", "America/Lima", date(2026, 7, 28))


def at(day: str, utc: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{utc}:00+00:00")


def test_a_deadline_is_said_as_in_the_design() -> None:
    close = at("2026-08-03", "23:00")
    assert ES.until(close) == "lunes 3 de agosto, hasta las 6:00 p. m."
    assert EN.until(close) == "Monday 3 August, by 6:00 p.m."


MOMENTS = [
    (
        "2026-07-22",
        "14:05",
        "miércoles 22 de julio, a las 9:05 a. m.",
        "Wednesday 22 July, at 9:05 a.m.",
        "five hours behind UTC",
    ),
    (
        "2026-07-23",
        "04:59",
        "miércoles 22 de julio, a las 11:59 p. m.",
        "Wednesday 22 July, at 11:59 p.m.",
        "still the day before",
    ),
    (
        "2026-07-23",
        "05:00",
        "jueves 23 de julio, a las 12:00 a. m.",
        "Thursday 23 July, at 12:00 a.m.",
        "midnight in Lima",
    ),
    (
        "2026-09-01",
        "06:30",
        "martes 1 de setiembre, a la 1:30 a. m.",
        "Tuesday 1 September, at 1:30 a.m.",
        "one o'clock is singular",
    ),
    (
        "2027-01-04",
        "23:00",
        "lunes 4 de enero de 2027, a las 6:00 p. m.",
        "Monday 4 January 2027, at 6:00 p.m.",
        "another year",
    ),
]


@pytest.mark.parametrize(("day", "utc", "spanish", "english", "why"), MOMENTS)
def test_moments_are_said_in_lima_time(day: str, utc: str, spanish: str, english: str, why: str) -> None:
    assert ES.at(at(day, utc)) == spanish, why
    assert EN.at(at(day, utc)) == english, why


def test_without_a_reader_s_day_the_year_is_always_said() -> None:
    assert Wording("es").day(date(2026, 7, 28)) == "martes 28 de julio de 2026"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        ES.at(datetime(2026, 7, 28, 9))  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        ES.day(datetime(2026, 7, 28, 9))  # noqa: DTZ001


def test_another_zone_with_summer_time_is_right_too() -> None:
    madrid = Wording("es", "Europe/Madrid", date(2026, 7, 1))
    assert madrid.at(at("2026-03-29", "00:59")) == "domingo 29 de marzo, a la 1:59 a. m."
    assert madrid.at(at("2026-03-29", "01:00")) == "domingo 29 de marzo, a las 3:00 a. m."


DAYS_LEFT = [
    (3, "quedan 3 días hábiles", "3 business days left"),
    (1, "queda 1 día hábil", "1 business day left"),
    (0, "el plazo termina hoy", "the time ends today"),
    (-2, "el plazo venció hace 2 días hábiles", "the time is over by 2 business days"),
]


@pytest.mark.parametrize(("count", "spanish", "english"), DAYS_LEFT)
def test_days_left(count: int, spanish: str, english: str) -> None:
    assert (ES.days_left(count), EN.days_left(count)) == (spanish, english)


LISTS = [
    ([], "", ""),
    (["a"], "a", "a"),
    (["a", "b", "c"], "a, b y c", "a, b and c"),
    (["padre", "hijo"], "padre e hijo", "padre and hijo"),
    (["agua", "hielo"], "agua y hielo", "agua and hielo"),
]


@pytest.mark.parametrize(("items", "spanish", "english"), LISTS)
def test_lists_are_joined_as_people_do(items: list[str], spanish: str, english: str) -> None:
    assert (ES.joined(items), EN.joined(items)) == (spanish, english)


JOURNAL = {
    *FACTS,
    "received", "acknowledged", "updated", "reminded", "unconfirmed", "escalated", "round", "letter-sent",
    "letter-failed", "letter-uncertain", "letter-superseded", "call-task", "call-done", "ignored", "held",
    "closed", "reopened",
}  # fmt: skip
LATE = ("acknowledgement", "assessment", "assignment", "investigation", "promise", "legal", "call")
WARNED = ("assessment", "assignment", "investigation", "legal/10", "legal/13")


@pytest.mark.parametrize("what", sorted(JOURNAL))
def test_every_word_of_the_journal_is_said_in_both_languages(what: str) -> None:
    assert what in vocabulary.JOURNAL
    assert ES.happened(what) != EN.happened(what)


@pytest.mark.parametrize("what", [*(f"late/{name}" for name in LATE), *(f"warned/{name}" for name in WARNED)])
def test_every_deadline_of_the_journal_is_said_in_both_languages(what: str) -> None:
    spanish, english = ES.happened(what), EN.happened(what)
    assert spanish.startswith(("Se venció el plazo: ", "Se avisó del plazo: "))
    assert english.startswith(("A deadline has passed: ", "A warning went out: "))
    assert "/" not in spanish + english


ROWS: list[tuple[str, dict[str, Any], str]] = [
    ("escalated", {"to": "administration_manager", "reason": "time"},
     "Se escaló a: Gerente de Administración (pasó el plazo para resolverla)"),
    ("closed", {"outcome": "satisfied"}, "Se cerró la queja: cerrada con la conformidad del cliente"),
    ("date-promised", {"date": "2026-08-05"}, "Se prometió una fecha al cliente: miércoles 5 de agosto"),
    ("assigned", {"department": "Sistemas"}, "Se asignó al área: Sistemas"),
    ("letter-sent", {"kind": "update"}, "Se envió un correo: Cómo va su queja"),
    ("ignored", {"fact": "assessed"}, "Llegó algo que no correspondía; no se aplicó: Se evaluó la queja"),
    ("ignored", {"fact": "a-strangers"}, "Llegó algo que no correspondía; no se aplicó: a-strangers"),
    ("something-new", {}, "something new"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "data", "said"), ROWS)
def test_a_row_is_told_with_what_matters_of_it(what: str, data: dict[str, Any], said: str) -> None:
    assert ES.happened(what, data) == said


def test_nothing_internal_has_words_for_a_customer() -> None:
    internal = {
        "acknowledged",
        "updated",
        "ignored",
        "held",
        "call-task",
        "call-done",
        "closed",
        "letter-sent",
        "round",
    }
    assert not internal & vocabulary.JOURNAL_TO_CUSTOMER.keys()
    assert not any(what.startswith(("letter-", "warned/")) for what in vocabulary.JOURNAL_TO_CUSTOMER)


@pytest.mark.parametrize("language", ["es", "en"])
def test_stages_details_kinds_and_letters_all_have_words(language: Language) -> None:
    words = Wording(language)
    assert all(stage.value in vocabulary.STAGES and stage.value in vocabulary.STAGES_TO_CUSTOMER for stage in Stage)
    assert all(words.missing(detail.value) != detail.value for detail in Detail)
    assert all(words.value("kind", kind.value) != kind.value for kind in Kind)
    of_no_case = {"quarantine", "quarantine-answer", "review", "new-link"}
    said_otherwise = {"assignment/representative"}
    assert vocabulary.LETTERS.keys() == {kind.value for kind in LetterKind} | of_no_case | said_otherwise


def test_what_a_school_adds_is_still_readable() -> None:
    assert ES.role("academic_dean") == "academic dean"
    assert ES.missing("la boleta de pago") == "la boleta de pago"
    assert ES.window("1/assessment") == "evaluación inicial"
    assert EN.value("occurred_on", "hace una semana") == "hace una semana"


def test_months_and_days_are_spelled_as_cldr_has_them() -> None:
    """Peru's Spanish: `setiembre`. Babel says the same; it is not asked at run time, for it costs each start 70 ms."""
    for wording, locale in ((ES, "es_PE"), (EN, "en_GB")):
        months, days = get_month_names("wide", locale=locale), get_day_names("wide", locale=locale)
        assert [wording.say(name) for name in vocabulary.MONTHS] == [months[number] for number in range(1, 13)]
        assert [wording.say(name) for name in vocabulary.WEEKDAYS] == [days[number] for number in range(7)]


def test_a_letter_is_called_as_whoever_got_it_reads_it() -> None:
    """F26: in the story and on the list of letters, too."""
    told = [ES.happened("letter-sent", {"kind": "assignment", "key": f"1/assignment/{to}"})
            for to in ("representative", "department_head")]  # fmt: skip
    assert told == ["Se envió un correo: Queja asignada a usted", "Se envió un correo: Queja asignada a su área"]
