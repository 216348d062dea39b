"""The school's rules as numbers (§4-§8): one validated model, and what of it a running case keeps for good."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, field_validator, model_validator

from complaints.rules.calendar import EXTRA_CLOSED, MONDAY_TO_FRIDAY, Calendar, OfficeHours
from complaints.rules.details import Detail
from complaints.rules.holidays_pe import holidays_between
from complaints.rules.languages import Language
from complaints.rules.letters import LetterKind
from complaints.rules.refusals import invalid
from complaints.rules.text import WrittenLine

YEARS_OF_CLOSED_DAYS = 2
"""How far ahead a case knows its closed days; a case that lives longer counts every work day after them."""

DAYS_BEFORE = 92
"""How far back: a case may absorb one that was received earlier, and then the earlier receipt's clocks count."""


def _no_repeats(items: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(items)) != len(items):
        raise invalid("policy.twice")
    return items


def _key(key: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", key):
        raise invalid("policy.key")
    return key


# Strict, because `true` and "5" are slips in a file of numbers. Bounded, because a case counts its days one by one.
BusinessDays = Annotated[int, Field(strict=True, gt=0, le=250)]
CalendarDays = Annotated[int, Field(strict=True, gt=0, le=366)]
Hours = Annotated[int, Field(strict=True, gt=0, le=720)]
PartOfHours = Annotated[float, Field(strict=True, gt=0, le=720)]
Times = Annotated[int, Field(strict=True, gt=0, le=100)]

RoleKey = Annotated[str, AfterValidator(_key)]
"""A key of `people` in contacts.toml."""
Levels = Annotated[tuple[RoleKey, ...], Field(min_length=1), AfterValidator(_no_repeats)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CalendarRules(OfficeHours):
    """§5: what a business day is."""

    national_holidays: Literal["PE", "none"] = "PE"
    extra_closed_days: tuple[date, ...] = ()
    """Days on which the school itself is closed."""


class Acknowledgement(_Section):
    """§4."""

    hours: Hours = 24
    """Wall-clock hours from receipt."""


class Windows(_Section):
    """§5.1-§5.3, each in business days from the fact before it."""

    assessment: BusinessDays = 2
    assignment: BusinessDays = 1
    investigation: BusinessDays = 5
    warn_before: Annotated[int, Field(strict=True, ge=0, le=250)] = 1
    """Business days before a window's end at which who is responsible is warned; 0: never."""


class Details(_Section):
    """§5.1: waiting for what the customer was asked."""

    longest_pause: Annotated[int, Field(strict=True, ge=0, le=250)] = 5
    """At most so many business days do not count while details are outstanding; 0: all count."""


class Updates(_Section):
    """§5.4."""

    every_days: CalendarDays = 3


class Messages(_Section):
    """What customers write, from its arrival until somebody answers it or marks it read."""

    answer_within: BusinessDays = 1
    """Then it is late, and whoever answers for the case is told, once."""


class Escalation(_Section):
    """§7."""

    after: BusinessDays = 5
    counted_from: Literal["receipt", "investigation"] = "receipt"
    levels: Levels = ("administration_manager", "general_director")
    """Keys of `people` in contacts.toml, the first level first."""


class Confirmation(_Section):
    """§8: a customer who does not answer."""

    remind_every_days: CalendarDays = 3
    reminders: Annotated[int, Field(strict=True, ge=0, le=100)] = 3
    """How many, before one call; 0: the call at once."""
    silence_closes_after: Annotated[int, Field(strict=True, ge=0, le=250)] | None = None
    """Business days; 0 or absent: never, because §8 closes only on the customer's word."""

    @field_validator("silence_closes_after")
    @classmethod
    def _zero_is_off(cls, days: int | None) -> int | None:
        return days or None


class Reopening(_Section):
    """§8, after closing."""

    within_days: CalendarDays = 30


class Merging(_Section):
    """Complaints that were taken for one."""

    separate_within_days: CalendarDays = 30


class LegalLimit(_Section):
    """Ley 31435: a clock that never pauses."""

    business_days: BusinessDays = 15
    warn_on: tuple[BusinessDays, ...] = (10, 13)
    """The business days at whose close the managers are warned, in order."""

    @model_validator(mode="after")
    def _warned_before_the_limit(self) -> Self:
        days = (*self.warn_on, self.business_days)
        if list(days) != sorted(set(days)):
            said = ", ".join(map(str, self.warn_on))
            raise invalid("policy.warnings", days=said, limit=self.business_days)
        return self


class Calls(_Section):
    """§4-§6 for customers without a working email: call tasks."""

    attempts: Times = 3
    retry_after_office_hours: Hours = 4
    due_within_office_hours: Hours = 4
    after_attempts: Literal["letter", "manager"] = "letter"
    """After the last attempt: a letter by post, or the manager decides."""


def _known_kinds(by_kind: dict[str, bool]) -> dict[str, bool]:
    known = {"default", *(kind.value for kind in LetterKind)}
    for kind in by_kind:
        if kind not in known:
            raise invalid("policy.letter", kind=repr(kind), known=", ".join(sorted(known)))
    return {"default": True, **by_kind}


class Letters(_Section):
    """What happens to a letter of which nobody knows whether it went out."""

    resend_uncertain: Annotated[dict[str, StrictBool], AfterValidator(_known_kinds)] = {"default": True}
    """By kind of letter, `default` for the others: send again (it may be read twice) or leave it to people."""
    retry_hours: PartOfHours = 6
    """How long after an uncertain try it is sent again; 0.5 is half an hour."""
    undo_seconds: Annotated[int, Field(strict=True, ge=0, le=3600)] = 60
    """How long what a person sends from the desk waits, so that it can be taken back; 0: it goes at once."""

    def resends(self, kind: LetterKind) -> bool:
        """Whether an uncertain letter of this kind is sent again."""
        return self.resend_uncertain.get(kind.value, self.resend_uncertain["default"])


class Retention(_Section):
    """Ley 29733: nobody's data is kept for longer than it is needed."""

    years: Annotated[int, Field(strict=True, ge=0, le=30)] = 3
    """After a complaint has ended its person is erased, unless it is held; 0: never by itself."""


class Policy(_Section):
    """Every number of the procedure. Kept in each case's history, so a field is never taken away or made stricter."""

    version: Annotated[WrittenLine, Field(max_length=60)] = "2023-07-23"
    """Names this set of rules in a case's history; by default the day of the procedure."""
    language: Language = "es"
    """Of the school: what staff read, and customers whose language is not known."""
    customer_languages: Annotated[tuple[Language, ...], Field(min_length=1), AfterValidator(_no_repeats)] = ("es", "en")
    """In which a customer can be written to; who writes another is answered in the school's."""
    required_details: Annotated[tuple[Detail, ...], AfterValidator(_no_repeats)] = tuple(Detail)
    """§4: asked for if missing; never a reason to refuse a complaint."""
    calendar: CalendarRules = CalendarRules()
    acknowledgement: Acknowledgement = Acknowledgement()
    windows: Windows = Windows()
    details: Details = Details()
    updates: Updates = Updates()
    messages: Messages = Messages()
    escalation: Escalation = Escalation()
    confirmation: Confirmation = Confirmation()
    reopening: Reopening = Reopening()
    merging: Merging = Merging()
    legal_limit: LegalLimit = LegalLimit()
    calls: Calls = Calls()
    letters: Letters = Letters()
    retention: Retention = Retention()

    def language_for(self, theirs: Language) -> Language:
        """In which somebody is written to whose own language is `theirs`."""
        return theirs if theirs in self.customer_languages else self.language

    @model_validator(mode="after")
    def _speaks_its_own_language(self) -> Self:
        if self.language not in self.customer_languages:
            raise invalid("policy.language", language=repr(self.language))
        return self


class Rules(BaseModel):
    """The policy in force for one case, as its history keeps it: later changes of policy or law do not rewrite it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    policy: Policy
    closed_days: dict[date, str]
    """With the reason: a holiday's name in the school's language, or `EXTRA_CLOSED`."""
    national_days: dict[date, str] | None = None
    """Holidays of the nation that `closed_days` does not name, because the school works on them: the law counts without
    them. None: a case of an older release, whose legal limit counts the school's own days until its rules change."""

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar of these rules; built at the first use, not part of what is stored."""
        return Calendar(self.policy.calendar, self.closed_days)

    @cached_property
    def legal_calendar(self) -> Calendar:
        """Ley 31435 counts the nation's business days: Monday to Friday less the national holidays, whatever the school
        closes or works. A day ends for it when the school's last office hours do, which is never too late."""
        if self.national_days is None:
            return self.calendar
        hours = self.policy.calendar.model_copy(update={"work_days": MONDAY_TO_FRIDAY})
        holidays = {day: why for day, why in self.closed_days.items() if why != EXTRA_CLOSED}
        return Calendar(hours, holidays | self.national_days)

    @cached_property
    def written(self) -> dict[str, Any]:
        """As a journal keeps them, JSON values only: one for every row that has these rules, so nobody changes it."""
        return self.model_dump(mode="json")

    def model_copy(self, *, update: Any = None, deep: bool = False) -> Self:
        """A copy with changes; it does not take along what was worked out from the old rules."""
        copy = super().model_copy(update=update, deep=deep)
        for worked_out in ("calendar", "legal_calendar", "written"):
            copy.__dict__.pop(worked_out, None)
        return copy


def shared(rules: Rules) -> Rules:
    """The same rules, one for all cases of this process that have equal ones, with the days that their calendars have
    counted. A school has few: they differ by its policy, and by which holidays lie around the receipt."""
    return _of_json(rules.model_dump_json())


@lru_cache(maxsize=32)
def _of_json(text: str) -> Rules:
    return Rules.model_validate_json(text)


def rules_in_force(policy: Policy, since: date) -> Rules:
    """The rules of a case received on `since`, a day in the policy's time zone; closed days for the next 24 months, and
    for the `DAYS_BEFORE`."""
    end = _years_later(since, YEARS_OF_CLOSED_DAYS)
    since -= timedelta(days=DAYS_BEFORE)
    closed = {day: EXTRA_CLOSED for day in policy.calendar.extra_closed_days if since <= day < end}
    if policy.calendar.national_holidays == "PE":
        closed |= holidays_between(since, end, policy.language)  # a day that is both is a holiday
    return Rules(
        policy=policy,
        closed_days=dict(sorted(closed.items())),
        national_days=_worked_holidays(since, end, closed, policy.language),
    )


def counted_by_the_nation(rules: Rules, since: date) -> Rules:
    """Rules of an older release, with the legal limit counted as the law counts it; others as they are."""
    if rules.national_days is not None:
        return rules
    end = _years_later(since, YEARS_OF_CLOSED_DAYS)
    days = _worked_holidays(since - timedelta(days=DAYS_BEFORE), end, rules.closed_days, rules.policy.language)
    return rules.model_copy(update={"national_days": days})


def _worked_holidays(since: date, end: date, closed: Mapping[date, str], language: Language) -> dict[date, str]:
    holidays = holidays_between(since, end, language)
    return {day: name for day, name in holidays.items() if closed.get(day, EXTRA_CLOSED) == EXTRA_CLOSED}


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # a 29 February that the later year lacks
        return date(day.year + years, 3, 1)


def by_place(data: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """The values of nested tables by their places in the file, `windows.assessment`."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        found |= by_place(value, f"{above}{name}.") if isinstance(value, Mapping) else {above + name: value}
    return found
