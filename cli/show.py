"""Facts on a terminal or as JSON: what is late stands out, and nothing of what people wrote can steer the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cli.late import read_when_used
from complaints.words.catalogue import _, pgettext, spoken
from starter.started_as import as_started

with read_when_used():
    import pydantic
    import rich.console
    import rich.table
    import rich.text

    from complaints.rules import calendar
    from complaints.rules import text as texts
    from complaints.words import about as topics
    from complaints.words import labels, page_links
    from complaints.words import telling as words_of
    from local.stories import telling

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import Console

    from complaints.records.part import Part
    from complaints.records.searching import Found
    from complaints.rules.journal import CaseRecord
    from complaints.rules.status import DeadlineExplained, Status, TimelineEntry
    from complaints.words.wording import Wording

LATE = "bold red"
QUIET = "dim"
WIDE = 1000
"""Columns where nobody looks: a table in a pipe is not wrapped."""

ROOMY = 100
"""Columns from which a table of complaints is spaced generously."""

Names = Mapping[str, str]
"""What departments and people are called, by the keys and addresses under which facts mean them."""

NOBODY: Names = {}


def console() -> Console:
    """Standard output. No colours in a pipe or with NO_COLOR; what is printed is never read as mark-up."""
    width = None if sys.stdout.isatty() else WIDE
    return rich.console.Console(markup=False, highlight=False, emoji=False, width=width)


def plain(text: object) -> str:
    """One line of somebody's words, without anything that a terminal would obey."""
    return texts.one_line(page_links.shown(str(text), spoken()), longest=400)


def json_of(facts: BaseModel | Sequence[Any] | dict[str, Any]) -> None:
    """Facts for programs, one object or list, keys in English."""
    print(json.dumps(pydantic.TypeAdapter(Any).dump_python(facts, mode="json", by_alias=True), ensure_ascii=False))


def line(text: str, style: str = "") -> None:
    """A line of ours; commands as they can be typed here."""
    console().print(rich.text.Text(as_started(page_links.shown(text, spoken())), style=style))


def finding(health: str, style: str, check: str, message: str) -> None:
    """One line of the doctor."""
    said = as_started(plain(message))
    console().print(rich.text.Text.assemble((f"{health:<5}", style), (f"{check}: ", "bold"), said))


# -- one complaint ----------------------------------------------------------------------------------------------------


def status_line(status: Status, words: Wording, names: Names = NOBODY) -> None:
    """Where it stands, in one line."""
    said = rich.text.Text(f"{status.number} · {words.stage(status.stage)} · {plain(owner(status, words, names))}")
    if status.outcome:
        said.append(f" · {words.end(status.outcome)}")
    elif status.due and status.due_name:
        said.append(f" · {words.window(status.due_name)}: ")
        said.append(words.until(status.due), style=LATE if status.late else "")
    console().print(said)


def status_card(status: Status, words: Wording, names: Names = NOBODY, *, topic: str | None = None) -> None:
    """Everything about where it stands; `topic` is what it is about, where the records tell."""
    table = rich.table.Table.grid(padding=(0, 2))
    for label, value, style in _card(status, words, names):
        if value:
            table.add_row(rich.text.Text(label, style=QUIET, no_wrap=True), rich.text.Text(plain(value), style=style))
    console().print(rich.text.Text(status.number, style="bold"))
    if topic:
        console().print(rich.text.Text(plain(topic)))
    console().print(table)


