"""Fact × stage, cell by cell: what each fact does to a case at each stage, and where the case is afterwards."""

from typing import Any

import pytest

from complaints.rules.facts import FACTS, UPDATES
from complaints.rules.journal import Row
from complaints.rules.refusals import NotNow, clause
from complaints.rules.stages import CLOSED, INSTEAD, TABLE, Effect, Stage
from tests.casebook import Tale

SAID: dict[str, dict[str, Any]] = {
    "details-requested": {"question": "¿Qué grupo era?"},
    "noted": {"text": "Se habló con el docente."},
    "involved": {"whom": "academic", "question": "¿Hubo clase el día 3?"},
    "date-promised": {"date": "2026-08-10"},
    "resolved": {"text": "Se reponen las horas."},
    "called": {"reached": True},
    "letter-bounced": {"key": "1/acknowledgement/customer"},
    "feedback-given": {"text": "Muy amables."},
    "survey-answered": {"score": 5},
    "merged": {"into": "Q-2"},
    "closed-by-decision": {"reason": "No procede."},
    "rules-changed": {"rules": {"policy": {}, "closed_days": {}}},
    "reading-rejected": {"field": "address"},
    "resolution-corrected": {"text": "Se reponen todas las horas."},
    "replied": {"text": "Mañana le llama el docente."},
    "act-held": {"act": "replied", "said": {"text": "Mañana le llama el docente."}},
}
"""What a fact cannot do without; the others are bare."""

CELLS = """
#                       assessment                assignment                investigation          confirmation           closed
assessed                applies:assignment        applies:assignment        applies:investigation  ignored                ignored
details-requested       applies:assessment        applies:assignment        applies:investigation  ignored                ignored
details-received        applies:assessment        applies:assignment        applies:investigation  applies:confirmation   ignored
assigned                implies:investigation     applies:investigation     applies:investigation  ignored                ignored
noted                   applies:assessment        applies:assignment        applies:investigation  applies:confirmation   ignored
involved                applies:assessment        applies:assignment        applies:investigation  ignored                ignored
date-promised           applies:assessment        applies:assignment        applies:investigation  ignored                ignored
resolved                implies:confirmation      implies:confirmation      applies:confirmation   applies:confirmation   ignored
customer-satisfied      held:assessment           held:assignment           held:investigation     applies:closed         ignored
customer-dissatisfied   applies:assessment        applies:assignment        applies:investigation  applies:investigation  applies:investigation
called                  applies:assessment        applies:assignment        applies:investigation  applies:confirmation   applies:closed
message-received        applies:assessment        applies:assignment        applies:investigation  applies:confirmation   applies:closed
letter-bounced          applies:assessment        applies:assignment        applies:investigation  applies:confirmation   applies:closed
feedback-given          applies:assessment        applies:assignment        applies:investigation  applies:confirmation   applies:closed
survey-answered         ignored                   ignored                   ignored                applies:confirmation   applies:closed
withdrawn               applies:closed            applies:closed            applies:closed         applies:closed         ignored
not-a-complaint         applies:closed            applies:closed            applies:closed         ignored                ignored
merged                  applies:closed            applies:closed            applies:closed         ignored                ignored
closed-by-decision      applies:closed            applies:closed            applies:closed         applies:closed         ignored
rules-changed           applies:assessment        applies:assignment        applies:investigation  applies:confirmation   ignored
messages-read           applies:assessment        applies:assignment        applies:investigation  applies:confirmation   ignored
reading-rejected        applies:assessment        applies:assignment        applies:investigation  applies:confirmation   ignored
resolution-corrected    ignored                   ignored                   ignored                ignored                ignored
replied                 applies:assessment        applies:assignment        applies:investigation  applies:confirmation   ignored
act-held                applies:assessment        applies:assignment        applies:investigation  applies:confirmation   ignored
act-withdrawn           ignored                   ignored                   ignored                ignored                ignored
act-sent-now            ignored                   ignored                   ignored                ignored                ignored
"""  # noqa: E501 - a table
"""`merged` at confirmation: `into` is refused, `absorbed` applies (its own test below). `resolution-corrected` there:
what nobody has explained yet is no answer that could be corrected (tests/rules/test_correction.py has the other)."""

