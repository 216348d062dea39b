"""Which servers a command works with: the stack that runs in a home folder, or those that the environment names."""

import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from complaints.contacts import Contacts, ContactsError
from complaints.contacts_file import ContactsFile
from complaints.policy_file import load_policy
from complaints.records.store import Store
from complaints.rules.policy import Policy
from complaints.settings import Settings
from complaints.words.catalogue import N_, _, spoken
from complaints.words.wording import Wording
from starter import host_settings
from starter.errors import Refused
from starter.home_keys import KEYS_VARIABLE, ring_of_home
from starter.homes import home_folder
from starter.stack_addresses import Addresses, find_stack, is_locked, last_addresses, process_lives
from starter.stack_links import page_environment

_CLUSTER = ("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "DATABASE_URL", "DATABASE_URL_FILE")
"""Each of these names servers of its own."""


@dataclass(frozen=True)
class Place:
    """Where a command's complaints are."""

    home: Path
    settings: Settings
    stack: Addresses | None
    """The stack that runs in the home, if the command works with it; else the environment's servers."""

    @property
    def time_skipping(self) -> bool:
        """Whether its complaints' time can be skipped: then only their own clocks tell the time."""
        return self.stack.time_skipping if self.stack is not None else self.settings.simulation

    @property
    def policy(self) -> Policy:
        """The school's policy. Raises PolicyError."""
        return load_policy(self.settings.policy_file)

    @property
    def wording(self) -> Wording:
        """Words for whoever sits at this terminal."""
        return Wording(language=spoken(), timezone=self.policy.calendar.timezone)

    @property
    def contacts(self) -> Contacts:
        """The school's people and departments, as they are now. Raises ContactsError."""
        return ContactsFile(self.settings.contacts_file).now()

    @property
    def names(self) -> dict[str, str]:
        """What departments and representatives are called. A file that cannot be read takes nobody's answer away."""
        with suppress(ContactsError):
            return self.contacts.names(spoken())
        return {}

    @property
    def owner_dsn(self) -> str:
        """The database as the role that owns its tables. Raises SettingsError where none is named."""
        owner = self.stack.database_owner if self.stack else None
        return owner or self.settings.database_dsn

    @asynccontextmanager
    async def store(self, *, connections: int = 4) -> AsyncIterator[Store]:
        """Its records. Raises SettingsError where none are named."""
        store = await Store.connect(self.settings.database_dsn, max_size=connections)
        try:
            yield store
        finally:
            await store.close()


def place_of(home: Path | None, environ: Mapping[str, str] = os.environ) -> Place:
    """The stack in `home` (else as `home_folder` says) if one runs there, else the environment's servers.

    Where both are there, a line on standard error says which it is: the home wins. Raises Refused if there is neither.
    """
    folder = home_folder(home, environ)
    stack = find_stack(folder) or _starting(folder, environ)
    named = [name for name in _CLUSTER if environ.get(name)]
    if stack is not None:
        if _same(stack, environ):  # a program of this very stack: its environment may say more than the stack does
            return Place(folder, Settings.from_env(environ), stack)
        if named:
            _tell_which(folder, named)
        return Place(folder, Settings.from_env(_environment_of(stack, folder, environ)), stack)
    if named and home is None:
        return Place(folder, Settings.from_env(environ), None)
    raise _no_stack(folder, named)


def _starting(home: Path, environ: Mapping[str, str]) -> Addresses | None:
    """The stack whose own program this is, while it is not ready yet: for all others there is none."""
    stack = last_addresses(home)
    if stack is None or stack.status != "starting" or not _same(stack, environ):
        return None
    return stack if is_locked(home) and process_lives(stack.pid) else None


def _environment_of(stack: Addresses, home: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with this stack's servers in place of all others."""
    others = {name: value for name, value in environ.items() if not name.startswith(("DATABASE_URL", "SMTP_URL"))}
    ours = {"DATABASE_URL": stack.database, "COMPLAINTS_HOME": str(home), KEYS_VARIABLE: str(ring_of_home(home))}
    if stack.smtp is not None:
        ours["SMTP_URL"] = stack.smtp
    said = host_settings.settings_of(home, environ) or {}
    if said.get(KEYS_VARIABLE):
        ours[KEYS_VARIABLE] = said[KEYS_VARIABLE]
    others |= said
    return others | ours | page_environment(home, stack, others)


def _same(stack: Addresses, environ: Mapping[str, str]) -> bool:
    """Whether the environment names the very servers of this stack, as it does in the stack's own programs."""
    return environ.get("TEMPORAL_ADDRESS") == stack.temporal and environ.get("DATABASE_URL") == stack.database


def _tell_which(home: Path, named: list[str]) -> None:
    others = ", ".join(named)
    print(
        _("Using the stack in {home}; {others} of the environment is ignored.").format(home=home, others=others),
        file=sys.stderr,
    )


def _no_stack(home: Path, named: list[str]) -> Refused:
    if named:
        others = ", ".join(named)
        return Refused(
            N_(
                "No stack runs in {home}: start one (`complaints up --home {home}`), or leave --home out to "
                "use {others}.",
                home=home,
                others=others,
            ),
        )
    if not home.exists():
        return Refused(
            N_(
                "No stack runs in {home}: there is no such folder. Go to where it was started, or name its folder with "
                "--home; or start one here (`complaints up`). Servers of your own: TEMPORAL_ADDRESS and DATABASE_URL.",
                home=home.absolute(),
            ),
        )
    return Refused(
        N_(
            "No stack runs in {home}: start one (`complaints up`), or name your servers in "
            "TEMPORAL_ADDRESS and DATABASE_URL.",
            home=home,
        ),
    )
