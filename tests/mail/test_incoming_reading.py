"""What is read from a message: own words, proposals with their place, attachments."""

import pytest

from complaints.mail.attachments import safe_name, type_of
from complaints.mail.incoming import read
from complaints.mail.proposals import proposals_in
from complaints.mail.quoting import own_words
from tests.incoming_expected import BROKEN, MAILBOX, RECEIVED, REPLIES, reading_of


@pytest.mark.parametrize(("name", "text"), REPLIES.items(), ids=REPLIES)
def test_an_answer_is_read_without_history_and_signature(name: str, text: str) -> None:
    reading = reading_of(f"replies/{name}")
    assert reading.text == text
    assert "Recibimos su queja" in reading.whole_text or name == "inline", "the whole text keeps the history"
    assert "99999999" not in str(reading.fields), "what our letter quoted is nobody's detail"


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, (_, text) in BROKEN.items()], ids=BROKEN)
def test_a_broken_message_is_read_as_far_as_it_can_be(name: str, text: str) -> None:
    reading = reading_of(f"broken/{name}")
    assert text == "…" or reading.text == text


def test_proposals_say_where_they_were_read() -> None:
    reading = reading_of("people/quoted_complaint")
    found = {one.field: one for one in reading.proposals}
    assert {name: one.value for name, one in found.items()} == {
        "occurred_on": "2026-07-20",
        "product": "Modelado BIM",
        "document": "45678912",
        "phone": "987 654 321",
    }
    for one in found.values():
        assert " ".join(reading.whole_text[one.start : one.end].split()) == one.source
        assert not one.stated
    assert reading.fields == {}, "a guess is never a fact"
    assert reading.complaint().customer.document is None


def test_what_a_signature_holds_is_proposed() -> None:
    reading = reading_of("people/signature")
    assert reading.text == "Quiero mi certificado."
    assert [(one.field, one.value) for one in reading.proposals] == [("phone", "987 654 321")]


GUESSES = [
    ("Soy Ana, con DNI N° 41234567.", "document", "41234567", "with its sign"),
    ("mi documento de identidad es 41234567", "document", "41234567", "in words"),
    ("carnet de extranjería 001234567", "document", "001234567", "a foreigner's"),
    ("la boleta 41234567", "document", None, "some number"),
    ("llámeme al 987654321", "phone", "987654321", "a mobile"),
    ("call me at +51 1 234 5678", "phone", "+51 1 234 5678", "a landline"),
    ("el 20 de julio pasó", "occurred_on", "2026-07-20", "the last such day"),
    ("el 20 de diciembre pasó", "occurred_on", "2025-12-20", "not yet this year"),
    ("vence el 20/12/2026", "occurred_on", None, "in the future"),
    ("el curso «Costos y presupuestos»", "product", "Costos y presupuestos", "between quotation marks"),
    ("el curso no empezó", "product", None, "unnamed"),
    ("the course Construction Management was cancelled", "product", "Construction Management", "English"),
]


@pytest.mark.parametrize(("text", "field", "value", "why"), GUESSES)
def test_details_in_prose(text: str, field: str, value: str | None, why: str) -> None:
    found = {one.field: one.value for one in proposals_in(text, written_on=RECEIVED.date())}
    assert found.get(field) == value, why


def test_attachments_have_safe_names_and_the_type_of_their_content() -> None:
    taken = reading_of("broken/evil_attachment_names").attachments
    assert [(one.name, one.type, one.declared) for one in taken] == [
        ("passwd", "application/pdf", "image/png"),
        ("boletafdp.exe", "application/vnd.microsoft.portable-executable", "application/pdf"),
        ("3.jpg", "image/jpeg", "image/jpeg"),
    ]
    assert all(len(one.digest) == 64 and one.size == len(one.data) for one in taken)


NAMES = [
    ("..\\..\\boot.ini", "boot.ini", "no folders of Windows"),
    ("/etc/", "etc", "no folders"),
    ("", "1.pdf", "by its place and type"),
    ("...", "1.pdf", "nothing is left"),
    ("CON.txt", "_CON.txt", "a device of Windows"),
    ("a\x00b\n.pdf", "ab.pdf", "controls"),
    ("x" * 300 + ".pdf", "x" * 96 + ".pdf", "its ending is kept"),
    ("boleta ñ.pdf", "boleta ñ.pdf", "people's letters"),
]


@pytest.mark.parametrize(("name", "safe", "why"), NAMES)
def test_names_of_attachments(name: str, safe: str, why: str) -> None:
    assert safe_name(name, kind="application/pdf", place=1) == safe, why


CONTENTS = [
    (b"PK\x03\x04....word/document.xml", "application/zip"),  # a name is no content: tests/mail/test_archives.py
    (b"PK\x03\x04....", "application/zip"),
    (b"OggS..", "audio/ogg"),
    (b"....ftypisom", "video/mp4"),
    (b"<!DOCTYPE html><html>", "text/html"),
    ("¡Hola!".encode(), "text/plain"),
    (b"\x00\x01\x02", "application/octet-stream"),
]


@pytest.mark.parametrize(("data", "kind"), CONTENTS)
def test_types_by_content(data: bytes, kind: str) -> None:
    assert type_of(data) == kind


def test_a_new_complaint_keeps_what_it_quotes() -> None:
    text = "Me escribieron:\n> no hay clase\nDe: X\nPara: Y\nAsunto: Z\n"
    assert own_words(text, answering=False).own == text.strip()


def test_own_words_are_never_empty_where_there_are_any() -> None:
    assert own_words("> todo citado", answering=True).own == "> todo citado"


def test_a_hundred_attachments_are_taken_and_two_hundred_parts_looked_at() -> None:
    part = b"--b\nContent-Type: image/png\nContent-Disposition: attachment\n\nx\n"
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + part * 300 + b"--b--\n"
    assert len(read(raw, mailbox=MAILBOX, received_at=RECEIVED).attachments) == 100
