"""Reading mail: what people and broken programs send, each with what is read from it."""

from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.mail.dates import day_of
from complaints.mail.fields import labelled
from complaints.mail.html_text import text_of_html
from complaints.mail.incoming import CannotAnswer, Reading, read
from complaints.mail.language import language_of
from complaints.rules.details import Detail
from complaints.rules.number import complaint_number

MAILS = Path(__file__).parents[1] / "mails"
MAILBOX = "soporte@escuela.example"
RECEIVED = datetime(2026, 7, 22, 14, 5, 11, tzinfo=UTC)


def reading_of(name: str) -> Reading:
    return read((MAILS / f"{name}.eml").read_bytes(), mailbox=MAILBOX, received_at=RECEIVED)


EXPECTED: list[tuple[str, dict[str, Any]]] = [
    (
        "english_labelled",
        {
            "from_name": "Carter, Emily",
            "from_address": "emily.carter@mail.example",
            "language": "en",
            "fields": {
                "name": "Emily Carter",
                "document": "533412987",
                "phone": "(+51) 912 345 678",
                "product": "Construction Management",
                "occurred_on": "2026-05-29",
                "remedy_sought": "Please send the certificate",
            },
        },
    ),
    (
        "html_only",
        {
            "from_name": "José Ñahui",
            "subject": "Cobro doble en mi matrícula",
            "text": "Buenas tardes,\n\nMe cobraron dos veces la matrícula.\n\n- Primer cobro: 3 de julio\n\n"
            "- Segundo cobro: 4 de julio\n\nDNI: 41234567\nTeléfono: 987-111-222",
            "fields": {"document": "41234567", "phone": "987-111-222"},
        },
    ),
    (
        "multipart_with_attachment",
        {"text": "El aula 204 no tiene aire acondicionado desde marzo.", "from_name": "Lucía Mamani"},
    ),
    ("charset_lies_latin1", {"text": "El profesor no llegó y la clase se perdió en enero."}),
    ("charset_lies_utf8", {"text": "El profesor no llegó y la clase se perdió en enero."}),
    ("charset_unknown", {"text": "Quiero la devolución de mi dinero.", "subject": "Reclamación"}),
    ("nul_and_controls", {"text": "Hola, el [31mrojo[0m no funciona.", "subject": "Queja con nulos"}),
    ("nothing_but_a_body", {"text": "Solo escribo para decir que nadie contesta el teléfono.", "from_address": None}),
    ("no_message_id_no_date", {"message_id": None, "from_address": "luis.vega@correo.example"}),
    ("empty_body", {"text": "", "subject": "No me devuelven mi dinero"}),
    ("broken_mime", {"text": "Este texto se lee aunque el final esté roto."}),
    (
        "reply_with_number",
        {
            "number": complaint_number("prueba"),
            "in_reply_to": "<abc123@escuela.example>",
            "references": ("<first@correo.example>", "<abc123@escuela.example>"),
            "fields": {},
        },
    ),
    ("naughty_from", {"from_address": "mallory@evil.example", "subject": "Hi <h1>evil</h1>"}),
    ("nested_message", {"text": "Les reenvío lo que me respondieron."}),
    (
        "spanish_dates",
        {
            "fields": {
                "occurred_on": "2026-07-03",
                "document": "45678912",
                "phone": "999 888 777",
                "product": "AutoCAD básico",
                "guardian": "María Rojas",
            }
        },
    ),
]


@pytest.mark.parametrize(("name", "expected"), EXPECTED, ids=[name for name, _ in EXPECTED])
def test_a_message_is_read_as_a_person_would(name: str, expected: dict[str, Any]) -> None:
    reading = reading_of(name)
    assert {key: getattr(reading, key) for key in expected} == expected


def test_every_fixture_has_its_expected_reading() -> None:
    assert {path.stem for path in MAILS.glob("*.eml")} == {name for name, _ in EXPECTED}


