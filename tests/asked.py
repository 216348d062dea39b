"""A command at a real terminal (a pseudo-terminal of the system): what it asks, what somebody types, what is seen."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.waiting import PATIENCE

CTRL_C = "\x03"

OPENS_IT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.open(os.ttyname(0), os.O_RDWR)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
"""The first terminal that a session opens is the one whose Ctrl-C reaches it (termios(4)); and whoever runs these tests
in the background of a shell hands on that Ctrl-C means nothing, which no terminal does."""


@dataclass
class Asked:
    """The terminal of one command."""

    process: "subprocess.Popen[bytes]"
    descriptor: int
    seen: str = ""
    """All that stood on the screen."""
    _read: int = field(default=0)

    def asks(self, question: str) -> None:
        """Waits until that stands there, after whatever was waited for before."""
        until = time.monotonic() + PATIENCE
        while (found := self.seen.find(question, self._read)) < 0:
            assert time.monotonic() < until, self.seen
            assert self._more(), self.seen
        self._read = found + len(question)

    def answers(self, question: str, words: str) -> None:
        """The question, and what is typed then. The blank is there when nothing that is hidden is echoed any more."""
        self.asks(f"{question} ")
        self.types(f"{words}\n")

    def types(self, keys: str) -> None:
        os.write(self.descriptor, keys.encode())

    def ends(self) -> int:
        """Its exit code."""
        while self._more():
            pass
        return self.process.wait(PATIENCE)

    def _more(self) -> bool:
        if not select.select([self.descriptor], [], [], PATIENCE)[0]:
            raise AssertionError(f"nothing more is said: {self.seen}")
        try:
            more = os.read(self.descriptor, 4096)
        except OSError:  # Linux says so when the other side is gone
            return False
        self.seen += more.decode(errors="replace").replace("\r\n", "\n")
        return bool(more)


@contextmanager
def at_a_terminal(*words: str, env: Mapping[str, str]) -> Iterator[Asked]:
    """`complaints WORDS` at a terminal of its own, wide enough that no line is broken."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("COMPLAINTS_", "TEMPORAL_"))}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", OPENS_IT, "-m", "cli.main", *words],
        env={**known, "COLUMNS": "400", "NO_COLOR": "1", "TERM": "dumb", **env},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Asked(process, ours)
    finally:
        os.close(ours)  # hangs up: whatever still runs there ends
        process.wait(PATIENCE)
