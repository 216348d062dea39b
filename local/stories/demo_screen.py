"""What `complaints demo` shows: the days as they pass, an event a line, the letters in short, what remains of it."""

from collections import Counter
from datetime import date
from pathlib import Path
from textwrap import wrap

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from complaints.records.ledger import LetterRow
from complaints.rules.letters import CUSTOMER
from complaints.rules.policy import Rules
from complaints.rules.received import ComplaintReceived
from complaints.words.catalogue import Language, Speaker
from local.stories.played import Played
from local.stories.playing import Happening
from local.stories.telling import Telling
from starter.stack_addresses import Addresses
from starter.started_as import as_started, ours

WIDEST = 100
"""Columns: longer lines are hard to read."""

SHOWN = frozenset({"acknowledgement", "resolution", "closing", "escalated-to-you", "escalation"})
"""Letters of which one sees the beginning; of updates, those that say something new."""

LINES = 6
"""Of a letter, at most."""


class Screen(Speaker):
    """Tells the story on a console; everything can be read without colours too."""

    def __init__(self, console: Console, telling: Telling, *, rules: Rules) -> None:
        self.console, self.telling, self.rules = console, telling, rules
        self.day: date | None = None
        self.something_new = True
        """The next update to the customer says more than the one before."""

    @property
    def language(self) -> Language:
        """In which it is told."""
        return self.telling.language

    @property
    def width(self) -> int:
        """Columns that are used."""
        return min(self.console.width, WIDEST)

    # -- before ------------------------------------------------------------------------------------------------------

    def header(self, title: str, says: str) -> None:
        """What is going to happen."""
        self._print()
        self._print(Rule(Text(title, style="bold"), characters="═"))
        self._print(Text(says))
        self._print()
        self._print(
            Text(
                self.gettext(
                    "All of it is real: a Temporal server, a Postgres database and a mail server on this "
                    "machine, in a temporary folder. Only time is skipped: three weeks pass in seconds."
                ),
                style="dim",
            )
        )
        self._print()

    def aside(self, words: str) -> None:
        """Something about the stage, not of the story."""
        self._print(Text(words, style="dim"))

    def complaint(self, received: ComplaintReceived, raw_subject: str) -> None:
        """The customer's own words."""
        body = Text("\n".join(beginning(received.problem.description, LINES, width=self.width - 15)))
        sender = f"{received.customer.name} <{received.customer.email}>"
        panel = self._panel(
            body, title=raw_subject, subtitle=self.gettext("from {sender}").format(sender=sender), style="bold"
        )
        self._print(Padding(panel, (0, 0, 0, 10)))

    # -- the story ---------------------------------------------------------------------------------------------------

    def happened(self, happening: Happening, letter: LetterRow | None) -> None:
        """One thing that happened, and the beginning of the letter if it is one worth seeing."""
        self._day(happening)
        style = self.telling.style(happening.what)
        told = self.telling.line(happening.what, happening.data, by=happening.by)
        line = Table.grid(padding=(0, 1), expand=True)
        line.add_column(width=7, justify="right", no_wrap=True)
        line.add_column(width=1, no_wrap=True)
        line.add_column(ratio=1)
        head = (
            Text(self.telling.hour(happening.at), style="dim"),
            Text(self.telling.mark(happening.what), style=style),
        )
        if letter is not None and self._is_worth_seeing(letter):
            line.add_row(*head, self._letter(letter))
        else:
            line.add_row(*head, Text(told, style=style))
        if quote := self.telling.quote(happening.data):
            line.add_row("", "", Text(quote, style="italic"))
        self._print(line)
        if happening.what in ("late/promise", "noted", "date-promised"):
            self.something_new = True

    def _day(self, happening: Happening) -> None:
        """A heading for each new day; whoever counts business days wants to know which it is not."""
        day = self.telling.wording.day_of(happening.at)
        if day == self.day:
            return
        self.day = day
        heading = Text(self.telling.day(happening.at), style="bold underline")
        if reason := self.rules.closed_days.get(day):
            heading = Text.assemble(heading, (f"  {reason}", "dim"))
        elif not self.rules.calendar.is_business_day(day):
            heading = Text.assemble(heading, (self.gettext("  weekend"), "dim"))
        self._print()
        self._print(heading)

    def _is_worth_seeing(self, letter: LetterRow) -> bool:
        if letter.kind != "update":
            return letter.kind in SHOWN
        new, self.something_new = self.something_new, False
        return new

    def _letter(self, letter: LetterRow) -> Panel:
        to = self.telling.recipient(letter.recipient)
        return self._panel(
            Text("\n").join(
                Text(line, style="bold" if line.isupper() else "")
                for line in beginning(letter.text, LINES, width=self.width - 15)
            ),
            title=letter.subject,
            subtitle=self.gettext("to: {to}").format(to=to),
            style="cyan",
        )

    # -- after -------------------------------------------------------------------------------------------------------

    def summary(self, story: Played, letters: list[LetterRow], *, seconds: float, events: int) -> None:
        """What was late, who was told, and what evidence there is."""
        self._print()
        self._print(Rule(Text(self.gettext("What remains of it"), style="bold"), characters="═"))
        late = [self.telling.wording.window(entry.what) for entry in story.timeline if entry.what.startswith("late/")]
        raised = [
            self.telling.wording.role(str(entry.data.get("to", "")))
            for entry in story.timeline
            if entry.what == "escalated"
        ]
        sent = Counter(letter.recipient for letter in letters if letter.state.value == "sent")
        staff = sum(sent.values()) - sent[CUSTOMER]
        days = (self.telling.wording.day_of(story.until) - self.telling.wording.day_of(story.received_at)).days
        table = Table.grid(padding=(0, 2))
        table.add_column(style="bold", no_wrap=True)
        table.add_column()
        end = self.telling.wording.end(story.outcome or "")
        table.add_row(self.gettext("End"), self.gettext("{end}, after {days} days").format(end=end, days=days))
        table.add_row(self.pgettext("what came late", "Late"), ", ".join(late) or "-")
        table.add_row(self.gettext("Escalated to"), ", ".join(raised) or "-")
        table.add_row(
            self.gettext("Letters"),
            self.gettext("{sent} to her, {staff} to staff").format(sent=sent[CUSTOMER], staff=staff),
        )
        table.add_row(self.gettext("Told"), self._told(sent))
        for score in (entry.data["score"] for entry in story.timeline if entry.what == "survey-answered"):
            table.add_row(self.gettext("Survey"), self.gettext("{score} of 5").format(score=score))
        table.add_row(
            self.gettext("Evidence"),
            self.gettext(
                "Postgres: {rows} rows of the journal, {n} of the letters' ledger, 1 original mail. "
                "Temporal: {events} events."
            ).format(rows=story.rows, n=len(letters), events=events),
        )
        table.add_row(
            self.gettext("It took"),
            self.gettext("{seconds:.1f} seconds, start included").format(seconds=seconds),
        )
        self._print(Padding(table, (1, 0, 1, 1)))

    def _told(self, sent: Counter[str]) -> str:
        counted = (f"{self.telling.recipient(who)} ({times})" for who, times in sent.most_common() if who != CUSTOMER)
        return ", ".join(counted)

    def next_commands(self) -> None:
        """Three things to try."""
        self._print(Text(self.gettext("And now"), style="bold"))
        commands = Table.grid(padding=(0, 2))
        for command, meaning in (
            (
                "complaints demo --keep",
                self.gettext("the same, kept up to look at"),
            ),
            (
                "complaints simulate silent-staff",
                self.gettext("another story; --list names them all"),
            ),
            ("complaints up", self.gettext("the real thing, in this folder")),
        ):
            commands.add_row(Text(f"  {as_started(command)}", style="bold cyan"), meaning)
        self._print(commands)
        self._print()

    def kept(self, addresses: Addresses, home: Path, number: str) -> None:
        """Where to look. Addresses and commands stay in one piece, to be copied."""
        self._print(Text(self.gettext("It stays up"), style="bold"))
        workflow = f"/namespaces/{addresses.namespace}/workflows/{number}"
        for name, place in (
            (self.gettext("Desk"), addresses.desk or ""),
            ("", f"{ours()} staff add yo --name Yo --role manager --home {home}"),
            ("Temporal", f"{addresses.temporal_ui}{workflow}"),
            (self.gettext("Mail"), addresses.mailbox or ""),
            (self.gettext("Complaint"), f"{ours()} timeline {number} --home {home}"),
            ("", f"{ours()} list --all --home {home}"),
        ):
            self.console.print(Text.assemble((f"  {name:<11}", "bold"), place), soft_wrap=True)
        self._print()
        self._print(Text(self.gettext("Ctrl-C stops it and removes everything.")))

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _panel(self, body: Text, *, title: str, subtitle: str, style: str) -> Panel:
        return Panel(
            body, title=escape(title), subtitle=escape(subtitle), title_align="left", subtitle_align="right",
            border_style=style, padding=(0, 1),
        )  # fmt: skip

    def _print(self, *what: object) -> None:
        self.console.print(*what, width=self.width)


