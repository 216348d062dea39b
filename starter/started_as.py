"""What somebody types before a command of ours here: as this program was started, so that what we name can be copied.

`complaints` where it stands on PATH; `uv run complaints` in a checkout, `uvx --from … complaints` from a wheel.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

NAME = "complaints"

_NAMED = re.compile(rf"(?:(?<=`)|(?<=: )|^( *)){NAME}(?= [a-z])", re.MULTILINE)
"""A command of ours in a sentence: in backticks, after a colon, or at the beginning of a line."""


def as_started(text: str) -> str:
    """The text, with our commands as they can be typed here."""
    return _NAMED.sub(lambda found: (found[1] or "") + ours(), text) if NAME in text else text


@cache
def ours() -> str:
    """How our commands are called where this process was started."""
    return called(sys.argv[0], _parent() if os.environ.get("UV") else (), os.environ)


def called(argument: str, parent: Sequence[str], environ: Mapping[str, str]) -> str:
    """The same, by the facts.

    Args:
        argument: our own first argument: the script that runs.
        parent: the command line of whoever started us; uv stays there as long as we run.
        environ: for PATH.
    """
    if parent and Path(parent[0]).name in ("uv", "uvx") and NAME in parent:
        words = [Path(parent[0]).name, *parent[1 : list(parent).index(NAME)], NAME]
        if words[:3] == ["uv", "tool", "uvx"]:  # what `uvx` becomes; nobody types it
            words[:3] = ["uvx"]
        return shlex.join(words)
    script = Path(argument)
    on_path = shutil.which(NAME, path=environ.get("PATH"))
    if script.name != NAME or (on_path and Path(on_path).absolute() == script.absolute()):
        return NAME  # a module that somebody runs, or the one that a shell finds
    return shlex.quote(argument)


def _parent() -> list[str]:
    """The words of the process that started us; none where nobody says."""
    try:
        return Path(f"/proc/{os.getppid()}/cmdline").read_text(encoding="utf-8").rstrip("\0").split("\0")
    except (OSError, UnicodeDecodeError):
        pass
    asked = ["ps", "-o", "args=", "-p", str(os.getppid())]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return said.stdout.split()
