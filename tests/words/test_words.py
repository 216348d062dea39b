"""The catalogue: every sentence of the sources in every language, and read without a checkout's tools."""

import ast
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract

from complaints.words.catalogue import N_, NN_, NP_, Catalogue, Language, catalogue, language_of
from complaints.words.collecting import (
    FOLDER,
    KEYWORDS,
    ROOT,
    SOURCES,
    merged,
    problems,
    python_calls,
    translated,
    written,
)
from complaints.words.compiling import compiled_catalogue
from tests.sources import everything_said, nodes

LANGUAGES = sorted(FOLDER.glob("*.po"))


@pytest.mark.parametrize("place", LANGUAGES, ids=lambda place: place.stem)
def test_every_sentence_of_the_sources_is_in_the_catalogue_and_nothing_else(place: Path) -> None:
    whole = merged(everything_said(), translated(place))
    as_it_is = written(whole) == place.read_bytes()  # of ten thousand lines, whose differences pytest looks for in vain
    assert as_it_is, "the catalogue is not what the sources say: run `make words`"
    assert list(problems(whole)) == []


def a_message(english: str | tuple[str, str], said: str | tuple[str, str], *, fuzzy: bool = False) -> list[str]:
    one = Catalog(locale="es")
    one.add(english, said, flags=["fuzzy"] if fuzzy else [])
    return list(problems(one))


def test_what_is_wrong_with_a_translation_is_said() -> None:
    assert a_message("{n} letters to {whom}", "{n} cartas a {whom}") == []
    assert a_message("Closed", "") == ["not translated: 'Closed'"]
    assert a_message("Closed", "Cerrada", fuzzy=True) == ["marked fuzzy, which nobody has checked: 'Closed'"]
    assert a_message("Closed by {who}", "Cerrada por {quien}") == [
        "the translation has other places than 'Closed by {who}'"
    ]
    assert a_message(("a letter", "{n} letters"), ("una carta", "{n} cartas")) == []
    assert a_message(("a letter", "{n} letters"), ("una carta", "")) == ["not translated: 'a letter'"]


