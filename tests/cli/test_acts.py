"""The acts of staff as commands: the table in `starter/acts.py` gives each, with the options of its fields."""

import inspect
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.main import get_command

from cli.application import app
from cli.commands import acting
from complaints.rules.facts import UPDATES
from complaints.rules.stages import Stage
from starter.acts import ACTS, Group
from tests.terminal import Terminal, in_this_process
from tests.waiting import comes

COMMANDS: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]

OF_EVERY_ACT = {"--home", "--by", "--id", "--at", "--json"}


def options_of(act: str) -> set[str]:
    command = COMMANDS[ACTS[act].command]
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts) if name.startswith("--")}


OPTIONS = """
assess             --category --severity --note
assign             --department --representative
resolve --text --outcome --cause --action --internal-action --representative --told-in-call --for-joined --file
correct_resolution --text --outcome --action --file
confirm_satisfied  --words --via
dispute            --reason --via
request_details    --missing --question
receive_details    --text --document --name --phone --email --address --occurred-on --product --still-missing
add_note           --text --for-customer --file
reply              --text --file
undo_act           --row
send_now           --row
record_call        --reached --not-reached --with --notes --told --not-told --next-at --inbound --file
promise_date       --date --note
involve            --whom --question --answer-by
give_feedback      --text --via
answer_survey      --score --comment --via
merge              --another-customer
withdraw           --reason --via
dismiss            --reason
close_by_decision  --reason
"""
"""A promise to scripts: written here once more, so that no change of the table breaks it unseen."""


@pytest.mark.parametrize("line", OPTIONS.strip().splitlines(), ids=lambda line: line.split()[0])
def test_the_options_of_each_act(line: str) -> None:
    act, *options = line.split()
    assert options_of(act) == {*options, *OF_EVERY_ACT}


async def test_files_go_with_an_act(terminal: Terminal, tmp_path: Path) -> None:
    number = await terminal.a_complaint()
    await terminal.writes(number)
    file, program = tmp_path / "constancia de Peña.pdf", tmp_path / "arreglo.exe"
    file.write_bytes(b"%PDF-1.7")
    program.write_bytes(b"MZ" + bytes(99))
    refused = await terminal.runs("reply", number, "--text", "Va.", "--file", str(program))
    assert (refused.code, "“arreglo.exe” is no photo" in refused.err) == (1, True), refused.err
    assert (await terminal.runs("reply", number, "--text", "Va.", "--file", str(tmp_path / "no.pdf"))).code == 2
    for ends, why in ((1, "scanner refused the file constancia de Peña.pdf"), (2, "cannot check files")):
        scanner = {"FILE_SCANNER": f"sh -c 'exit {ends}'"}
        refused = await terminal.runs("reply", number, "--text", "Va.", "--file", str(file), env=scanner)
        assert (refused.code, why in refused.err) == (1, True), refused.err
    assert await terminal.store.given_files(number) == {}, "nothing is kept that nobody looked at"
    sent = await terminal.runs("reply", number, "--text", "Va la constancia.", "--file", str(file))
    assert sent.code == 0, sent.err

    async def written() -> list[str]:
        rows = await terminal.store.letters(number)
        return [one.name for row in rows if row.kind == "reply" for one in row.files]

    assert await comes(written, "the letter that is in the ledger") == [file.name]
    [replied] = [row for row in await terminal.facts("timeline", number) if row["what"] == "replied"]
    assert [one["name"] for one in replied["data"]["files"]] == [file.name]


def test_every_act_is_a_request_whose_command_has_one_name() -> None:
    assert set(ACTS) <= set(UPDATES)
    assert len({act.command for act in ACTS.values()}) == len(ACTS)
    assert {act.first_in for act in ACTS.values()} == {*Stage, None}
    of_customers = {act.name for act in ACTS.values() if act.group is Group.CUSTOMER_SAID or act.via != "cli"}
    assert {act.name for act in ACTS.values() if act.talk} == of_customers | {"receive_details"}


@pytest.mark.parametrize("act", ACTS.values(), ids=lambda act: act.name)
def test_what_is_filled_in_fits_the_acts_fact(act: Any) -> None:
    """The fields are the fact's own, what it cannot do without is required, its choices are those of the model."""
    model = UPDATES[act.name]
    fields = {info.alias or name: info for name, info in model.model_fields.items()}
    assert {field.name for field in act.fields} <= fields.keys()
    needed = {name for name, info in fields.items() if info.is_required()}
    assert needed <= {field.name for field in act.form if field.required}
    assert model.model_validate_json(act.example)
    for field in act.fields:
        for value, _words in field.choices:
            others = {name: value for name, value in model.model_validate_json(act.example) if name in needed}
            model.model_validate(others | {field.name: value})
        if field.kind in ("choice", "scale"):
            others = dict.fromkeys(needed, "x")
            with pytest.raises(ValidationError) as refused:
                model.model_validate(others | {field.name: "none of them"})
            assert (field.name,) in {error["loc"] for error in refused.value.errors()}


@pytest.mark.parametrize(
    ("act", "name", "given", "said"),
    [
        ("record_call", "direction", False, "outbound"),  # a switch that was not given
        ("record_call", "direction", True, "inbound"),
        ("record_call", "reached", False, False),  # said, and not left out
        ("resolve", "corrective_actions", ["a", "b"], ["a", "b"]),
        ("answer_survey", "score", 5, 5),
    ],
)
def test_what_an_option_says(act: str, name: str, given: Any, said: Any) -> None:
    [field] = (field for field in ACTS[act].fields if field.name == name)
    assert acting._said(field, given) == said


@pytest.mark.parametrize(
    "words", [["note", "Q-1"], ["survey", "Q-1", "--score", "9"], ["call", "Q-1"], ["merge", "Q-1"]]
)
async def test_what_must_be_given_is_a_wrong_use_where_it_is_not(words: list[str]) -> None:
    assert (await in_this_process(words, env={})).code == 2


def test_a_commands_function_can_be_read_like_any_other() -> None:
    parameters = inspect.signature(acting.command_of("merge")).parameters
    assert list(parameters) == ["number", "into_", "whose_", "home", "by", "event_id", "at", "as_json"]
