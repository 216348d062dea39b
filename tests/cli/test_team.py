"""Absences and hand-overs at a terminal, by the same rules as at the desk."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.terminal import Terminal

TODAY = datetime.now(UTC).astimezone(ZoneInfo("America/Lima")).date()
DAYS = ("--from", TODAY.isoformat(), "--to", (TODAY + timedelta(days=7)).isoformat())


async def _employ(terminal: Terminal, ana: str, beto: str) -> None:
    """Two colleagues of this test alone: the stack is the other tests' too."""
    for account, name in ((ana, f"Ana {ana}"), (beto, f"Beto {beto}")):
        await terminal.facts("staff", "add", account, "--name", name, "--email", f"{account}@escuela.example")


async def test_somebody_is_away_and_back_and_works_in_a_department(terminal: Terminal) -> None:
    await _employ(terminal, "ana.uno", "beto.uno")
    kept = await terminal.facts("staff", "away", "ana.uno", *DAYS, "--substitute", "beto.uno")
    assert (kept["account"], kept["substitute"], kept["since"]) == ("ana.uno", "beto.uno", TODAY.isoformat())
    assert (await terminal.facts("staff", "department", "ana.uno", "Sistemas"))["department"] == "systems"
    [ana] = [one for one in await terminal.facts("staff", "cases") if one["account"] == "ana.uno"]
    assert (ana["department"], ana["absence"]["substitute"], ana["open"]) == ("systems", "beto.uno", 0)
    assert "Beto beto.uno stands in" in (await terminal.runs("staff", "cases")).out
    assert (await terminal.runs("staff", "back", "ana.uno")).code == 0
    assert "Beto beto.uno stands in" not in (await terminal.runs("staff", "cases")).out


async def test_what_cannot_be_is_refused(terminal: Terminal) -> None:
    await _employ(terminal, "ana.dos", "beto.dos")
    for words, code, said in (
        (("away", "ana.dos", *DAYS, "--substitute", "ana.dos"), 2, "Choose a colleague"),
        (("away", "ana.dos", *DAYS, "--substitute", "nadie"), 2, "Choose a colleague"),
        (("away", "nadie", *DAYS, "--substitute", "ana.dos"), 2, "Choose a colleague"),
        (("away", "ana.dos", "--from", "tomorrow", "--to", "2026-01-01", "--substitute", "beto.dos"), 2, "no date"),
        (("back", "nadie"), 1, "no account"),
        (("department", "ana.dos", "nowhere"), 1, "no department"),
        (("hand-over", "ana.dos", "--to", "nadie"), 1, "no account"),
    ):
        ran = await terminal.runs("staff", *words)
        assert (ran.code, said in ran.err) == (code, True), (words, ran.err)


async def test_all_cases_of_one_go_to_another(terminal: Terminal) -> None:
    await _employ(terminal, "ana.tres", "beto.tres")
    number = await terminal.a_complaint()
    await terminal.facts("assign", number, "--department", "academic", "--representative", "ana.tres")
    await terminal.writes(number)
    assert await terminal.facts("staff", "hand-over", "ana.tres", "--to", "beto.tres") == [
        {"number": number, "refused": None}
    ]
    status = await terminal.facts("status", number)
    assert (status["department"], status["representative"]) == ("academic", "Beto beto.tres")
