"""Telephones, documents and days in free words, however they are spelt: a row is a way in which people write.

What is understood is what is evident or labelled; a false reading is worse than none.
"""

from datetime import date

import pytest

from complaints.mail.proposals import proposals_in
from complaints.telephones import telephones_in

WRITTEN_ON = date(2026, 8, 4)
"""A Tuesday."""


def understood(text: str, field: str) -> str | None:
    found = {one.field: one.value for one in proposals_in(text, written_on=WRITTEN_ON) if one.evident or one.stated}
    value = found.get(field)
    return telephones_in(value)[0].e164 if value and field == "phone" else value


@pytest.mark.parametrize(
    "text",
    [
        *("Llámenme al 987654321 por favor", "mi celular es el 987 654 321.", "escríbanme al +51 987 654 321"),
        *("cel.987654321", "tlf 987654321", "fono: 987654321", "Whatsapp (987654321)", "Celular/WhatsApp: 987654321"),
        *("celular N° 987654321", "mi nro es 987654321", "tel:+51987654321"),
        "pueden escribirme al 987654321",
        # The label is nearer than what else it could be of:
        *("Adjunto el voucher, mi cel 987654321", "Pagué con boleta; cel 987654321"),
        "es por mi pedido. Celular: 987654321",
        "no figura mi pago. 987654321 es mi número",
        *("wasap 987654321", "guasap: 987654321"),
        *("wsap 987654321", "wpp: 987654321", "whats 987654321", "celu 987654321"),
        *("📱 987654321", "📞 987 654 321", "RPC 987654321", "mi # 987654321", "mi nuevo numero es 987654321"),
        *("comunicarse al 987654321", "comuníquense al 987654321"),
        *("estoy al 987654321", "espero su llamada al 987654321"),
        "dni45678912 cel987654321",
        "DNI:45678912Tel:987654321",
    ],
)  # fmt: skip
def test_a_telephone_of_their_own_is_understood(text: str) -> None:
    assert understood(text, "phone") == "+51987654321"


@pytest.mark.parametrize(
    "text",
    [
        *("voucher N° 987654321", "código 987654321", "N° de operación: 987654321", "orden #987654321"),
        *("me comuniqué al 987654321 y nada", "contacté al 987654321 ayer", "no pude comunicarme al 987654321"),
        *("me llamaron del 987654321", "llamé al 987654321 y nadie contesta", "yapeé al 987654321 de la escuela"),
    ],
)
def test_what_is_no_telephone_of_theirs_is_not(text: str) -> None:
    assert understood(text, "phone") is None


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("014567890 (anexo 123)", [("+5114567890", "123")]),
        ("014567890-anexo 123", [("+5114567890", "123")]),
        ("014567890 an. 123", [("+5114567890", "123")]),
        ("014567890, interno 123", [("+5114567890", "123")]),
        ("987 654 321 912 345 678", [("+51987654321", None), ("+51912345678", None)]),
        ("+51 987 654 321", [("+51987654321", None)]),
    ],
)
def test_extensions_and_numbers_side_by_side(written: str, numbers: list[tuple[str, str | None]]) -> None:
    assert [(one.e164, one.extension) for one in telephones_in(written)] == numbers


