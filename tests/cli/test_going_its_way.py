"""The command line on the real server: a complaint goes its way, is found, and is shown to people."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from cli import show
from complaints.rules.journal import CaseRecord
from complaints.rules.number import is_own_number
from complaints.words.wording import Wording
from tests.chance import new_key
from tests.terminal import Terminal

# -- the whole way ----------------------------------------------------------------------------------------------------


async def test_a_complaint_goes_its_way_by_commands_alone(terminal: Terminal) -> None:
    opened = await terminal.facts(
        "open", "--name", "José Ñáñez", "--phone", "+51 912 345 678", "--email", "jose@correo.example",
        "--document", "45678912", "--product", "Curso de BIM", "--occurred-on", "2026-07-01", "--kind", "reclamo",
        "--remedy", "Que se dicten", "--amount", "S/ 300", "--address", "Av. Sol 1", "--guardian", "Ana Ñáñez",
        "--description", "-", stdin="Faltaron horas.\nMuchas.",
    )  # fmt: skip
    number = opened["number"]
    assert is_own_number(number)
    assert (opened["already"], opened["pending"]) == (False, False)

    async def stage(*words: str) -> str:
        return str((await terminal.facts(words[0], number, *words[1:]))["stage"])

    assert await stage("assess", "--category", "curso", "--severity", "alta", "--note", "-") == "assignment"
    assert await stage("request-details", "--missing", "boleta", "--question", "¿La envía?") == "assignment"
    assert await stage("receive-details", "--text", "Aquí está", "--product", "BIM II") == "assignment"
    assert await stage("assign", "--department", "área académica", "--representative", "Ana Rojas") == "investigation"
    assert await stage("note", "--text", "Revisado el acta", "--for-customer") == "investigation"
    assert await stage("involve", "--whom", "systems", "--question", "¿Hubo clases?") == "investigation"
    tomorrow = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    assert await stage("promise-date", "--date", tomorrow) == "investigation"
    assert await stage("call", "--reached", "--with", "José", "--notes", "Le expliqué") == "investigation"
    resolution = (
        "--text",
        "Se repondrán",
        "--outcome",
        "upheld",
        "--cause",
        "feriado",
        "--action",
        "a",
        "--action",
        "b",
    )
    assert await stage("resolve", *resolution) == "confirmation"
    assert await stage("feedback", "--text", "Rápido") == "confirmation"
    assert await stage("dissatisfied", "--reason", "Falta una") == "investigation"
    assert await stage("resolve", "--text", "Todas") == "confirmation"
    assert await stage("satisfied", "--words", "Ahora sí", "--via", "call") == "closed"
    await terminal.ends(number)
    assert await stage("survey", "--score", "5", "--comment", "Gracias") == "closed"
    assert await stage("reopen", "--reason", "Volvió a pasar") == "investigation"
    assert await stage("close", "--reason", "Decisión de la dirección") == "closed"
    told = [(row["what"], row["by"], row["via"]) for row in await terminal.facts("timeline", number)]
    for what, via in [("assessed", "cli"), ("called", "call"), ("customer-satisfied", "call"), ("reopened", "cli")]:
        assert [one for one in told if one[0] == what and one[2] == via], (what, told)


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (["withdraw", "--reason", "Ya no"], "withdrawn"),
        (["dismiss", "--reason", "Era una pregunta"], "not-a-complaint"),
        (["close", "--reason", "Decisión"], "decision"),
    ],
)
async def test_other_ends(terminal: Terminal, words: list[str], outcome: str) -> None:
    number = await terminal.a_complaint()
    status = await terminal.facts(words[0], number, *words[1:])
    assert (status["stage"], status["outcome"]) == ("closed", outcome)


async def test_merging_ends_one_of_two(terminal: Terminal) -> None:
    one, other = await terminal.a_complaint(), await terminal.a_complaint()
    assert (await terminal.facts("merge", one, other))["merged_into"] == other


async def test_what_status_and_timeline_promise_programs(terminal: Terminal, number: str) -> None:
    status = await terminal.facts("status", number)
    assert {"number", "stage", "level", "late", "due", "department", "round"} <= status.keys()
    assert status["source"] == "workflow"
    for row in await terminal.facts("timeline", number):
        assert {"at", "what", "by", "via"} <= row.keys()
        assert datetime.fromisoformat(row["at"]).tzinfo is not None
    deadlines = await terminal.facts("explain", number)
    assert "assessment" in [one["name"] for one in deadlines]
    assert [one["name"] for one in await terminal.facts("explain", number, "assessment")] == ["assessment"]


async def test_the_same_act_twice_is_one_act(terminal: Terminal) -> None:
    source_key = new_key("form")
    number = await terminal.a_complaint("--source-key", source_key)
    assert await terminal.a_complaint("--source-key", source_key) == number
    for _ in range(2):
        await terminal.facts("note", number, "--text", "una vez", "--id", "once-1")
    assert [row["what"] for row in await terminal.facts("timeline", number)].count("noted") == 1


async def test_who_and_when_are_kept(terminal: Terminal) -> None:
    at = datetime.now(UTC).replace(microsecond=0)
    number = await terminal.a_complaint("--received-at", (at - timedelta(hours=2)).isoformat())
    await terminal.facts("assess", number, "--by", "Ana Rojas", "--at", (at - timedelta(hours=1)).isoformat())
    row = next(row for row in await terminal.facts("timeline", number) if row["what"] == "assessed")
    assert row["by"] == "Ana Rojas"
    assert (await terminal.facts("status", number))["received_at"] == (at - timedelta(hours=2)).isoformat().replace(
        "+00:00", "Z"
    )


# -- finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remembered", "why"),
    [
        ("zoila munoz", "accents and case do not matter"),
        ("zoila@correo.example", "an email"),
        ("987 111 222", "a telephone number in another spelling"),
        ("DNI 40.506.070", "a document with its label"),
    ],
)
async def test_find_by_whatever_is_remembered(terminal: Terminal, remembered: str, why: str) -> None:
    number = await terminal.a_complaint(
        "--source-key", "find/1", "--name", "Zoila Muñoz", "--email", "zoila@correo.example",
        "--phone", "+51987111222", "--document", "40506070",
    )  # fmt: skip
    await terminal.writes(number)
    assert [one["number"] for one in await terminal.facts("find", remembered)] == [number], why


async def test_find_a_number_with_a_typo(terminal: Terminal, number: str) -> None:
    await terminal.writes(number)
    wrong = number[:-1] + ("7" if number[-1] != "7" else "8")
    assert number in [one["number"] for one in await terminal.facts("find", wrong)]
    assert await terminal.facts("find", "nobody of that name") == []


async def test_find_by_what_was_written_shows_the_words(terminal: Terminal) -> None:
    number = await terminal.a_complaint("--description", "Diploma sin firmar")
    await terminal.facts("note", number, "--text", "Preguntó la señora Beltrán")
    await terminal.writes(number)
    for asked, way, words in (("diplma firmar", "near", "Diploma sin firmar"), ("beltran", "said", "señora Beltrán")):
        [found] = [one for one in await terminal.facts("find", asked) if one["number"] == number]
        assert found["way"] == way
        assert words in found["snippet"]
    for command in (("find", "beltran"), ("list",), ("status", number)):
        assert "Diploma sin firmar" in (await terminal.runs(*command)).out, command


async def test_list_shows_what_was_asked_for(terminal: Terminal) -> None:
    number = await terminal.a_complaint("--name", "Listada Uno")
    await terminal.facts("assign", number, "--department", "systems")
    await terminal.writes(number)
    listed = await terminal.facts("list", "--department", "Sistemas", "--text", "Listada")
    assert [(one["number"], one["stage"]) for one in listed] == [(number, "investigation")]
    assert await terminal.facts("list", "--late", "--text", "Listada") == []
    refused = await terminal.runs("list", "--department", "Cocina")
    assert (refused.code, "academic" in refused.err) == (1, True)


# -- what people read -------------------------------------------------------------------------------------------------


async def test_people_read_their_own_language(terminal: Terminal, number: str) -> None:
    spanish = await terminal.runs("status", number, env={"LANGUAGE": "es"})
    english = await terminal.runs("status", number, env={"LANGUAGE": "en"})
    assert "evaluación inicial" in spanish.out
    assert "initial assessment" in english.out
    explained = await terminal.runs("explain", number, "assessment", env={"LANGUAGE": "es"})
    assert "2 días hábiles" in explained.out
    assert re.search(r"(lunes|martes|miércoles|jueves|viernes) .* día hábil", explained.out)
    assert "acknowledgement" in (await terminal.runs("timeline", number)).out


async def test_nothing_that_people_wrote_steers_the_terminal(terminal: Terminal) -> None:
    """Text reaches Temporal from plain clients too; a record may hold what no model of ours would take."""
    assert "\x1b" not in show.plain("\x1b[31mred\x1b]0;title\x07")
    number = await terminal.a_complaint("--name", "[red]Rosa[/red] :bomb:")
    await terminal.writes(number)
    assert "[red]Rosa[/red] :bomb:" in (await terminal.runs("find", number)).out


def test_what_is_late_stands_out_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 7, 27, 23, 0, tzinfo=UTC)
    record = CaseRecord(
        number="Q-7KF3-02M9D", source_key="x", channel="web", language="es", received_at=at, description="x",
        stage="assessment", level=0, round=1, late=True, due=at, policy_version="1", seq=1,
    )  # fmt: skip

    def printed(**environ: str) -> str:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        screen = Console(force_terminal=True, file=io.StringIO(), width=200, color_system="standard")
        monkeypatch.setattr(show, "console", lambda: screen)
        show.complaints([record], Wording(language="en"))
        assert isinstance(screen.file, io.StringIO)
        return screen.file.getvalue()

    assert "\x1b[1;31mQ-7KF3-02M9D" in printed()
    assert "31m" not in printed(NO_COLOR="1")


async def test_a_pipe_gets_no_colours_and_no_folded_lines(terminal: Terminal, number: str) -> None:
    for words in (["list"], ["status", number], ["timeline", number], ["explain", number]):
        out = (await terminal.runs(*words)).out
        assert "\x1b" not in out
        assert "Muchas." not in out  # what it is about in a line; a table is for standing in a room with others


async def test_another_customers_takes_the_managers_flag_and_each_goes_its_own_way_again(terminal: Terminal) -> None:
    his = await terminal.a_complaint(
        "--name", "Luis Paredes", "--email", "luis@correo.example", "--document", "40112233"
    )
    hers = await terminal.a_complaint(
        "--name", "Rosa Quispe", "--email", "rosa@correo.example", "--document", "45678912"
    )
    refused = await terminal.runs("merge", his, hers, env={"LANGUAGE": "es"})
    assert refused.code == 1
    assert "--another-customer" in refused.err
    joined = await terminal.facts("merge", his, hers, "--another-customer", "--by", "Luis Castellanos")
    assert (joined["goes_with"], joined["outcome"]) == (hers, None)
    alone = await terminal.facts("separate", his, "--reason", "Son dos asuntos.")
    assert (alone["goes_with"], alone["outcome"]) == (None, None)
    again = await terminal.runs("separate", his, env={"LANGUAGE": "es"})
    assert (again.code, "no está unida a otra queja" in again.err) == (1, True)
