"""Commands with commands of their own, of which the first may be left out: `complaints letters` is `letters list`."""

from typing import Any

from typer.core import TyperGroup

DEFAULT = "list"


class ListByDefault(TyperGroup):
    """A group that lists where no command of its own is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """`NUMBER --json` is `list NUMBER --json`; the group's own help stays the group's."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)
