"""policy.toml changed on a page: checked as the file is, its comments kept, its version raised (§4 to §8)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any, ClassVar

import tomlkit
from tomlkit.items import Item

from complaints.contacts import Contacts
from complaints.policy_file import PolicyError, numbers_of, policy_in
from complaints.records.settings_changes import SettingsFile
from complaints.rules.details import Detail
from complaints.rules.languages import LANGUAGES
from complaints.rules.policy import Policy
from complaints.toml_file import FileError
from starter.settings_text import SettingsText


class Kind(Enum):
    """How a value is typed on a page."""

    NUMBER = "number"
    YES_NO = "yes-no"
    ONE_OF = "one-of"
    SOME_OF = "some-of"
    """Ticks."""
    NUMBERS = "numbers"
    """With commas between."""
    DAYS = "days"
    """One a line, `2026-12-24`."""
    HOURS = "hours"
    """`09:00-13:00, 14:00-18:00`."""


KINDS: Mapping[str, Kind] = {
    "language": Kind.ONE_OF,
    "customer_languages": Kind.SOME_OF,
    "required_details": Kind.SOME_OF,
    "calendar.work_days": Kind.SOME_OF,
    "calendar.office_hours": Kind.HOURS,
    "calendar.national_holidays": Kind.ONE_OF,
    "calendar.extra_closed_days": Kind.DAYS,
    "escalation.counted_from": Kind.ONE_OF,
    "escalation.levels": Kind.SOME_OF,
    "legal_limit.warn_on": Kind.NUMBERS,
    "calls.after_attempts": Kind.ONE_OF,
}
"""What is neither a number nor a yes or no."""

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "language": LANGUAGES,
    "customer_languages": LANGUAGES,
    "required_details": tuple(detail.value for detail in Detail),
    "calendar.work_days": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    "calendar.national_holidays": ("PE", "none"),
    "escalation.counted_from": ("receipt", "investigation"),
    "calls.after_attempts": ("letter", "manager"),
}
"""Of the levels of the ladder the contacts say which there are."""

FIXED = frozenset({"version", "calendar.timezone"})
"""What a page shows and does not change: one is raised by each change, the other needs a new start of everything."""


@dataclass(frozen=True)
class PolicyText(SettingsText):
    """The file as it stands."""

    error: ClassVar[type[FileError]] = PolicyError
    name: ClassVar[SettingsFile] = "policy.toml"

    def policy(self) -> Policy:
        """What it says. Raises PolicyError."""
        return policy_in(self.text, named=self.path.name)

    def with_numbers(self, typed: Mapping[str, str], *, contacts: Contacts, today: date) -> str:
        """The text with these values by place, as somebody typed them, under another version if one differs.

        Raises PolicyError, and ContactsError for a ladder with nobody on it, as the file does that says so.
        """
        now = values_of(self.policy())
        meant = {
            place: _meant(place, text) for place, text in typed.items() if place not in FIXED and text != now.get(place)
        }
        return self._with(meant, contacts, today) if meant else self.text

    def with_closed_day(self, day: date, *, contacts: Contacts, today: date) -> str:
        """The text with that day among those on which the school is closed. Raises as `with_numbers`."""
        days = self.policy().calendar.extra_closed_days
        if day in days:
            return self.text
        return self._with({"calendar.extra_closed_days": sorted({*days, day})}, contacts, today)

    def instead(self, text: str, *, contacts: Contacts, today: date) -> str:
        """Another file's text as it would stand in this one's place: under another version where it says other numbers
        under this one's. Raises as `with_numbers`."""
        given, now = policy_in(text, named=self.path.name), self.policy()
        if given.version == now.version and given != now:
            return replace(self, text=text)._with({}, contacts, today)
        contacts.check(given)
        return text

    def _with(self, meant: Mapping[str, Any], contacts: Contacts, today: date) -> str:
        version = next_version(self.policy().version, today)

        def edit(document: tomlkit.TOMLDocument) -> None:
            for place, value in {**meant, "version": version}.items():
                _put(document, place, value)

        def check(text: str) -> None:
            contacts.check(policy_in(text, named=self.path.name))

        return self.edited(edit, check=check)


def next_version(version: str, today: date) -> str:
    """`2026-11-29`, then `2026-11-29.2`: names the rules by the day on which they were set."""
    day = today.isoformat()
    found = re.fullmatch(rf"{day}(?:\.(\d+))?", version)
    return f"{day}.{int(found[1] or 1) + 1}" if found else day


def kind_of(place: str, value: Any) -> Kind:
    """How the value at that place is typed."""
    return KINDS.get(place) or (Kind.YES_NO if isinstance(value, bool) else Kind.NUMBER)


def values_of(policy: Policy) -> dict[str, str]:
    """Every number by place, as a page shows it and gets it back."""
    return {place: _shown(place, value) for place, value in numbers_of(policy).items()}


def _shown(place: str, value: Any) -> str:
    if value is None:
        return "0"  # never: a number of days that is not set
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    match kind_of(place, value):
        case Kind.HOURS:
            return ", ".join("-".join(opening) for opening in value)
        case Kind.NUMBERS:
            return ", ".join(map(str, value))
        case Kind.SOME_OF | Kind.DAYS:
            return "\n".join(value)
    return str(value)


def _meant(place: str, text: str) -> Any:
    """What was typed as the file would have it; what is none of that stays text, for the rules to refuse in words."""
    kind = KINDS.get(place)
    if kind is None:
        return {"yes": True, "no": False}.get(text, _number(text))
    if kind is Kind.ONE_OF:
        return text
    parts = [part.strip() for part in re.split(r"[\n,]" if kind is not Kind.SOME_OF else "\n", text) if part.strip()]
    match kind:
        case Kind.NUMBERS:
            return [_number(part) for part in parts]
        case Kind.DAYS:
            return [_day(part) for part in parts]
        case Kind.HOURS:
            return [[one.strip() for one in re.split("[-–]", part)] for part in parts]
    return parts


def _number(text: str) -> Any:
    if re.fullmatch(r"-?[0-9]{1,9}", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]{1,9}[.,][0-9]{1,9}", text):
        return float(text.replace(",", "."))
    return text


def _day(text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _put(document: Any, place: str, value: Any) -> None:
    *above, last = place.split(".")
    table = document
    for step in above:
        if step not in table:
            table[step] = tomlkit.table()
        table = table[step]
    item: Item = tomlkit.item(value)
    table[last] = item
