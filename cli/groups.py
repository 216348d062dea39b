"""Typer's commands and groups made from the table: each is loaded when it is called, and its help is our own page."""

import copy
from collections import UserDict
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from cli.help_page import of_command, of_group
from cli.known import DEFAULT, Command, Group, Table
from cli.late import read, read_when_used
from complaints.words.catalogue import _

with read_when_used():
    import difflib


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
        """Names and lines only, for the shell's completion: no file is read for it."""
        return {name: TyperCommand(name, help=found.help) for name, found in self.data.items()}


class _Located:
    """What Typer finds wrong while it reads the words of a command knows which command's they were."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As Typer does it; an error about an option's value is told with the command's name, which Typer leaves
        out."""
        try:
            rest: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]
        except TyperException as error:
            error.ctx = getattr(error, "ctx", None) or ctx  # type: ignore[attr-defined]
            raise
        return rest


class LateGroup(_Located, TyperGroup):
    """A group whose commands are read when they are called."""

    commands: Commands
    known: Group

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of the table."""
        return list(self.commands)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help of what the table knows."""
        formatter.write(of_group(ctx.command_path, self.known))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is meant, by its name; a word that begins as an option does is told by Typer."""
        if not ctx.resilient_parsing and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            ctx.fail(_no_command(args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """What the shell may offer here, with the table's lines."""
        told = copy.copy(self)
        told.commands = self.commands.lines()  # type: ignore[assignment]
        ctx.command = told
        return super().shell_complete(ctx, incomplete)


class ListingGroup(LateGroup):
    """A group that lists where no command of its own is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """`NUMBER --json` is `list NUMBER --json`; the group's own help stays the group's."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)


class LateCommand(_Located, TyperCommand):
    """A command whose help is our page."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As Typer does it; but what is too much is told in words of ours."""
        ctx.allow_extra_args = True
        rest: list[str] = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            ctx.fail(_("Too much: {words}.").format(words=" ".join(rest)))
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Its line, how it is used, its arguments and options."""
        formatter.write(of_command(ctx.command_path, self.help or "", self.get_params(ctx), ctx))


def _no_command(name: str, known: Sequence[str]) -> str:
    if near := difflib.get_close_matches(name, known):
        return _("There is no command “{name}”. Did you mean {meant}?").format(name=name, meant=", ".join(sorted(near)))
    return _("There is no command “{name}”.").format(name=name)


def group(name: str, known: Group) -> LateGroup:
    """The group as Typer runs it."""
    made = (ListingGroup if known.lists else LateGroup)(name=name, help=known.help, no_args_is_help=not known.lists)
    made.known, made.commands = known, Commands(known.commands)
    return made


def _made(name: str, known: Command) -> Any:
    """The command as Typer makes it of its function."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    found = read(f"cli.commands.{known.at}")
    app.command(name, cls=LateCommand, help=known.help)(found if known.act is None else found(known.act))
    return typer.main.get_command(app)
