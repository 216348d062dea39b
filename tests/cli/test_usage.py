"""What the command line says about its own use: in Spanish without an English word, in English without jargon."""

import pytest

from tests.terminal import in_this_process


@pytest.mark.parametrize(
    ("words", "es", "en"),
    [
        (["frobnicate"], "No existe la orden «frobnicate».", "No such command 'frobnicate'."),
        (["status"], "Falta NUMBER.", "Missing argument 'NUMBER'."),
        (["status", "a", "b"], "Sobra: b.", "extra argument"),
        (["status", "--foo"], "No existe la opción --foo.", "No such option: --foo"),
        (["status", "--home"], "La opción --home necesita un valor.", "requires an argument"),
        (["open", "--he"], "¿Quiso decir --help", "Possible options: --help"),
        (["open", "--channel", "fax"], "--channel: «fax» no es ninguno de estos", "'fax' is not one of"),
        (["letters", "--limit", "0"], "--limit: debe ser 1 o más.", "greater than or equal to 1"),
        (["letters", "--limit", "x"], "--limit: debe ser un número entero.", "valid integer"),
        (["open", "--occurred-on", "2026-99-99"], "no es una fecha como", "is no date such as"),
        (["quarantine", "release"], "Falta ITEM.", "Missing argument 'ITEM'."),
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


@pytest.mark.parametrize("words", [["--help"], ["status", "--help"], ["quarantine", "--help"], []])
async def test_the_frame_of_the_help_is_spanish(words: list[str]) -> None:
    ran = await in_this_process(words, env={"LANGUAGE": "es"})
    assert "Uso: complaints" in ran.out
    assert "Opciones" in ran.out
    for english in ("Usage", "Options", "Commands", "Arguments", "Show this", "required", "OPTIONS"):
        assert english not in ran.out
