"""Naughty strings at the command line and in the school's files: a sentence or a complaint, and never a traceback."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from cli.application import app
from complaints.contacts import ContactsError, load_contacts
from complaints.policy_file import PolicyError, load_policy
from local.stack.postgres import Postgres
from local.stack.temporal_server import TemporalServer
from tests.naughty import NAUGHTY, sendable
from tests.rings import session_keys
from tests.terminal import Terminal, a_terminal, in_this_process
from workflows import names
from workflows.connection import connect

WORDS = {name: text.replace("\0", "") for name, text in NAUGHTY.items() if len(text) < 100_000}
"""No system lets a NUL or a megabyte into a command's words; by a file they come."""

SHOWN = ("\x1b", "\x07", "\x08", "\x9b", "\u202e")
"""What would steer the terminal of whoever reads it."""


OF_WORDS = ("find", "status", "timeline")


async def test_words_at_the_terminal_are_taken_or_refused_and_never_steer_it(terminal: Terminal) -> None:
    number = await terminal.a_complaint()
    for name, text in WORDS.items():
        here = f"--home={terminal.home}"
        for words in (("note", f"--text={text}", "--", number), *((one, "--", text) for one in OF_WORDS)):
            ran = await in_this_process([words[0], here, *words[1:]], env=terminal.env)
            assert (words[0], ran.code) != ("find", 2), "it looks for whatever it is"
            assert ran.code in (0, 1, 2), (name, words[0], ran.err)
            assert "Traceback" not in ran.err + ran.out, (name, words[0], ran.err)
            assert "INTERNAL" not in ran.err, (name, words[0], "a server hung up on it")
            assert ran.code == 0 or ran.err.strip(), (name, words[0])
            assert not [one for one in SHOWN if one in ran.out + ran.err], (name, words[0])
    told = await terminal.runs("timeline", number)
    assert told.code == 0
    assert not [one for one in SHOWN if one in told.out]
    assert (await terminal.facts("status", number))["outcome"] is None


APART = {
    "init": "it makes a host, by questions",
    "up": "it runs a stack",
    "service install": "it writes for systemd",
    "service uninstall": "it writes for systemd",
    "demo": "it runs a stack",
    "simulate": "it plays on a stack of its own",
    "forward": "it waits for a clock that this stack does not skip",
    "upgrade": "it moves a home",
    "backup": "it copies a whole database",
    "restore": "it makes a home",
    "desk": "it serves until it is ended",
    "worker": "it works until it is ended",
    "mailbox": "it reads until it is ended",
    "migrate": "it takes the database that the environment names",
    "setup": "it takes the server that the environment names",
    "keys forget": "what the others need is sealed with the ring",
    "keys rotate": "what the others need is sealed with the ring",
}
"""Commands that are not run here, and why: none of them reads a word of anybody's."""


