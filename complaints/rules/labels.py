"""Fields in the reader's words: a refusal says `Teléfono: no es un número de teléfono`, never a model's name."""

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from complaints.rules.reasons import reason_in_spanish

Language = Literal["es", "en"]
Words = tuple[str, str]
"""Spanish, English."""

LABELS: dict[str, Words] = {
    "absorbed": ("Número de la otra queja", "Number of the other complaint"),
    "address": ("Domicilio", "Address"),
    "amount": ("Monto reclamado", "Amount claimed"),
    "answer_by": ("Hasta cuándo", "By when"),
    "at": ("Cuándo ocurrió", "When it happened"),
    "by": ("Quién lo dice", "Who says so"),
    "category": ("De qué trata", "What it is about"),
    "cause": ("Causa", "Cause"),
    "channel": ("Canal", "Channel"),
    "comment": ("Comentario", "Comment"),
    "corrective_actions": ("Acciones correctivas", "Corrective actions"),
    "customer": ("Cliente", "Customer"),
    "customer_name": ("Nombre", "Name"),
    "date": ("Fecha", "Date"),
    "department": ("Área", "Department"),
    "description": ("Qué pasó", "What happened"),
    "direction": ("Quién llamó", "Who called"),
    "document": ("Documento", "Document"),
    "email": ("Correo", "Email"),
    "event_id": ("Identificador del hecho", "Event id"),
    "for_customer": ("Contarlo al cliente", "Tell the customer"),
    "guardian": ("Madre, padre o apoderado", "Parent or guardian"),
    "in_reply_to": ("Mensaje al que responde", "Message that it answers"),
    "into": ("Número de la queja que continúa", "Number of the one that goes on"),
    "kind": ("Tipo", "Kind"),
    "language": ("Idioma del cliente", "Customer's language"),
    "message_id": ("Identificador del mensaje", "Message id"),
    "missing": ("Qué falta", "What is missing"),
    "name": ("Nombre", "Name"),
    "next_at": ("Volver a llamar", "Call again"),
    "note": ("Nota", "Note"),
    "notes": ("Qué se dijo", "What was said"),
    "number": ("Número", "Number"),
    "occurred_on": ("Fecha del problema", "Date of the problem"),
    "outcome": ("¿Tiene fundamento?", "Is it justified?"),
    "phone": ("Teléfono", "Telephone"),
    "problem": ("Problema", "Problem"),
    "product": ("Producto o servicio", "Product or service"),
    "question": ("Pregunta", "Question"),
    "reached": ("Se habló con el cliente", "Customer reached"),
    "reason": ("Motivo", "Reason"),
    "received_at": ("Fecha de recepción", "Date of receipt"),
    "remedy_sought": ("Qué pide", "What they ask for"),
    "representative": ("Representante", "Representative"),
    "score": ("Puntaje", "Score"),
    "severity": ("Gravedad", "Severity"),
    "source_key": ("Clave de origen", "Source key"),
    "still_missing": ("Todavía falta", "Still missing"),
    "subject": ("Asunto", "Subject"),
    "text": ("Texto", "Text"),
    "told": ("Le dijimos cómo va", "We told them where it stands"),
    "told_in_call": ("Dicho por teléfono", "Told by phone"),
    "via": ("Por qué medio", "Through what"),
    "whom": ("A quién", "Whom"),
    "with": ("Con quién", "With whom"),
    "words": ("Qué dijo", "What they said"),
}
"""Every field that people or programs fill in, as forms call it."""

_REASONS: dict[str, Words] = {
    "missing": ("falta este dato", "is needed"),
    "string_type": ("debe ser un texto", "must be a text"),
    "string_unicode": ("no es un texto que se pueda leer", "is no text that can be read"),
    "model_type": ("debe ser un objeto", "must be an object"),
    "model_attributes_type": ("debe ser un objeto", "must be an object"),
    "dict_type": ("debe ser un objeto", "must be an object"),
    "tuple_type": ("debe ser una lista", "must be a list"),
    "list_type": ("debe ser una lista", "must be a list"),
    "too_long": ("tiene demasiados elementos: {max_length} como máximo", "has too many items: at most {max_length}"),
    "string_too_long": ("no puede pasar de {max_length} caracteres", "must have at most {max_length} characters"),
    "bool_type": ("debe ser true o false", "must be true or false"),
    "bool_parsing": ("debe ser true o false", "must be true or false"),
    "int_type": ("debe ser un número entero", "must be a whole number"),
    "int_parsing": ("debe ser un número entero", "must be a whole number"),
    "int_parsing_size": ("es demasiado grande", "is too large"),
    "int_from_float": ("debe ser un número entero", "must be a whole number"),
    "finite_number": ("debe ser un número", "must be a number"),
    "greater_than_equal": ("debe ser {ge} o más", "must be {ge} or more"),
    "less_than_equal": ("debe ser {le} o menos", "must be {le} or less"),
    "enum": ("debe ser {expected}", "must be {expected}"),
    "literal_error": ("debe ser {expected}", "must be {expected}"),
    "too_short": ("no puede estar vacío", "must not be empty"),
    "string_too_short": ("no puede estar vacío", "must not be empty"),
    "timezone_aware": (
        "no dice la zona horaria: escríbalo como 2026-07-22T09:00-05:00",
        "names no time zone: write it as 2026-07-22T09:00-05:00",
    ),
}
"""What is wrong, by the validator's type of error, whose numbers stand in braces."""