STAGES = tuple(Stage)


def cells() -> list[tuple[str, Stage, Effect, Stage]]:
    found = []
    for line in CELLS.strip().splitlines()[1:]:
        fact, *row = line.split()
        for stage, cell in zip(STAGES, row, strict=True):
            effect, _, after = cell.partition(":")
            found.append((fact, stage, Effect(effect), Stage(after or stage)))
    return found


def a_case_in(stage: Stage) -> Tale:
    """Brought there by the shortest way. In confirmation it waits for the explanation, so that `resolved` may come."""
    tale = Tale.begins()
    way = {
        Stage.ASSESSMENT: [],
        Stage.ASSIGNMENT: ["assessed"],
        Stage.INVESTIGATION: ["assigned"],
        Stage.CONFIRMATION: ["resolved"],
        Stage.CLOSED: ["resolved", "customer-satisfied"],
    }
    for fact in way[stage]:
        tale.says(fact)
    assert tale.case.stage is stage
    if stage is not Stage.CLOSED:  # there is something to be read, and something that was read in it
        address = {"field": "address", "value": "Av. Arequipa 100", "words": "vivo en Av. Arequipa 100"}
        tale.says("message-received", via="reply", text="Ahora vivo en Av. Arequipa 100.", read=[address])
    return tale


@pytest.mark.parametrize(("fact", "stage", "effect", "after"), cells(), ids=lambda value: str(value))
def test_each_cell(fact: str, stage: Stage, effect: Effect, after: Stage) -> None:
    tale = a_case_in(stage)
    rows = len(tale.case.rows)
    assert tale.says(fact, **SAID.get(fact, {})) is effect
    assert tale.case.stage is after
    row: Row = tale.case.rows[rows]
    if effect is Effect.IGNORED:
        assert (row.what, row.data["fact"]) == ("ignored", fact)
        assert row.data["reason"]
    else:
        assert row.what == fact
        assert row.data.get("effect") == (None if effect is Effect.APPLIES else effect.value)


def test_the_tables_cells_are_these() -> None:
    """But for some, which an objection decides and not the table: nothing waits to be taken back or sent."""
    differing = {(fact, stage) for fact, stage, effect, _ in cells() if TABLE[fact, stage] is not effect}
    waiting = ("act-withdrawn", "act-sent-now")
    open_ = {(fact, stage) for fact in waiting for stage in STAGES if stage is not Stage.CLOSED}
    assert differing == {("merged", Stage.CONFIRMATION), ("resolution-corrected", Stage.CONFIRMATION), *open_}
    assert set(TABLE) == {(fact, stage) for fact in FACTS for stage in STAGES}


def test_every_ignored_cell_says_what_to_do_instead() -> None:
    for (fact, stage), effect in TABLE.items():
        if effect is Effect.IGNORED and stage is not Stage.CLOSED:
            assert INSTEAD[fact, stage]
    assert {cell for cell, effect in TABLE.items() if effect is Effect.IGNORED} >= set(INSTEAD)


@pytest.mark.parametrize("request_name", sorted(UPDATES))
def test_a_request_is_refused_exactly_where_the_fact_would_be_ignored(request_name: str) -> None:
    fact = UPDATES[request_name]
    for stage in STAGES:
        tale = a_case_in(stage)
        said = fact.model_validate(SAID.get(fact.name, {}))
        effect, reason = tale.case.effect_of(said)
        if effect is Effect.IGNORED:
            with pytest.raises(NotNow, match=f"^Q-7KF3-02M9D is in {stage.value}: .+\\.$"):
                tale.case.expect(said)
            assert reason
        else:
            tale.case.expect(said)


def test_a_closed_case_says_how_to_go_on() -> None:
    with pytest.raises(NotNow) as refused:
        a_case_in(Stage.CLOSED).case.expect(FACTS["assessed"]())
    assert clause(CLOSED) in str(refused.value)


def test_another_complaint_may_be_taken_in_while_the_customer_is_asked_to_confirm() -> None:
    tale = a_case_in(Stage.CONFIRMATION)
    assert tale.says("merged", absorbed="Q-3") is Effect.APPLIES
    assert tale.case.absorbed == ["Q-3"]
    assert tale.case.stage is Stage.CONFIRMATION
