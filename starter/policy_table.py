"""The rules and their changes on a terminal: each number with its section, what moves from when to when (§4 to §8)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from complaints.rules.policy import Policy
from complaints.words.catalogue import N_, Message, _, ngettext, say, spoken
from complaints.words.refusals import reason
from complaints.words.vocabulary import ROLES
from complaints.words.wording import Wording
from local.telling import Telling
from starter import show
from starter.changing_rules import Asked, Preview

SHOWN = 50
"""Complaints of a preview that are shown; --json has them all."""

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
    "escalation.after": ("§7", N_("Escalate after so many business days")),
    "escalation.counted_from": ("§7", N_("… counted from")),
    "escalation.levels": ("§7", N_("Levels")),
    "confirmation.remind_every_days": ("§8", N_("Remind every so many days")),
    "confirmation.reminders": ("§8", N_("How many reminders")),
    "confirmation.silence_closes_after": ("§8", N_("Silence closes after")),
    "reopening.within_days": ("§8", N_("Reopen within so many days")),
    "legal_limit.business_days": ("Ley 31435", N_("Legal limit, business days")),
    "legal_limit.warn_on": ("Ley 31435", N_("Managers are warned on days")),
    "calls.attempts": ("§4–§6", N_("Attempts to call")),
    "calls.retry_after_office_hours": ("§4–§6", N_("Try again after office hours")),
    "calls.due_within_office_hours": ("§4–§6", N_("Call within office hours")),
    "calls.after_attempts": ("§4–§6", N_("If nobody answers")),
    "letters.retry_hours": ("§4–§8", N_("Send an uncertain letter again, hours")),
    "letters.resend_uncertain.default": ("§4–§8", N_("Send uncertain letters again")),
}


_VALUES: dict[Any, Message] = {
    "mon": N_("Monday"), "tue": N_("Tuesday"), "wed": N_("Wednesday"),
    "thu": N_("Thursday"), "fri": N_("Friday"), "sat": N_("Saturday"),
    "sun": N_("Sunday"), "PE": N_("Peru's"), "none": N_("none"),
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


def previews(found: Sequence[Preview], words: Wording) -> None:
    """What moves, complaint by complaint; who would be late at once stands first."""
    telling = Telling(words)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    headings = (_("Complaint"), _("Deadline"), _("Before"), _("After"))
    for heading in headings:
        table.add_column(heading, no_wrap=heading != headings[1])
    moving = sorted(_worth_showing(found), key=lambda each: (not each.hurts, each.refused is None))
    for each in moving[:SHOWN]:
        for number, line in enumerate(_lines(each, telling)):
            table.add_row(each.number if number == 0 else "", *line)
    if moving:
        show.console().print(table)
    if len(moving) > SHOWN:
        rest = len(moving) - SHOWN
        show.line(_("… {rest} more: --json names them.").format(rest=rest), show.QUIET)
    show.line(_summary(found), "bold")


def results(answers: Sequence[Asked]) -> None:
    """How many have the new rules, and who has not."""
    done = sum(not (each.refused or each.unknown or each.left) for each in answers)
    said = _("{complaints} with the new rules.").format(complaints=_complaints(done))
    show.line(said, "bold green")
    for each in answers:
        if each.refused:
            show.line(f"  {each.number}: {show.plain(each.refused)}", "yellow")
    if silent := sum(each.unknown or each.left for each in answers):
        show.line(
            _(
                "{complaints} not known to have changed: nobody answered. See that a worker runs, and repeat "
                "the same command: it goes on where it stopped."
            ).format(complaints=_complaints(silent)),
            show.LATE,
        )


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


def _worth_showing(found: Sequence[Preview]) -> list[Preview]:
    return [each for each in found if _people_see(each) or each.at_once or each.refused]


Dates = tuple[datetime | None, datetime | None]
"""Before and after."""


def _people_see(each: Preview) -> dict[str, Dates]:
    """A warning moves with its window, and the law's warnings with its limit: each is one line."""
    legal = [dates for name, dates in each.moved.items() if name.startswith("legal/")]
    before = max((at for at, _ in legal if at), default=None)
    after = max((at for _, at in legal if at), default=None)
    seen: dict[str, Dates] = {
        name: dates for name, dates in each.moved.items() if not name.startswith(("warning/", "legal/"))
    }
    return seen | ({"legal": (before, after)} if before != after else {})


def _lines(each: Preview, telling: Telling) -> list[tuple[str | Text, str, str]]:
    lines: list[tuple[str | Text, str, str]] = []
    if each.refused:
        why = reason(each.refusal, spoken()) if each.refusal else each.refused
        lines.append((Text(show.plain(why), style="yellow"), "", ""))
    for what in each.at_once:
        said = telling.wording.happened(what)
        lines.append((Text(_("At once: {said}").format(said=said), style=show.LATE), "", ""))
    for name, (before, after) in _people_see(each).items():
        title = _("legal limit") if name == "legal" else telling.wording.window(name)
        lines.append((title, telling.short(before) if before else "–", telling.short(after) if after else "–"))
    return lines


def _summary(found: Sequence[Preview]) -> str:
    moving = sum(bool(_people_see(each)) for each in found)
    hurt = sum(each.hurts for each in found)
    refused = sum(each.refused is not None for each in found)
    change = len(found) - refused
    said = _("{complaints} to change; in {moving} a deadline moves").format(
        complaints=_complaints(change), moving=moving
    )
    if hurt:
        said += _("; late or escalated at once: {hurt}").format(hurt=hurt)
    if refused:
        said += _("; cannot change: {refused}").format(refused=refused)
    return said + "."


def _complaints(count: int) -> str:
    return ngettext("{n} complaint", "{n} complaints", count).format(n=count)


def _words(place: str) -> tuple[str, str]:
    section, words = _NUMBERS.get(place, ("", place))
    return section, say(words)


def _value(value: Any) -> str:
    if value is None:
        return _("never")
    if isinstance(value, bool):
        return _("yes") if value else "no"
    if isinstance(value, list):
        return ", ".join("–".join(each) if isinstance(each, list) else _value(each) for each in value) or "–"
    return say(_VALUES[value]) if value in _VALUES else str(value)
