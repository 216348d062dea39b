"""The page that `--help` shows: what a command is for, how it is written, and a line for each word that may follow.

Drawn here and not by Typer, whose pages speak English only, and whose printer takes longer to load than all the rest.
"""

import os
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cli.known import Group
from complaints.words.catalogue import N_, Message, _, say

WIDEST = 100
"""Columns beyond which lines are no longer easy to read."""

NARROWEST = 40
BESIDE = 32
"""A longer word has a line of its own, its explanation below."""

HEADING, NAME, VALUE, PLAIN = "\033[1m", "\033[36m", "\033[2m", "\033[0m"


class Line(NamedTuple):
    """What may be written, and what it does."""

    name: str
    does: str
    value: str = ""
    """What stands after an option: `DIR`, `es|en`."""


ROOT_OPTIONS = (
    ("--version", N_("Show the version.")),
    ("--install-completion", N_("Install completion for this shell.")),
    ("--show-completion", N_("Show completion for this shell, to copy it.")),
)
"""Of `complaints` itself: the first is ours, the others Typer's."""

HELP = ("--help", N_("Show this help."))


def of_group(path: str, known: Group) -> str:
    """The page of a group of commands, at the path by which it was called."""
    usage = " ".join((path, _("[OPTIONS]"), _("COMMAND …")))
    sections = known.sections or {_("Commands"): known.commands}
    blocks = [
        (heading, [Line(name, one.help) for name, one in commands.items()]) for heading, commands in sections.items()
    ]
    options = [Line(name, say(does)) for name, does in (*(ROOT_OPTIONS if known.sections else ()), HELP)]
    more = _("`{command} --help` explains a command.").format(command=f"{path} {_('COMMAND')}")
    if known.sections:  # all of them: of so long a page a newcomer sees the end
        more = f"{more} {_('To begin: `complaints demo`, then `complaints up`.')}"
    return page(known.help, usage, [*blocks, (_("Options"), options)], more)


def of_command(path: str, does: str, parameters: Sequence[Any], context: Any) -> str:
    """The page of a command, of Typer's parameters."""
    shown = [one for one in parameters if not one.hidden]
    arguments = [one for one in shown if one.param_type_name == "argument"]
    options = [one for one in shown if one.param_type_name == "option"]
    usage = " ".join((path, _("[OPTIONS]"), *(_in_usage(one) for one in arguments)))
    blocks = [
        (_("Arguments"), [Line(placeholder(one.display_name_raw), _explained(one, context)) for one in arguments]),
        (_("Options"), [Line(_spelled(one), _explained(one, context), _value(one, context)) for one in options]),
    ]
    return page(does, usage, [(heading, lines) for heading, lines in blocks if lines])


def _in_usage(argument: Any) -> str:
    name = placeholder(str(argument.display_name_raw))
    if not argument.required and not name.startswith("["):
        name = f"[{name}]"
    return f"{name}…" if argument.nargs != 1 else name


def _spelled(option: Any) -> str:
    both = " / ".join(", ".join(names) for names in (option.opts, option.secondary_opts) if names)
    return str(both)


def _value(option: Any, context: Any) -> str:
    """What is written after it; nothing after a switch."""
    if option.is_flag or option.count:
        return ""
    shown = option.metavar or str(option.display_type(context)).strip("<>")
    return placeholder(_TYPES.get(shown, shown))


_TYPES = {
    "str": "TEXT",
    "list[str]": "TEXT",
    "int": "N",
    "int range": "N",
    "float": "N",
    "path": "FILE",
    "file": "FILE",
    "directory": "DIR",
}
"""Python's names of types, as a reader of the help would say."""


def placeholder(text: str) -> str:
    """`NUMBER`, `FILE.eml`, `DAYS/WEEKS` in the reader's language; what is typed as it stands is left alone."""
    return re.sub(r"[A-Z]{2,}", lambda word: say(PLACEHOLDERS.get(word[0], word[0])), text)


