"""Fields in the reader's words: a refusal says `Teléfono: no es un número de teléfono`, never a model's name."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from complaints.rules.reasons import reason_in_spanish
from complaints.words.catalogue import N_, Language, Message, catalogue

LABELS: dict[str, Message] = {
    "absorbed": N_("Number of the other complaint"),
    "address": N_("Address"),
    "amount": N_("Amount claimed"),
    "answer_by": N_("By when"),
    "at": N_("When it happened"),
    "by": N_("Who says so"),
    "category": N_("What it is about"),
    "cause": N_("Cause"),
    "channel": N_("Channel"),
    "comment": N_("Comment"),
    "corrective_actions": N_("Corrective actions"),
    "customer": N_("Customer"),
    "customer_name": N_("Name"),
    "date": N_("Date"),
    "department": N_("Department"),
    "description": N_("What happened"),
    "direction": N_("Who called"),
    "document": N_("Document"),
    "email": N_("Email"),
    "event_id": N_("Event id"),
    "for_customer": N_("Tell the customer"),
    "guardian": N_("Parent or guardian"),
    "in_reply_to": N_("Message that it answers"),
    "into": N_("Number of the one that goes on"),
    "kind": N_("Kind"),
    "language": N_("Customer's language"),
    "message_id": N_("Message id"),
    "missing": N_("What is missing"),
    "name": N_("Name"),
    "next_at": N_("Call again"),
    "note": N_("Note"),
    "notes": N_("What was said"),
    "number": N_("Number"),
    "occurred_on": N_("Date of the problem"),
    "outcome": N_("Is it justified?"),
    "phone": N_("Telephone"),
    "problem": N_("Problem"),
    "product": N_("Product or service"),
    "question": N_("Question"),
    "reached": N_("Customer reached"),
    "reason": N_("Reason"),
    "received_at": N_("Date of receipt"),
    "remedy_sought": N_("What they ask for"),
    "representative": N_("Representative"),
    "score": N_("Score"),
    "severity": N_("Severity"),
    "source_key": N_("Source key"),
    "still_missing": N_("Still missing"),
    "subject": N_("Subject"),
    "text": N_("Text"),
    "told": N_("We told them where it stands"),
    "told_in_call": N_("Told by phone"),
    "via": N_("Through what"),
    "whom": N_("Whom"),
    "with": N_("With whom"),
    "words": N_("What they said"),
}
"""Every field that people or programs fill in, as forms call it."""

_REASONS: dict[str, Message] = {
    "missing": N_("is needed"),
    "string_type": N_("must be a text"),
    "string_unicode": N_("is no text that can be read"),
    "model_type": N_("must be an object"),
    "model_attributes_type": N_("must be an object"),
    "dict_type": N_("must be an object"),
    "tuple_type": N_("must be a list"),
    "list_type": N_("must be a list"),
    "too_long": N_("has too many items: at most {max_length}"),
    "string_too_long": N_("must have at most {max_length} characters"),
    "bool_type": N_("must be true or false"),
    "bool_parsing": N_("must be true or false"),
    "int_type": N_("must be a whole number"),
    "int_parsing": N_("must be a whole number"),
    "int_parsing_size": N_("is too large"),
    "int_from_float": N_("must be a whole number"),
    "finite_number": N_("must be a number"),
    "greater_than_equal": N_("must be {ge} or more"),
    "less_than_equal": N_("must be {le} or less"),
    "enum": N_("must be {expected}"),
    "literal_error": N_("must be {expected}"),
    "too_short": N_("must not be empty"),
    "string_too_short": N_("must not be empty"),
    "timezone_aware": N_("names no time zone: write it as 2026-07-22T09:00-05:00"),
}
"""What is wrong, by the validator's type of error, whose numbers stand in braces."""

_PATTERNS: dict[str, Message] = {
    "email": N_("is not an email address"),
    "phone": N_("is not a telephone number"),
}
_MISSPELT: Message = N_("is not spelled as it should be")
_NO_DAY: Message = N_("is no date: write it as 2026-07-22")
_NO_INSTANT: Message = N_("does not say when: write date, time and zone, such as 2026-07-22T09:00-05:00")
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


def label(field: str, language: Language, labels: Mapping[str, Message | str] = LABELS) -> str:
    """`Teléfono` for `phone`; an unknown field is said by its name."""
    return catalogue(language).say(labels[field]) if field in labels else field.replace("_", " ")


def field_problems(
    error: ValidationError, language: Language, own: Mapping[str, Message | str] | None = None
) -> list[FieldProblem]:
    """Every field that a model refuses, in the reader's words; never a value. `own`: how this form calls them."""
    labels = {**LABELS, **(own or {})}
    return [_problem(found, language, labels) for found in error.errors(include_input=False, include_url=False)]


def refusal_in_words(error: ValidationError, language: Language, own: Mapping[str, Message | str] | None = None) -> str:
    """All of it as one sentence: `Teléfono: no es un número de teléfono; Nota: no puede estar vacío.`"""
    return "; ".join(problem.said for problem in field_problems(error, language, own)) + "."


def with_labels(sentence: str, language: Language) -> str:
    """A refusal of the rules with its fields by their labels: `into: …` is `Número de la queja que continúa: …`."""

    def labelled(found: re.Match[str]) -> str:
        return f"{found[1]}{label(found[2], language)}: " if found[2] in LABELS else found[0]

    return _FIELD.sub(labelled, sentence)


def _problem(found: Any, language: Language, labels: Mapping[str, Message | str]) -> FieldProblem:
    path = tuple(found["loc"])
    names = [str(part) for part in path if isinstance(part, str)]
    field = names[-1] if names else ""
    said = _reason(found["type"], field, found.get("ctx") or {}, found["msg"], language)
    if not field:
        # A rule about the whole begins with its field, if it is about one.
        named = re.fullmatch(r"([a-z_]+): (.+)", said)
        path, field, said = ((named[1],), named[1], named[2]) if named else (path, field, said)
    return FieldProblem(path, label(field, language, labels) if field else "", said)


def _reason(kind: str, field: str, context: dict[str, Any], message: str, language: Language) -> str:
    say = catalogue(language).say
    if kind in _REASONS:
        numbers = {name: str(value) for name, value in context.items()}
        if language == "es":
            numbers = {name: value.replace(" or ", " o ") for name, value in numbers.items()}
        return say(_REASONS[kind]).format_map(numbers)
    if kind == "string_pattern_mismatch":
        return say(_PATTERNS.get(field, _MISSPELT))
    if kind.startswith("datetime_"):
        return say(_NO_INSTANT)
    if kind.startswith("date_"):
        return say(_NO_DAY)
    english = message.removeprefix("Value error, ")
    if language == "en":
        return english
    # The rules' own Spanish knows reasons with their field before them.
    spanish = reason_in_spanish(f"x: {english}")
    return spanish.removeprefix("x: ") if spanish != f"x: {english}" else reason_in_spanish(english)
