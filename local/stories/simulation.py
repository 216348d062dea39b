"""`complaints simulate`: a scenario on a stage of its own, a whole stack in a temporary home, gone afterwards."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import Client

from complaints.contacts import load_contacts
from complaints.policy_file import changed, load_policy
from complaints.records.errors import RecordsError
from complaints.records.store import Store
from complaints.rules.policy import Policy
from complaints.words.catalogue import language_of
from local.stack.mail_catcher import MailCatcher
from local.stack.plan import Parts
from local.stack.postgres_user import NoPostgres
from local.stack.supervisor import PartFailed, Stack, StackRefused
from local.stack.temporal_find import TemporalMissing
from local.stack.voice import Say, to_stderr
from local.stories.played import Played, told
from local.stories.playing import Play, PlayFailed, Post, behind
from local.stories.scenario import Scenario
from workflows import names
from workflows.connection import TemporalUnreachable

MOST_LETTERS = 10_000

CANNOT_PLAY = (PlayFailed, StackRefused, PartFailed, NoPostgres, TemporalMissing, TemporalUnreachable, RecordsError)
"""What keeps a stage from being set or a story from going on; each says what to do."""


class FragileMail(MailCatcher):
    """A mail server that can be away: it then takes no letter, and says so as one that is overloaded would."""

    away = False

    @classmethod
    @asynccontextmanager
    async def catching(cls, folder: Path) -> AsyncIterator["FragileMail"]:
        """One that works, on a free port, for as long as the block runs."""
        async with cls.started(folder) as catcher:
            assert isinstance(catcher, cls)
            yield catcher

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keeps the message, unless away."""
        if self.away:
            return "451 4.3.2 not taking mail now, try again later"
        return await super().handle_DATA(server, session, envelope)


@dataclass(frozen=True)
class Stage:
    """Where a scenario is played."""

    client: Client
    store: Store
    policy: Policy
    """In force for a complaint that changes nothing of it."""
    post: Post | None = None
    task_queue: str = names.TASK_QUEUE

    async def play(self, scenario: Scenario, *, language: str = "es", source_key: str | None = None) -> Played:
        """The scenario from its first day to its last. Raises PolicyError, ContactsError, PlayFailed."""
        play = Play(
            scenario,
            client=self.client,
            store=self.store,
            policy=changed(self.policy, scenario.policy),
            post=self.post,
            task_queue=self.task_queue,
            source_key=source_key,
        )
        happenings = [happening async for happening in play.happenings()]
        return told(
            happenings,
            await self.store.journal(play.number),
            await self.store.letters(play.number, limit=MOST_LETTERS),
            number=play.number,
            title=scenario.title.in_(language_of(language)),
            says=scenario.says.in_(language_of(language)),
            until=play.instant(scenario.end),
        )


async def simulate(
    scenario: Scenario, *, policy_file: Path | None = None, language: str = "es", say: Say = to_stderr
) -> Played:
    """Plays it on a stage of its own.

    Raises:
        PolicyError, ContactsError: the rules, or the scenario's changes to them, cannot be used.
        PlayFailed: the story cannot go on.
        StackRefused, PartFailed, NoPostgres, TemporalMissing: the stage cannot be set; the message says what to do.
    """
    policy_file = policy_file or _file("COMPLAINTS_POLICY")
    policy = load_policy(policy_file)
    load_contacts(_file("COMPLAINTS_CONTACTS")).check(changed(policy, scenario.policy))
    async with stage(policy, policy_file=policy_file, say=say) as there:
        return await there.play(scenario, language=language)


@asynccontextmanager
async def stage(policy: Policy, *, policy_file: Path | None, say: Say = to_stderr) -> AsyncIterator[Stage]:
    """A whole stack in a temporary home, whatever servers the environment names."""
    with tempfile.TemporaryDirectory(prefix="complaints-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        async with (
            FragileMail.catching(home / "letters") as post,
            Stack.running(home, time_skipping=True, parts=_parts(policy_file, post.smtp_url), say=say) as stack,
            behind(stack) as (client, store),
        ):
            yield Stage(client, store, policy, post)


def _parts(policy_file: Path | None, smtp: str) -> Parts:
    return Parts(
        attributes=names.SEARCH_ATTRIBUTES,
        temporal_ui=False,
        durable=False,
        env={
            "COMPLAINTS_SIMULATION": "1",
            "COMPLAINTS_POLICY": str(policy_file.absolute()) if policy_file else "",
            "PUBLIC_URL": "",
            "SMTP_URL": smtp,
        },
    )


def _file(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named) if named else None
