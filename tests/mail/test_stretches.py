"""Looking only around digits, and around the words for days, finds what looking everywhere finds."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints import telephones
from complaints.mail import dates, documents
from complaints.rules.stretches import stretches, stretches_of

WRITTEN_ON = date(2026, 8, 4)
PIECES = st.sampled_from(
    [
        *("DNI: 45.678.912-3", "dni45678912", "carné de extranjería CE 001234567", "RUC 20123456789"),
        *("Mi DNI es 45678912", "lunes 20 de julio", "pasado lunes", "nadie me contesta desde hace tres semanas"),
        *("Documento Nacional de Identidad número es el 45678912", "Pasaporte N° AB 1234567", "ID number: X1234567"),
        *("987 654 321", "(01) 456-7890 anexo 12", "+51 (0) 1 4567890 x12", "llámenme al 4567890", "voucher 123456789"),
        *("20 de setiembre de 2025", "el 10/11", "3-8-26", "2026-07-20", "July 20, 2026", "primero de mayo"),
        *(
            "el veinte de julio",
            "el treinta y uno de mayo de 2026",
            "45678912 es mi DNI",
            "DNI N0 45678912",
            "HOY",
            "Ayer",
        ),
        *("987654321 es mi número", "cel987654321", "the day before yesterday", "El Miércoles Pasado", "AYER İ"),
        *("ayer", "antes de ayer", "anteayer", "el martes pasado", "last monday", "hasta hoy", "esta mañana"),
        *(
            "PRIMERO de mayo",
            "DNI 4567OI12",
            "٢٠/٠٧/٢٠٢٦",
            "“20 de julio”",
            "20 ½ horas",
            "987–654–321",
            "DNI 45 678 912",
        ),
        *("y", "del", "el", "a las 10:15", "1", "12", ".", "\n"),
    ]
)


def everywhere(text: str, *_: object, **__: object) -> Iterator[tuple[int, int]]:
    """The whole text as one stretch."""
    yield 0, len(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("nadie contesta", []),
        ("a 1 b", ["a 1 b"]),
        ("....1....", ["..1..."]),
        ("....1.2....", ["..1.2..."]),  # one stretch, not two that overlap
        ("1......2", ["1...", "..2"]),
    ],
)
def test_a_stretch_is_what_stands_around_a_sign(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in stretches(text, re.compile(r"\d"), before=2, after=3)] == found
    assert [text[start:end] for start, end in stretches_of(text, ("1", "2"), before=2, after=3)] == found


def all_told(text: str) -> list[object]:
    looks: list[Callable[[], Iterator[object]]] = [
        lambda: documents.documents_in(text),
        lambda: documents.places_of_numbers(text),
        lambda: dates.days_told(text, WRITTEN_ON),
        lambda: telephones.places_of_telephones(text),
    ]
    return [list(look()) for look in looks]


@given(pieces=st.lists(PIECES, max_size=12), between=st.sampled_from([" ", "", ". ", " / ", ": "]))
def test_nothing_is_missed_for_looking_in_stretches(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    found = all_told(text)
    with pytest.MonkeyPatch.context() as patched:
        for module in (documents, telephones):
            patched.setattr(module, "stretches_of_numbers", everywhere)
        patched.setattr(dates, "stretches", everywhere)
        patched.setattr(dates, "stretches_of", everywhere)
        patched.setattr(dates, "around", lambda places, **_: [(0, len(text))])
        assert found == all_told(text)
