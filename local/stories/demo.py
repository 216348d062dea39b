"""`complaints demo`: a customer's mail comes in, three weeks pass, and one sees what the procedure does about it."""

import asyncio
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from complaints.contacts import load_contacts
from complaints.policy_file import changed, load_policy
from complaints.records.store import Store
from complaints.rules.policy import rules_in_force
from complaints.words.catalogue import Language
from complaints.words.wording import Wording
from local.stack.mail_folder import MailFolder
from local.stack.plan import DESK, WORKER, Parts
from local.stack.supervisor import Stack
from local.stack.voice import Voice
from local.stories import demo_story
from local.stories.demo_screen import Screen
from local.stories.played import told
from local.stories.playing import Happening, Play, behind
from local.stories.simulation import MOST_LETTERS
from local.stories.telling import Telling
from starter.mailbox.envelope import with_envelope
from workflows import names


async def demo(*, language: Language, keep: bool, console: Console) -> None:
    """Tells the story on a stage of its own; with `keep` the stage stays up until it is told to stop.

    Raises what `Stack.running` raises, each with a sentence that says what to do; PlayFailed.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="complaints-demo-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        contacts = demo_story.contacts_file(home, language)
        performance = Performance(language, console, contacts=contacts)
        screen = performance.screen
        performance.opens()
        begins = screen.gettext("The system is starting …")
        with console.status(begins) as starting:
            parts = _parts(contacts, keep=keep)
            voice = _voice(screen, starting, begins)
            async with Stack.running(home, time_skipping=True, parts=parts, say=voice) as stack:
                starting.stop()
                await performance.plays(stack, began)
                if keep:
                    screen.kept(stack.addresses, home, performance.number)
                    await asyncio.Event().wait()
                screen.next_commands()


def _voice(screen: Screen, starting: Status, begins: str) -> Voice:
    """Lines that stay are printed; those for the moment stand where it said that the system is starting."""

    def keep(line: str) -> None:
        starting.update(begins)
        screen.aside(line)

    return Voice(keep, (lambda line: starting.update(escape(line))) if screen.console.is_terminal else None)


def _parts(contacts: Path, *, keep: bool) -> Parts:
    """As `complaints up` has them, under the packaged rules; the complaint's clock is shifted into the story."""
    return Parts(
        programs=(WORKER, DESK) if keep else (WORKER,),
        temporal_ui=keep,
        attributes=names.SEARCH_ATTRIBUTES,
        intake=(demo_story.SUPPORT,),
        durable=False,
        env={
            "COMPLAINTS_SIMULATION": "1",
            "COMPLAINTS_POLICY": "",
            "COMPLAINTS_CONTACTS": str(contacts),
            "PUBLIC_URL": "",
        },
    )


class Performance:
    """The story, told once."""

    def __init__(self, language: Language, console: Console, *, contacts: Path) -> None:
        self.language: Language = language
        self.raw = demo_story.message(language)
        self.taken_in = demo_story.reading(self.raw)
        self.scenario = demo_story.story(self.taken_in, language)
        self.policy = changed(load_policy(), self.scenario.policy)
        day = self.taken_in.received_at.date()
        telling = Telling(Wording(language=language, today=day), demo_story.names(load_contacts(contacts), language))
        self.screen = Screen(console, telling, rules=rules_in_force(self.policy, day))
        self.number = ""

    def opens(self) -> None:
        """Says what is going to happen."""
        self.screen.header(self.scenario.title.in_(self.language), self.scenario.says.in_(self.language))

    async def plays(self, stack: Stack, began: float) -> None:
        """From the mail to the closing, then what remains of it."""
        self.screen.aside(
            self.screen.gettext("Up in {monotonic:.1f} s. A mail comes in at {support}:").format(
                monotonic=time.monotonic() - began, support=demo_story.SUPPORT
            )
        )
        async with behind(stack) as (client, store):
            play = Play(self.scenario, client=client, store=store, policy=self.policy)
            self.number = play.number
            await self._take_in(stack, store)
            happenings = await self._tell(play, store)
            await self._sum_up(play, store, happenings, began)

    async def _take_in(self, stack: Stack, store: Store) -> None:
        """The mail as it came: in the mailbox for people to see, in the records as evidence (§9)."""
        sender = str(self.taken_in.from_address)
        MailFolder(stack.home / "mail").add(with_envelope(self.raw, sender=sender, recipients=[demo_story.SUPPORT]))
        digest = await store.keep_message(
            self.raw,
            mailbox=self.taken_in.mailbox,
            received_at=self.taken_in.received_at,
            message_id=self.taken_in.message_id,
        )
        await store.message_belongs(digest, self.number)
        self.screen.complaint(self.scenario.complaint, self.taken_in.subject)

    async def _tell(self, play: Play, store: Store) -> list[Happening]:
        happenings = []
        async for happening in play.happenings():
            happenings.append(happening)
            message_id = happening.data.get("message_id") if happening.what == "letter-sent" else None
            self.screen.happened(happening, await store.letter_by_message_id(message_id) if message_id else None)
        return happenings

    async def _sum_up(self, play: Play, store: Store, happenings: list[Happening], began: float) -> None:
        letters = await store.letters(self.number, limit=MOST_LETTERS)
        story = told(
            happenings,
            await store.journal(self.number),
            letters,
            number=self.number,
            title=self.scenario.title.in_(self.language),
            says=self.scenario.says.in_(self.language),
            until=play.instant(self.scenario.end),
        )
        events = (await play.handle.describe()).history_length
        self.screen.summary(story, letters, seconds=time.monotonic() - began, events=events)
