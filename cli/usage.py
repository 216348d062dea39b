"""What the command line says about wrong words, in the language of LANGUAGE: by what kind of error it is.

Typer speaks English only, and brings its own copy of click; its version is pinned. Where an error of its carries
nothing but its English (a choice, a file), that is read: `_OF_A_VALUE`; tests hold it.
"""

import re
import sys
from typing import Any

from typer.exceptions import TyperException as TyperException

from cli.late import read_when_used
from complaints.words.catalogue import N_, _, catalogue, say, spoken

with read_when_used():
    from complaints.words import refusals

_OF_A_VALUE = (
    (r"(?:Value error, )?'(?P<value>.*)' is not one of (?P<known>.+?)\.?", N_("“{value}” is none of these: {known}.")),
    (r"Value '?(?P<value>.+?)'? is not a valid (?:\S+)\.", N_("“{value}” is of no use here.")),
    (r"(?:File|Path|Directory) '(?P<name>.+?)' is not (?:readable|writable)\.", N_("{name} cannot be used.")),
    (r"'(?P<name>.+?)': No such file or directory", N_("there is no {name}.")),
)
"""What Typer says of a value and how we say it, where there is nothing but its English."""


def told(error: Any) -> int:
    """Says on standard error what is wrong with the words of a command, and where it is explained; the exit code."""
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message())
    else:
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "complaints"
        print(sentence(error), file=sys.stderr)
        print(_("See `{command} --help`.").format(command=command), file=sys.stderr)
    return int(error.exit_code)


def sentence(error: Any) -> str:
    """What is wrong, as this process speaks; what we do not know stays as Typer says it."""
    kind = type(error).__name__
    if kind == "MissingParameter" and error.param is not None:
        name = error.param.get_error_hint().strip("'")
        of_option = error.param.param_type_name == "option"
        return (_("The option {name} is missing.") if of_option else _("{name} is missing.")).format(name=name)
    if kind == "NoSuchOption":
        if error.possibilities:
            meant = ", ".join(sorted(error.possibilities))
            return _("There is no option {name}. Did you mean {meant}?").format(name=error.option_name, meant=meant)
        return _("There is no option {name}.").format(name=error.option_name)
    if kind == "BadOptionUsage":
        return _misused(error)
    if kind == "FileError":
        return _("The file {name} could not be opened.").format(name=error.ui_filename)
    if kind == "BadParameter":
        return _of_a_value(error)
    return str(error.format_message())


def _misused(error: Any) -> str:
    """An option without its value, or one with a value that takes none; the error does not bring its option."""
    if error.message.endswith("does not take a value."):
        return _("The option {name} takes no value.").format(name=error.option_name)
    return _("The option {name} needs a value.").format(name=error.option_name)


def _of_a_value(error: Any) -> str:
    hint = error.param_hint or (error.param.get_error_hint() if error.param is not None else "")
    name = (hint if isinstance(hint, str) else " / ".join(hint)).strip("'")
    return f"{name}: {_reason(error)}" if name else _reason(error)


def _reason(error: Any) -> str:
    details = getattr(error.__cause__, "errors", None)  # pydantic's, by its type and numbers
    if details and (problem := details()[0])["type"] in refusals.INVALID:
        said = catalogue(spoken()).gettext(refusals.INVALID[problem["type"]])
        return said.format(**problem.get("ctx", {})) + "."
    for pattern, ours in _OF_A_VALUE:
        if found := re.fullmatch(pattern, error.message, re.DOTALL):
            return say(ours).format(**found.groupdict())
    return str(error.message).removeprefix("Value error, ")
