"""Questions at a terminal: each answer is read at once, and asked for again until it will do."""

import sys
from collections.abc import Callable
from typing import TypeVar

import typer

from cli import failing
from complaints.settings import SettingsError
from complaints.words.catalogue import _
from starter.errors import Refused

T = TypeVar("T")

WRONG = (typer.BadParameter, SettingsError, Refused)
"""What an answer may be told, in a sentence."""


def can_ask() -> bool:
    """Whether somebody sits there."""
    return sys.stdin.isatty()


def answer(
    given: str | None,
    option: str,
    question: str,
    read: Callable[[str], T],
    *,
    hidden: bool = False,
    kept: T | None = None,
    shown: str = "",
) -> T:
    """What was given, or what somebody answers, as `read` makes it of the words.

    Args:
        given: as the option said it; a wrong one ends the command.
        option: by its name.
        question: what is asked where nothing was given.
        read: raises one of `WRONG` for what will not do.
        hidden: whether nobody may see it on the screen.
        kept: what Enter keeps; None: there is nothing to keep.
        shown: `kept`, as others may see it.

    Raises:
        BadParameter: nothing was given, and nobody can be asked; or one of `WRONG`.
    """
    if given is not None:
        return read(given.strip())
    if not can_ask():
        if kept is not None:
            return kept
        raise typer.BadParameter(_("is needed where nobody can be asked."), param_hint=option)
    if kept is not None:
        question = f"{question} [{shown}]"
    while True:
        words = prompt(question, hidden=hidden, may_be_empty=kept is not None)
        if not words and kept is not None:
            return kept
        try:
            return read(words)
        except WRONG as error:
            tell(error)


def prompt(question: str, *, hidden: bool, may_be_empty: bool) -> str:
    """One question; an answer that is empty is asked for again unless it may be."""
    default = "" if may_be_empty else None
    return str(
        typer.prompt(question, default=default, show_default=False, hide_input=hidden, prompt_suffix=" ")
    ).strip()


def tell(error: Exception) -> None:
    """Why it will not do."""
    sentence = error.message if isinstance(error, typer.BadParameter) else str(error)
    print(failing.for_a_terminal(sentence), file=sys.stderr)
