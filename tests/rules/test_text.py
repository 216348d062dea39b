"""What text may be in a case."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from complaints.rules.text import LONGEST_LINE, LONGEST_TEXT, Line, Text, cleaned, one_line

TEXT: TypeAdapter[Any] = TypeAdapter(Text)
LINE: TypeAdapter[Any] = TypeAdapter(Line)
ANY_TEXT = st.text(st.characters() | st.sampled_from("\r\n\t\x00\x0b\x85\u2028\u202e\u200d\ud800 "))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("NUL\x00 and bell\x07", "NUL and bell"),
        ("a\u2028b\x85c\x0bd", "a\nb\nc\nd"),
        ("evil\u202egnp.exe", "evilgnp.exe"),  # the override that reorders what people read
        ("👩\u200d🏫", "👩\u200d🏫"),  # a joiner that emoji need
        ("half \ud83d a pair", "half  a pair"),
        ("  around  ", "around"),
        ("a\tb", "a\tb"),
    ],
)
def test_what_must_not_be_refused_is_cleaned(text: str, clean: str) -> None:
    assert cleaned(text) == clean


@given(ANY_TEXT, st.integers(2, 30))
def test_cleaned_text_is_a_text_a_case_takes_and_stays_as_it_is(text: str, longest: int) -> None:
    clean = cleaned(text, longest=longest)
    assert len(clean) <= longest
    assert cleaned(clean, longest=longest) == clean
    assert TEXT.validate_python(clean) == clean
    clean.encode()


@given(ANY_TEXT)
def test_one_line_is_a_line_a_case_takes(text: str) -> None:
    line = one_line(text)
    assert LINE.validate_python(line) == line
    assert line == " ".join(line.split(" "))


def test_too_long_is_cut_with_a_sign_of_it() -> None:
    assert cleaned("x" * (LONGEST_TEXT + 1)).endswith("x…")
    assert len(one_line("x" * 1_000)) == LONGEST_LINE


@pytest.mark.parametrize("text", ["a\x00", "\x1b[31m", "a\u202eb", "\ud800"])
def test_a_text_with_a_control_character_names_it(text: str) -> None:
    with pytest.raises(ValidationError, match=r"holds the control character U\+|surrogates not allowed|unicode"):
        TEXT.validate_python(text)


def test_line_ends_of_every_system_are_taken() -> None:
    assert TEXT.validate_python("a\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize("separator", ["\n", "\t", "\u2028", "\u2029", "\r"])
def test_a_line_is_one_line(separator: str) -> None:
    with pytest.raises(ValidationError, match="must be one line"):
        LINE.validate_python(f"a{separator}b")