_PATTERNS: dict[str, Words] = {
    "email": ("no es una dirección de correo", "is not an email address"),
    "phone": ("no es un número de teléfono", "is not a telephone number"),
}
_MISSPELT: Words = ("no está bien escrito", "is not spelled as it should be")
_NO_DAY: Words = ("no es una fecha: escríbala como 2026-07-22", "is no date: write it as 2026-07-22")
_NO_INSTANT: Words = (
    "no dice cuándo: escriba fecha, hora y zona, como 2026-07-22T09:00-05:00",
    "does not say when: write date, time and zone, such as 2026-07-22T09:00-05:00",
)
_FIELD = re.compile(r"(^|; |^[A-Za-z0-9-]+: )(?:[a-z_]+\.)*([a-z_]+)(?:\.\d+)?: ")


class FieldProblem(NamedTuple):
    """One field that cannot be taken."""

    path: tuple[Any, ...]
    label: str
    """As forms call it; empty where it is about several."""
    reason: str

    @property
    def said(self) -> str:
        """`Teléfono: no es un número de teléfono`."""
        return f"{self.label}: {self.reason}" if self.label else self.reason


def label(field: str, language: Language, labels: Mapping[str, Words] = LABELS) -> str:
    """`Teléfono` for `phone`; an unknown field is said by its name."""
    return labels[field][0 if language == "es" else 1] if field in labels else field.replace("_", " ")


def field_problems(
    error: ValidationError, language: Language, own: Mapping[str, Words] | None = None
) -> list[FieldProblem]:
    """Every field that a model refuses, in the reader's words; never a value. `own`: how this form calls them."""
    labels = LABELS | dict(own or {})
    return [_problem(found, language, labels) for found in error.errors(include_input=False, include_url=False)]


def refusal_in_words(error: ValidationError, language: Language, own: Mapping[str, Words] | None = None) -> str:
    """All of it as one sentence: `Teléfono: no es un número de teléfono; Nota: no puede estar vacío.`"""
    return "; ".join(problem.said for problem in field_problems(error, language, own)) + "."


def with_labels(sentence: str, language: Language) -> str:
    """A refusal of the rules with its fields by their labels: `into: …` is `Número de la queja que continúa: …`."""

    def labelled(found: re.Match[str]) -> str:
        return f"{found[1]}{label(found[2], language)}: " if found[2] in LABELS else found[0]

    return _FIELD.sub(labelled, sentence)


def _problem(found: Any, language: Language, labels: Mapping[str, Words]) -> FieldProblem:
    path = tuple(found["loc"])
    names = [str(part) for part in path if isinstance(part, str)]
    field = names[-1] if names else ""
    reason = _reason(found["type"], field, found.get("ctx") or {}, found["msg"])
    said = reason[0 if language == "es" else 1]
    if not field:
        # A rule about the whole begins with its field, if it is about one.
        named = re.fullmatch(r"([a-z_]+): (.+)", said)
        path, field, said = ((named[1],), named[1], named[2]) if named else (path, field, said)
    return FieldProblem(path, label(field, language, labels) if field else "", said)


def _reason(kind: str, field: str, context: dict[str, Any], message: str) -> Words:
    if kind in _REASONS:
        numbers = {name: str(value) for name, value in context.items()}
        in_spanish = {name: value.replace(" or ", " o ") for name, value in numbers.items()}
        return _REASONS[kind][0].format_map(in_spanish), _REASONS[kind][1].format_map(numbers)
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(field, _MISSPELT)
    if kind.startswith("datetime_"):
        return _NO_INSTANT
    if kind.startswith("date_"):
        return _NO_DAY
    english = message.removeprefix("Value error, ")
    # The rules' own Spanish knows reasons with their field before them.
    spanish = reason_in_spanish(f"x: {english}")
    return (spanish.removeprefix("x: ") if spanish != f"x: {english}" else reason_in_spanish(english)), english
