"""What the command line says about wrong words, in the language of LANGUAGE: by what kind of error it is.

Typer speaks English only, and brings its own copy of click; its version is pinned. Its sentences are not read: its
errors say what kind they are, of which option, and what pydantic found in the value.
"""

import sys
from typing import Any

from typer.exceptions import TyperException as TyperException

from cli.late import read_when_used
from complaints.words.catalogue import _, catalogue, spoken

with read_when_used():
    from cli import failing
    from cli.help_page import placeholder
    from complaints.words import refusals


def told(error: Any) -> int:
    """Says on standard error what is wrong with the words of a command, and where it is explained; the exit code."""
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message())
    else:
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "complaints"
        print(failing.for_a_terminal(sentence(error)), file=sys.stderr)
        print(_("See `{command} --help`.").format(command=command), file=sys.stderr)
    return int(error.exit_code)


def sentence(error: Any) -> str:
    """What is wrong, as this process speaks; what we do not know stays as Typer says it."""
    kind = type(error).__name__
    if kind == "MissingParameter" and error.param is not None:
        of_option = error.param.param_type_name == "option"
        hint = error.param.get_error_hint().strip("'")
        name = hint if of_option else placeholder(hint)
        return (_("The option {name} is missing.") if of_option else _("{name} is missing.")).format(name=name)
    if kind == "NoSuchOption":
        if error.possibilities:
            meant = ", ".join(sorted(error.possibilities))
            return _("There is no option {name}. Did you mean {meant}?").format(name=error.option_name, meant=meant)
        return _("There is no option {name}.").format(name=error.option_name)
    if kind == "BadOptionUsage":
        return _misused(error)
    if kind == "BadParameter":
        return _of_a_value(error)
    return str(error.format_message())


def _misused(error: Any) -> str:
    """An option without its value, or one with a value that takes none."""
    options = error.ctx.command.get_params(error.ctx)
    switch = any(error.option_name in (*one.opts, *one.secondary_opts) and one.is_flag for one in options)
    said = _("The option {name} takes no value.") if switch else _("The option {name} needs a value.")
    return said.format(name=error.option_name)


def _of_a_value(error: Any) -> str:
    hint = error.param_hint or (error.param.get_error_hint() if error.param is not None else "")
    name = (hint if isinstance(hint, str) else " / ".join(hint)).strip("'")
    name = name if name.startswith("-") else placeholder(name)
    return f"{name}: {_reason(error)}" if name else _reason(error)


def _reason(error: Any) -> str:
    kind = error.param.type_descriptor if error.param is not None else None
    details = getattr(error.__cause__, "errors", None)  # pydantic's, by its type and numbers
    if not details:
        refused = kind is not None and kind.is_path  # Typer looked at the file; else the sentence is ours
        return _("this file or folder cannot be used.") if refused else str(error.message)
    problem = details()[0]
    if problem["type"] in refusals.INVALID:
        said = catalogue(spoken()).gettext(refusals.INVALID[problem["type"]])
        return said.format(**problem.get("ctx", {})) + "."
    if kind is not None and kind.choices:
        known = ", ".join(str(getattr(one, "value", one)) for one in kind.choices)
        return _("“{value}” is none of these: {known}.").format(value=problem["input"], known=known)
    return _("“{value}” is of no use here.").format(value=problem["input"])
