"""What the command line says about its own use, in the language of LANGUAGE: wrong words, and the frame of `--help`.

Typer speaks English only and brings its own copy of click; its version is pinned, and tests hold what is read here.
"""

import re
import sys
from collections.abc import Sequence
from typing import Any

from starter.language import say, spoken

_IN_SPANISH = (
    (r"No such command '(.+?)'\.(?: Did you mean (.+)\?)?", r"No existe la orden «\1»."),
    (r"Missing command\.", "Falta decir qué orden."),
    (r"Missing argument '(.+?)'\.", r"Falta \1."),
    (r"Missing option '(.+?)'\.(?: (.+))?", r"Falta la opción \1."),
    (r"Missing parameter: (.+)", r"Falta \1."),
    (r"No such option: (\S+) \(Possible options: (.+)\)", r"No existe la opción \1. ¿Quiso decir \2?"),
    (r"No such option: (\S+)", r"No existe la opción \1."),
    (r"Option '(.+?)' requires an argument\.", r"La opción \1 necesita un valor."),
    (r"Option '(.+?)' requires (\d+) arguments\.", r"La opción \1 necesita \2 valores."),
    (r"Option '(.+?)' does not take a value\.", r"La opción \1 no lleva valor."),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)", r"Sobra: \1."),
    (r"Invalid value: (.+)", r"\1"),
    (r"Could not open file '(.+?)': .+", r"No se pudo abrir el archivo \1."),
)
_VALUES_IN_SPANISH = (
    (r"(?:Value error, )?'(.*)' is not one of (.+?)\.?", r"«\1» no es ninguno de estos: \2."),
    (r"Input should be greater than or equal to (\S+)", r"debe ser \1 o más."),
    (r"Input should be less than or equal to (\S+)", r"debe ser \1 o menos."),
    (r"Input should be greater than (\S+)", r"debe ser más que \1."),
    (r"Input should be less than (\S+)", r"debe ser menos que \1."),
    (r"Input should be a valid integer.*", "debe ser un número entero."),
    (r"Input should be a valid number.*", "debe ser un número."),
    (r"Input should be a valid boolean.*", "debe ser yes o no."),
    (r"Value '?(.+?)'? is not a valid (?:\S+)\.", r"«\1» no sirve aquí."),
    (r"(?:File|Path|Directory) '(.+?)' does not exist\.", r"no existe \1."),
    (r"(?:File|Path|Directory) '(.+?)' is a directory\.", r"\1 es una carpeta."),
    (r"(?:File|Path|Directory) '(.+?)' is a file\.", r"\1 es un archivo."),
    (r"(?:File|Path|Directory) '(.+?)' is not (?:readable|writable)\.", r"no se puede usar \1."),
    (r"'(.+?)': No such file or directory", r"no existe \1."),
)
_FRAME = {
    "ARGUMENTS_PANEL_TITLE": "Argumentos",
    "OPTIONS_PANEL_TITLE": "Opciones",
    "COMMANDS_PANEL_TITLE": "Órdenes",
    "REQUIRED_LONG_STRING": "[obligatorio]",
    "DEFAULT_STRING": "[si no se dice: {}]",
    "ENVVAR_STRING": "[variable: {}]",
}
_SENTENCES = {
    "Show this message and exit.": "Muestra esta ayuda.",
    "Install completion for the current shell.": "Instala el autocompletado en esta terminal.",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "Muestra el autocompletado de esta terminal, para copiarlo."
    ),
}
_METAVARS = {"Usage: ": "Uso: ", "[OPTIONS]": "[OPCIONES]", "COMMAND [ARGS]...": "ORDEN …"}


def told(error: Any) -> int:
    """Says on standard error what is wrong with the words of a command, and where it is explained; the exit code."""
    if type(error).__name__ != "NoArgsIsHelpError":  # then the help is there already
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "complaints"
        print(sentence(error.format_message()), file=sys.stderr)
        print(say(f"Vea `{command} --help`.", f"See `{command} --help`."), file=sys.stderr)
    return int(error.exit_code)


def sentence(message: str) -> str:
    """Typer's message as this process speaks; what we do not know stays as it is."""
    if spoken() == "en":
        return message.replace("Value error, ", "")
    if found := re.fullmatch(r"Invalid value for '?(.+?)'?: (.+)", message, re.DOTALL):
        return f"{found[1]}: {_translated(found[2], _VALUES_IN_SPANISH)}"
    return _translated(message, _IN_SPANISH)


def _translated(message: str, table: tuple[tuple[str, str], ...]) -> str:
    for pattern, spanish in table:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return found.expand(spanish)
    return message


def frame_help(arguments: Sequence[str]) -> None:
    """The frame around our help in Spanish, where help may be shown: it is not loaded for anything else."""
    if spoken() == "en" or not (len(arguments) <= 1 or "--help" in arguments):
        return
    from typer import core, rich_utils

    for name, spanish in _FRAME.items():
        setattr(rich_utils, name, spanish)
    for kind in (core.TyperCommand, core.TyperGroup):
        if not hasattr(kind, "in_spanish"):
            _speak_spanish(kind)


def _speak_spanish(kind: Any) -> None:
    parameters, usage = kind.get_params, kind.get_usage

    def get_params(self: Any, ctx: Any) -> list[Any]:
        found: list[Any] = parameters(self, ctx)
        for one in found:
            if isinstance(getattr(one, "help", None), str) and spoken() == "es":
                one.help = _SENTENCES.get(one.help, one.help)
        return found

    def get_usage(self: Any, ctx: Any) -> str:
        line: str = usage(self, ctx)
        if spoken() == "es":
            for english, spanish in _METAVARS.items():
                line = line.replace(english, spanish)
        return line

    kind.get_params, kind.get_usage, kind.in_spanish = get_params, get_usage, True