def _card(status: Status, words: Wording, names: Names) -> Iterable[tuple[str, str | None, str]]:
    late = LATE if status.late else ""
    yield _("Stage"), words.stage(status.stage), ""
    yield _("End"), words.end(status.outcome) if status.outcome else None, ""
    yield _("Round"), str(status.round) if status.round > 1 else None, ""
    yield _("Owner"), owner(status, words, names), ""
    yield _("Department"), _named(status.department, names), ""
    yield _("Representative"), _named(status.representative, names), ""
    due = f"{words.window(status.due_name)}: {words.until(status.due)}" if status.due and status.due_name else None
    yield (_("Was due") if status.due_name in status.late_for else _("Next deadline")), due, late
    yield pgettext("came late", "Late"), _late(status, words), LATE
    missing = words.joined([words.missing(detail) for detail in status.missing])
    yield _("Missing"), missing or None if not status.outcome else None, ""
    yield _("The customer wrote"), _new(status, words), "yellow"
    promised = words.day(status.promised_for) if status.promised_for else None
    yield _("Promised date"), promised, ""
    yield _("Received"), words.at(status.received_at), ""
    acknowledged = words.at(status.acknowledged_at) if status.acknowledged_at else _("not yet")
    yield _("Acknowledged"), acknowledged, "" if status.acknowledged_at else "yellow"
    yield _("Last word"), words.at(status.last_word_at), ""
    yield _("Next word by"), words.at(status.next_word_at) if status.next_word_at else None, ""
    yield _("Call by"), words.at(status.call.due) if status.call else None, ""
    yield _("Resolution"), status.resolution, ""
    held = _("yes; it counts once it is resolved")
    yield _("Satisfied already"), held if status.satisfied_held else None, ""
    unconfirmed = _("yes: no answer to the reminders")
    yield _("Unconfirmed"), unconfirmed if status.unconfirmed else None, "yellow"
    yield _("Merged into"), status.merged_into, ""
    yield _("Closed"), words.at(status.closed_at) if status.closed_at else None, ""


def _late(status: Status, words: Wording) -> str | None:
    """What is late, and since when by what is the longest."""
    if not status.late_for:
        return None
    said = words.joined([words.window(name) for name in status.late_for])
    since = f"{_('since')} {words.at(status.late_since)}" if status.late_since else ""
    return ", ".join(one for one in (said, since) if one)


def _new(status: Status, words: Wording) -> str | None:
    """What waits for an answer, and what it seems to say."""
    if not status.unread or status.unread_since is None:
        return None
    said = words.ngettext("{n} new message", "{n} new messages", status.unread).format(n=status.unread)
    seems = {words.seems(one.seems.says) for one in status.messages if one.seems}
    return f"{said}, {words.at(status.unread_since)}" + "".join(f"; {one}" for one in sorted(seems))


def owner(status: Status, words: Wording, names: Names = NOBODY) -> str:
    """Who answers for it: the role, and the representative's name where it is theirs."""
    if status.owner == "representative" and status.representative:
        return names.get(status.representative, status.representative)
    return words.role(status.owner)


def _named(key: str | None, names: Names) -> str | None:
    return names.get(key, key) if key else None


def timeline(entries: Sequence[TimelineEntry], words: Wording, names: Names = NOBODY) -> None:
    """What happened, oldest first."""
    told = telling.Telling(words, names)
    table = rich.table.Table(box=None, pad_edge=False, header_style=QUIET)
    for heading in (_("When"), _("What"), _("Who"), _("Via")):
        table.add_column(heading, no_wrap=heading == _("When"))
    for entry in entries:
        style = LATE if entry.what.startswith("late/") else "yellow" if entry.what == "escalated" else ""
        at = entry.at.astimezone(words.zone).strftime("%Y-%m-%d %H:%M")
        what = rich.text.Text(f"{told.mark(entry.what)} {plain(told.line(entry.what, entry.data))}", style=style)
        table.add_row(at, what, plain(names.get(entry.by or "", words.who(entry.by or ""))), words.via(entry.via))
    console().print(table)


def explained(deadlines: Sequence[DeadlineExplained], words: Wording) -> None:
    """What is late and since when, what comes next, the rest a line each; then the calendar, once."""
    told = words_of.arranged(deadlines)
    for one in told.late:
        line(f"{_title(one.name, words)}: {_('late since')} {words.at(one.due)}", LATE)
        _from(one, words)
    if told.next:
        line(f"{_title(told.next.name, words)}: {words.until(told.next.due)}", "bold")
        _from(told.next, words)
    for one in told.rest:
        line(f"{_title(one.name, words)}: {words.until(one.due)}")
        _from(one, words)
    if told.calendar:
        console().print()
        line(_("The days that count and those that do not"), "bold")
        table = rich.table.Table.grid(padding=(0, 2))
        for day in told.calendar:
            why = _("business day") if day.count else _why(day.kind, day.name)
            table.add_row("  ", words.day(day.day), rich.text.Text(plain(why), style="" if day.count else QUIET))
        console().print(table)


