"""A story that was played, as tables on a terminal."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from complaints.contacts import load_contacts
from complaints.words.catalogue import Language
from complaints.words.wording import Wording
from local.stories.played import Entry, Played
from local.stories.scenario import Scenario
from local.stories.telling import Telling


def show_story(story: Played, *, console: Console, language: Language) -> None:
    """When everything happened and was due, then where it ended."""
    start = story.received_at.astimezone(ZoneInfo(story.timezone)).date()
    telling = Telling(Wording(language=language, timezone=story.timezone, today=start), load_contacts().names(language))
    console.print(Text.assemble((story.title, "bold"), f" · {story.number}"))
    console.print(Text(story.says, style="dim"))
    console.print(_timeline(story, telling))
    console.print(_end(story, telling))
    if story.deadlines:
        console.print(_deadlines(story, telling))


def _timeline(story: Played, telling: Telling) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column(telling.gettext("When"), no_wrap=True)
    table.add_column(telling.gettext("What happened"), ratio=1)
    table.add_column(telling.pgettext("past", "Due"), no_wrap=True)
    table.add_column(telling.pgettext("by how much", "Late"), no_wrap=True, justify="right")
    before = ""
    for entry in story.timeline:
        when = telling.short(entry.at)
        day, hour = when[:10], when[10:]
        table.add_row(
            Text((" " * len(day) if day == before else day) + hour),
            _what(entry, telling),
            Text(telling.short(entry.due) if _says_due(entry) and entry.due else ""),
            Text(telling.span(entry.late_by), style="bold red") if entry.late_by else "",
        )
        before = day
    return table


def _what(entry: Entry, telling: Telling) -> Text:
    style = telling.style(entry.what)
    said = telling.line(entry.what, entry.data, by=entry.by)
    return Text(f"{telling.mark(entry.what)} {said}", style=style)


def _says_due(entry: Entry) -> bool:
    """A letter's date is worth saying where it was not kept; a clock that struck says it by its own time."""
    if entry.what.startswith("letter-"):
        return entry.late_by is not None
    return entry.due != entry.at or entry.what.startswith("late/")


def _end(story: Played, telling: Telling) -> Text:
    wording = telling.wording
    end = wording.end(story.outcome) if story.outcome else wording.stage(story.stage)
    parts = [
        telling.gettext("On {day}: {end}").format(day=wording.day(story.until), end=end),
        wording.level(story.level),
        telling.gettext("round {round}").format(round=story.round),
        telling.gettext("{letters} letters").format(letters=story.letters),
        telling.gettext("{rows} rows in the journal").format(rows=story.rows),
    ]
    return Text(" · ".join(parts), style="bold red" if story.late else "bold")


def _deadlines(story: Played, telling: Telling) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(telling.gettext("Still to do"))
    table.add_column(telling.gettext("Due"), no_wrap=True)
    table.add_column(telling.pgettext("by how much", "Late"), no_wrap=True, justify="right")
    for deadline in story.deadlines:
        late = story.until - deadline.due if deadline.late_by_hours is not None else None
        table.add_row(
            Text(telling.wording.window(deadline.name)),
            Text(telling.short(deadline.due)),
            Text(telling.span(late), style="bold red") if late else "",
        )
    return table


def show_list(stories: Mapping[str, Scenario], *, console: Console, language: Language) -> None:
    """The stories that come with the program."""
    for name, story in stories.items():
        console.print(Text.assemble((name, "bold cyan"), f"  {story.title.in_(language)}"))
        console.print(Text(f"  {story.says.in_(language)}", style="dim"))
        console.print()
