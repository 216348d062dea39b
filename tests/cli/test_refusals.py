"""What the command line refuses, with which sentence and which exit code; and where it looks for its servers."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.client import Client

from starter.home_keys import ring_of_home
from tests.patience import nobody_answers
from tests.rings import ring_environment
from tests.terminal import Terminal, a_home, as_process, in_this_process

# -- what is refused --------------------------------------------------------------------------------------------------


NOW = ["--email", "a@correo.example"]

REFUSED: list[tuple[list[str], int, str, str]] = [
    (["open", "--description", "x"], 1, "email or a phone is needed", "nobody could be answered"),
    (["open", "--description", "  ", *NOW], 1, "problem.description", "an empty description"),
    (["open", "--description", "x", "--email", "no-address"], 1, "customer.email", "no address"),
    (["open", "--description", "x", "--occurred-on", "2199-01-01", *NOW], 1, "occurred_on", "in the future"),
    (["open", "--description", "x\x00y", *NOW], 1, "control character U\\+0000", "NUL"),
    (["open", "--description", "x" * 1_000_001, *NOW], 1, "at most 100000", "1 MB"),
    (["open", "--description", "x", "--number", "no blanks", *NOW], 1, "at most 40", "a number that is no id"),
    (["open", "--description", "x", "--received-at", "2026-07-22T09:00", *NOW], 2, "zone", "naive"),
    (["open", "--description", "x", "--channel", "fax", *NOW], 2, "--channel", "no such channel"),
    (["open", "--description", "x", "--received-at", "2001-01-01T09:00Z", *NOW], 1, "years back", "a slip"),
    (["open", *NOW], 2, "--description", "missing option"),
    (["open", "--description", "x", "--occurred-on", "22/07/2026", *NOW], 2, "2026-07-22", "no ISO date"),
    (["assign", "NUMBER", "--department", "Cocina"], 1, "there are: academic", "unknown department"),
    (["survey", "NUMBER", "--score", "5"], 1, "the survey comes with the closing", "not now"),
    (["survey", "NUMBER", "--score", "9"], 2, "--score", "out of range"),
    (["survey", "NUMBER"], 2, "--score", "missing option"),
    (["note", "NUMBER", "--text", "x", "--id", "i" * 300], 1, "event_id", "no id of that length"),
    (["note", "NUMBER", "--text", " "], 1, "text:", "an empty note"),
    (["promise-date", "NUMBER", "--date", "2020-01-01"], 1, "is over", "a promise in the past"),
    (["resolve", "NUMBER", "--outcome", "perhaps"], 2, "--outcome", "no such outcome"),
    (["assess", "NUMBER", "--at", "2026-07-22 09:00"], 2, "zone", "naive"),
    (["merge", "NUMBER", "NUMBER"], 1, "itself", "into itself"),
    (["merge", "NUMBER", "Q-0000-00000"], 1, "no complaint Q-0000-00000", "into nothing"),
    (["reopen", "NUMBER"], 1, "is open", "nothing to reopen"),
    (["explain", "NUMBER", "legal/99"], 1, "no deadline", "no such deadline"),
    (["forward", "NUMBER", "3d"], 1, "Time is real", "no stack for playing"),
    (["forward", "NUMBER", "soon"], 2, "3d", "no time span"),
    (["status", "Q-0000-00000"], 1, "no complaint Q-0000-00000", "nobody knows it"),
    (["timeline", "Q-0000-00000"], 1, "complaints find", "nobody knows it"),
    (["assess", "Q-0000-00000"], 1, "complaints find", "nobody knows it"),
    (["intake", "nowhere.eml"], 2, "cannot be read", "no such file"),
    (["no-such-command"], 2, "no command", "a typo"),
]


@pytest.mark.parametrize(("words", "code", "says", "why"), REFUSED)
async def test_what_is_refused_says_why_and_ends_with_a_true_code(
    terminal: Terminal, number: str, words: list[str], code: int, says: str, why: str
) -> None:
    before = len(await terminal.store.open_cases(limit=1000))
    ran = await terminal.runs(*[number if word == "NUMBER" else word for word in words])
    said = re.sub(r"[│╭╮╰╯─\s]+", " ", ran.err)
    assert (ran.code, ran.out) == (code, ""), (why, ran)
    assert re.search(says, said), (why, said)
    assert "Traceback" not in ran.err
    assert len(await terminal.store.open_cases(limit=1000)) == before


async def test_refusals_come_in_spanish_too(terminal: Terminal, number: str) -> None:
    spanish = {"LANGUAGE": "es_PE.UTF-8"}
    refused = await terminal.runs("survey", number, "--score", "5", env=spanish)
    assert refused.err.strip() == f"{number} está en evaluación inicial: la encuesta llega con el cierre."
    nobody = await terminal.runs("open", "--description", "x", env=spanish)
    assert "hace falta un correo o un teléfono" in nobody.err


@pytest.mark.parametrize(
    ("variable", "content", "says"),
    [
        ("COMPLAINTS_POLICY", "[windows]\nassessment = -2\n", "windows.assessment"),
        ("COMPLAINTS_POLICY", "[windows]\nassesment = 2\n", "assesment"),
        ("COMPLAINTS_CONTACTS", "[intake]\nmails = []\n", "intake"),
    ],
)
async def test_a_wrong_file_is_refused_with_its_field(
    terminal: Terminal, number: str, tmp_path: Path, variable: str, content: str, says: str
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(content)
    words = ["assign", number, "--department", "academic"]
    ran = await terminal.runs(*words, env={variable: str(wrong)})
    assert (ran.code, says in ran.err) == (1, True), ran.err


@pytest.mark.parametrize(
    ("variable", "content", "says"),
    [
        ("COMPLAINTS_POLICY", "[windows]\nassessment = -2\n", "windows.assessment must be greater than 0"),
        ("COMPLAINTS_CONTACTS", "[intake]\nmails = []\n", "intake"),
    ],
)
async def test_a_stack_is_not_begun_with_a_wrong_file(tmp_path: Path, variable: str, content: str, says: str) -> None:
    wrong, home = tmp_path / "wrong.toml", tmp_path / "home"
    wrong.write_text(content)
    ran = await in_this_process(["up", "--home", str(home)], env={variable: str(wrong)})
    assert (ran.code, says in ran.err, home.exists()) == (1, True, False), ran.err


async def test_a_home_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file")
    ran = await as_process("up", "--home", str(home), env={})
    assert (ran.code, "choose another --home" in ran.err) == (1, True), ran.err


# -- where it works ---------------------------------------------------------------------------------------------------


async def test_without_any_servers_it_says_how_to_get_some(tmp_path: Path) -> None:
    ran = await in_this_process(["status", "Q-0000-00000", "--home", str(tmp_path)], env={})
    assert (ran.code, "complaints up" in ran.err) == (1, True)
    ran = await in_this_process(["status", "Q-0000-00000"], env={"COMPLAINTS_HOME": str(tmp_path)})
    assert (ran.code, "TEMPORAL_ADDRESS" in ran.err) == (1, True)


async def test_the_environments_servers_are_used_without_a_home(
    terminal: Terminal, number: str, tmp_path: Path
) -> None:
    env = {"TEMPORAL_ADDRESS": terminal.addresses.temporal, "DATABASE_URL": terminal.addresses.database}
    env |= ring_environment(terminal.client)
    ran = await in_this_process(["status", number, "--json"], env={**env, "COMPLAINTS_HOME": str(tmp_path)})
    assert (ran.code, ran.facts["number"], ran.err) == (0, number, "")


async def test_a_home_wins_over_the_environment_and_says_so(terminal: Terminal, number: str, nowhere: str) -> None:
    tripwires = {"TEMPORAL_ADDRESS": nowhere, "DATABASE_URL": "postgresql://nobody@nowhere.invalid/x"}
    ran = await terminal.runs("status", number, "--json", env=tripwires)
    assert (ran.code, ran.facts["number"]) == (0, number)
    assert ran.err.splitlines() == [
        f"Using the stack in {terminal.home}; TEMPORAL_ADDRESS, DATABASE_URL of the environment is ignored."
    ]
    refused = await in_this_process(["status", number, "--home", "/nonexistent"], env=tripwires)
    assert (refused.code, "No stack runs in /nonexistent" in refused.err) == (1, True)


async def test_a_server_that_does_not_answer_is_a_sentence(tmp_path: Path, nowhere: str) -> None:
    env = {"TEMPORAL_ADDRESS": nowhere, "COMPLAINTS_HOME": str(tmp_path)}
    with nobody_answers():
        ran = await in_this_process(["status", "Q-0000-00000"], env=env)
    assert (ran.code, f"{nowhere} does not answer" in ran.err) == (1, True)


@pytest.mark.slow
async def test_a_call_is_taken_down_while_temporal_is_away(terminal: Terminal, tmp_path: Path, nowhere: str) -> None:
    cut = terminal.addresses.model_copy(update={"temporal": nowhere})
    words = ["open", "--phone", "+51 911 222 333", "--description", "Nadie contesta", "--source-key", "call/9"]
    with a_home(tmp_path / "cut", cut) as home:
        shutil.copy(ring_of_home(terminal.home), home)
        with nobody_answers():
            ran = await in_this_process([*words, "--json", "--home", str(home)], env={})
        assert ran.code == 0, ran.err
        assert ran.facts["pending"] is True
        number = ran.facts["number"]
        assert f"{number} wait" in (await in_this_process(["doctor", "--home", str(home)], env={})).out
    waits = await terminal.runs("status", number)
    assert (waits.code, "doctor --mend" in waits.err) == (1, True)
    assert f"{number} wait" in (await terminal.runs("doctor")).out
    assert "started" in (await terminal.runs("doctor", "--mend")).out
    assert (await terminal.facts("status", number))["channel"] == "phone"


@pytest.mark.slow
async def test_an_answer_that_is_lost_ends_with_3(terminal: Terminal, temporal: Client) -> None:
    number = f"silent-{datetime.now(UTC):%H%M%S}"
    received = {"customer": {"email": "a@correo.example"}, "problem": {"description": "x"}}
    await temporal.start_workflow("Complaint", received, id=number, task_queue="nobody-polls-this")
    with nobody_answers():
        ran = await terminal.runs("note", number, "--text", "x", "--id", "note-3")
    assert (ran.code, "--id note-3" in ran.err) == (3, True), ran.err
    await temporal.get_workflow_handle(number).terminate()
