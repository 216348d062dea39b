"""Numbers, spans and names as a reader of one language sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.contacts import Contacts, UnknownDepartment
from complaints.reports import words
from complaints.rules.report.report import NOBODY, OTHERS, Only, Period
from complaints.words import vocabulary
from complaints.words.catalogue import Language, Speaker
from complaints.words.vocabulary import Words
from complaints.words.wording import Wording

NONE = "–"
"""No figure."""


@dataclass(frozen=True)
class Saying(Speaker):
    """How figures are said to that reader."""

    language: Language
    contacts: Contacts
    timezone: str

    @property
    def wording(self) -> Wording:
        """The words of the procedure; years are always said."""
        return Wording(language=self.language, timezone=self.timezone)

    def word(self, table: Words, key: str) -> str:
        """A word of a table; another key is somebody's own word."""
        return self.say(table[key]) if key in table else key

    def others(self, count: int) -> str:
        """`y 4 más`, for those that are not listed."""
        return self.gettext("and {count} more").format(count=count) if count > 0 else ""

    def number(self, value: int) -> str:
        """`12 345` with the thin space of both languages' rules for large numbers."""
        return f"{value:,}".replace(",", "\u202f") if abs(value) >= 10_000 else str(value)

    def decimal(self, value: float) -> str:
        """`3,5`, `3.5`."""
        return self.wording.decimal(value)

    def share(self, value: float | None) -> str:
        """`85 %`, `85%`."""
        return NONE if value is None else f"{100 * value:.0f}{self.gettext('%')}"

    def hours(self, hours: float | None) -> str:
        """`menos de 1 h`, `6.5 h`, `3.2 días`."""
        if hours is None:
            return NONE
        if hours < 1:
            return self.gettext("less than 1 h")
        if hours < 48:
            return f"{self.decimal(hours)} h"
        return f"{self.decimal(hours / 24)} {self.gettext('days')}"

    def months(self, first: date) -> str:
        """`julio de 2026`, `July 2026`."""
        return self.wording.month(first)

    def month_names(self, months: Sequence[date]) -> list[str]:
        """`ago 25`, `sep`, …: the year with the first month and with each January."""
        return [
            self.say(vocabulary.MONTHS[month.month - 1])[:3]
            + (f" {month:%y}" if place == 0 or month.month == 1 else "")
            for place, month in enumerate(months)
        ]

    def period(self, period: Period) -> str:
        """`julio de 2026`, `del lunes 5 … al viernes 9 …`."""
        if period.is_month:
            return self.months(period.first)
        first, last = self.wording.day(period.first), self.wording.day(period.after - timedelta(days=1))
        return self.gettext("from {first} to {last}").format(first=first, last=last)

    def only(self, only: Only) -> str:
        """`Área: Académica; Canal: Teléfono`."""
        return "; ".join(
            f"{self.word(words.SINGULAR, name)}: {self.group(name, value)}" for name, value in only.given.items()
        )

    def group(self, dimension: str, name: str) -> str:
        """What a department, a channel … is called."""
        if name == NOBODY:
            return self.word(words.NOTHING_SAID, dimension)
        if name == OTHERS:
            return self.gettext("All others")
        if dimension == "department":
            return self.department(name)
        return self.word(words.CHANNELS, name) if dimension == "channel" else name

    def department(self, key: str) -> str:
        """By its key; one that the school has given up keeps its key."""
        try:
            return self.contacts.department(key).named(self.language)
        except UnknownDepartment:
            return key


def begun(text: str) -> str:
    """With a capital."""
    return text[:1].upper() + text[1:]
