"""Commands whose files are read when they are called: until then a name and one line of help are all that is known."""

import copy
from collections import UserDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import typer
from typer.core import TyperCommand, TyperGroup

from cli.late import read

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
    commands: Mapping[str, Command]

    @property
    def lists(self) -> bool:
        """Whether it lists where none of its commands is named: `complaints letters` is `letters list`."""
        return DEFAULT in self.commands


Table: TypeAlias = Mapping[str, Command | Group]


class Commands(UserDict[str, Any]):
    """The commands of a group by their names; each is made of its function, options and all, when it is looked up."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)

    def __getitem__(self, name: str) -> Any:
        found = self.data[name]
        if isinstance(found, Command):
            found = self.data[name] = _made(name, found)
        elif isinstance(found, Group):
            found = self.data[name] = group(name, found)
        return found

    def lines(self) -> dict[str, TyperCommand]:
        """Names and lines only, for help: no file is read for it."""
        return {name: TyperCommand(name, help=found.help) for name, found in self.data.items()}


class LateGroup(TyperGroup):
    """A group whose commands are read when they are called."""

    commands: Commands

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of the table."""
        return list(self.commands)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Prints the help with the table's lines."""
        TyperGroup.format_help(self._in_lines(), ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """What the shell may offer here, with the table's lines."""
        ctx.command = self._in_lines()
        return super().shell_complete(ctx, incomplete)

    def _in_lines(self) -> "LateGroup":
        told = copy.copy(self)
        told.commands = self.commands.lines()  # type: ignore[assignment]
        return told


class ListingGroup(LateGroup):
    """A group that lists where no command of its own is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """`NUMBER --json` is `list NUMBER --json`; the group's own help stays the group's."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)


def group(name: str, known: Group) -> LateGroup:
    """The group as Typer runs it."""
    made = (ListingGroup if known.lists else LateGroup)(name=name, help=known.help, no_args_is_help=not known.lists)
    made.commands = Commands(known.commands)
    return made


def _made(name: str, known: Command) -> Any:
    """The command as Typer makes it of its function."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    found = read(f"cli.commands.{known.at}")
    app.command(name, help=known.help)(found if known.act is None else found(known.act))
    return typer.main.get_command(app)
