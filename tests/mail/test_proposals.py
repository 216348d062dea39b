"""What a text seems to say of document, telephone, day and product: each row is one way in which people write it."""

from datetime import date

import pytest

from complaints.mail.proposals import proposals_in

TUESDAY = date(2026, 8, 4)


def proposed(field: str, text: str) -> str | None:
    return next((one.value for one in proposals_in(text, written_on=TUESDAY) if one.field == field), None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Mi DNI es 45678912.", "45678912"),
        ("dni45678912", "45678912"),
        ("DNI (45678912)", "45678912"),
        ("DNI-45678912", "45678912"),
        ("D.N.I. N° 45678912", "45678912"),
        ("mi dni 45.678.912, gracias", "45678912"),  # grouped as in other countries
        ("mi DNI: 4567 8912 y vivo lejos", "45678912"),
        ("identificado con DNI Nº45678912, domiciliado en", "45678912"),
        ("con documento nacional de identidad 45678912", "45678912"),
        ("CE 001234567", "001234567"),
        ("carné de extranjería N° 001234567", "001234567"),
        ("Passport No. AB1234567", "AB1234567"),
        ("my ID is 45678912", "45678912"),
        ("RUC 20123456789", None),  # a company's
        ("no tengo DNI pero mi celular es 987654321", None),
        ("pedido 45678912", None),
    ],
)
def test_documents(text: str, value: str | None) -> None:
    assert proposed("document", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("987654321", "987654321"),
        ("+51 987 654 321", "+51 987 654 321"),
        ("0051987654321", "0051987654321"),
        ("mi número es 987 65 43 21", "987 65 43 21"),
        ("(01) 234-5678", "(01) 234-5678"),
        ("Teléfono fijo: 01 2345678", "01 2345678"),
        ("call me at +1 (415) 555-0132", "+1 (415) 555-0132"),
        ("voucher N° 912345678", None),  # a payment's
        ("Operación 912345678 del banco; cel 987654321", "987654321"),
        ("cuenta 191-98765432-0-11", None),
    ],
)
def test_telephones(text: str, value: str | None) -> None:
    assert proposed("phone", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ocurrió el 20/07/2026", "2026-07-20"),
        ("el 20/07/26 no hubo clase", "2026-07-20"),
        ("el 20/07 no hubo clase", "2026-07-20"),
        ("el lunes 20 de julio", "2026-07-20"),  # not "lunes 20"
        ("el primero de agosto", "2026-08-01"),
        ("el sábado 1° de agosto", "2026-08-01"),
        ("on 20th July", "2026-07-20"),
        ("em 20 de julho de 2026", "2026-07-20"),
        ("el 20 de diciembre", "2025-12-20"),  # the last such day
        ("ayer no hubo clase", "2026-08-03"),
        ("antes de ayer", "2026-08-02"),
        ("el pasado lunes", "2026-08-03"),
        ("el martes pasado", "2026-07-28"),  # not today
        ("hasta hoy nadie responde", None),
        ("nací el 3 de mayo de 2024 y ayer pagué", "2026-08-03"),  # a birthday is none
        ("atienden 24/7", None),
        ("el 30 de febrero", None),
        ("mañana, 5 de agosto de 2026, vence el plazo", None),  # nothing has happened yet
    ],
)
def test_days(text: str, value: str | None) -> None:
    assert proposed("occurred_on", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("el curso de Revit no empezó", "Revit"),
        ("el curso de revit no empezó", "revit"),
        ("diplomado en gestión de obras, turno noche", "gestión de obras"),
        ("me inscribí en el taller «Metrados con Excel»", "Metrados con Excel"),
        ('Curso: "Navisworks"', "Navisworks"),
        ("el Programa de Especialización en BIM Management", "BIM Management"),
        ("the BIM Management course did not start", "BIM Management"),
        ("curso virtual de AutoCAD Civil 3D", "AutoCAD Civil 3D"),
        ("el curso que compré", None),
        ("taller de los sábados", None),
        ("curso no empezó", None),
    ],
)
def test_products(text: str, value: str | None) -> None:
    assert proposed("product", text) == value
