"""Why something does not fit, said to a reader: from the code and values that the rules give, in any language.

English readers get the English of the records, but for what a validator says of fields in the language of programs.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from complaints.rules.refusals import ENGLISH, NotNow, Refusal, refusals_of
from complaints.rules.stages import Stage
from complaints.words.catalogue import N_, Language, Message, catalogue
from complaints.words.labels import LABELS, label
from complaints.words.wording import Wording

Named = Callable[[str], str]
"""How a surface calls a field: a form by its label."""

INVALID: Mapping[str, str] = {
    kind: message.english
    for kinds, message in (
        ("missing", N_("is needed")),
        ("string_type", N_("must be a text")),
        ("string_unicode", N_("is no text that can be read")),
        ("model_type model_attributes_type dict_type", N_("must be an object")),
        ("tuple_type list_type", N_("must be a list")),
        ("too_long", N_("has too many items: at most {max_length}")),
        ("string_too_long", N_("must have at most {max_length} characters")),
        ("bool_type bool_parsing", N_("must be true or false")),
        ("int_type int_parsing int_from_float", N_("must be a whole number")),
        ("int_parsing_size", N_("is too large")),
        ("float_type float_parsing finite_number", N_("must be a number")),
        ("greater_than_equal", N_("must be {ge} or more")),
        ("less_than_equal", N_("must be {le} or less")),
        ("enum literal_error", N_("must be {expected}")),
        ("time_delta_type time_delta_parsing", N_("is no length of time: write it as P2DT3H")),
        (
            "date_type date_parsing date_from_datetime_parsing date_from_datetime_inexact",
            N_("is no date: write it as 2026-07-22"),
        ),
        (
            "datetime_type datetime_parsing datetime_from_date_parsing datetime_object_invalid",
            N_("does not say when: write date, time and zone, such as 2026-07-22T09:00-05:00"),
        ),
    )
    for kind in kinds.split()
}
"""What a field cannot hold, by pydantic's type of error, whose numbers stand in the braces."""

_DAYS = {"day", "next"}
"""Values that are dates: as people say them."""


def said(answer: NotNow, language: Language, named: Named = str, hints: Mapping[str, str] | None = None) -> str:
    """The whole sentence: `Q-7KF3-02M9D está en confirmación: ya tiene resolución; agregue más bien una nota.`

    `named`: how the reader's surface calls a field. `hints`: what it adds to a reason of that code, such as an option.
    """
    reasons = "; ".join(_hinted(each, language, named, hints or {}) for each in answer.refusals)
    if language == "en" or not answer.stage:
        return f"{answer.about}{reasons}."
    if answer.stage == Stage.CLOSED:  # the reason says so itself
        return f"{answer.number}: {reasons}."
    frame = catalogue(language).gettext("{number} is in {stage}: {reasons}.")
    return frame.format(number=answer.number, stage=Wording(language=language).stage(answer.stage), reasons=reasons)


def reason(refusal: Refusal, language: Language) -> str:
    """Why, without the field: `no puede pasar de 300 caracteres`."""
    words, values = catalogue(language), dict(refusal.values)
    english = INVALID.get(refusal.code) or ENGLISH.get(refusal.code)
    if english is None:
        return values.get("message", refusal.code)  # nobody foresaw it
    if "expected" in values:
        last = words.pgettext("one of several", "or")
        values["expected"] = values["expected"].replace(" or ", f" {last} ")
    values |= {name: Wording(language=language).iso_day(values[name]) for name in _DAYS & values.keys()}
    return words.gettext(english).format_map(values)


def reasons_in_words(refusals: Iterable[Refusal], language: Language) -> str:
    """Several of them, their fields as programs call them: `reason: no puede estar vacío; at: …`."""
    return "; ".join(_hinted(each, language, str, {}) for each in refusals)


def by_label(language: Language, own: Mapping[str, Message | str] | None = None) -> Named:
    """Fields as forms call them: `Teléfono` for `customer.phone`. `own`: how this form calls them."""
    labels = {**LABELS, **(own or {})}
    return lambda field: label(_last(field), language, labels)


def _hinted(refusal: Refusal, language: Language, named: Named, hints: Mapping[str, str]) -> str:
    hint = f" ({hints[refusal.code]})" if refusal.code in hints else ""
    about = f"{named(refusal.field)}: " if refusal.field else ""
    return f"{about}{reason(refusal, language)}{hint}"


def _last(field: str) -> str:
    """`corrective_actions` of `resolved.corrective_actions.3`."""
    return next((part for part in reversed(field.split(".")) if not part.isdigit()), field)


# -- forms -----------------------------------------------------------------------------------------------------------


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


def field_problems(
    error: ValidationError, language: Language, own: Mapping[str, Message | str] | None = None
) -> list[FieldProblem]:
    """Every field that a model refuses, in the reader's words; never a value. `own`: how this form calls them."""
    named = by_label(language, own)
    problems = zip(error.errors(include_input=False, include_url=False), refusals_of(error), strict=True)
    return [
        FieldProblem(
            found["loc"] or ((refusal.field,) if refusal.field else ()),
            named(refusal.field) if refusal.field else "",
            reason(refusal, language),
        )
        for found, refusal in problems
    ]


def refusal_in_words(error: ValidationError, language: Language, own: Mapping[str, Message | str] | None = None) -> str:
    """All of it as one sentence: `Teléfono: no es un número de teléfono; Nota: no puede estar vacío.`"""
    return "; ".join(problem.said for problem in field_problems(error, language, own)) + "."
