"""Dates, roles, stages and the journal as people say them; pure, for letters, command line and desk."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from complaints.rules.letters import COLLEAGUE
from complaints.words import vocabulary as words
from complaints.words.catalogue import Language, Speaker
from complaints.words.vocabulary import Words

_I_SOUND = re.compile(r"h?[ií](?![aeouáéóú])", re.IGNORECASE)


@dataclass(frozen=True)
class Wording(Speaker):
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
        pattern = self.gettext("{weekday} {day} {month}")
        if self.today is None or self.today.year != day.year:
            pattern = self.gettext("{weekday} {day} {month} {year}")
        weekday, month = self.say(words.WEEKDAYS[day.weekday()]), self.say(words.MONTHS[day.month - 1])
        return pattern.format(weekday=weekday, day=day.day, month=month, year=day.year)

    def month(self, day: date) -> str:
        """`julio de 2026`, `July 2026`."""
        return self.gettext("{month} {year}").format(month=self.say(words.MONTHS[day.month - 1]), year=day.year)

    def month_of(self, text: str) -> str:
        """A month written `2026-11` as people say it; any other text unchanged."""
        try:
            return self.month(date.fromisoformat(f"{text}-01"))
        except ValueError:
            return text

    def until(self, moment: datetime) -> str:
        """`lunes 3 de agosto, hasta las 6:00 p. m.`, `Monday 3 August, by 6:00 p.m.`"""
        one, many = self.gettext("{day}, by {one_o_clock}"), self.gettext("{day}, by {hour}")
        return self._with_hour(one, many, moment)

    def at(self, moment: datetime) -> str:
        """`miércoles 22 de julio, a las 9:05 a. m.`, `Wednesday 22 July, at 9:05 a.m.`"""
        one, many = self.gettext("{day}, at {one_o_clock}"), self.gettext("{day}, at {hour}")
        return self._with_hour(one, many, moment)

    def clock(self, moment: datetime) -> str:
        """`6:00 p. m.`, `3:20 a. m.`: as Peru writes it; without its half of the day, 3:20 at night reads as the
        afternoon."""
        local = self._local(moment)
        hour = f"{local.hour % 12 or 12}:{local.minute:02d}"
        return (self.gettext("{hour} a.m.") if local.hour < 12 else self.gettext("{hour} p.m.")).format(hour=hour)

    def _with_hour(self, one: str, many: str, moment: datetime) -> str:
        """One o'clock is singular in Spanish: `a la 1:30 p. m.`"""
        hour = self.clock(moment)
        singular = self._local(moment).hour % 12 == 1
        return (one if singular else many).format(day=self.day(moment), one_o_clock=hour, hour=hour)

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a time without its zone cannot be said: give an aware datetime")
        return moment.astimezone(self.zone)

    def iso_day(self, text: str) -> str:
        """A date written `2026-07-20` as people say it; any other text unchanged."""
        try:
            return self.day(date.fromisoformat(text))
        except ValueError:
            return text

    def business_days(self, count: int) -> str:
        """`1 día hábil`, `3 business days`."""
        return self.ngettext("{n} business day", "{n} business days", count).format(n=count)

    def late_by(self, count: int) -> str:
        """`tarde 6 días hábiles`, `2 business days late`; before the first is over, `tarde`."""
        if count < 1:
            return self.pgettext("one complaint", "late")
        return self.ngettext("{n} business day late", "{n} business days late", count).format(n=count)

    def days_left(self, count: int) -> str:
        """`quedan 3 días hábiles`, `el plazo termina hoy`, `the time is over by 2 business days`."""
        if count > 0:
            return self.ngettext("{n} business day left", "{n} business days left", count).format(n=count)
        if count == 0:
            return self.gettext("the time ends today")
        return self.gettext("the time is over by {days}").format(days=self.business_days(-count))

    # -- words of the procedure --------------------------------------------------------------------------------------

    def stage(self, stage: str) -> str:
        """`evaluación inicial`."""
        return self._said(words.STAGES, stage)

    def stage_to_customer(self, stage: str) -> str:
        """`estamos evaluando su queja …`, as a sentence goes on."""
        return self._said(words.STAGES_TO_CUSTOMER, stage)

    def role(self, role: str) -> str:
        """`Gerente de Administración`; a role that a school added is said by its key, an account as notes call it."""
        if role.startswith(COLLEAGUE):
            return f"@{role.removeprefix(COLLEAGUE)}"
        return self._said(words.ROLES, role)

    def who(self, by: str) -> str:
        """Who did something, as people read it: an account of the machine's or of a program is said in plain words."""
        return self.say(words.PROGRAMS[by]) if by in words.PROGRAMS else self.role(by) if by in words.ROLES else by

    def level(self, level: int) -> str:
        """Who has a case at that level of the ladder (§7): `Atención al Cliente`, `Gerencia`, `Dirección`."""
        return self.say(words.LEVELS[min(level, len(words.LEVELS) - 1)])

    def decimal(self, value: float) -> str:
        """`2,9`, `2.9`; not for negative ones."""
        whole, tenths = divmod(round(value * 10), 10)
        return f"{whole}{self.pgettext('decimal point', '.')}{tenths}"

    def window(self, window: str) -> str:
        """`investigación y resolución`; `legal/13` and `1/assessment` are understood too."""
        parts = window.split("/")
        return next((self._said(words.WINDOWS, part) for part in parts if part in words.WINDOWS), _plain(window))

    def missing(self, detail: str) -> str:
        """What is missing, as an item of a list; the representative's own words stay as they are."""
        return self.say(words.DETAILS.get(detail, detail))

    def understood(self, name: str, *, to_staff: bool = False) -> str:
        """The label of something we understood: `Fecha del problema`."""
        table = words.UNDERSTOOD_BY_STAFF if to_staff and name in words.UNDERSTOOD_BY_STAFF else words.UNDERSTOOD
        return self._said(table, name)

    def value(self, name: str, value: str) -> str:
        """What we understood, as people say it: dates in words, the kind with its meaning."""
        if name == "occurred_on":
            return self.iso_day(value)
        return self._said(words.KINDS, value) if name == "kind" and value in words.KINDS else value

    def letter(self, kind: str, *, window: str | None = None, recipient: str | None = None) -> str:
        """What a letter of that kind is about: `Recibimos su queja`; with the window's name where it is about one."""
        to_them = f"{kind}/{recipient}"
        said = self._said(words.LETTERS, to_them if to_them in words.LETTERS else kind)
        return f"{said}: {self.window(window)}" if window and kind in ("warning", "late") else said

    def via(self, via: str) -> str:
        """Through what it came: `llamada`, `automático`."""
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

    def seems(self, says: str) -> str:
        """`parece que está conforme`."""
        return self._said(words.SEEMS, says)

    def escalation_reason(self, reason: str) -> str:
        """`pasó el plazo para resolverla`; other words are somebody's own and stay as they are."""
        return self.say(words.ESCALATION_REASONS.get(reason, reason))

    def happened(self, what: str, data: Mapping[str, Any] | None = None) -> str:
        """A journal row in words, for staff: `Se venció el plazo: evaluación inicial`. Unknown: the key, readable."""
        kind, _, name = what.partition("/")
        if name and kind in {"late", "warned"}:
            return f"{self.say(words.DEADLINES[kind])}: {self.window(name)}"
        return self._said(words.JOURNAL, what) + self._particulars(what, data or {})

    def happened_to_customer(self, what: str, *, level: int = 0) -> str | None:
        """A journal row as the customer is told of it, at that level of the ladder; None where it is ours to know."""
        highest = f"{what}/{min(level, len(words.LEVELS) - 1)}"
        if highest in words.JOURNAL_TO_CUSTOMER:
            return self.say(words.JOURNAL_TO_CUSTOMER[highest])
        return self.say(words.JOURNAL_TO_CUSTOMER[what]) if what in words.JOURNAL_TO_CUSTOMER else None

    def joined(self, items: Sequence[str]) -> str:
        """`a, b y c`, `a, b and c`; `e` before an i sound."""
        if len(items) < 2:
            return "".join(items)
        before_i = bool(_I_SOUND.match(items[-1]))
        pattern = (
            self.pgettext("before an i sound", "{items} and {last}") if before_i else self.gettext("{items} and {last}")
        )
        return pattern.format(items=", ".join(items[:-1]), last=items[-1])

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _particulars(self, what: str, data: Mapping[str, Any]) -> str:
        """The one thing worth saying about such a row, from its data."""
        if what == "escalated" and "to" in data:
            reason = f" ({self.escalation_reason(str(data['reason']))})" if data.get("reason") else ""
            return " " + self.gettext("to: {role}").format(role=self.role(str(data["to"]))) + reason
        if what == "closed" and "outcome" in data:
            return f": {self.end(str(data['outcome']))}"
        if what == "date-promised" and "date" in data:
            return f": {self.iso_day(str(data['date']))}"
        if what == "assigned" and data.get("department"):
            return f": {data['department']}"
        if what == "rules-changed" and data.get("version"):
            return f": {data['version']}"
        if what.startswith("letter-") and data.get("kind"):
            recipient = str(data.get("key", "")).rpartition("/")[2]
            return f": {self.letter(str(data['kind']), recipient=recipient)}"
        if data.get("sender_proven") is False:
            return self.gettext(" (sender not proven)")
        if what == "ignored" and data.get("fact"):
            fact = str(data["fact"])
            return f": {self._said(words.JOURNAL, fact) if fact in words.JOURNAL else fact}"
        return ""

    def _said(self, table: Words, key: str) -> str:
        return self.say(table[key]) if key in table else _plain(key)


def _plain(key: str) -> str:
    return key.replace("_", " ").replace("-", " ")
