"""Mails of every kind of the field (A to W), written with what is right before any was read; and what they taught.

A file is named by its kind and what it is: `B13_thunderbird_inline`. What is right stands in `expected.json`.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from complaints.mail.html_page import without_pictures
from complaints.mail.incoming import Reading, read
from complaints.mail.masking import without_identifiers
from complaints.mail.proposals import proposals_in
from complaints.telephones import telephones_in

MAILS = Path(__file__).parents[1] / "mails_by_kind"
RIGHT: dict[str, dict[str, Any]] = json.loads((MAILS / "expected.json").read_text(encoding="utf-8"))


def reading_of(name: str) -> Reading:
    return read(
        (MAILS / f"{name}.eml").read_bytes(),
        mailbox="soporte@escuelaconstrucciondigital.com",
        received_at=datetime(2026, 11, 23, 15, 0, 5, tzinfo=UTC),
    )


def _as_it_was_read(reading: Reading) -> dict[str, Any]:
    """Everything that `expected.json` may say, as it came out."""
    read_in_it = {one.field: one.value for one in reading.proposals}
    dialled = [one.e164 for one in telephones_in(read_in_it.get("phone", ""))]
    return {
        "answered": reading.answer_to,
        "wrote": reading.from_address,
        "name": reading.from_name,
        "customer": reading.customer.address if reading.customer else None,
        "customer_name": reading.customer.name if reading.customer else None,
        "held": reading.held,
        "subject": reading.subject,
        "text": reading.text,
        "language": reading.language,
        "kind": str(reading.kind),
        "by_human": reading.by_human,
        "files": [one.name for one in reading.attachments],
        "document": read_in_it.get("document"),
        "occurred_on": read_in_it.get("occurred_on"),
        "dialled": dialled[0] if dialled else None,
        "all_dialled": dialled,
        "fields": read_in_it,
    }


@pytest.mark.parametrize("name", RIGHT)
def test_a_mail_is_read_as_it_was_meant(name: str) -> None:
    right, found = dict(RIGHT[name]), _as_it_was_read(reading_of(name))
    assert [words for words in right.pop("says", []) if words not in found["text"]] == []
    assert [words for words in right.pop("says_not", []) if words in found["text"]] == []
    assert [field for field in right.pop("not_read", []) if field in found["fields"]] == []
    assert found["kind"] in right.pop("kinds", [found["kind"]])
    if one_of := right.pop("says_one_of", []):
        assert any(words in found["text"] for words in one_of)
    fields = right.pop("fields", {})
    assert {name: found["fields"].get(name) for name in fields} == fields
    assert {what: found[what] for what in right} == right


def test_every_kind_has_its_mails_and_every_mail_its_right_value() -> None:
    assert sorted(RIGHT) == sorted(path.stem for path in MAILS.glob("*.eml"))
    of_mail = set("ABDEFGHJKNOPQRSTUVW")  # C, I, L and M are no matter of reading
    assert of_mail <= {name[0] for name in RIGHT}


@pytest.mark.parametrize(
    ("text", "left", "why"),
    [
        ("foto data:image/png;base64,iVBORw0KGgo=\nNo hay agua", "foto \nNo hay agua", "what follows is a sentence"),
        ("foto data:image/png;base64," + "QUJD" * 60 + "\nNo hay agua", "foto \nNo hay agua", "base64's letters too"),
        (
            "data:image/png;base64," + "\n".join(["QUJD" * 19] * 5) + "\nQUI=\nNo sirve",
            "\nNo sirve",
            "broken into lines, as wide as each other",
        ),
    ],
)
def test_the_words_after_a_picture_are_words(text: str, left: str, why: str) -> None:
    kept, pictures = without_pictures(text.encode(), shortest=20)
    assert (kept.decode(), len(pictures)) == (left, 1), why


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("Mi WhatsApp: +34 612 345 678.", "+34612345678"),
        ("mi teléfono fijo es 01 4567890, gracias", "+5114567890"),
        ("call me at +1 (415) 555-2671 please", "+14155552671"),
        ("llámenme al (054) 234-567 anexo 3", "+5154234567"),
        ("mi cel es 987–654–321", "+51987654321"),
        ("escriban al 987\u00a0654\u00a0321", "+51987654321"),
    ],
)
def test_a_telephone_is_taken_and_masked_by_one_reading(written: str, number: str) -> None:
    (taken,) = [one.value for one in proposals_in(written, written_on=date(2026, 11, 23)) if one.field == "phone"]
    assert [one.e164 for one in telephones_in(taken)] == [number]
    masked = without_identifiers(written)
    assert not any(sign.isdecimal() for sign in masked), masked
    assert "[…]" in masked


@pytest.mark.parametrize(
    ("written", "document"),
    [
        ("Documento: CE 001234567", "001234567"),
        ("Tipo y número de documento: CE 001234567", "001234567"),
        ("Documento: DNI 45871236", "45871236"),
        ("DNI 4587 1236", "45871236"),
        ("pasaporte N° XDA-123456", "XDA123456"),
    ],
)
def test_a_document_is_taken_and_masked_by_one_reading(written: str, document: str) -> None:
    found = {one.field: one.value for one in proposals_in(written, written_on=date(2026, 11, 23))}
    assert found["document"] == document
    assert not any(sign.isdecimal() for sign in without_identifiers(written))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Fecha del problema: 10 de noviembre", "2026-11-10"),
        ("Fecha del problema: martes 10 de noviembre", "2026-11-10"),
        ("Fecha: 10 de noviembre", "2026-11-10"),  # a day and nothing else
        ("Fecha del incidente: 10.11.26", "2026-11-10"),
        ("Fecha del problema: ayer", "2026-11-22"),
        ("Fecha de los hechos: 30/11/2026", None),  # a problem is never in the future
        ("la clase del 12/11 no se dictó", "2026-11-12"),
    ],
)
def test_a_day_is_read_alike_with_a_label_and_without(written: str, day: str | None) -> None:
    found = {one.field: one.value for one in proposals_in(written, written_on=date(2026, 11, 23))}
    assert found.get("occurred_on") == day
