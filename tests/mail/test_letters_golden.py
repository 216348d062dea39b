"""Every letter, in both languages, rich and sparse, is the one that was looked at and approved."""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from complaints.mail.letters import PLAIN, Letter, render
from complaints.rules.letters import LetterKind
from complaints.words.vocabulary import Language
from tests.golden_letters.examples import (
    CONTACTS,
    FOLDER,
    LIMA,
    OF_NO_CASE,
    OWN,
    PAGE_ADDRESS,
    PUBLIC_URL,
    of_no_case,
    order,
    rich,
    sparse,
)
from tests.golden_letters.to_staff import KINDS, to_staff

UPDATE = os.environ.get("UPDATE_GOLDEN_LETTERS") == "1"


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("amount", ["rich", "sparse"])
@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_is_as_it_was_approved(kind: LetterKind, amount: str, language: Language) -> None:
    contents = rich(kind) if amount == "rich" else sparse(kind)
    public_url, own = (PUBLIC_URL, OWN) if amount == "rich" else (None, PLAIN)
    letter = render(
        order(kind, contents, language=language), contacts=CONTACTS, public_url=public_url, timezone=LIMA, own=own
    )
    _is_approved(letter, f"{kind.value}.{language}.{amount}")


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("kind", OF_NO_CASE)
def test_a_letter_of_no_case_is_as_it_was_approved(kind: str, language: Language) -> None:
    _is_approved(of_no_case(kind, language=language), f"{kind}.{language}.rich")


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_to_staff_about_no_case_is_as_it_was_approved(kind: str, language: Language) -> None:
    staff = {role: post.model_copy(update={"language": None}) for role, post in CONTACTS.people.items()}
    contacts = CONTACTS.model_copy(update={"people": staff})
    moment = datetime(2026, 7, 27, 9, tzinfo=ZoneInfo(LIMA))
    _is_approved(to_staff(kind, contacts, moment, language=language), f"{kind}.{language}.rich")


def _is_approved(kept: Letter, name: str) -> None:
    letter = kept.with_page(PAGE_ADDRESS)  # as its customer gets it
    for form, text in (("txt", f"{letter.subject}\n\n{letter.text}"), ("html", letter.html)):
        golden = FOLDER / f"{name}.{form}"
        if UPDATE:
            golden.write_text(text, encoding="utf-8", newline="\n")
        assert text == golden.read_text(encoding="utf-8"), "after a meant change: UPDATE_GOLDEN_LETTERS=1, and look"


def test_no_golden_letter_is_left_over() -> None:
    kinds = {path.name.partition(".")[0] for path in FOLDER.iterdir() if path.suffix in {".txt", ".html"}}
    assert kinds == {kind.value for kind in LetterKind} | set(OF_NO_CASE) | set(KINDS)
