"""A host that serves for real: asked for its answers once."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli import show
from cli.commands.base import account_meant, email_meant
from cli.commands.options import AsJson, Home
from cli.late import read_when_used
from complaints.words.catalogue import _, spoken

with read_when_used():
    from complaints import passwords
    from complaints.rules import text as texts
    from local.host import beginning
    from local.host import wishes as asking
    from local.stack import voice
    from starter import homes

if TYPE_CHECKING:
    from pathlib import Path


def init(
    school: Annotated[str | None, typer.Option(metavar="NAME", help=_("The school's name."))] = None,
    intake: Annotated[
        str | None, typer.Option(metavar="EMAIL", help=_("Where customers complain; letters come from it."))
    ] = None,
    smtp: Annotated[
        str | None, typer.Option(metavar="URL", help=_("Who takes our letters: smtp://user:password@host:587."))
    ] = None,
    imap: Annotated[
        str | None,
        typer.Option(metavar="URL", help=_("The mailbox: imaps://user:password@host/INBOX; '-' for none.")),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help=_("Where browsers reach the desk, https://…; '-' for this machine only.")),
    ] = None,
    admin: Annotated[
        str | None, typer.Option(metavar="ACCOUNT", help=_("What the first person types to sign in."))
    ] = None,
    admin_name: Annotated[str | None, typer.Option(metavar="NAME", help=_("Their name."))] = None,
    test_letter: Annotated[
        str | None, typer.Option(metavar="EMAIL", help=_("Who gets the test letter; '-' tries no server."))
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    intake = email_meant(_asked(intake, "--intake", _("Where do customers complain (an email address)?")), "--intake")
    wishes = asking.Wishes(
        school=_line(_asked(school, "--school", _("What is the school called?")), "--school"),
        intake=intake,
        smtp=_asked(smtp, "--smtp", _("Who takes our letters (smtp://user:password@host:587)?"), hidden=True),
        imap=_or_none(
            _asked(imap, "--imap", _("Which mailbox (imaps://user:password@host/INBOX, or -)?"), hidden=True)
        ),
        public_url=_or_none(
            _asked(public_url, "--public-url", _("Where do browsers reach the desk (https://…, or -)?"))
        ),
        language=spoken(),
        admin=account_meant(_asked(admin, "--admin", _("Who signs in first (a short name)?")), "--admin"),
        admin_name=_line(_asked(admin_name, "--admin-name", _("What are they called?")), "--admin-name"),
    )
    letter_to = _or_none(_asked(test_letter, "--test-letter", _("Who gets a test letter (an address, or -)?")))
    folder, password = homes.home_folder(home), passwords.generated()
    tell = show.line if not as_json else lambda line: None
    asyncio.run(
        beginning.begin(
            wishes,
            folder,
            letter_to=email_meant(letter_to, "--test-letter") if letter_to else None,
            password=password,
            tell=tell,
            say=voice.to_stderr,
        )
    )
    _tell(wishes, folder, password, home, as_json=as_json)


def _tell(wishes: asking.Wishes, folder: Path, password: str, home: Path | None, *, as_json: bool) -> None:
    if as_json:
        show.json_of({"home": str(folder), "account": wishes.admin, "password": password})
        return
    show.line(
        _("{folder}/settings.toml holds what you said; who is who stands in contacts.toml.").format(folder=folder)
    )
    show.line(_("{account}: password for the first time: {password}").format(account=wishes.admin, password=password))
    show.line(_("Shown only now; changed at sign-in."), show.QUIET)
    show.line(_("Now: complaints up{there}").format(there=f" --home {home}" if home else ""), "bold")


def _asked(given: str | None, option: str, question: str, *, hidden: bool = False) -> str:
    """What was given, or what somebody at a terminal answers."""
    if given is not None:
        return given.strip()
    if not sys.stdin.isatty():
        raise typer.BadParameter(_("is needed where nobody can be asked."), param_hint=option)
    answer: str = typer.prompt(question, hide_input=hidden)
    return answer.strip()


def _or_none(answer: str) -> str | None:
    return None if answer in ("", "-") else answer


def _line(text: str, option: str) -> str:
    line = texts.one_line(text).strip()
    if not line:
        raise typer.BadParameter(_("is empty."), param_hint=option)
    return line
