"""policy.toml changed by a page: checked and refused as the file is, with its comments and another version."""

import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from complaints.contacts import Contacts, ContactsError, load_contacts
from complaints.policy_file import PolicyError, numbers_of
from complaints.rules.policy import Policy
from complaints.words.policy import MEANINGS, NUMBERS, TABLES, UNITS, VALUES
from starter.changing_policy import FIXED, KINDS, OPTIONS, Kind, PolicyText, kind_of, next_version, values_of
from starter.settings_text import differences

PACKAGED = (files("complaints") / "policy.toml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def contacts() -> Contacts:
    return load_contacts()


def text_of(text: str = PACKAGED) -> PolicyText:
    return PolicyText(Path("mine.toml"), text)


def test_every_number_has_its_words_and_every_number_of_a_unit_has_it() -> None:
    numbers = numbers_of(Policy())
    assert KINDS.keys() | FIXED | UNITS.keys() | MEANINGS.keys() <= numbers.keys() <= NUMBERS.keys()
    several = {place for place, kind in KINDS.items() if kind in (Kind.ONE_OF, Kind.SOME_OF)}
    assert OPTIONS.keys() | {"escalation.levels"} == several
    assert {option for options in OPTIONS.values() for option in options} <= VALUES.keys()
    for place, value in numbers.items():
        assert place.rpartition(".")[0].partition(".")[0] in TABLES
        if place not in FIXED and kind_of(place, value) is Kind.NUMBER:
            assert place in UNITS, place


def test_what_the_page_shows_is_what_the_file_says_again(contacts: Contacts) -> None:
    """Sent back as it was read, nothing changes; each value written anew is the same value."""
    shown = values_of(Policy())
    assert text_of().with_numbers(shown, contacts=contacts, today=TODAY) == PACKAGED
    bare = text_of('version = "bare"\n')
    assert bare.with_numbers(shown, contacts=contacts, today=TODAY) == bare.text


@pytest.mark.parametrize(
    ("place", "typed", "meant"),
    [
        ("windows.assessment", "3", 3),
        ("letters.retry_hours", "0.5", 0.5),
        ("letters.retry_hours", "0,5", 0.5),  # as it is written in Peru
        ("confirmation.silence_closes_after", "10", 10),
        ("letters.resend_uncertain.default", "no", False),
        ("legal_limit.warn_on", "5, 9", [5, 9]),
        ("calendar.office_hours", "08:00-13:00, 14:00 – 17:00", [["08:00", "13:00"], ["14:00", "17:00"]]),
        ("calendar.extra_closed_days", "2026-12-24\n\n2026-12-31\n", [date(2026, 12, 24), date(2026, 12, 31)]),
        ("calendar.work_days", "mon\ntue\nsat", ["mon", "tue", "sat"]),
        ("calendar.national_holidays", "none", "none"),
        ("required_details", "", []),
        ("customer_languages", "es", ["es"]),
        ("escalation.levels", "general_director", ["general_director"]),
    ],
)
def test_a_change_keeps_the_comments_and_gives_another_version(
    contacts: Contacts, place: str, typed: str, meant: Any
) -> None:
    text = text_of().with_numbers({place: typed}, contacts=contacts, today=TODAY)
    changed = differences(PACKAGED, text)
    assert changed == {place: (changed[place][0], meant), "version": ("2023-07-23", "2026-11-29")}
    assert [line.partition("#")[2] for line in text.splitlines()] == [
        line.partition("#")[2] for line in PACKAGED.splitlines()
    ]


@pytest.mark.parametrize(
    ("place", "typed", "sentence"),
    [
        ("windows.assessment", "0", "mine.toml: windows.assessment must be greater than 0; it is 0."),
        ("windows.assessment", "dos", 'mine.toml: windows.assessment must be a whole number; it is "dos".'),
        ("windows.assessment", "2.5", "mine.toml: windows.assessment must be a whole number; it is 2.5."),
        ("windows.assessment", "", 'mine.toml: windows.assessment must be a whole number; it is "".'),
        ("calendar.extra_closed_days", "24/12/2026", "calendar.extra_closed_days[0]"),
        ("calendar.office_hours", "9-18", "calendar.office_hours"),
        ("calendar.work_days", "", "calendar.work_days"),
        ("legal_limit.warn_on", "13, 10", "legal_limit"),
        ("customer_languages", "en", "language"),
    ],
)
def test_what_the_file_may_not_say_is_refused_in_its_words(
    contacts: Contacts, place: str, typed: str, sentence: str
) -> None:
    with pytest.raises(PolicyError) as raised:
        text_of().with_numbers({place: typed}, contacts=contacts, today=TODAY)
    assert sentence in raised.value.said("en")


def test_7_a_ladder_needs_its_people(contacts: Contacts) -> None:
    with pytest.raises(ContactsError, match=r"people\.nobody"):
        text_of().with_numbers({"escalation.levels": "nobody"}, contacts=contacts, today=TODAY)


def test_what_is_not_there_is_added_where_it_belongs(contacts: Contacts) -> None:
    sparse = '# ours\nversion = "ours"\n[windows] # days\nassessment = 1\n'
    typed = {"windows.investigation": "4", "updates.every_days": "2", "language": "en", "letters.retry_hours": "1"}
    text = text_of(sparse).with_numbers(typed, contacts=contacts, today=TODAY)
    assert tomllib.loads(text) == {
        "version": "2026-11-29",
        "language": "en",
        "windows": {"assessment": 1, "investigation": 4},
        "updates": {"every_days": 2},
        "letters": {"retry_hours": 1},
    }
    assert "# ours" in text
    assert "# days" in text


def test_a_closed_day_stands_in_the_file_once(contacts: Contacts) -> None:
    day = date(2026, 12, 24)
    text = text_of().with_closed_day(day, contacts=contacts, today=TODAY)
    assert differences(PACKAGED, text)["calendar.extra_closed_days"] == ([], [day])
    assert text_of(text).with_closed_day(day, contacts=contacts, today=TODAY) == text


def test_versions_are_named_by_the_day() -> None:
    names = ["2023-07-23"]
    for _ in range(3):
        names.append(next_version(names[-1], TODAY))
    assert names[1:] == ["2026-11-29", "2026-11-29.2", "2026-11-29.3"]
    assert next_version("2026-11-29.11", TODAY) == "2026-11-29.12"
