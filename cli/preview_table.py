"""A change of rules on a terminal: which deadlines move from when to when, who has the new rules (§5, §7)."""

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from cli import show
from complaints.words.catalogue import _, ngettext, spoken
from complaints.words.refusals import reason
from complaints.words.wording import Wording
from local.stories.telling import Telling
from starter.changing_rules import Asked, Preview

SHOWN = 50
"""Complaints of a preview that are shown; --json has them all."""


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


def _worth_showing(found: Sequence[Preview]) -> list[Preview]:
    return [each for each in found if each.seen or each.at_once or each.refused]


def _lines(each: Preview, telling: Telling) -> list[tuple[str | Text, str, str]]:
    lines: list[tuple[str | Text, str, str]] = []
    if each.refused:
        why = reason(each.refusal, spoken()) if each.refusal else each.refused
        lines.append((Text(show.plain(why), style="yellow"), "", ""))
    for what in each.at_once:
        said = telling.wording.happened(what)
        lines.append((Text(_("At once: {said}").format(said=said), style=show.LATE), "", ""))
    for name, (before, after) in each.seen.items():
        title = _("legal limit") if name == "legal" else telling.wording.window(name)
        lines.append((title, telling.short(before) if before else "–", telling.short(after) if after else "–"))
    return lines


def _summary(found: Sequence[Preview]) -> str:
    moving = sum(bool(each.seen) for each in found)
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
