"""The demo as a terminal shows it, for the README: `uv run python -m docs.recording` writes docs/img/demo.svg.

It runs `complaints demo` in a terminal of its own and keeps every line with the moment at which it appeared. The
picture plays them in their order and pace, without the waits; where nothing may move it shows the end.
"""

import fcntl
import os
import pty
import re
import struct
import termios
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template
from typing import NamedTuple

from rich.color import Color
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

PICTURE = Path(__file__).parent / "img" / "demo.svg"
COMMAND = "pip install uv && uv run complaints demo"

COLUMNS, ROWS = 100, 34
CELL, LINE, SIZE = 8.4, 18, 14
"""Pixels: width of a character, height of a line, of the font."""
MARGIN, BAR = 16, 34

LONGEST_WAIT = 0.6
"""Seconds: what took longer (a server that starts) is not looked at again and again."""
SHORTEST_WAIT = 0.09
"""A line needs a moment to be seen."""
STANDS = 8.0
"""Seconds for which the end is shown before it begins again."""

FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


UP = "\x1b[1A"
"""Goes up a line, to write over it: that one was a spinner."""


_PICTURE = Template("""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 $width $height" width="$width" height="$height" role="img">
<title>complaints demo in a terminal: a complaint from its mail to its closing</title>
<style>
text { font: $font; fill: $foreground; white-space: pre; visibility: hidden; animation: show 0s forwards }
text.p { visibility: visible; animation: none }
.d { fill: #8f8f8f }
#all { transform: translateY($end); animation: scroll $long step-end forwards }
@keyframes show { to { visibility: visible } }
@keyframes scroll { $steps }
@media (prefers-reduced-motion: reduce) { text { visibility: visible; animation: none } #all { animation: none } }
</style>
<rect width="$width" height="$height" rx="8" fill="#1d1f21"/>
<circle cx="20" cy="17" r="6" fill="#ff5f57"/>
<circle cx="40" cy="17" r="6" fill="#febc2e"/>
<circle cx="60" cy="17" r="6" fill="#28c840"/>
<svg x="$margin" y="$bar" width="$inside" height="$below" viewBox="0 0 $inside $below">
<g id="all">
$rows
</g>
</svg>
</svg>
""")


class Line(NamedTuple):
    """A line, and when it was whole: seconds from the start."""

    at: float
    text: Text


def recorded() -> Iterator[Line]:
    """The lines of one run."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ |= {"LANGUAGE": "en", "TERM": "xterm-256color"}
        os.environ["UV_NO_SYNC"] = "1"
        os.execvp("uv", ["uv", "run", "complaints", "demo"])  # noqa: S606 - as the reader will
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    began, rest = time.monotonic(), ""
    held: Line | None = None
    while said := _read(terminal):
        *whole, rest = (rest + said).split("\n")
        for line in whole:
            if held is not None and UP not in line:
                yield held
            held = Line(time.monotonic() - began, Text.from_ansi(_as_left(line)))
    if held is not None:
        yield held
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit("The demo failed: run it by hand.")


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:  # Linux says so when the child has ended
        return ""


def _as_left(line: str) -> str:
    """What is left of a line that was written over: a spinner leaves nothing."""
    last = re.split(r"\r|\x1b\[\d*[AK]", line.removesuffix("\r"))[-1]
    return re.sub(r"\x1b\[[?\d;]*[^m\d;?]", "", last)


def paced(lines: list[Line]) -> list[float]:
    """When each line appears in the picture: seconds."""
    at, before, times = 1.2, 0.0, []
    for line in lines:
        at += min(max(line.at - before, SHORTEST_WAIT), LONGEST_WAIT)
        before = line.at
        times.append(at)
    return times


def drawn(lines: list[Line]) -> str:
    """The picture."""
    times = paced(lines)
    long = times[-1] + STANDS
    width, height = round(COLUMNS * CELL + 2 * MARGIN), BAR + ROWS * LINE + MARGIN
    over = max(0, len(lines) + 1 - ROWS)
    steps = ["0% { transform: translateY(0) }"]
    for place in range(1, over + 1):  # the line that would fall out below pushes the first one out above
        percent = 100 * times[ROWS - 2 + place] / long
        steps.append(f"{percent:.3f}% {{ transform: translateY({-place * LINE}px) }}")
    steps.append(f"100% {{ transform: translateY({-over * LINE}px) }}")
    rows = [f'<text class="p" y="{LINE}"><tspan class="d">$ </tspan>{escape(COMMAND)}</text>']
    rows += [
        f'<text y="{(place + 2) * LINE}" style="animation-delay:{times[place]:.2f}s">{_spans(line.text)}</text>'
        for place, line in enumerate(lines)
        if line.text.plain.strip()
    ]
    foreground = _hex(DIMMED_MONOKAI.foreground_color)
    return _PICTURE.substitute(
        width=width, height=height, margin=MARGIN, bar=BAR, inside=width - 2 * MARGIN, below=ROWS * LINE,
        font=f"{SIZE}px {FONT}", foreground=foreground, end=f"{-over * LINE}px", long=f"{long:.2f}s",
        steps=" ".join(steps), rows="\n".join(rows),
    )  # fmt: skip


def _spans(text: Text) -> str:
    """A line as SVG: each run of one style, at its column."""
    parts, column = [], 0
    for run, style in _runs(text):
        if run.strip():
            parts.append(
                f'<tspan x="{column * CELL:.1f}" textLength="{len(run) * CELL:.1f}"{_look(style)}>{escape(run)}</tspan>'
            )
        column += len(run)
    return "".join(parts)


def _runs(text: Text) -> Iterator[tuple[str, Style]]:
    start, plain = 0, text.plain.rstrip()
    styles = [Style.combine([Style(), *_styles_at(text, place)]) for place in range(len(plain))]
    for place in range(1, len(plain) + 1):
        if place == len(plain) or styles[place] != styles[start]:
            yield plain[start:place], styles[start]
            start = place


def _styles_at(text: Text, place: int) -> list[Style]:
    return [span.style for span in text.spans if span.start <= place < span.end and isinstance(span.style, Style)]


def _look(style: Style) -> str:
    look = f' fill="{_hex(_triplet(style.color))}"' if style.color else ""
    look += ' font-weight="bold"' if style.bold else ""
    look += ' font-style="italic"' if style.italic else ""
    return look + (' opacity="0.65"' if style.dim else "")


def _triplet(color: Color) -> tuple[int, int, int]:
    return color.get_truecolor(DIMMED_MONOKAI)


def _hex(color: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def main() -> None:
    """Runs the demo and writes the picture."""
    PICTURE.write_text(drawn(list(recorded())), encoding="utf-8")
    print(PICTURE.name)


if __name__ == "__main__":
    main()
