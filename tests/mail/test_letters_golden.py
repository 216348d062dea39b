"""Every letter, in both languages, with all it may say and with nothing, is the one that was looked at and approved.

A kind's four letters stand in one file, as text; `test_letters_alike.py` proves that the HTML of each says the same.
How the HTML looks is approved in six kinds, which use every block between them.
"""

import os
from pathlib import Path

import pytest

from complaints.mail.letters import Letter
from complaints.mail.templating import environment
from complaints.rules.letters import LetterKind
from tests.golden_letters.all_letters import KINDS, in_every_way, made, made_anew
from tests.golden_letters.examples import FOLDER

UPDATE = os.environ.get("UPDATE_GOLDEN_LETTERS") == "1"

AS_HTML = ("acknowledgement", "daily-digest", "escalated-to-you", "resolution", "update", "quality-review")
"""Kinds whose HTML is kept, in Spanish with everything: together they use every block."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_as_it_was_approved(kind: str) -> None:
    whole = "\n".join(f"════ {way} ════\n\n{_as_text(letter)}" for way, letter in in_every_way(kind).items())
    _is_approved(whole, FOLDER / f"{kind}.txt")


@pytest.mark.parametrize("kind", AS_HTML)
def test_a_letter_looks_as_it_was_approved(kind: str) -> None:
    _is_approved(made(kind, "es").html, FOLDER / f"{kind}.html")


def test_the_letters_that_are_looked_at_use_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block that none of them uses could change its looks unseen."""
    blocks = environment("html").get_template("blocks.html.j2").module
    known = {name: block for name, block in vars(blocks).items() if hasattr(block, "catch_kwargs")}
    used: set[str] = set()

    def noted(name: str) -> object:
        block = known[name]

        def call(*arguments: object, **more: object) -> object:
            used.add(name)
            return block(*arguments, **more)

        return call

    for name in known:
        monkeypatch.setattr(blocks, name, noted(name))
    for kind in AS_HTML:
        made_anew(kind, "es")
    assert len(known) > 10, "the blocks were not found"
    assert set(known) - used == set()


def test_no_golden_letter_is_left_over() -> None:
    kept = {path.name for path in FOLDER.iterdir() if path.suffix in {".txt", ".html"}}
    assert kept == {f"{kind}.txt" for kind in KINDS} | {f"{kind}.html" for kind in AS_HTML}
    assert {kind.value for kind in LetterKind} <= set(KINDS)


def _as_text(letter: Letter) -> str:
    return f"{letter.subject}\n\n{letter.text}"


def _is_approved(said: str, golden: Path) -> None:
    if UPDATE:
        golden.write_text(said, encoding="utf-8", newline="\n")
    assert said == golden.read_text(encoding="utf-8"), "after a meant change: UPDATE_GOLDEN_LETTERS=1, and look"
