"""One reading of telephones, for taking, finding and dialling them: a row is a way in which people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.records.search_keys import phone_numbers
from complaints.rules.same_person import email_key
from complaints.telephones import chat_link, dialled, is_reachable, tel_link, telephones_in
from tests.casebook import a_complaint
from tests.mail_made import mail, reading

PERSON = {"document": "45871236", "phone": "987654321"}
MOBILE, OTHER, LANDLINE = "+51987654321", "+51912345678", "+5112345678"


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("987654321", [(MOBILE, None)]),
        ("987 654 321", [(MOBILE, None)]),
        ("987.654.321", [(MOBILE, None)]),
        ("987–654–321", [(MOBILE, None)]),  # en dashes
        ("987\u00a0654\u00a0321", [(MOBILE, None)]),  # blanks that do not break
        ("987\u2009654\u2009321", [(MOBILE, None)]),
        ("９８７６５４３２１", [(MOBILE, None)]),
        ("9 8 7 6 5 4 3 2 1", [(MOBILE, None)]),
        ("+51987654321", [(MOBILE, None)]),
        ("(+51) 987 654 321", [(MOBILE, None)]),
        ("51987654321", [(MOBILE, None)]),
        ("0051 987 654 321", [(MOBILE, None)]),
        ("+51 (0) 1 234 5678", [(LANDLINE, None)]),
        ("+51 (0)1 2345678", [(LANDLINE, None)]),
        ("+51-1-234-5678", [(LANDLINE, None)]),
        ("(01) 234-5678", [(LANDLINE, None)]),
        ("01 2345678", [(LANDLINE, None)]),
        ("234 5678", [(LANDLINE, None)]),  # Lima's, as one says it there
        ("(01) 234-5678 anexo 12", [(LANDLINE, "12")]),
        ("01 2345678 anx. 12", [(LANDLINE, "12")]),
        ("01 2345678 x12", [(LANDLINE, "12")]),
        ("01 2345678 ext 12", [(LANDLINE, "12")]),
        ("01 2345678 Ext. 12", [(LANDLINE, "12")]),
        ("01 2345678 int. 45", [(LANDLINE, "45")]),
        ("01 2345678 #12", [(LANDLINE, "12")]),
        ("987654321 / 01 2345678", [(MOBILE, None), (LANDLINE, None)]),
        ("987654321 / 912345678", [(MOBILE, None), (OTHER, None)]),
        ("987654321, 912345678", [(MOBILE, None), (OTHER, None)]),
        ("987 654 321 o 912 345 678", [(MOBILE, None), (OTHER, None)]),
        ("987654321 y 912345678", [(MOBILE, None), (OTHER, None)]),
        ("987654321-912345678", [(MOBILE, None), (OTHER, None)]),
        ("987654321; 987 654 321", [(MOBILE, None)]),
        ("987654321 (mi mamá) 912345678", [(MOBILE, None), (OTHER, None)]),
        ("01-2345678 anexo 3 / 987654321", [(LANDLINE, "3"), (MOBILE, None)]),
        ("cel. 987654321", [(MOBILE, None)]),
        ("#987654321", [(MOBILE, None)]),  # RPM
        ("+1 (415) 555-0132", [("+14155550132", None)]),
        ("+34 612 345 678", [("+34612345678", None)]),
        ("054 234567", [("+5154234567", None)]),  # Arequipa
        ("no tengo", []),
        ("123", []),
        ("", []),
    ],
)
def test_a_number_is_read_however_it_is_written(written: str, numbers: list[tuple[str, str | None]]) -> None:
    found = telephones_in(written)
    assert [(one.e164, one.extension) for one in found] == numbers
    if numbers:
        e164, extension = numbers[0]
        assert tel_link(written) == f"tel:{e164}" + (f";ext={extension}" if extension else "")
        assert is_reachable(written)
        assert (chat_link(written, "x") is not None) is any(one != LANDLINE and "5423" not in one for one, _ in numbers)
    for one in found:
        assert any(sign.isdecimal() for sign in written[one.start : one.end])


def test_what_cannot_be_read_is_dialled_as_it_was_typed_or_not_at_all() -> None:
    assert dialled("44 12 34") == "441234"
    assert tel_link("44 12 34") == "tel:441234"
    assert (dialled("no tengo"), tel_link("no tengo"), is_reachable("no tengo")) == ("", "", False)


@given(st.text(max_size=60))
def test_any_field_is_read(text: str) -> None:
    for one in telephones_in(text):
        assert 0 <= one.start <= one.end <= len(text)
    assert isinstance(dialled(text), str)
    assert isinstance(phone_numbers(text), list)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("987654321 / 01 2345678", ["987654321", "12345678"]),
        ("(01) 234-5678 anexo 12", ["12345678"]),
        ("+51 (0) 1 234 5678", ["12345678"]),
        ("987–654–321", ["987654321"]),
        ("987\u00a0654\u00a0321", ["987654321"]),
    ],
)
def test_each_number_of_a_field_is_found(written: str, found: list[str]) -> None:
    assert phone_numbers(written) == found


@pytest.mark.parametrize("phone", ["no tengo", "987 654 321 anexo 12", "987654321 / 01 2345678", "el de siempre", "12"])
def test_a_number_that_cannot_be_read_refuses_nothing_where_there_is_another_way(phone: str) -> None:
    assert a_complaint(customer={"email": "rosa@correo.example", "phone": phone}).customer.phone == phone


def test_alone_it_must_be_one_that_can_be_called() -> None:
    assert a_complaint(customer={"phone": "987654321 anexo 12"}).customer.phone == "987654321 anexo 12"
    with pytest.raises(ValueError, match="phone"):
        a_complaint(customer={"phone": "no tengo"})


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("DNI: 45871236 Telefono: 987 654 321", {"document": "45871236", "phone": "987 654 321"}),
        ("DNI: 45871236, Teléfono: 987 654 321", {"document": "45871236", "phone": "987 654 321"}),
        ("DNI: 45871236 - Cel: 987654321 - Curso: Revit", PERSON | {"product": "Revit"}),
        ("DNI: 45871236 | Celular: 987654321", {"document": "45871236", "phone": "987654321"}),
        ("DNI: 45871236/Celular: 987654321", {"document": "45871236", "phone": "987654321"}),
        ("Nombre: Elena Vargas DNI: 45871236", {"name": "Elena Vargas", "document": "45871236"}),
        ("Nombre: Elena Vargas; DNI: 45871236; Tel: 987654321", PERSON | {"name": "Elena Vargas"}),
        ("Nombre: Elena Vargas DNI 45871236 Telefono 987654321", PERSON | {"name": "Elena Vargas"}),
        ("Nombre completo: Elena Vargas, D.N.I.: 45.871.236", {"name": "Elena Vargas", "document": "45871236"}),
        ("Teléfono: 987654321 DNI: 45871236", {"phone": "987654321", "document": "45871236"}),
        ("Telefono: 987654321 / 01 2345678 DNI: 45871236", {"phone": "987654321 / 01 2345678", "document": "45871236"}),
        ("Teléfono: (01) 234-5678 anexo 12", {"phone": "(01) 234-5678 anexo 12"}),
        ("DNI: 4587 1236", {"document": "45871236"}),
        ("DNI: 45871236-7", {"document": "45871236"}),
        ("DNI N° 45871236", {}),  # in prose: proposed, never stated
        ("DNI: 45871236 Rosa Quispe", {"document": "45871236"}),
        ("CE: 001234567 Tel: 987654321", {"document": "001234567", "phone": "987654321"}),
        ("Carné de extranjería: 001234567", {"document": "001234567"}),
        ("Pasaporte: AB 1234567 Telefono: 987654321", {"document": "AB1234567", "phone": "987654321"}),
        ("RUC: 20123456789", {"ruc": "20123456789"}),
        ("RUC: 20123456789 Telefono: 987654321", {"ruc": "20123456789", "phone": "987654321"}),
        ("DNI: no tengo", {}),
        ("Curso: Revit Fecha: 20/07/2026", {"product": "Revit", "occurred_on": "2026-07-20"}),
        ("Curso: Taller de robótica Monto: S/ 480", {"product": "Taller de robótica", "amount": "S/ 480"}),
        ("Pedido: que me llamen a mi celular: 987654321", {"remedy_sought": "que me llamen a mi celular: 987654321"}),
        ("Dirección: Av. Lima 123 Teléfono: 987654321", {"address": "Av. Lima 123", "phone": "987654321"}),
        ("Apoderado: Luis Paz DNI: 45871236", {"guardian": "Luis Paz", "document": "45871236"}),
        ("Name: Ana Paz Phone: 987654321 Course: Revit", {"name": "Ana Paz", "phone": "987654321", "product": "Revit"}),
    ],
)  # fmt: skip
def test_a_labelled_value_ends_where_the_next_label_begins(text: str, fields: dict[str, str]) -> None:
    found = reading(mail(f"Buenas tardes.\n{text}\nMe cobraron dos veces."))
    assert found.fields == fields
    for one in found.proposals:
        assert " ".join(found.whole_text[one.start : one.end].split()) == one.source
        assert "\n" not in found.whole_text[one.start : one.end]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("rosa.quispe@gmail.com", "rosaquispe@gmail.com", True),
        ("rosa.quispe+curso@gmail.com", "RosaQuispe@googlemail.com", True),
        ("r.o.s.a@gmail.com", "rosa+x@gmail.com", True),
        ("rosa.quispe@correo.example", "rosaquispe@correo.example", False),
        ("rosa+x@correo.example", "rosa@correo.example", False),
        ("rosa@gmail.com.pe", "ro.sa@gmail.com.pe", False),
        ("rosa@gmail.com", "rosas@gmail.com", False),
    ],
)
def test_gmails_spellings_are_one_mailbox(one: str, other: str, same: bool) -> None:
    assert (email_key(one) == email_key(other)) is same