PLACEHOLDERS: dict[str, Message] = {
    "ACCOUNT": N_("ACCOUNT"), "ACTION": N_("ACTION"), "ADDRESS": N_("ADDRESS"), "DATE": N_("DATE"), "DAY": N_("DAY"),
    "DAYS": N_("DAYS"), "DEADLINE": N_("DEADLINE"), "DEPARTMENT": N_("DEPARTMENT"), "DIR": N_("DIR"),
    "EMAIL": N_("EMAIL"), "FILE": N_("FILE"), "INSTANT": N_("INSTANT"), "INTO": N_("INTO"), "ITEM": N_("ITEM"),
    "KEY": N_("KEY"), "MONTH": N_("MONTH"), "MONTHS": N_("MONTHS"), "NAME": N_("NAME"), "NUMBER": N_("NUMBER"),
    "PATH": N_("PATH"), "PERSON": N_("PERSON"), "PORT": N_("PORT"), "ROLE": N_("ROLE"), "SCOPE": N_("SCOPE"),
    "SPAN": N_("SPAN"), "TEXT": N_("TEXT"), "TIME": N_("TIME"), "WEEKS": N_("WEEKS"), "WHO": N_("WHO"),
}  # fmt: skip
"""What stands for what is typed, by its English word in the commands."""


def _explained(parameter: Any, context: Any) -> str:
    """Its help, and what else is to be known of it."""
    said = say(_TYPERS_OWN.get(parameter.help, parameter.help or ""))
    notes = []
    if parameter.required and parameter.param_type_name == "option":  # of an argument the usage tells it
        notes.append(_("required"))
    if parameter.show_envvar and parameter.envvar:
        notes.append(_("or the variable {name}").format(name=parameter.envvar))
    default = parameter.get_default(context, call=False)
    if default not in (None, False, "", (), []) and parameter.show_default:
        notes.append(_("else: {value}").format(value=getattr(default, "value", default)))
    return f"{said} [{'; '.join(notes)}]" if notes else str(said)


_TYPERS_OWN = {"Show this message and exit.": HELP[1]}


# -- drawing ----------------------------------------------------------------------------------------------------------


def page(does: str, usage: str, blocks: Sequence[tuple[str, Sequence[Line]]], more: str = "") -> str:
    """The whole page, for the terminal that standard output is; without colours where it is none."""
    width = columns()
    used = textwrap.fill(f"{_('Usage:')} {usage}", width, subsequent_indent="  ", break_on_hyphens=False)
    parts = [_filled(does, width), used.replace(_("Usage:"), _strong(_("Usage:")), 1)]
    parts += [f"{_strong(heading)}\n" + "\n".join(_drawn(lines, width)) for heading, lines in blocks]
    text = "\n\n".join([*parts, *([_filled(more, width)] if more else [])])
    return (text if colours() else re.sub(r"\033\[\d+m", "", text)) + "\n"


def columns() -> int:
    """How wide the page may be."""
    said = os.environ.get("COLUMNS", "")
    try:
        wide = int(said) if said.isdecimal() else os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
    except (AttributeError, OSError, ValueError):
        wide = 80
    return max(NARROWEST, min(wide or 80, WIDEST))


def colours() -> bool:
    """Whether whoever reads wants them (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _drawn(lines: Sequence[Line], width: int) -> Iterator[str]:
    names = [f"{line.name} {line.value}".strip() for line in lines]
    # In a narrow terminal each explanation stands below its name.
    column = max((len(name) for name in names if len(name) <= min(BESIDE, width // 2)), default=0)
    for line, name in zip(lines, names, strict=True):
        coloured = f"{NAME}{line.name}{PLAIN}" + (f" {VALUE}{line.value}{PLAIN}" if line.value else "")
        first, *rest = textwrap.wrap(line.does, width - column - 4, break_on_hyphens=False) or [""]
        if len(name) > column:
            yield f"  {coloured}"
            rest = [first, *rest]
        else:
            yield f"  {coloured}{' ' * (column - len(name))}  {first}".rstrip()
        yield from (" " * (column + 4) + more for more in rest)


def _filled(text: str, width: int) -> str:
    return textwrap.fill(text, width, break_on_hyphens=False)


def _strong(text: str) -> str:
    return f"{HEADING}{text}{PLAIN}"