SAMPLES = [
    ("complaint.es.eml", "es", "Rosa Quispe Huamán", "45678912", "+51 987 654 321", "Curso Modelado BIM con Revit"),
    ("complaint.en.eml", "en", "Emily Carter", "533412987", "+51 912 345 678", "BIM modelling with Revit"),
]


@pytest.mark.parametrize(("file", "language", "name", "document", "phone", "product"), SAMPLES)
def test_a_sample_becomes_a_complaint_with_every_detail(
    file: str, language: str, name: str, document: str, phone: str, product: str
) -> None:
    raw = files("complaints.mail.samples").joinpath(file).read_bytes()
    complaint = read(raw, mailbox=MAILBOX, received_at=RECEIVED).complaint()
    assert complaint.language == language
    assert complaint.customer.name == name
    assert complaint.customer.document == document
    assert complaint.customer.phone == phone
    assert complaint.product == product
    assert complaint.problem.occurred_on == date(2026, 7, 20)
    assert complaint.received_at == RECEIVED
    assert complaint.missing(list(Detail)) == ()
    assert [line.count(". ") for line in complaint.problem.description.split("\n")[2:5:2]] == [2, 1], "whole paragraphs"


def test_the_source_key_is_message_id_with_sender_else_the_bytes() -> None:
    known = reading_of("html_only")
    assert known.source_key == "mail:<h1@correo.example>:jose.nahui@correo.example"
    unknown = reading_of("no_message_id_no_date")
    assert unknown.source_key.startswith("mail:sha256:")
    assert unknown.source_key == reading_of("no_message_id_no_date").source_key
    two = {
        read(b"From: a@b.example\n\n" + body, mailbox=MAILBOX, received_at=RECEIVED).source_key for body in (b"1", b"2")
    }
    assert len(two) == 2


def test_a_message_without_words_is_a_complaint_all_the_same() -> None:
    assert reading_of("empty_body").complaint().problem.description == "No me devuelven mi dinero"
    bare = read(b"From: a@b.example\n\n", mailbox=MAILBOX, received_at=RECEIVED)
    assert bare.complaint().problem.description == "(mensaje sin texto)"


def test_a_message_without_any_contact_says_so() -> None:
    with pytest.raises(CannotAnswer, match="nobody could be answered"):
        reading_of("nothing_but_a_body").complaint()
    with_phone = read("\nTeléfono: 987 654 321\n".encode(), mailbox=MAILBOX, received_at=RECEIVED)
    assert with_phone.complaint().customer.phone == "987 654 321"


def test_a_date_in_the_future_is_dropped_never_refused() -> None:
    raw = b"From: a@b.example\n\nFecha del problema: 2027-01-01\n"
    assert read(raw, mailbox=MAILBOX, received_at=RECEIVED).complaint().problem.occurred_on is None


def test_a_huge_message_is_read_by_its_beginning() -> None:
    raw = (
        b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n"
        + "¡Aquí no contesta nadie! ".encode() * 200_000
    )
    complaint = read(raw, mailbox=MAILBOX, received_at=RECEIVED).complaint()
    assert complaint.problem.description.startswith("¡Aquí no contesta nadie!")
    assert "Ã" not in complaint.problem.description


FLOWED = [
    (b"uno \ndos\ntres\n", "uno dos\ntres", "a blank at the end: the line goes on"),
    (b"uno\n\ndos\n", "uno\n\ndos", "fixed lines"),
    (b" >no es cita\n", ">no es cita", "a stuffed blank is taken off"),
    (b"> cita \nmia\n", "> cita \nmia", "a quotation never joins what is not one"),
    (b"uno\n-- \nRosa\n", "uno\n-- \nRosa", "the mark before a signature is not a flowed line"),
]


@pytest.mark.parametrize(("body", "text", "why"), FLOWED)
def test_flowed_paragraphs_are_whole_again(body: bytes, text: str, why: str) -> None:
    raw = b"From: a@b.example\nContent-Type: text/plain; charset=utf-8; format=flowed\n\n" + body
    assert read(raw, mailbox=MAILBOX, received_at=RECEIVED).whole_text == text, why