def test_what_a_program_says_is_found_wherever_it_says_it() -> None:
    """Also within an f-string, where Babel's own reader sees nothing before Python 3.12."""
    source = b"""
f"{_('one')}"
visit.gettext("t" "wo"), N_("three", n=1), pgettext("here", "four"), ngettext("a", "b", n), _(x)
"""
    found = extract(python_calls, io.BytesIO(source), keywords=KEYWORDS)  # type: ignore[arg-type]  # as Babel calls it
    assert {(message, context) for _line, message, _comments, context in found} == {
        ("one", None), ("two", None), ("three", None), ("four", "here"), (("a", "b"), None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("message", "es", "en"),
    [
        (N_("no such sentence"), "no such sentence", "no such sentence"),
        (N_("{one} and {other}", one=1, other=N_("no such")), "1 and no such", "1 and no such"),
        (NP_("somewhere", "no such"), "no such", "no such"),
        (NN_("a thing", "{n} things", 1), "a thing", "a thing"),
        (NN_("a thing", "{n} things", 0), "0 things", "0 things"),
    ],
)
def test_a_message_is_said_by_whoever_knows_the_reader(message: object, es: str, en: str) -> None:
    say: Callable[[Language], str] = lambda language: catalogue(language).say(message)  # type: ignore[arg-type]  # noqa: E731
    assert (say("es"), say("en")) == (es, en)


def test_a_catalogue_offers_what_gettext_does() -> None:
    assert isinstance(catalogue("es"), Catalogue)
    assert catalogue("en").ngettext("a", "b", 2) == "b"
    assert catalogue("en").pgettext("c", "a") == "a"
    assert catalogue("en").npgettext("c", "a", "b", 1) == "a"
    assert [language_of(value) for value in ("", "en", "en_GB.UTF-8", "de:en", "es_PE")] == [
        "es",
        "en",
        "en",
        "en",
        "es",
    ]


def test_a_checkout_reads_what_was_just_translated(tmp_path: Path) -> None:
    """Neither a build nor a command is needed after a change of the `.po`: what is older than it is made anew."""
    package = tmp_path / "complaints" / "words"
    package.mkdir(parents=True)
    rules = ROOT / "complaints" / "rules"
    (tmp_path / "complaints" / "rules").mkdir()
    needed = (ROOT / "complaints" / "__init__.py", rules / "__init__.py", rules / "languages.py")
    for file in (*needed, *FOLDER.glob("*.py"), *FOLDER.glob("*.po")):
        (tmp_path / file.relative_to(ROOT)).write_bytes(file.read_bytes())
    read = [sys.executable, "-c", "from complaints.words.catalogue import _; print(_('Brand new'), end='')"]

    def said() -> str:
        return subprocess.run(
            read, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, check=True, text=True
        ).stdout

    assert said() == "Brand new"
    assert (package / "es.mo").read_bytes() == compiled_catalogue(package / "es.po")
    with (package / "es.po").open("a", encoding="utf-8") as po:
        po.write('\nmsgid "Brand new"\nmsgstr "Flamante"\n')
    later = (package / "es.mo").stat().st_mtime + 1
    os.utime(package / "es.po", (later, later))
    assert said() == "Flamante"
    (package / "es.po").unlink()  # as in a wheel
    assert said() == "Flamante"


# -- nothing of Spanish stands elsewhere ------------------------------------------------------------------------------

SPANISH_LETTERS = re.compile("[áéíóúñÁÉÍÓÚÑ¿¡]")
SPANISH_WORDS = re.compile(
    r"(?<![\w-])(el|la|los|las|del|que|una|por|para|con|está|hay|sin|su|sus|queja|quejas|correo|cliente|puede|esta|este|"
    r"como|fue|son|se|debe|falta|hasta|antes|desde|cuando|donde|ninguna|ninguno)(?![\w-])",
    re.IGNORECASE,
)
"""Two of them in one text; one alone may be a name."""

ELSEWHERE = {
    "complaints/words": "the room for it",
    "complaints/mail/templates": "letters are whole prose, a file a language: schools edit them",
    "complaints/mail/agreeing.py": "recognises what people write in mail: read, never said",
    "complaints/mail/answers.py": "recognises what people write in mail: read, never said",
    "complaints/mail/evident.py": "the same",
    "complaints/mail/examined.py": "recognises what people and programs write in mail: read, never said",
    "complaints/mail/fields.py": "the same",
    "complaints/mail/language.py": "the same",
    "complaints/mail/proposals.py": "the same",
    "complaints/mail/addresses.py": "the same",
    "complaints/mail/charsets.py": "the letters by which Spanish in a charset that nobody declared is recognised",
    "complaints/mail/dates.py": "the same",
    "complaints/mail/documents.py": "the same",
    "complaints/mail/histories.py": "the same",
    "complaints/mail/people.py": "the same",
    "complaints/mail/signatures.py": "the same",
    "complaints/telephones.py": "the same",
    "complaints/rules/holidays_pe.py": "the holidays by the names that their laws give them: data of the calendar",
}
"""Where Spanish may stand beside the words, and why. Phrasebooks, scenarios and TOML files are data and no program."""


def spanish_in(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8")
    texts = list(_strings(file)) if file.suffix == ".py" else re.split(r"[{}<>\n]", text)
    return [one[:60] for one in texts if SPANISH_LETTERS.search(one) or len(SPANISH_WORDS.findall(one)) > 1]


def _strings(file: Path) -> Iterator[str]:
    """Every text of a program but its docstrings, and examples of what is written to a school in Peru."""
    examples = {
        id(part)
        for node in nodes(file)
        if isinstance(node, ast.keyword) and node.arg == "example"
        for part in ast.walk(node)
    }
    docstrings = {
        id(first.value)
        for node in nodes(file)
        if isinstance(body := getattr(node, "body", None), list)
        for first in body
        if isinstance(first, ast.Expr)
    }
    passed_over = docstrings | examples
    for node in nodes(file):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed_over:
            yield node.value


def shipped() -> Iterator[Path]:
    for top in SOURCES:
        files = [ROOT / top] if (ROOT / top).is_file() else sorted((ROOT / top).rglob("*"))
        yield from (file for file in files if file.suffix in {".py", ".html", ".j2", ".typ"})


def test_nothing_of_spanish_stands_outside_the_words() -> None:
    found = {file.relative_to(ROOT).as_posix(): spanish for file in shipped() if (spanish := spanish_in(file))}
    outside = {
        name: said for name, said in found.items() if not any(Path(name).is_relative_to(place) for place in ELSEWHERE)
    }
    assert outside == {}
    assert {place for place in ELSEWHERE if not any(Path(name).is_relative_to(place) for name in found)} == set(), (
        "no longer Spanish: take it out of the list"
    )


def test_spanish_is_found_where_it_stands(tmp_path: Path) -> None:
    program, page = tmp_path / "said.py", tmp_path / "page.html"
    program.write_text('"""Una queja, para el cliente."""\nSAID = f"Se cerró {1}"\nMORE = "queja para el cliente"\n')
    page.write_text("<p>{{ _('Closed') }}</p>\n<p>Su queja fue cerrada</p>\n")
    assert spanish_in(program) == ["queja para el cliente", "Se cerró "]
    assert spanish_in(page) == ["Su queja fue cerrada"]
