"""`complaints report`: a month or a period, in five forms, and a sentence for what makes no sense."""

import io
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.report_lives import july
from tests.terminal import Terminal

MONTH = ("report", "--month", "2026-07")


@pytest.fixture(scope="module")
async def numbers(terminal: Terminal) -> dict[str, str]:
    return await july(terminal.store)


async def test_the_terminal_shows_the_month_in_the_language_of_the_reader(
    terminal: Terminal, numbers: dict[str, str]
) -> None:
    spanish = await terminal.runs(*MONTH, env={"LANGUAGE": "es"})
    assert spanish.code == 0, spanish.err
    assert spanish.out.startswith("Informe de quejas: julio de 2026\n")
    assert numbers["forgotten"] in spanish.out
    assert (await terminal.runs(*MONTH, env={"LANGUAGE": "en"})).out.startswith("Complaints report: July 2026\n")


async def test_every_form_is_written_to_its_file(terminal: Terminal, numbers: dict[str, str], tmp_path: Path) -> None:
    for form, begins in (
        ("html", b"<!doctype html>"),
        ("pdf", b"%PDF-"),
        ("csv", "\ufeffsection".encode()),
        ("json", b"{"),
    ):
        out = tmp_path / f"july.{form}"
        ran = await terminal.runs(*MONTH, f"--{form}", "--out", str(out))
        assert ran.code == 0, ran.err
        assert ran.out == ""
        assert out.read_bytes().startswith(begins)
        assert out.stat().st_mode & 0o077 == 0  # it quotes customers
    assert len(PdfReader(io.BytesIO((tmp_path / "july.pdf").read_bytes())).pages) >= 3


async def test_days_and_filters_narrow_it(terminal: Terminal, numbers: dict[str, str]) -> None:
    figures = await terminal.facts("report", "--from", "2026-07-02", "--to", "2026-07-06")
    assert figures["totals"]["received"] == 2
    by_name = await terminal.facts(*MONTH, "--department", "Área Académica")
    assert by_name["only"]["department"] == "academic"
    assert by_name["totals"]["received"] == 3
    assert (await terminal.facts(*MONTH, "--product", "Curso de Revit"))["totals"]["received"] == 1


async def test_without_a_month_it_is_last_month(terminal: Terminal) -> None:
    period = (await terminal.facts("report"))["period"]
    assert period["first"].endswith("-01")
    assert period["after"].endswith("-01")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--month", "2026-13"), "2026-13"),
        (("--month", "2026-07", "--from", "2026-07-01"), "--from"),
        (("--from", "2026-07-10", "--to", "2026-07-09"), "--from"),
        (("--from", "2026-07-10"), "--from"),
        (("--html", "--pdf"), "--html"),
        (("--from", "ayer"), "ayer"),
    ],
)
async def test_what_makes_no_sense_is_a_wrong_use(terminal: Terminal, words: tuple[str, ...], said: str) -> None:
    ran = await terminal.runs("report", *words)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


async def test_a_department_that_there_is_not_is_named(terminal: Terminal) -> None:
    ran = await terminal.runs(*MONTH, "--department", "astronomy")
    assert ran.code == 1
    assert "astronomy" in ran.err


async def test_a_place_that_cannot_be_written_is_named(terminal: Terminal, tmp_path: Path) -> None:
    ran = await terminal.runs(*MONTH, "--json", "--out", str(tmp_path / "none" / "july.json"))
    assert ran.code == 1
    assert "july.json" in ran.err


async def test_json_goes_through_a_pipe(terminal: Terminal, numbers: dict[str, str]) -> None:
    ran = await terminal.runs(*MONTH, "--json")
    assert json.loads(ran.out)["totals"]["dismissed"] == [numbers["dismissed"]]