def leaves(command: Any, *before: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its words."""
    if not hasattr(command, "list_commands"):
        yield " ".join(before), command
        return
    for name in command.list_commands(None):
        yield from leaves(command.get_command(None, name), *before, name)


GOOD = {
    "date_": "2026-12-01", "due": "2026-12-01", "closed": "2026-12-24", "month": "2026-07", "right": "access",
    "score_": "5", "direction_": "outbound", "role": "agent", "into_": "Q-2222-22222",
}  # fmt: skip
"""What is told from words by its form, and must be given: something that has it."""

FORMED = frozenset(GOOD) | {
    *("answer_by_", "amount", "answer", "at", "call_back", "carry", "cases", "category", "channel", "days", "first"),
    *("head_of", "last", "language", "level", "limit", "next_at_", "number", "numbers", "occurred_on", "occurred_on_"),
    *("only", "page", "processes", "received", "received_at", "row_", "sample", "scope", "severity", "severity_"),
    *("since", "stage", "until", "up_to_", "via", "keep"),
}
"""The same, where it need not be given: then it gets the words too, in the run that is for that."""

FILES_OF_IT = frozenset({"file", "files", "files_", "policy", "folder", "copy", "key"})


def words_for(command: Any, text: str, *, number: str, file: Path, turn: str, home: Path) -> list[str]:
    """A command line. `turn`: what gets the words: `texts`, `arguments`, or what has a `form`."""
    options, arguments = [], []
    for param in command.params:
        is_argument = param.param_type_name == "argument"
        if param.name == "home":
            options.append(f"--home={home}")
        if param.name in ("home", "help", "as_json"):
            continue
        if getattr(param, "is_flag", False):
            options += [max(param.opts, key=len)] if param.required else []
            continue
        formed = param.name in FORMED and not (is_argument and turn == "arguments")
        if formed and not param.required and turn != "form":
            continue
        value = text
        if param.name in FILES_OF_IT:
            value = str(file)
        elif param.name == "out":
            value = str(file.with_suffix(".out"))
        elif (is_argument and turn != "arguments") or (formed and turn != "form"):
            value = GOOD.get(param.name, number)
        if is_argument:
            arguments.append(value)
        elif turn == "texts" or param.required or param.name == "out" or (turn == "form" and formed):
            options.append(f"{max(param.opts, key=len)}={value}")
    return [*options, "--", *arguments]


@pytest.fixture
async def own_terminal(postgres: Postgres, migrated_template: str, tmp_path: Path) -> AsyncIterator[Terminal]:
    """With a home and a server of its own: whoever tries every command leaves accounts, tokens and absences behind, and
    a second worker on the session's server would take the other tests' cases."""
    folder = tmp_path / "temporal"
    folder.mkdir()
    async with TemporalServer.started(folder, time_skipping=True, attributes=names.SEARCH_ATTRIBUTES) as server:
        client = await connect(address=server.address, namespace=server.namespace, keys=session_keys())
        async with a_terminal(client, postgres, migrated_template, tmp_path / "home") as there:
            yield there


@pytest.mark.slow
async def test_every_command_takes_any_word_or_refuses_it(own_terminal: Terminal, tmp_path: Path) -> None:
    terminal = own_terminal
    number, file = await terminal.a_complaint(), tmp_path / "archivo"
    commands = dict(leaves(get_command(app)))
    assert set(APART) <= set(commands), "and the list has nothing that is no longer there"
    turn, codes = cycle(WORDS.items()), Counter[tuple[str, int]]()
    for name, command in commands.items():
        if name in APART:
            continue
        for own in ("texts", "arguments", "form"):
            kind, text = next(turn)
            file.write_bytes(text.encode("utf-8", "surrogatepass"))
            said = sendable(text)[:2_000]
            words = words_for(command, said, number=number, file=file, turn=own, home=terminal.home)
            ran = await in_this_process([*name.split(), *words], env=terminal.env)
            about = (kind, own, name, ran.err[:2_000])
            codes[own, ran.code] += 1
            assert ran.code in (0, 1, 2, 3), about
            assert "Traceback" not in ran.err + ran.out, about
            assert "INTERNAL" not in ran.err, (*about, "a server hung up on it")
            assert ran.code == 0 or ran.err.strip() or ran.out.strip(), about
            assert not [one for one in SHOWN if one in ran.out + ran.err], (*about, ran.out[:300])
    for own in ("texts", "arguments"):  # they came further than to the reading of the command line
        assert codes[own, 2] * 3 < codes[own, 0] + codes[own, 1], codes
    assert (await terminal.runs("status", number)).code == 0


ROOT = Path(__file__).parents[2]
FILES: tuple[tuple[str, Callable[[Path], object], type[Exception]], ...] = (
    ("contacts.toml", load_contacts, ContactsError),
    ("policy.toml", load_policy, PolicyError),
)


@pytest.mark.parametrize("name", NAUGHTY)
def test_the_schools_files_are_refused_with_a_sentence_or_read(name: str, tmp_path: Path) -> None:
    raw = NAUGHTY[name].encode("utf-8", "surrogatepass")
    escaped = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\r", b"").replace(b"\n", b"\\n")
    for file, load, error in FILES:
        whole = (ROOT / "complaints" / file).read_bytes()
        named = b'[school]\nname = "' + escaped + b'"\n'
        nested = (b"a = " + b"[" * 20_000, b"a = " + b"{b = " * 20_000, b"[" + b"a." * 20_000 + b"a]\n")
        for content in (
            *(nested if name == "JSON" else ()),
            raw,
            named,
            b'version = "' + escaped + b'"\n' + whole,
            whole + raw,
        ):
            path = tmp_path / file
            path.write_bytes(content)
            try:
                load(path)
            except error as refused:
                said = str(refused)
                assert said, name
                assert not [one for one in (*SHOWN, "\0") if one in said], (name, said[:200])
                assert len(said) < 2_000, (name, len(said))
