"""What is known of commands before their files are read: names, lines of help, where their functions are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

DEFAULT = "list"


@dataclass(frozen=True)
class Command:
    """A command, as far as it is known before its file is read."""

    at: str
    """Where its function is: `looking:status` is `status` in `cli/commands/looking.py`."""
    help: str
    act: str | None = None
    """Of an act of staff (starter/acts.py): which; then `at` is where its function is made."""


@dataclass(frozen=True)
class Group:
    """A command with commands of its own."""

    help: str
    commands: "Table"
    sections: Mapping[str, "Table"] = field(default_factory=dict)
    """The same commands under headings, where there are too many for one list."""

    @property
    def lists(self) -> bool:
        """Whether it lists where none of its commands is named: `complaints letters` is `letters list`."""
        return DEFAULT in self.commands and not self.sections


Table: TypeAlias = Mapping[str, Command | Group]
