"""What a case answers to a request that does not fit: every reason of the rules is said in Spanish too."""

import ast
import inspect

import pytest

from complaints.rules import effects
from complaints.rules.stages import CLOSED_REASON, INSTEAD
from starter.refusals import in_spanish, reason_in_spanish


def objections() -> list[str]:
    """The clauses of `effects.objection`, with something in place of what it fills in."""
    said = []
    for node in ast.walk(ast.parse(inspect.getsource(effects.objection))):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and node.value.value is not None:
            said.append(str(node.value.value))
        if isinstance(node, ast.Return) and isinstance(node.value, ast.JoinedStr):
            parts = node.value.values
            said.append("".join(str(part.value) if isinstance(part, ast.Constant) else "30" for part in parts))
    return said


def test_the_objections_are_found() -> None:
    assert len(objections()) >= 6


@pytest.mark.parametrize("reason", sorted({*INSTEAD.values(), CLOSED_REASON, *objections()}))
def test_a_reason_is_said_in_spanish(reason: str) -> None:
    assert reason_in_spanish(reason) != reason


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (
            "Q-7KF3-02M9D is in confirmation: it is resolved; add a note instead.",
            "Q-7KF3-02M9D está en confirmación: ya tiene resolución; agregue más bien una nota.",
        ),
        (
            f"Q-7KF3-02M9D is in closed: {CLOSED_REASON}.",
            "Q-7KF3-02M9D: está cerrada; si el cliente no está conforme, reábrala.",
        ),
        ("Q-7KF3-02M9D: text: Field required; score: Field required.",
         "Q-7KF3-02M9D: text: falta este dato; score: falta este dato."),
        ("Q-7KF3-02M9D is in investigation: 2020-01-01 is over; promise a day to come.",
         "Q-7KF3-02M9D está en investigación: el 2020-01-01 ya pasó; prometa un día por venir."),
        ("something that nobody foresaw", "something that nobody foresaw"),
    ],
)  # fmt: skip
def test_a_refusal_is_said_in_spanish(english: str, spanish: str) -> None:
    assert in_spanish(english) == spanish
