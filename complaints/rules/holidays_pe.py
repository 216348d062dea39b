"""The national holidays of Peru: article 6 of D.Leg. 713 and the four laws that changed it, with years of validity."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from complaints.rules.languages import Language


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """One holiday of the law. It keeps its date, also on a Sunday: D.Leg. 713 art. 7 moves no national holiday."""

    es: str
    en: str
    law: str
    """The law that made it a holiday."""
    first_year: int
    """The first year in which the law was in force on the day itself: not always the year of its publication."""
    last_year: int | None = None
    """The last year it was one; None: it still is."""
    month_day: tuple[int, int] | None = None
    """None for the movable ones."""
    after_easter: int | None = None
    """Days after Easter Sunday, for the movable ones."""

    def on(self, year: int) -> date | None:
        """Its date in `year`, or None if it was no holiday then."""
        if year < self.first_year or (self.last_year is not None and year > self.last_year):
            return None
        if self.after_easter is not None:
            return easter_sunday(year) + timedelta(days=self.after_easter)
        assert self.month_day is not None
        return date(year, *self.month_day)


_DECREE = "D.Leg. 713"  # 1991-11-08; its first whole year is 1992

HOLIDAYS = (
    Holiday(es="Año Nuevo", en="New Year's Day", law=_DECREE, first_year=1992, month_day=(1, 1)),
    Holiday(es="Jueves Santo", en="Holy Thursday", law=_DECREE, first_year=1992, after_easter=-3),
    Holiday(es="Viernes Santo", en="Good Friday", law=_DECREE, first_year=1992, after_easter=-2),
    Holiday(es="Día del Trabajo", en="Labour Day", law=_DECREE, first_year=1992, month_day=(5, 1)),
    # Published 2023-06-15, after that year's 7 June.
    Holiday(
        es="Batalla de Arica y Día de la Bandera",
        en="Battle of Arica and Flag Day",
        law="Ley 31788",
        first_year=2024,
        month_day=(6, 7),
    ),
    Holiday(es="San Pedro y San Pablo", en="Saints Peter and Paul", law=_DECREE, first_year=1992, month_day=(6, 29)),
    # Published 2023-07-08, before that year's 23 July.
    Holiday(
        es="Día de la Fuerza Aérea del Perú",
        en="Peruvian Air Force Day",
        law="Ley 31822",
        first_year=2023,
        month_day=(7, 23),
    ),
    Holiday(es="Fiestas Patrias (28 de julio)", en="Independence Day", law=_DECREE, first_year=1992, month_day=(7, 28)),
    Holiday(
        es="Fiestas Patrias (29 de julio)",
        en="Independence Day, second day",
        law=_DECREE,
        first_year=1992,
        month_day=(7, 29),
    ),
    # Published 2022-07-26, before that year's 6 August.
    Holiday(es="Batalla de Junín", en="Battle of Junín", law="Ley 31530", first_year=2022, month_day=(8, 6)),
    Holiday(es="Santa Rosa de Lima", en="Saint Rose of Lima", law=_DECREE, first_year=1992, month_day=(8, 30)),
    Holiday(es="Combate de Angamos", en="Battle of Angamos", law=_DECREE, first_year=1992, month_day=(10, 8)),
    Holiday(es="Todos los Santos", en="All Saints' Day", law=_DECREE, first_year=1992, month_day=(11, 1)),
    Holiday(es="Inmaculada Concepción", en="Immaculate Conception", law=_DECREE, first_year=1992, month_day=(12, 8)),
    # Published 2021-12-31, after that year's 9 December.
    Holiday(es="Batalla de Ayacucho", en="Battle of Ayacucho", law="Ley 31381", first_year=2022, month_day=(12, 9)),
    Holiday(es="Navidad del Señor", en="Christmas Day", law=_DECREE, first_year=1992, month_day=(12, 25)),
)
"""In the order of the year. Days off by yearly decree bind the public sector only: a school that takes one lists it
among its extra closed days."""


@lru_cache(maxsize=64)
def _in_year(year: int, language: Language) -> tuple[tuple[date, str], ...]:
    found = [(day, str(getattr(holiday, language))) for holiday in HOLIDAYS if (day := holiday.on(year))]
    return tuple(sorted(found))


def national_holidays(year: int, language: Language = "es") -> dict[date, str]:
    """The holidays of `year` by date, with their names. Empty before 1992, where this table begins."""
    return dict(_in_year(year, language))


def holidays_between(first: date, end: date, language: Language = "es") -> dict[date, str]:
    """The holidays from `first` up to, not including, `end`."""
    return dict(_between(first, end, language))


def _between(first: date, end: date, language: Language) -> Iterator[tuple[date, str]]:
    for year in range(first.year, end.year + 1):
        for day, name in _in_year(year, language):
            if first <= day < end:
                yield day, name


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus of Meeus, Jones and Butcher)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, of_leap = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_shift + 15) % 30
    leaps, of_leaps = divmod(of_century, 4)
    to_sunday = (32 + 2 * of_leap + 2 * leaps - epact - of_leaps) % 7
    late_moon = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late_moon + 114, 31)
    return date(year, month, day + 1)
