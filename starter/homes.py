"""Which folder a command works in: the home that it was given, or the nearest one above where it was called."""

import os
from collections.abc import Mapping
from pathlib import Path

DEFAULT_HOME = ".complaints"
"""The home's own name, where nobody chose another."""


def home_folder(asked: Path | None = None, environ: Mapping[str, str] = os.environ, *, at: Path | None = None) -> Path:
    """The home: `asked` for, else COMPLAINTS_HOME, else the `.complaints` in `at` (the current folder) or above it.

    Where there is none yet it is the one that would be made, in `at`.
    """
    if asked or environ.get("COMPLAINTS_HOME"):
        return asked or Path(environ["COMPLAINTS_HOME"])
    here = (at or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        if (folder / DEFAULT_HOME).is_dir():
            # As a relative path where it is right here: that is how people know it.
            return Path(DEFAULT_HOME) if folder == here and at is None else folder / DEFAULT_HOME
    return Path(DEFAULT_HOME)
