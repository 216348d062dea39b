"""What the command line says about wrong words, in the language of LANGUAGE.

Typer speaks English only and brings its own copy of click; its version is pinned, and tests hold what is read here.
"""

import re
import sys
from typing import Any

from typer.exceptions import TyperException as TyperException

from complaints.words.catalogue import N_, Message, _, say, spoken

_SAID = (
    (r"No such command '(?P<name>.+?)'\.(?: Did you mean (?P<meant>.+)\?)?", N_("There is no command “{name}”.")),
    (r"Missing command\.", N_("A command is missing.")),
    (r"Missing argument '(?P<name>.+?)'\.", N_("{name} is missing.")),
    (r"Missing option '(?P<name>.+?)'\.(?: (?P<more>.+))?", N_("The option {name} is missing.")),
    (r"Missing parameter: (?P<name>.+)", N_("{name} is missing.")),
    (
        r"No such option: (?P<name>\S+) \(Possible options: (?P<meant>.+)\)",
        N_("There is no option {name}. Did you mean {meant}?"),
    ),
    (r"No such option: (?P<name>\S+)", N_("There is no option {name}.")),
    (r"Option '(?P<name>.+?)' requires an argument\.", N_("The option {name} needs a value.")),
    (r"Option '(?P<name>.+?)' requires (?P<n>\d+) arguments\.", N_("The option {name} needs {n} values.")),
    (r"Option '(?P<name>.+?)' does not take a value\.", N_("The option {name} takes no value.")),
    (r"Got unexpected extra argument(?:s|\(s\))? \((?P<words>.+)\)", N_("Too much: {words}.")),
    (r"Invalid value: (?P<said>.+)", "{said}"),
    (r"Could not open file '(?P<name>.+?)': .+", N_("The file {name} could not be opened.")),
)
_OF_A_VALUE = (
    (r"(?:Value error, )?'(?P<value>.*)' is not one of (?P<known>.+?)\.?", N_("“{value}” is none of these: {known}.")),
    (r"Input should be greater than or equal to (?P<limit>\S+)", N_("must be {limit} or more.")),
    (r"Input should be less than or equal to (?P<limit>\S+)", N_("must be {limit} or less.")),
    (r"Input should be greater than (?P<limit>\S+)", N_("must be more than {limit}.")),
    (r"Input should be less than (?P<limit>\S+)", N_("must be less than {limit}.")),
    (r"Input should be a valid integer.*", N_("must be a whole number.")),
    (r"Input should be a valid number.*", N_("must be a number.")),
    (r"Input should be a valid boolean.*", N_("must be yes or no.")),
    (r"Value '?(?P<value>.+?)'? is not a valid (?:\S+)\.", N_("“{value}” is of no use here.")),
    (r"(?:File|Path|Directory) '(?P<name>.+?)' does not exist\.", N_("there is no {name}.")),
    (r"(?:File|Path|Directory) '(?P<name>.+?)' is a directory\.", N_("{name} is a folder.")),
    (r"(?:File|Path|Directory) '(?P<name>.+?)' is a file\.", N_("{name} is a file.")),
    (r"(?:File|Path|Directory) '(?P<name>.+?)' is not (?:readable|writable)\.", N_("{name} cannot be used.")),
    (r"'(?P<name>.+?)': No such file or directory", N_("there is no {name}.")),
)
"""What Typer says and how we say it: its errors carry nothing but their English."""


def told(error: Any) -> int:
    """Says on standard error what is wrong with the words of a command, and where it is explained; the exit code."""
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message())
    else:
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "complaints"
        print(sentence(error.format_message()), file=sys.stderr)
        print(_("See `{command} --help`.").format(command=command), file=sys.stderr)
    return int(error.exit_code)


def sentence(message: str) -> str:
    """Typer's message as this process speaks; what we do not know stays as it is."""
    if spoken() == "en":
        return message.replace("Value error, ", "")
    if found := re.fullmatch(r"Invalid value for '?(.+?)'?: (.+)", message, re.DOTALL):
        return f"{found[1]}: {_said(found[2], _OF_A_VALUE)}"
    return _said(message, _SAID)


def _said(message: str, table: tuple[tuple[str, Message | str], ...]) -> str:
    for pattern, ours in table:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return say(ours).format(**found.groupdict())
    return message