def _from(one: DeadlineExplained, words: Wording) -> None:
    line(f"  {_budget(one, words)}, {_('from')} {words.at(one.start)}", QUIET)


def _title(name: str, words: Wording) -> str:
    """A warning is told from the deadline that it warns of; the legal clock's by their day."""
    kind, _slash, rest = name.partition("/")
    if kind == "warning":
        return f"{_('warning before the end')}: {words.window(rest)}"
    return f"{words.window(name)} ({_('day')} {rest})" if kind == "legal" else words.window(name)


def _budget(deadline: DeadlineExplained, words: Wording) -> str:
    """`5 días hábiles`, `24 horas`: the rules say it in English."""
    if deadline.days is not None:
        return words.business_days(deadline.days.business_days)
    return words_of.budget(deadline.budget, words.language)


def _why(kind: calendar.DayKind, name: str | None) -> str:
    reasons = {
        calendar.DayKind.WEEKEND: _("no work day"),
        calendar.DayKind.HOLIDAY: _("holiday"),
        calendar.DayKind.EXTRA_CLOSED: pgettext("a day", "closed"),
        calendar.DayKind.PAUSED: _("does not count: details are outstanding"),
    }
    said = reasons.get(kind, kind.value)
    return f"{said}: {name}" if name and kind is calendar.DayKind.HOLIDAY else said


# -- several complaints -----------------------------------------------------------------------------------------------


def complaints(records: Sequence[CaseRecord], words: Wording, names: Names = NOBODY) -> None:
    """A table of complaints; what is late stands out."""
    told = telling.Telling(words, names)
    narrow = console().width < ROOMY
    table = rich.table.Table(box=None, pad_edge=False, header_style=QUIET, padding=(0, 1, 0, 0) if narrow else (0, 1))
    headings = (
        _("Number"), _("Customer"), _("What it is about"), _("Stage"), _("Escalated to"),
        _("Department"), _("Owner"), _("Due"),
    )  # fmt: skip
    left_out = {4, 5} if narrow else set()
    """Columns without which a narrow terminal does: level and department."""
    for place, heading in enumerate(headings):
        # A narrow terminal wraps the words, never a number or a date.
        if place not in left_out:
            table.add_column(heading, no_wrap=place in (0, len(headings) - 1))
    for record in records:
        due = told.short(record.due) if record.due and not record.outcome else ""
        cells: tuple[rich.text.Text | str, ...] = (
            rich.text.Text(record.number, style=LATE if record.late else ""),
            plain(record.customer_name or record.email or record.phone or ""),
            plain(topics.about(record.subject, record.description)),
            words.end(record.outcome) if record.outcome else words.stage(record.stage),
            words.level(record.level) if record.level else "",
            plain(_named(record.department, names) or ""),
            plain(_named(record.representative, names) or words.role(record.owner or "care_team")),
            rich.text.Text(due, style=LATE if record.late else ""),
        )
        table.add_row(*(cell for place, cell in enumerate(cells) if place not in left_out))
    console().print(table)


def found(results: Sequence[Found], words: Wording, names: Names = NOBODY) -> None:
    """What was found as a table, and under it where those have it that were found by what somebody wrote."""
    complaints([one.record for one in results], words, names)
    told = telling.Telling(words, names)
    for one in results:
        if (snippet := one.snippet) is None:
            continue
        where = words.happened(snippet.what) if snippet.what else labels.label(snippet.place, words.language)
        when = f", {told.short(snippet.at)}" if snippet.at else ""
        line = rich.text.Text(f"{one.record.number}  ")
        line.append(f"{where}{when}: ", style=QUIET)
        for part in snippet.parts:
            line.append(plain(part.text), style="bold" if part.marked else "")
        console().print(line)


def left_out(found: Part[Any], *, page: int) -> None:
    """Says which of how many these are, and how to see the next; nothing where all are shown."""
    if not found and page > 1:
        print(_("There is no page {page}.").format(page=page), file=sys.stderr)
    if not found.is_cut:
        return
    counted = _("{first}–{last} of more than {last}") if found.more else _("{first}–{last} of {total}")
    said = counted.format(first=found.first, last=found.last, total=found.total)
    more = _("the next: --page {page}").format(page=page + 1)
    print(f"{said}; {more}" if found.has_more else said, file=sys.stderr)
