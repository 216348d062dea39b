"""The holidays of Peru (§5): sixteen in 2026, each from the first day under its law."""

from datetime import date

import holidays
import pytest

from complaints.rules.holidays_pe import HOLIDAYS, easter_sunday, national_holidays


def test_2026_has_the_sixteen_holidays_of_the_law() -> None:
    assert len(national_holidays(2026)) == 16
    assert national_holidays(2026)[date(2026, 4, 2)] == "Jueves Santo"
    assert national_holidays(2026, "en")[date(2026, 4, 3)] == "Good Friday"


@pytest.mark.parametrize(
    ("day", "was", "law"),
    [
        ("2021-12-09", False, "Ley 31381 came out on 31 December 2021"),
        ("2022-12-09", True, "Ley 31381"),
        ("2021-08-06", False, "before Ley 31530"),
        ("2022-08-06", True, "Ley 31530 came out eleven days before"),
        ("2023-06-07", False, "Ley 31788 came out a week later"),
        ("2024-06-07", True, "Ley 31788"),
        ("2022-07-23", False, "before Ley 31822"),
        ("2023-07-23", True, "Ley 31822 came out two weeks before"),
    ],
)
def test_a_holiday_begins_with_the_first_day_under_its_law(day: str, was: bool, law: str) -> None:
    at = date.fromisoformat(day)
    assert (at in national_holidays(at.year)) is was, law


@pytest.mark.parametrize("day", ["1818-03-22", "1886-04-25", "2000-04-23", "2019-04-21", "2026-04-05", "2038-04-25"])
def test_easter_falls_where_the_church_has_it(day: str) -> None:
    assert easter_sunday(int(day[:4])) == date.fromisoformat(day)


@pytest.mark.parametrize("year", range(1992, 2061))
def test_the_holidays_package_knows_the_same_days(year: int) -> None:
    # It also lists Easter Sunday, which art. 6 of D.Leg. 713 does not name; a Sunday is no work day either way.
    theirs = set(holidays.country_holidays("PE", years=year)) - {easter_sunday(year)}
    assert set(national_holidays(year)) == theirs


def test_every_holiday_names_its_law_and_each_law_of_2021_to_2023_made_one() -> None:
    assert {holiday.law for holiday in HOLIDAYS} == {"D.Leg. 713", "Ley 31381", "Ley 31530", "Ley 31788", "Ley 31822"}
