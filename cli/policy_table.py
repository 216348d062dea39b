"""The rules on a terminal: each number with its section, and what differs (§4 to §8)."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from cli import show
from complaints.policy_file import numbers_of
from complaints.rules.policy import Policy
from complaints.words.catalogue import _, say
from complaints.words.policy import NUMBERS, VALUES


def policy(rules: Policy) -> None:
    """Every number with its section and its place in policy.toml."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("§", _("Rule"), _("Value"), _("In policy.toml")):
        table.add_column(heading, no_wrap=heading == "§")
    for place, value in numbers_of(rules).items():
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


def _words(place: str) -> tuple[str, str]:
    section, words = NUMBERS.get(place, ("", place))
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
    return say(VALUES[value]) if value in VALUES else str(value)