DAYS = [
    ("2026-07-20", date(2026, 7, 20), "ISO"),
    ("20/07/2026", date(2026, 7, 20), "day before month, as in Peru"),
    ("20-7-2026", date(2026, 7, 20), "hyphens"),
    ("20 de julio de 2026", date(2026, 7, 20), "in words"),
    ("el 3 de setiembre del 2026, por la noche", date(2026, 9, 3), "setiembre, as in Peru"),
    ("20 July 2026", date(2026, 7, 20), "English"),
    ("July 20th, 2026", date(2026, 7, 20), "American"),
    ("31/02/2026", None, "no such day"),
    ("la semana pasada", None, "no date"),
    ("20 de brumario de 2026", None, "no such month"),
]


@pytest.mark.parametrize(("text", "day", "why"), DAYS)
def test_days_as_people_write_them(text: str, day: date | None, why: str) -> None:
    assert day_of(text) == day, why


LABELS = [
    ("**DNI:** 45678912", {"document": "45678912"}, "bold, as some programs send it"),
    ("- DNI: 45678912", {"document": "45678912"}, "a list"),
    ("DNI: no tengo", {}, "no number"),
    ("> DNI: 45678912", {}, "quoted: not theirs"),
    ("Fecha: lun, 20 jul 2026 a las 10:15", {}, "a forwarded mail's own header"),
    ("Date: Mon, 20 Jul 2026 10:15:00 -0500", {}, "the same in English"),
    ("Fecha: 20/07/2026", {"occurred_on": "2026-07-20"}, "nothing but a day"),
    ("Asunto: DNI: 45678912", {}, "the label is another"),
    ("Producto: A\nProducto: B", {"product": "A"}, "the first counts"),
    ("TELÉFONO : (01) 224-7777 anexo 3", {"phone": "(01) 224-7777 anexo 3"}, "accents, capitals, an extension"),
]


@pytest.mark.parametrize(("text", "fields", "why"), LABELS)
def test_labelled_lines(text: str, fields: dict[str, str], why: str) -> None:
    assert labelled(text, written_on=date(2026, 11, 23)) == fields, why


def test_the_language_is_guessed_and_spanish_where_it_cannot_be_told() -> None:
    assert language_of("I have not received my certificate and nobody answers") == "en"
    assert language_of("No he recibido mi certificado y nadie responde") == "es"
    assert language_of("OK") == "es"


def test_html_turns_to_what_a_person_would_read() -> None:
    assert text_of_html("<p>a</p><p>b<br>c</p>") == "a\n\nb\nc"
    assert text_of_html("a &lt;b&gt; &aacute;") == "a <b> á"
    assert text_of_html("<style>x</style><b>y") == "y"
    assert text_of_html("<table><tr><td>1</td><td>2</td></tr></table>") == "1 2"


HEADERS = st.sampled_from(
    ["From", "Subject", "Message-ID", "Content-Type", "References", "Content-Transfer-Encoding", "Date"]
)
PIECES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"=?utf-8?B?SGkNCg0KPGgxPg==?=", b"=?utf-8?Q?=ZZ?=", b"=?x?y?z?=", b"text/html; charset=idna", b"<a@b>",
            b"multipart/mixed; boundary=x", b"text/plain; charset*=utf-8''%ff", b"base64", b"quoted-printable",
            b"message/rfc822", b"text/plain; charset=utf-16", b"text/plain; charset=zip", b"x-uuencode", b'"a" <b@c>',
        ]
    ),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(HEADERS, PIECES), max_size=6), st.binary(max_size=300))
def test_no_message_is_too_broken_to_be_read(headers: list[tuple[str, bytes]], body: bytes) -> None:
    raw = b"".join(name.encode() + b": " + value + b"\n" for name, value in headers) + b"\n" + body
    reading = read(raw, mailbox=MAILBOX, received_at=RECEIVED)
    for text in (reading.text, reading.subject, reading.from_name or "", *reading.fields.values()):
        text.encode("utf-8")
        assert "\x00" not in text
    if reading.from_address:
        assert reading.complaint().customer.email == reading.from_address
