"""What is said is made in one place: no other code asks which language it is, or takes a finished sentence apart."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from complaints.words.catalogue import LANGUAGES
from tests.house.test_rooms import ROOT, product
from tests.sources import nodes

TAKES_APART = frozenset(
    {
        *("replace", "removeprefix", "removesuffix", "startswith", "endswith", "partition", "rpartition", "split"),
        *("sub", "compile", "match", "fullmatch", "search", "findall", "finditer"),
    }
)

WORDS = re.compile(r"[A-Za-z]{3,} [a-z]{2,}")

READS_WHAT_OTHERS_WROTE = {
    "complaints/mail/": "customers' mail, and what programs write in mail",
    "complaints/reports/pdf.py": "typst's error, to name the character that no font has",
    "complaints/words/about.py": "customers' subjects and greetings",
    "complaints/words/recorded.py": "the reasons of `ignored` rows, which records keep as sentences",
}
"""Who may look for words in a text, and whose text it is: nobody in a sentence of ours but for the old rows."""


def calls() -> Iterator[tuple[str, int, str, str]]:
    """Where a text with words in it is looked for in another: file, line, the call and the words."""
    for program in product():
        place = program.path.relative_to(ROOT).as_posix()
        for node in nodes(program.path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TAKES_APART:
                for text in (one for argument in node.args for one in ast.walk(argument)):
                    if isinstance(text, ast.Constant) and isinstance(text.value, str) and WORDS.search(text.value):
                        yield place, node.lineno, ast.unparse(node.func), text.value


def test_no_code_takes_a_finished_sentence_apart() -> None:
    found = list(calls())
    assert len(found) > 10, "the reading of mail was not found"
    wrong = [one for one in found if not one[0].startswith(tuple(READS_WHAT_OTHERS_WROTE))]
    assert wrong == []


def test_whoever_may_look_for_words_still_does() -> None:
    places = [place for place, *_ in calls()]
    assert [may for may in READS_WHAT_OTHERS_WROTE if not any(one.startswith(may) for one in places)] == []


def test_only_the_words_ask_which_language_it_is() -> None:
    """A language that is added is added there: `catalogue(language).gettext(…)`, or a table by language."""
    in_code = [
        f"{program.path.relative_to(ROOT)}:{node.lineno}"
        for program in product()
        if not program.module.startswith("complaints.words")
        for node in nodes(program.path)
        if isinstance(node, ast.Compare)
        and any(isinstance(one, ast.Constant) and one.value in LANGUAGES for one in (node.left, *node.comparators))
    ]
    assert in_code == []
    asks = re.compile(r"language\w* *[!=]= *[\"']")
    in_pages = [
        str(file.relative_to(ROOT))
        for top in ("desk", "complaints")
        for file in sorted((ROOT / top).rglob("templates/**/*"))
        if file.suffix in {".html", ".j2"} and asks.search(file.read_text(encoding="utf-8"))
    ]
    assert in_pages == []


def test_the_pages_were_found() -> None:
    assert len(list(Path(ROOT / "desk").rglob("templates/*.html"))) > 10
