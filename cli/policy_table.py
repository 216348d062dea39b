"""The rules on a terminal: each number with its section, and what differs (§4 to §8)."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from cli import show
from complaints.rules.policy import Policy
from complaints.words.catalogue import N_, Message, _, say
from complaints.words.vocabulary import ROLES

# place in policy.toml: section, what it is
_NUMBERS: dict[str, tuple[str, Message]] = {
    "version": ("–", N_("Name of these rules")),
    "language": ("–", N_("The school's language")),
    "customer_languages": ("–", N_("Languages for customers")),
    "required_details": ("§4", N_("Details asked of everybody")),
    "calendar.timezone": ("§5", N_("Time zone")),
    "calendar.work_days": ("§5", N_("Work days")),
    "calendar.office_hours": ("§5", N_("Office hours")),
    "calendar.national_holidays": ("§5", N_("National holidays")),
    "calendar.extra_closed_days": ("§5", N_("Other closed days")),
    "closed_days": ("§5", N_("Closed days, holidays included")),
    "acknowledgement.hours": ("§4", N_("Acknowledge within, hours")),
    "windows.assessment": ("§5.1", N_("Assess within, business days")),
    "windows.assignment": ("§5.2", N_("Assign within, business days")),
    "windows.investigation": ("§5.3", N_("Investigate within, business days")),
    "windows.warn_before": ("§5", N_("Warn so many business days before")),
    "details.longest_pause": ("§5.1", N_("Pause for details, business days")),
    "updates.every_days": ("§5.4", N_("Update the customer every so many days")),
    "messages.answer_within": ("§5.4", N_("Answer the customer's message within, business days")),
    "escalation.after": ("§7", N_("Escalate after so many business days")),
    "escalation.counted_from": ("§7", N_("… counted from")),
    "escalation.levels": ("§7", N_("Levels")),
    "confirmation.remind_every_days": ("§8", N_("Remind every so many days")),
    "confirmation.reminders": ("§8", N_("How many reminders")),
    "confirmation.silence_closes_after": ("§8", N_("Silence closes after")),
    "reopening.within_days": ("§8", N_("Reopen within so many days")),
    "merging.separate_within_days": ("§3", N_("Separate what was merged within so many days")),
    "legal_limit.business_days": ("Ley 31435", N_("Legal limit, business days")),
    "legal_limit.counted_by": ("Ley 31435", N_("Business days of the legal limit")),
    "legal_limit.warn_on": ("Ley 31435", N_("Managers are warned on days")),
    "calls.attempts": ("§4–§6", N_("Attempts to call")),
    "calls.retry_after_office_hours": ("§4–§6", N_("Try again after office hours")),
    "calls.due_within_office_hours": ("§4–§6", N_("Call within office hours")),
    "calls.after_attempts": ("§4–§6", N_("If nobody answers")),
    "retention.years": ("Ley 29733", N_("Erase who complained, years after the end")),
    "letters.retry_hours": ("§4–§8", N_("Send an uncertain letter again, hours")),
    "letters.undo_seconds": ("§5–§8", N_("What the desk sends can be taken back, seconds")),
    "letters.resend_uncertain.default": ("§4–§8", N_("Send uncertain letters again")),
}


_VALUES: dict[Any, Message] = {
    "mon": N_("Monday"), "tue": N_("Tuesday"), "wed": N_("Wednesday"),
    "thu": N_("Thursday"), "fri": N_("Friday"), "sat": N_("Saturday"),
    "sun": N_("Sunday"), "PE": N_("Peru's"), "none": N_("none"),
    "nation": N_("the nation's"), "school": N_("the school's own"),
    "receipt": N_("receipt"), "investigation": N_("the investigation"),
    "letter": N_("a letter by post"),
    "manager": N_("a manager decides"),
    "identification": N_("identity document"), "product": N_("product"),
    "occurred_on": N_("date of the problem"), "es": N_("Spanish"),
    "en": N_("English"), "administration_manager": ROLES["administration_manager"],
    "general_director": ROLES["general_director"],
}  # fmt: skip


def policy(rules: Policy) -> None:
    """Every number with its section and its place in policy.toml."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("§", _("Rule"), _("Value"), _("In policy.toml")):
        table.add_column(heading, no_wrap=heading == "§")
    for place, value in flat(rules).items():
        section, words = _words(place)
        table.add_row(section, words, _value(value), Text(place, style=show.QUIET))
    show.console().print(table)


def changes(found: Mapping[str, Sequence[Any]]) -> None:
    """Each number that differs, as it is and as it would be."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("§", _("Rule"), _("Before"), _("After")):
        table.add_column(heading)
    for place, (before, after) in found.items():
        section, words = _words(place)
        table.add_row(section, words, _value(before), _value(after))
    show.console().print(table)


def flat(rules: Policy) -> dict[str, Any]:
    """The policy by place in its file."""
    found: dict[str, Any] = {}

    def put(data: Mapping[str, Any], place: str) -> None:
        for name, value in data.items():
            if isinstance(value, Mapping):
                put(value, f"{place}{name}.")
            else:
                found[place + name] = value

    put(rules.model_dump(mode="json"), "")
    return found


def _words(place: str) -> tuple[str, str]:
    section, words = _NUMBERS.get(place, ("", place))
    return section, say(words)


def _value(value: Any) -> str:
    if value is None:
        return _("never")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return ", ".join("–".join(each) if isinstance(each, list) else _value(each) for each in value) or "–"
    return say(_VALUES[value]) if value in _VALUES else str(value)
