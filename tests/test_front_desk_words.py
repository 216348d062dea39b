"""What a case answers to a request that does not fit: every reason of the rules is said in Spanish too."""

import ast
import inspect

import pytest
from pydantic import ValidationError

from complaints.rules import effects
from complaints.rules.reasons import in_spanish, journalled_in_spanish, reason_in_spanish, reasons_in_spanish
from complaints.rules.received import ComplaintReceived, refusal
from complaints.rules.stages import CLOSED_REASON, INSTEAD


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


@pytest.mark.parametrize(
    ("part", "english", "spanish"),
    [
        ({"problem": {"description": ""}}, "problem.description: must not be empty",
         "problem.description: no puede estar vacío"),
        ({"problem": {"description": "a\0b"}},
         "problem.description: holds the control character U+0000, which cannot be kept: take it out",
         "problem.description: contiene el carácter de control U+0000, que no se puede guardar: quítelo"),
        ({"customer": {"phone": "12"}}, "customer.phone: is not a telephone number",
         "customer.phone: no es un número de teléfono"),
        ({"customer": {"email": "rosa at home"}}, "customer.email: is not an email address",
         "customer.email: no es una dirección de correo"),
        ({"received_at": "2026-07-22T09:00"}, "received_at: names no time zone: write it as 2026-07-22T09:00-05:00",
         "received_at: no dice la zona horaria: escríbalo como 2026-07-22T09:00-05:00"),
        ({"language": "fr"}, "language: Input should be 'es' or 'en'", "language: debe ser 'es' o 'en'"),
    ],
)  # fmt: skip
def test_what_no_complaint_can_hold_is_said_in_words_people_know(
    part: dict[str, object], english: str, spanish: str
) -> None:
    whole = {"channel": "phone", "customer": {"phone": "987654321"}, "problem": {"description": "x"}} | part
    with pytest.raises(ValidationError) as refused:
        ComplaintReceived.model_validate(whole)
    assert refusal(refused.value) == english
    assert reasons_in_spanish(refusal(refused.value)) == spanish


@pytest.mark.parametrize(
    ("reason", "spanish"),
    [
        (CLOSED_REASON, "está cerrada; si el cliente no está conforme, reábrala"),
        ("text: Field required; score: Field required", "text: falta este dato; score: falta este dato"),
    ],
)
def test_the_journals_reason_is_said_in_spanish(reason: str, spanish: str) -> None:
    assert journalled_in_spanish(reason) == spanish
