"""Reasons as records keep them, read again: a journal's `ignored` row has the English sentence and no code.

The one place where a finished sentence is taken apart, by the very table that it was made from. A sentence that is
ever worded anew there stays here as it was.
"""

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

from complaints.rules.refusals import ENGLISH, Refusal
from complaints.words.catalogue import Language
from complaints.words.refusals import reason

_PYDANTIC = {
    "missing": "Field required",
    "string_type": "Input should be a valid string",
    "string_too_long": "String should have at most {max_length} characters",
    "too_long": "Tuple should have at most {max_length} items after validation, not {actual_length}",
    "model_type": "Input should be a valid dictionary or instance of {class_name}",
    "dict_type": "Input should be a valid dictionary",
    "tuple_type": "Input should be a valid tuple",
    "bool_type": "Input should be a valid boolean",
    "bool_parsing": "Input should be a valid boolean, unable to interpret input",
    "int_type": "Input should be a valid integer",
    "int_parsing": "Input should be a valid integer, {error}",
    "date_type": "Input should be a valid date",
    "date_from_datetime_parsing": "Input should be a valid date or datetime, {error}",
    "date_from_datetime_inexact": "Datetimes provided to dates should have zero time - e.g. be exact dates",
    "datetime_type": "Input should be a valid datetime",
    "datetime_from_date_parsing": "Input should be a valid datetime or date, {error}",
    "datetime_parsing": "Input should be a valid datetime, {error}",
    "time_delta_type": "Input should be a valid timedelta",
    "time_delta_parsing": "Input should be a valid timedelta, {error}",
    "greater_than_equal": "Input should be greater than or equal to {ge}",
    "less_than_equal": "Input should be less than or equal to {le}",
    "enum": "Input should be {expected}",
}
"""What pydantic said of the fields of facts, by its type of error; the last one would take any of the others."""


def journalled(sentence: str, language: Language) -> str:
    """The reason of an `ignored` row in the reader's language, as far as it is one of ours; else as it stands."""
    return "; ".join(
        f"{each.field}: {reason(each, language)}" if each.field else reason(each, language)
        for each in recorded(sentence)
    )


def recorded(sentence: str) -> Iterator[Refusal]:
    """What a `clause` was made from. What nobody knows comes as it stands."""
    pieces = sentence.split("; ")
    while pieces:
        for end in range(len(pieces), 0, -1):  # semicolons stand in reasons and between them, but in no value
            if (found := _recognised("; ".join(pieces[:end]))) is not None:
                break
        else:
            found, end = Refusal("", {"message": pieces[0]}), 1
        yield found
        pieces = pieces[end:]


def _recognised(text: str) -> Refusal | None:
    for code, pattern in _patterns():
        if match := pattern.fullmatch(text):
            values = match.groupdict()
            return Refusal(code, values, values.pop("field") or "")
    return None


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(code, _pattern(template)) for code, template in (*ENGLISH.items(), *_PYDANTIC.items())]


def _pattern(template: str) -> re.Pattern[str]:
    parts = "".join(
        re.escape(text) + (f"(?P<{name}>[^;]+)" if name else "") for text, name, *_ in Formatter().parse(template)
    )
    return re.compile(rf"(?:(?P<field>workflow id|[a-z_.0-9]+): )?{parts}")
