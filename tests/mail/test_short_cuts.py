"""Reading is quick because most mails hold nothing unusual; each short cut gives what the long way gives."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.mail import content, html_text, phrases
from complaints.rules import stretches, text

ANY = st.text(
    st.one_of(
        st.characters(max_codepoint=0x17F), st.sampled_from("’“€ \n\t\r\x0b\x85\u3000٣½ª\u0301İ😀"), st.characters()
    )
)
OCTETS = st.binary(max_size=40) | st.lists(st.sampled_from([b" ", b"\n", b"\r", b"\t", b"\x0b", b"a"])).map(b"".join)


def unaccented(said: str) -> str:
    plain = unicodedata.normalize("NFKD", said.lower().replace("’", "'"))
    return " ".join(re.sub(r"[\u0300-\u036f]", "", plain).split())


def uncontrolled(said: str) -> str:
    for separator in ("\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"):
        said = said.replace(separator, "\n")
    said = "".join(one for one in said if one in "\t\n" or unicodedata.category(one) not in {"Cc", "Cs"})
    return re.sub(r"[\u202a-\u202e\u2066-\u2069]", "", said).strip()


def runs(said: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in re.finditer(r"\d+", said))


def letter_for_letter(said: str) -> str:
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in said)


WAYS: list[tuple[Callable[[str], object], Callable[[str], object]]] = [
    (phrases.unaccented, unaccented),
    (lambda said: text.plain(said, longest=1_000_000), uncontrolled),
    (stretches.digits_of, runs),
    (html_text._spaced, lambda line: " ".join(line.split())),
]


@given(said=ANY)
@pytest.mark.parametrize(("short", "long"), WAYS, ids=["unaccented", "plain", "digits", "spaced"])
def test_the_short_way_leads_where_the_long_way_does(
    short: Callable[[str], object], long: Callable[[str], object], said: str
) -> None:
    assert short(said) == long(said)


@given(said=ANY)
def test_small_letters_stand_where_the_large_ones_stood(said: str) -> None:
    assert len(stretches.in_small(said)) == len(said)
    if "Σ" not in said:  # whose small letter depends on what follows
        assert stretches.in_small(said) == letter_for_letter(said)


@given(octets=OCTETS)
def test_the_ends_of_lines_do_not_count(octets: bytes) -> None:
    assert content._without_ends(octets) == b"\n".join(line.rstrip() for line in octets.splitlines()).strip()
