"""Progress messages: lines that stay, and transient lines, each of which replaces the last."""

import shutil
import sys
import time
from collections.abc import Callable
from typing import TypeAlias

Say: TypeAlias = Callable[[str], None]
"""Told, a line at a time, what takes time or needs to be known."""

NOW_AND_THEN = 30.0
"""Seconds between two lines for the moment where no line can be taken back."""


class Passing(str):
    """A line for the moment: how far something has come."""

    def __new__(cls, line: str, *, part: str = "", share: float | None = None) -> "Passing":
        """`part` of the work that it speaks of, and the `share` of that part that is done, from 0 to 1, if known."""
        made = super().__new__(cls, line)
        made.part, made.share = part, share
        return made

    part: str
    share: float | None


class Voice:
    """Says lines; where a line can be rewritten it rewrites those for the moment, else it says one now and then."""

    def __init__(
        self,
        keep: Callable[[str], None],
        rewrite: Callable[[str], None] | None,
        *,
        every: float = NOW_AND_THEN,
    ) -> None:
        """`keep` says a line that stays; `rewrite` one in the place of the last, None where that cannot be."""
        self._keep, self._rewrite, self._every = keep, rewrite, every
        self._part, self._said_at = "", -every

    def __call__(self, line: str) -> None:
        """Says it. A part of the work that begins is always said."""
        if not isinstance(line, Passing):
            self._keep(line)
            return
        if self._rewrite is not None:
            self._rewrite(line)
            return
        now = time.monotonic()
        if line.part != self._part or now - self._said_at >= self._every:
            self._part, self._said_at = line.part, now
            self._keep(line)


def to_stderr(line: str) -> None:
    """How we speak unless told otherwise: standard output is for results."""
    moves = sys.stderr.isatty()
    if isinstance(line, Passing) and moves:
        width = shutil.get_terminal_size().columns
        print(f"\r\x1b[K{line[: width - 1]}", end="", file=sys.stderr, flush=True)
    elif isinstance(line, Passing):
        _ELSEWHERE(line)
    else:
        print(f"\r\x1b[K{line}" if moves else line, file=sys.stderr, flush=True)


_ELSEWHERE = Voice(lambda line: print(line, file=sys.stderr, flush=True), None)
"""Where standard error is a file or a pipe; it remembers when it spoke last."""
