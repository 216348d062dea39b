"""Words of programs and of the procedure's numbers that people should not read, in letters, pages, help and tables."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaints.words.catalogue import LANGUAGES, Language, catalogue
from complaints.words.wording import Wording
from tests.golden_letters import all_letters
from tests.shown import OF_THE_MACHINE, ON_PAPER, THE_DESK, TO_WHO_SETS_IT_UP, unwanted
from tests.sources import everything_said

MAY: dict[str, str] = {
    "Hello{name}. This is {school} about your complaint {number}.": "a chat greets as people do there",
    "Hello": "so does the customer's own page",
    "no signal of this name": "told to a program",
    "Who: care_team, a level, department/KEY, representative/KEY.": "keys that are typed at the terminal",
    "must be a key of small letters, digits and _, like 'general_director'": "told to who writes the file of rules",
}
"""Sentences that may, and why."""


@pytest.mark.parametrize("kind", all_letters.KINDS)
def test_no_letter_says_such_a_word(kind: str) -> None:
    for way, letter in all_letters.in_every_way(kind).items():
        assert unwanted(f"{letter.subject}\n{letter.text}") == [], way


def sentences(language: Language) -> Iterator[str]:
    """All that pages, help and tables say in that language."""
    say = catalogue(language)
    for message in everything_said():
        english = message.id[0] if isinstance(message.id, list | tuple) else message.id
        if english and english not in MAY:
            yield say.pgettext(message.context, english) if message.context else say.gettext(english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_help_or_table_says_such_a_word(language: Language) -> None:
    found = [problem for sentence in sentences(language) for problem in unwanted(sentence)]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_section_of_the_procedure_is_told_to_who_reads_pages_letters_and_reports(language: Language) -> None:
    """Sections are for documents, help at the terminal, and the page of rules, where each number has its own."""
    say = catalogue(language)
    rooms = ("desk/staff/", "desk/customer/", "desk/templates/", "complaints/mail/", "complaints/reports/")
    for message in everything_said():
        english = message.id[0] if isinstance(message.id, list | tuple) else message.id
        if english and any(name.startswith(rooms) for name, _ in message.locations):
            assert "§" not in say.gettext(english), message.locations


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_speaks_of_the_machine_behind_it(language: Language) -> None:
    """Whoever works at the desk has no terminal: what to do is said in the words of pages."""
    say, pages = catalogue(language), ("desk/staff/", "desk/customer/", "desk/templates/", "desk/request", "desk/app")
    for message in everything_said():
        english = message.id[0] if isinstance(message.id, list | tuple) else message.id
        rooms = [name for name, _ in message.locations if name.startswith(pages) and "/api/" not in name]
        if english and rooms and english not in TO_WHO_SETS_IT_UP:
            told = say.pgettext(message.context, english) if message.context else say.gettext(english)
            assert not OF_THE_MACHINE.search(told), (rooms, told)
            assert not THE_DESK.search(told), (rooms, told)
            assert not ON_PAPER.search(told), (rooms, told)


def test_pages_name_people_and_not_keys_or_levels() -> None:
    for page in Path("desk/templates").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r'_\("[Ll]evel"\)', text), page
        assert "§" not in re.sub(r"\{#.*?#\}", "", text, flags=re.S), page
        assert ("<code>complaints " in text) == (page.name in ("sign_in.html", "proof.html", "host.html")), page
        assert "|format(" not in text, "a number has the reader's comma: words.decimal"


@pytest.mark.parametrize(
    ("level", "spanish", "english"),
    [(0, "Atención al Cliente", "Customer Care"), (1, "Gerencia", "Management"), (2, "Dirección", "General Direction"),
     (5, "Dirección", "General Direction")],
)  # fmt: skip
def test_a_level_is_said_by_who_has_it(level: int, spanish: str, english: str) -> None:
    assert (Wording("es").level(level), Wording("en").level(level)) == (spanish, english)


def test_numbers_have_the_comma_in_spanish() -> None:
    assert (Wording("es").decimal(2.9), Wording("en").decimal(2.9)) == ("2,9", "2.9")
