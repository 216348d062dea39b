"""Naughty strings at the command line and in the school's files: a sentence or a complaint, and never a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest

from complaints.contacts import ContactsError, load_contacts
from complaints.policy_file import PolicyError, load_policy
from tests.naughty import NAUGHTY
from tests.terminal import Terminal

WORDS = {name: text.replace("\0", "") for name, text in NAUGHTY.items() if len(text) < 100_000}
"""No system lets a NUL or a megabyte into a command's words; by a file they come."""

SHOWN = ("\x1b", "\x07", "\x08", "\x9b", "\u202e")
"""What would steer the terminal of whoever reads it."""


async def test_words_at_the_terminal_are_taken_or_refused_and_never_steer_it(terminal: Terminal) -> None:
    number = await terminal.a_complaint()
    for name, text in WORDS.items():
        for words in (("note", number, "--text", text), ("find", "--", text), ("status", text), ("timeline", text)):
            ran = await terminal.runs(*words[:1], *words[1:])
            assert ran.code in (0, 1, 2), (name, words[0], ran.err)
            assert "Traceback" not in ran.err + ran.out, (name, words[0], ran.err)
            assert ran.code == 0 or ran.err.strip(), (name, words[0])
            assert not [one for one in SHOWN if one in ran.out + ran.err], (name, words[0])
    told = await terminal.runs("timeline", number)
    assert told.code == 0
    assert not [one for one in SHOWN if one in told.out]
    assert (await terminal.facts("status", number))["outcome"] is None


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
