"""Every sequence of facts, letters and clock strikes up to a depth, not a sample of them: the case never contradicts
itself. `uv run python -m benchmarks.exhaustive` goes as deep as ten minutes allow."""

import pytest

from complaints.rules.facts import FACTS
from complaints.rules.journal import Row
from tests import exploring
from tests.exploring import MOVES, STARTS, Moment, Start, digest, explored
from tests.rules import case_laws


def test_every_fact_is_among_the_moves() -> None:
    assert {name for name, _ in exploring.FACTS} | {"letter-bounced"} == set(FACTS)


@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.name)
def test_no_move_brings_a_case_to_contradict_itself(start: Start) -> None:
    found = explored(start, depth=1)
    assert found.whole_depth == 1
    assert found.found == {}


def test_no_two_moves_do_either_for_the_commonest_start() -> None:
    found = explored(STARTS[0], depth=2)
    assert (found.whole_depth, found.found) == (2, {})
    assert found.transitions > 600
    assert {"escalated", "closed", "reopened", "letter-failed", "call-task"} <= set(found.happened)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("start", STARTS[1:], ids=lambda start: start.name)
def test_no_two_moves_do_for_the_others(start: Start) -> None:
    found = explored(start, depth=2)
    assert (found.whole_depth, found.found) == (2, {})


def test_a_case_that_breaks_a_law_is_found_with_the_shortest_way_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_notes(case: object) -> None:
        rows: list[Row] = getattr(case, "rows")  # noqa: B009
        assert all(row.what != "noted" for row in rows)

    monkeypatch.setattr(case_laws, "LAWS", (*case_laws.LAWS, no_notes))
    found = explored(STARTS[0], depth=1)
    [(broken, path)] = found.found.items()
    assert "no_notes" in broken
    assert [MOVES[name] for name in path] == [MOVES['noted {"text": "\\u2026"}']]


def test_states_are_one_where_nothing_that_comes_can_tell_them_apart() -> None:
    """Two facts of one instant in either order; but not where a clock struck between them."""

    def after(*names: str) -> bytes:
        at = Moment(case := STARTS[0].case(), case.as_of)
        for name in names:
            assert next(move for full, move in MOVES.items() if full.startswith(name))(at)
        return digest(at)

    assert after("noted", "feedback-given") == after("feedback-given", "noted") == after("noted")
    assert after("noted", "the next deadline") != after("noted")
    assert after("assigned", "withdrawn") != after("withdrawn")