@pytest.mark.parametrize(
    ("text", "document"),
    [
        *((f"{label}45678912", "45678912") for label in (
            "DNI=", "DNI–", "DNI; ", "DNI|", "DNI\n", "DNI:\n", "DNI: *", "Dni – ", "Doc. identidad ", "Doc: DNI ",
            "Documento de identidad: ", "mi d.n.i es ", "identificada con D.N.I. Nº ", "DNI\t",
            "mi DNI es el número ", "mi DNI actual es ", "DNI Nª ", "DNI N0 ", "DNl: ", "DNI (8 dígitos): ", "MI DNI: ",
        )),
        *((written, "45678912") for written in (
            "45678912 es mi DNI", "45678912 (DNI)", "DNI: 45,678,912", "DNI 45'678'912", "DNI: 456789l2",
            "DNI:45678912Tel:987654321", "DNI: 45678912cel 987654321",
        )),
        ("DNI: 4567891Z2", None),  # no number, and no part of it is one
        ("PTP 001234567", "001234567"),  # permiso temporal de permanencia
        ("CPP: 001234567", "001234567"),  # carnet de permiso temporal
        ("Adjunto mi DNI\n987654321 es mi celular", None),  # nine digits are no DNI's
        ("RUC 20123456789", None),
        ("DNI: lo envío mañana", None),
        ("operación 45678912", None),
    ],
)  # fmt: skip
def test_a_document_is_understood(text: str, document: str | None) -> None:
    assert understood(text, "document") == document


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *((f"El problema fue el {day}.", "2026-07-20") for day in (
            "20/07/2026", "20-07-2026", "20.07.2026", "20 / 07 / 2026", "20-jul-2026", "20/jul/2026", "20 jul. 2026",
            "20 de julio del 2026", "20 de julio, 2026", "lunes 20 de julio", "20/7", "20 del 7", "20-07", "20.07",
            "veinte de julio", "veinte de julio del 2026",
        )),
        *((f"Fecha{named}: 20/07/2026", None) for named in (
            " de pago", " de matrícula", " de emisión", " de vencimiento", " de inicio", " de nacimiento",
        )),
        ("Fecha: 20 07 2026", "2026-07-20"),
        ("me cobraron dos veces la matrícula el 20 de julio", "2026-07-20"),
        ("Buenas tardes.\n\nEl 20 de julio de 2026.\n\nRevit.", "2026-07-20"),  # an answer to what we asked
        ("Fecha: 20072026", "2026-07-20"),
        ("el 20.50 que pagué", None),
        ("Lima, 20 de julio de 2026\n\nSeñores: no me dan mi certificado", None),  # when the letter was written
        ("Fecha: 20/07/2026 a las 10:30 a. m.", "2026-07-20"),
        ("Fecha y hora: 20/07/2026 10:30", "2026-07-20"),
        ("el 1ero de agosto no hubo clase", "2026-08-01"),
        ("el primero de agosto no hubo clase", "2026-08-01"),
        ("De: Ana <ana@correo.example>\nFecha: lunes, 20 de julio de 2026 10:15\nPara: Rosa\nAsunto: x", None),
        ("pagué el 20-jul-2026", None),
        ("el curso inicia el 20 de agosto", None),
        ("hace 3 días que nadie me contesta", None),
    ],
)  # fmt: skip
def test_the_day_of_the_problem_is_understood(text: str, day: str | None) -> None:
    assert understood(text, "occurred_on") == day


FORM = {"name": "Rosa Quispe", "document": "45678912", "phone": "+51987654321", "product": "Revit"}


@pytest.mark.parametrize(
    "line",
    [
        *("{}: {}", "{} : {}", "{} = {}", "{}.- {}", "{} - {}", "{} – {}", "{} | {}"),
        *("{}\t{}", "{}:\n{}", "{}\n{}", "{}\n\n{}"),
        *("1. {}: {}", "2) {}: {}", "a) {}: {}", "✔ {}: {}", "▪ {}: {}", "➡️ {}: {}", "– {}: {}", "• {}: {}"),
        *("*{}:* {}", "**{}**: {}", "_{}_: {}", "{} (obligatorio): {}", "{}: {}.", "{}: {};"),
    ],
)  # fmt: skip
def test_a_form_is_understood_however_its_lines_are_drawn(line: str) -> None:
    labels = {"Nombre": "Rosa Quispe", "DNI": "45678912", "Teléfono": "987654321", "Curso": "Revit"}
    text = "Buenas tardes.\n" + "\n".join(line.format(label, value) for label, value in labels.items())
    assert {field: understood(text, field) for field in FORM} == FORM


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Nombre del alumno: Luis Paz", "name"),
        ("DNI (de mi hijo): 45678912", "document"),
        ("Nombre:Rosa QuispeDNI:45678912", "name"),  # what runs into it is no name
        ("Curso - el peor", "product"),  # one line alone is no form
        ("Servicio\nmuy malo", "product"),
    ],
)
def test_what_only_looks_like_a_form_is_not_understood(text: str, field: str) -> None:
    assert understood(text, field) is None
