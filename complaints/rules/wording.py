"""Dates, roles, stages and the journal as people say them, in Spanish and English; pure, for letters, CLI and desk."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from complaints.rules import vocabulary as words
from complaints.rules.vocabulary import Language, Words

_I_SOUND = re.compile(r"h?[ií](?![aeouáéóú])", re.IGNORECASE)


@dataclass(frozen=True)
class Wording:
    """How things are said in one language and time zone."""

    language: Language = "es"
    timezone: str = "America/Lima"
    today: date | None = None
    """The reader's day: dates of its year are said without the year. None: the year is always said."""

    # -- dates -------------------------------------------------------------------------------------------------------

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which people live (design §2: America/Lima)."""
        return ZoneInfo(self.timezone)

    def day_of(self, moment: date | datetime) -> date:
        """The local day of an instant; a date stays what it is."""
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                raise ValueError("a time without its zone cannot be said: give an aware datetime")
            return moment.astimezone(self.zone).date()
        return moment

    def day(self, moment: date | datetime) -> str:
        """`lunes 3 de agosto`, `Monday 3 August`; with the year where it is another than the reader's."""
        day = self.day_of(moment)
        weekday, month = words.WEEKDAYS[self.language][day.weekday()], words.MONTHS[self.language][day.month - 1]
        year = "" if self.today and self.today.year == day.year else str(day.year)
        if self.language == "es":
            return f"{weekday} {day.day} de {month}" + (f" de {year}" if year else "")
        return f"{weekday} {day.day} {month}" + (f" {year}" if year else "")

    def until(self, moment: datetime) -> str:
        """`lunes 3 de agosto, hasta las 18:00`, `Monday 3 August, by 18:00`."""
        hour = self._hour(moment)
        joint = ("hasta la" if hour.startswith("1:") else "hasta las") if self.language == "es" else "by"
        return f"{self.day(moment)}, {joint} {hour}"

    def at(self, moment: datetime) -> str:
        """`miércoles 22 de julio, a las 9:05`, `Wednesday 22 July, at 9:05`."""
        hour = self._hour(moment)
        joint = ("a la" if hour.startswith("1:") else "a las") if self.language == "es" else "at"
        return f"{self.day(moment)}, {joint} {hour}"

    def _hour(self, moment: datetime) -> str:
        if moment.tzinfo is None:
            raise ValueError("a time without its zone cannot be said: give an aware datetime")
        local = moment.astimezone(self.zone)
        return f"{local.hour}:{local.minute:02d}"

    def iso_day(self, text: str) -> str:
        """A date written `2026-07-20` as people say it; any other text unchanged."""
        try:
            return self.day(date.fromisoformat(text))
        except ValueError:
            return text

    def business_days(self, count: int) -> str:
        """`1 día hábil`, `3 business days`."""
        if self.language == "es":
            return f"{count} día hábil" if count == 1 else f"{count} días hábiles"
        return f"{count} business day" if count == 1 else f"{count} business days"

    def days_left(self, count: int) -> str:
        """`quedan 3 días hábiles`, `el plazo termina hoy`, `the time is over by 2 business days`."""
        if count > 0:
            left = self.business_days(count)
            return f"{'queda' if count == 1 else 'quedan'} {left}" if self.language == "es" else f"{left} left"
        if count == 0:
            return "el plazo termina hoy" if self.language == "es" else "the time ends today"
        over = self.business_days(-count)
        return f"el plazo venció hace {over}" if self.language == "es" else f"the time is over by {over}"

    # -- words of the procedure --------------------------------------------------------------------------------------

    def stage(self, stage: str) -> str:
        """`evaluación inicial`."""
        return self._said(words.STAGES, stage)

    def stage_to_customer(self, stage: str) -> str:
        """`estamos evaluando su queja …`, as a sentence goes on."""
        return self._said(words.STAGES_TO_CUSTOMER, stage)

    def role(self, role: str) -> str:
        """`Gerente de Administración`; a role that a school added is said by its key."""
        return self._said(words.ROLES, role)

    def window(self, window: str) -> str:
        """`investigación y resolución`; `legal/13` and `1/assessment` are understood too."""
        parts = window.split("/")
        return next((self._said(words.WINDOWS, part) for part in parts if part in words.WINDOWS), _plain(window))

    def missing(self, detail: str) -> str:
        """What is missing, as an item of a list; the representative's own words stay as they are."""
        return words.DETAILS[detail][self._which] if detail in words.DETAILS else detail

    def understood(self, name: str, *, to_staff: bool = False) -> str:
        """The label of something we understood: `Fecha del problema`."""
        table = words.UNDERSTOOD_BY_STAFF if to_staff and name in words.UNDERSTOOD_BY_STAFF else words.UNDERSTOOD
        return self._said(table, name)

    def value(self, name: str, value: str) -> str:
        """What we understood, as people say it: dates in words, the kind with its meaning."""
        if name == "occurred_on":
            return self.iso_day(value)
        return self._said(words.KINDS, value) if name == "kind" and value in words.KINDS else value

    def letter(self, kind: str, *, window: str | None = None) -> str:
        """What a letter of that kind is about: `Recibimos su queja`; with the window's name where it is about one."""
        said = self._said(words.LETTERS, kind)
        return f"{said}: {self.window(window)}" if window and kind in ("warning", "late") else said

    def via(self, via: str) -> str:
        """Through what it came: `llamada`, `reloj`."""
        return self._said(words.VIAS, via)

    def letter_state(self, state: str) -> str:
        """Where a letter is: `no se sabe si salió`."""
        return self._said(words.LETTER_STATES, state)

    def outcome(self, outcome: str) -> str:
        """`su queja tiene fundamento en parte`."""
        return self._said(words.OUTCOMES, outcome)

    def end(self, outcome: str) -> str:
        """How a case ended: `cerrada con la conformidad del cliente`."""
        return self._said(words.ENDS, outcome)

    def escalation_reason(self, reason: str) -> str:
        """`pasó el plazo para resolverla`; other words are somebody's own and stay as they are."""
        return words.ESCALATION_REASONS[reason][self._which] if reason in words.ESCALATION_REASONS else reason

    def happened(self, what: str, data: Mapping[str, Any] | None = None) -> str:
        """A journal row in words, for staff: `Se venció el plazo: evaluación inicial`. Unknown: the key, readable."""
        kind, _, name = what.partition("/")
        if name and kind in {"late", "warned"}:
            return f"{words.DEADLINES[kind][self._which]}: {self.window(name)}"
        return self._said(words.JOURNAL, what) + self._particulars(what, data or {})

    def happened_to_customer(self, what: str) -> str | None:
        """A journal row as the customer is told of it; None where it is ours to know."""
        return words.JOURNAL_TO_CUSTOMER[what][self._which] if what in words.JOURNAL_TO_CUSTOMER else None

    def joined(self, items: Sequence[str]) -> str:
        """`a, b y c`, `a, b and c`; `e` before an i sound."""
        if len(items) < 2:
            return "".join(items)
        joint = "and" if self.language == "en" else "e" if _I_SOUND.match(items[-1]) else "y"
        return f"{', '.join(items[:-1])} {joint} {items[-1]}"

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _particulars(self, what: str, data: Mapping[str, Any]) -> str:
        """The one thing worth saying about such a row, from its data."""
        if what == "escalated" and "to" in data:
            reason = f" ({self.escalation_reason(str(data['reason']))})" if data.get("reason") else ""
            return (" a: " if self.language == "es" else " to: ") + self.role(str(data["to"])) + reason
        if what == "closed" and "outcome" in data:
            return f": {self.end(str(data['outcome']))}"
        if what == "date-promised" and "date" in data:
            return f": {self.iso_day(str(data['date']))}"
        if what == "assigned" and data.get("department"):
            return f": {data['department']}"
        if what == "rules-changed" and data.get("version"):
            return f": {data['version']}"
        if what.startswith("letter-") and data.get("kind"):
            return f": {self.letter(str(data['kind']))}"
        if data.get("sender_proven") is False:
            return " (remitente no comprobado)" if self.language == "es" else " (sender not proven)"
        if what == "ignored" and data.get("fact"):
            fact = str(data["fact"])
            return f": {self._said(words.JOURNAL, fact) if fact in words.JOURNAL else fact}"
        return ""

    @property
    def _which(self) -> int:
        return 0 if self.language == "es" else 1

    def _said(self, table: Words, key: str) -> str:
        return table[key][self._which] if key in table else _plain(key)


def _plain(key: str) -> str:
    return key.replace("_", " ").replace("-", " ")