def beginning(text: str, most: int, *, width: int) -> list[str]:
    """The first lines of a letter's body, at most so many of that width: without its heading and the greeting."""
    lines = text.splitlines()
    ruled = next((at for at, line in enumerate(lines) if line and set(line) == {"="}), -1)
    blocks = [block.splitlines() for block in "\n".join(lines[ruled + 1 :]).strip().split("\n\n") if block.strip()]
    if len(blocks) > 1 and len(blocks[0]) == 1 and blocks[0][0].endswith((":", ",")):
        blocks = blocks[1:]
    flowed = [line for block in blocks for line in _flowed(block)]
    shown = [row for line in flowed for row in wrap(line, width, subsequent_indent="  " if line[:1] in "->" else "")]
    if len(shown) <= most:
        return shown
    shown = shown[:most]
    while shown and shown[-1].isupper():  # a heading without what stands below it
        shown.pop()
    return [*shown, "…"]


def _flowed(block: list[str]) -> list[str]:
    """A paragraph on one line; what is indented, quoted or listed keeps its lines."""
    lines: list[str] = []
    for line in block:
        own = line[:1] in " ->" or not lines or lines[-1][:1] in "->"
        continues = line.startswith("    ") and lines and lines[-1].startswith("- ")
        if own and not continues:
            lines.append(line.strip())
        else:
            lines[-1] += " " + line.strip()
    return lines
