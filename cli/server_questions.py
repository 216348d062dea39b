"""What `complaints init` asks about servers: each answer read as the program will read it, then tried."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

import typer

from cli import interview, show
from cli.commands.base import email_meant
from complaints.settings import Settings, SettingsError
from complaints.words.catalogue import N_, _, say
from local.host.tried import TRIALS
from local.host.wishes import Servers, lacks_password, shown, with_password
from starter.errors import Refused

S = TypeVar("S", bound=Servers)

QUESTIONS = {
    "smtp": N_("Who takes our letters (smtp://user:password@host:587; not shown)?"),
    "imap": N_("Which mailbox (imaps://user:password@host/INBOX, or -; not shown)?"),
    "public_url": N_("Where do browsers reach the desk (https://…, or -)?"),
}

OPTIONS = {"smtp": "--smtp", "imap": "--imap", "public_url": "--public-url"}

SECRET = frozenset({"smtp", "imap"})
"""Answers that hold a password."""


@dataclass(frozen=True)
class ServerQuestions:
    """The questions, some of which were answered by options."""

    given: Mapping[str, str | None]

    def asked(self, before: Servers | None = None) -> dict[str, Any]:
        """The answers. `before`: what Enter keeps."""
        return {name: self._one(name, self.given[name], before) or None for name in QUESTIONS}

    def tried(
        self,
        servers: S,
        letter_to: str,
        try_one: Callable[[str, S, str], Awaitable[str | None]],
        tell: Callable[[str], None],
    ) -> S:
        """Each server tried, and what works is told. Where somebody can be asked, an answer that does not work is asked
        for again, and the others stay; else Refused or SettingsError."""
        for name in TRIALS:
            while True:
                try:
                    works = asyncio.run(_awaited(try_one(name, servers, letter_to)))
                except (Refused, SettingsError) as error:
                    if self.given[name] is not None or not interview.can_ask():
                        raise
                    interview.tell(error)
                    anew: dict[str, Any] = {name: self._one(name, None, servers) or None}
                    servers = replace(servers, **anew)
                else:
                    break
            if works:
                tell(works)
        return servers

    def _one(self, name: str, given: str | None, before: Servers | None) -> str:
        """Its URL, whole; empty for none."""
        kept = None if before is None else getattr(before, name) or ""
        secret = name in SECRET
        url: str = interview.answer(
            given,
            OPTIONS[name],
            say(QUESTIONS[name]),
            lambda words: _read(name, words),
            hidden=secret,
            kept=kept,
            shown=_shown(name, kept) if kept else "-",
        )
        if secret and url != kept and interview.can_ask():
            url = _with_its_password(name, url)
            if given is None and url:
                show.line(f"  {_shown(name, url)}", show.QUIET)
        return url


def letter_to(given: str | None) -> str | None:
    """Who gets the test letter; None: no server is tried."""
    said = interview.answer(
        given,
        "--test-letter",
        _("Who gets a test letter (an address, or -)?"),
        lambda words: "" if words == "-" else email_meant(words, "--test-letter"),
    )
    return said or None


def _read(name: str, words: str) -> str:
    """The URL if the program can read it, empty for none. Raises SettingsError, or BadParameter where one is needed."""
    url = "" if words == "-" else words
    if not url and name == "smtp":
        raise typer.BadParameter(_("is empty."), param_hint=OPTIONS[name])
    _settings(name, url)
    return url


def _settings(name: str, url: str) -> Settings:
    return Settings.from_env({name.upper() if name == "public_url" else f"{name.upper()}_URL": url})


def _shown(name: str, url: str) -> str:
    """As others may see it."""
    return shown(getattr(_settings(name, url), name)) if name in SECRET else url


def _with_its_password(name: str, url: str) -> str:
    """Asked for where the URL names a user alone; so it need not be spelled as a URL wants it."""
    if not lacks_password(url):
        return url
    question = _("Which password has {user} (Enter if none; not shown)?").format(user=urlsplit(url).netloc)
    password = interview.prompt(question, hidden=True, may_be_empty=True)
    return with_password(url, password) if password else url


async def _awaited(works: Awaitable[str | None]) -> str | None:
    return await works
