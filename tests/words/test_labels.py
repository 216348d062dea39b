"""Refusals name fields as forms call them, in the reader's language, and never a value."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from complaints.rules.facts import FACTS, UPDATES
from complaints.rules.received import ComplaintReceived, Customer, Problem
from complaints.rules.refusals import NotNow, Refusal
from complaints.words.catalogue import Language
from complaints.words.labels import LABELS
from complaints.words.refusals import by_label, field_problems, refusal_in_words, said

ONLY_FOR_PROGRAMS = {
    "clock_offset", "in_clear", "key", "mentions", "permanent", "policy", "read", "rules", "reason_text", "seems",
    "sender_proven",
    "to",
}  # fmt: skip


def refused(model: type[BaseModel], content: Any, language: Language = "es") -> str:
    with pytest.raises(ValidationError) as error:
        model.model_validate(content)
    return refusal_in_words(error.value, language)


def test_every_field_that_is_filled_in_has_a_label() -> None:
    models: list[type[BaseModel]] = [ComplaintReceived, Customer, Problem, *FACTS.values()]
    fields = {info.alias or name for model in models for name, info in model.model_fields.items()}
    assert fields - LABELS.keys() <= ONLY_FOR_PROGRAMS


@pytest.mark.parametrize(
    ("act", "content", "es", "en"),
    [
        ("add_note", {}, "Texto: falta este dato.", "Text: is needed."),
        ("add_note", {"text": " "}, "Texto: no puede estar vacío.", "Text: must not be empty."),
        ("answer_survey", {"score": 9}, "Puntaje: debe ser 5 o menos.", "Score: must be 5 or less."),
        ("answer_survey", {"score": "x"}, "Puntaje: debe ser un número entero.", "Score: must be a whole number."),
        ("receive_details", {"email": "rosa"}, "Correo: no es una dirección de correo.",
         "Email: is not an email address."),
        ("receive_details", {"occurred_on": "ayer"}, "Fecha del problema: no es una fecha: escríbala como 2026-07-22.",
         "Date of the problem: is no date: write it as 2026-07-22."),
        ("record_call", {"reached": True, "next_at": "2026-07-22T09:00"},
         "Volver a llamar: no dice la zona horaria: escríbalo como 2026-07-22T09:00-05:00.",
         "Call again: names no time zone: write it as 2026-07-22T09:00-05:00."),
        ("resolve", {"outcome": "maybe"}, "¿Tiene fundamento?: debe ser 'upheld', 'partly' o 'not'.",
         "Is it justified?: must be 'upheld', 'partly' or 'not'."),
        ("assign", {"representative": "x" * 400}, "Representante: no puede pasar de 300 caracteres.",
         "Representative: must have at most 300 characters."),
        ("assign", {"representative": "a\nb"}, "Representante: debe ser una sola línea.",
         "Representative: must be one line."),
    ],
)  # fmt: skip
def test_a_refusal_is_a_sentence_in_both_languages(act: str, content: dict[str, Any], es: str, en: str) -> None:
    assert (refused(UPDATES[act], content), refused(UPDATES[act], content, "en")) == (es, en)


def test_several_fields_and_a_rule_about_the_whole() -> None:
    both = refused(ComplaintReceived, {"customer": {"phone": "secreto"}, "problem": {}})
    assert both == "Teléfono: no es un número de teléfono; Qué pasó: falta este dato."
    whole = refused(ComplaintReceived, {"customer": {}, "problem": {"description": "x"}})
    assert whole == "Cliente: hace falta un correo o un teléfono para poder responder."


def test_the_path_is_kept_for_programs_and_the_value_never() -> None:
    with pytest.raises(ValidationError) as error:
        ComplaintReceived.model_validate({"customer": {"phone": "secreto"}, "problem": {"description": "x"}})
    [problem] = field_problems(error.value, "en")
    assert problem.path == ("customer", "phone")
    assert "secreto" not in str(problem)


def test_a_refusal_of_the_rules_gets_the_labels() -> None:
    future = NotNow(Refusal("day.future-start", field="problem.occurred_on"))
    assert said(future, "es", by_label("es")).startswith("Fecha del problema: está en el futuro")
    into = NotNow(Refusal("merge.nameless", field="into"), number="Q-1")
    assert said(into, "en", by_label("en")) == "Q-1: Number of the one that goes on: name the complaint that goes on."
    item = NotNow(Refusal("text.lines", field="corrective_actions.3"))
    assert said(item, "es", by_label("es")) == "Acciones correctivas: debe ser una sola línea."
