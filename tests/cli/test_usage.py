"""What the command line says about its own use: in Spanish without an English word, in English without jargon."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from cli.application import app
from cli.help_page import PLACEHOLDERS, ROOT_OPTIONS, WIDEST
from cli.known import Group
from cli.table import SECTIONS
from complaints.words.catalogue import catalogue
from tests.terminal import in_this_process


@pytest.mark.parametrize(
    ("words", "es", "en"),
    [
        (["frobnicate"], "No existe la orden «frobnicate».", "There is no command “frobnicate”."),
        (["stauts"], "¿Quiso decir status?", "There is no command “stauts”. Did you mean status?"),
        (["status"], "Falta NÚMERO.", "NUMBER is missing."),
        (["status", "a", "b"], "Sobra: b.", "Too much: b."),
        (["status", "--foo"], "No existe la opción --foo.", "There is no option --foo."),
        (["status", "--home"], "La opción --home necesita un valor.", "The option --home needs a value."),
        (["status", "--json=yes"], "La opción --json no lleva valor.", "The option --json takes no value."),
        (["letters", "--json=yes"], "La opción --json no lleva valor.", "See `complaints letters list --help`."),
        (["--version=yes"], "La opción --version no lleva valor.", "See `complaints --help`."),
        (["open", "--he"], "¿Quiso decir --help", "Did you mean --help"),
        (
            ["open", "--channel", "fax"],
            "--channel: «fax» no es ninguno de estos: email, phone",
            "“fax” is none of these: email, phone",
        ),
        (["letters", "--limit", "0"], "--limit: debe ser 1 o más.", "--limit: must be 1 or more."),
        (["letters", "--limit", "x"], "--limit: debe ser un número entero.", "--limit: must be a whole number."),
        (["open", "--occurred-on", "2026-99-99"], "no es una fecha como", "is no date such as"),
        (["quarantine", "release"], "Falta MENSAJE.", "ITEM is missing."),
    ],
)
async def test_wrong_words_are_told_in_the_reader_s_language(words: list[str], es: str, en: str) -> None:
    for language, said, see in (("es", es, "Vea `complaints"), ("en", en, "See `complaints")):
        ran = await in_this_process(words, env={"LANGUAGE": language})
        assert ran.code == 2
        assert said in ran.err
        assert see in ran.err
        assert "Value error" not in ran.err
        assert ran.out == ""


async def test_a_file_that_may_not_be_read_is_told_without_a_word_of_typers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    ran = await in_this_process(["policy", "check", __file__], env={"LANGUAGE": "en"})
    assert ran.code == 2
    assert ran.err.startswith("FILE: this file or folder cannot be used.\n")


@pytest.mark.parametrize("words", [["--help"], ["status", "--help"], ["quarantine", "--help"], []])
async def test_the_frame_of_the_help_is_spanish(words: list[str]) -> None:
    ran = await in_this_process(words, env={"LANGUAGE": "es"})
    assert "Uso: complaints" in ran.out
    assert "Opciones" in ran.out
    for english in ("Usage", "Options", "Commands", "Arguments", "Show this", "required", "OPTIONS", "TEXT"):
        assert english not in ran.out


async def test_the_page_of_the_table_tells_the_options_that_typer_knows() -> None:
    """It is drawn without Typer; of each command Typer's own parameters are shown."""
    complaints = get_command(app)
    known = {name for one in complaints.params for name in one.opts}
    assert known == {name for name, _does in ROOT_OPTIONS}
    ran = await in_this_process(["report", "--help"], env={"LANGUAGE": "en"})
    command = complaints.commands["report"]  # type: ignore[attr-defined]
    assert [name for one in command.params for name in one.opts if name.startswith("--") and name not in ran.out] == []


def test_whatever_stands_for_a_value_has_its_word_in_each_language() -> None:
    """`NÚMERO`, `CARPETA`: a reader of Spanish met DIR, NAME and INSTANT."""

    def words(command: Any) -> Iterator[str]:
        for one in command.params:
            is_argument = one.param_type_name == "argument"
            yield from re.findall(r"[A-Z]{2,}", one.display_name_raw if is_argument else one.metavar or "")
        for below in getattr(command, "commands", {}).values():
            yield from words(below)

    assert {*words(get_command(app))} - {"URL", "ID", "YYYY", "MM"} == {*PLACEHOLDERS}
    said = catalogue("es")
    assert {word for word, message in PLACEHOLDERS.items() if said.say(message) == word} == set()


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("columns", [40, 60, 80, 100, 300])
@pytest.mark.parametrize("words", [["--help"], ["open", "--help"], ["quarantine", "--help"], ["report", "--help"]])
async def test_help_fits_the_terminal_whole_and_without_colours_in_a_pipe(
    words: list[str], columns: int, language: str
) -> None:
    env = {"LANGUAGE": language}
    ran, wide = [await in_this_process(words, env={**env, "COLUMNS": str(wide)}) for wide in (columns, WIDEST)]
    assert max(len(line) for line in ran.out.splitlines()) <= min(columns, WIDEST)
    assert ran.out.split() == wide.out.split(), "nothing is cut off"
    assert "\033" not in ran.out


async def test_all_the_commands_stand_under_a_heading_and_each_once() -> None:
    named = [name for table in SECTIONS.values() for name in table]
    assert len(named) == len(set(named))
    ran = await in_this_process(["--help"], env={"LANGUAGE": "en"})
    assert all(f"\n{heading}\n" in ran.out for heading in SECTIONS)


async def test_each_line_of_the_spanish_help_says_what_its_command_does() -> None:
    """`Abre una queja`, never `Abrir una queja` beside it: one voice; and a complaint is a `queja`, not a `reclamo`."""
    groups = [name for table in SECTIONS.values() for name, one in table.items() if isinstance(one, Group)]
    lines: list[str] = []
    for words in [["--help"], *([name, "--help"] for name in groups)]:
        ran = await in_this_process(words, env={"LANGUAGE": "es", "COLUMNS": str(WIDEST)})
        lines += re.findall(r"^  [a-z][a-z-]*  +(\S.*)$", ran.out, re.MULTILINE)
    assert len(lines) > 100
    assert [line for line in lines if re.match(r"\w+(?:[aei]r)(?:l[aeo]s?|se)?\b", line) or "reclamo" in line] == []


async def test_the_end_of_the_help_says_how_to_begin() -> None:
    ran = await in_this_process([], env={"LANGUAGE": "en", "COLUMNS": str(WIDEST)})
    assert ran.out.splitlines()[-1].endswith("To begin: `complaints demo`, then `complaints up`.")


async def test_who_is_in_the_wrong_folder_reads_which_one_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = await in_this_process(["list"], env={"LANGUAGE": "en"})
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(
        f"No stack runs in {tmp_path / '.complaints'}: there is no such folder. Go to where it was"
    )
