"""The catalogue: every sentence of the sources in every language, and read without a checkout's tools."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from complaints.words.catalogue import N_, NN_, NP_, Catalogue, Language, catalogue, language_of
from complaints.words.collecting import FOLDER, ROOT, collected, merged, problems, translated, written
from complaints.words.compiling import compiled_catalogue

LANGUAGES = sorted(FOLDER.glob("*.po"))


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return collected()


@pytest.mark.parametrize("place", LANGUAGES, ids=lambda place: place.stem)
def test_every_sentence_of_the_sources_is_in_the_catalogue_and_nothing_else(place: Path, sources: Catalog) -> None:
    whole = merged(sources, translated(place))
    assert written(whole) == place.read_bytes(), "the catalogue is not what the sources say: run `make words`"
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
    for file in (ROOT / "complaints" / "__init__.py", *FOLDER.glob("*.py"), FOLDER / "es.po"):
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
