"""A host that serves for real: asked for its answers once."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cli import show
from cli.commands.base import account_meant, email_meant
from cli.commands.options import AsJson, Home
from cli.late import read_when_used
from complaints.words.catalogue import N_, _, spoken

with read_when_used():
    from cli import interview, server_questions
    from complaints import passwords
    from complaints.rules import text as texts
    from local.host import beginning, changing
    from local.host import wishes as asking
    from local.stack import voice
    from starter import errors, homes, host_settings, stack_addresses

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
    folder = homes.home_folder(home)
    questions = server_questions.ServerQuestions({"smtp": smtp, "imap": imap, "public_url": public_url})
    tell = show.line if not as_json else lambda line: None
    try:
        if host_settings.is_real(folder):
            first = {"--school": school, "--intake": intake, "--admin": admin, "--admin-name": admin_name}
            _refuse_all_but_servers(folder, [option for option, value in first.items() if value is not None])
            changed = _changed(folder, questions, test_letter, tell)
            _tell_changed(changed, folder, home, as_json=as_json)
            return
        beginning.check_place(folder)
        wishes = asking.Wishes(
            school=interview.answer(school, "--school", _("What is the school called?"), _line("--school")),
            intake=interview.answer(
                intake,
                "--intake",
                _("Where do customers complain (an email address)?"),
                lambda words: email_meant(words, "--intake"),
            ),
            **questions.asked(),
            language=spoken(),
            admin=interview.answer(
                admin, "--admin", _("Who signs in first (a short name)?"), lambda words: account_meant(words, "--admin")
            ),
            admin_name=interview.answer(admin_name, "--admin-name", _("What are they called?"), _line("--admin-name")),
        )
        if letter_to := server_questions.letter_to(test_letter):
            wishes = questions.tried(wishes, letter_to, beginning.try_one, tell)
        password = passwords.generated()
        asyncio.run(beginning.begin(wishes, folder, password=password, tell=tell, say=voice.to_stderr))
    except (KeyboardInterrupt, typer.Abort):
        show.line(_("Stopped: nothing was written."))
        raise typer.Exit(130) from None
    _tell(wishes, folder, password, home, as_json=as_json)


def _refuse_all_but_servers(folder: Path, options: list[str]) -> None:
    if options:
        raise errors.Refused(
            N_(
                "{home} has its settings, and `complaints init` changes its servers only: not {options}. Names and "
                "people are changed on the desk (Ajustes) or in contacts.toml, all else in settings.toml; further "
                "accounts are made by `complaints staff add`.",
                home=folder,
                options=", ".join(options),
            )
        )


def _changed(
    folder: Path, questions: server_questions.ServerQuestions, test_letter: str | None, tell: Callable[[str], None]
) -> bool:
    """The second time: what was said stays unless it is said anew. Whether anything was changed."""
    asks = interview.can_ask()
    if not asks and not any(questions.given.values()):
        beginning.check_place(folder)  # nothing is said and nobody can be asked: as for whoever would begin it anew
    if asks:
        tell(_("{home} has its settings. Enter keeps what stands in brackets.").format(home=folder))
    before = changing.servers_of(folder)
    servers = asking.Servers(**questions.asked(before), language=before.language)
    if servers == before:
        return False
    letter_to = server_questions.letter_to(test_letter) if asks or test_letter is not None else None
    if letter_to:
        servers = questions.tried(servers, letter_to, partial(changing.try_one, folder), tell)
    changing.change(folder, servers)
    return True


def _tell_changed(changed: bool, folder: Path, home: Path | None, *, as_json: bool) -> None:
    if as_json:
        show.json_of({"home": str(folder), "changed": changed})
    elif not changed:
        show.line(_("Nothing was changed."))
    elif stack_addresses.find_stack(folder) is not None:
        show.line(_("It is written. What runs keeps the old until it is started again."), "bold")
    else:
        show.line(_("Now: complaints up{there}").format(there=f" --home {home}" if home else ""), "bold")


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


def _line(option: str) -> Callable[[str], str]:
    """Reads an answer of one line, which may not be empty."""

    def read(words: str) -> str:
        line = texts.one_line(words).strip()
        if not line:
            raise typer.BadParameter(_("is empty."), param_hint=option)
        return line

    return read
