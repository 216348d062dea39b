"""Which details are evident, so that they are understood and asked for no more; a wrong one is worse than none."""

from datetime import UTC, date, datetime

import pytest

from complaints.mail.incoming import read
from complaints.mail.proposals import proposals_in

TUESDAY = date(2026, 11, 17)


def found(text: str) -> dict[str, tuple[str, bool, bool]]:
    return {one.field: (one.value, one.evident, one.corrects) for one in proposals_in(text, written_on=TUESDAY)}


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("document", "Mi DNI es 44556677, fue el 10/11 en Revit", "44556677"),
        ("document", "Soy Rosa Quispe, identificada con DNI N° 44556677, y reclamo por la clase.", "44556677"),
        ("document", "DNI: 44556677", "44556677"),
        ("document", "My passport number is AB1234567", "AB1234567"),
        ("occurred_on", "Mi DNI es 44556677, fue el 10/11 en Revit", "2026-11-10"),
        ("occurred_on", "El 10 de noviembre no pude entrar al aula virtual.", "2026-11-10"),
        ("occurred_on", "Ocurrió el 10 de noviembre de 2026. Pagué el 3 de octubre de 2026.", "2026-11-10"),
        ("occurred_on", "Ayer se cayó la plataforma en pleno examen.", "2026-11-16"),
        ("occurred_on", "El 10 de noviembre la plataforma se cayó mientras pagaba.", "2026-11-10"),
        ("occurred_on", "It happened on November 10, 2026.", "2026-11-10"),
        ("phone", "Mi celular es 987654321.", "987654321"),
        ("phone", "Pueden llamarme al 987 654 321 por favor", "987 654 321"),
        ("phone", "No llegó mi certificado.\n\nRosa Quispe\n987654321", "987654321"),
        ("phone", "Reclamo por la clase. Cel. 987654321", "987654321"),
        ("product", "Llevé el curso de AutoCAD 3D y no me dan el certificado", "AutoCAD 3D"),
        ("product", "No puedo entrar al Diplomado en Gestión BIM.", "Gestión BIM"),
        ("product", "I paid for the Revit course", "Revit"),
    ],
)
def test_evident(field: str, text: str, value: str) -> None:
    assert found(text)[field][:2] == (value, True)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("occurred_on", "Pagué el 3 de octubre y hasta ahora nada."),
        ("occurred_on", "Me matriculé el 3/10/2026 en el curso."),
        ("occurred_on", "El curso empezó el 3 de octubre de 2026."),
        ("occurred_on", "Les escribí el 3 de noviembre y el 5 de noviembre."),
        ("occurred_on", "Hoy les escribo para reclamar."),
        ("occurred_on", "El 3 de octubre pagué el curso y no me dieron acceso."),
        ("occurred_on", "El 20 de octubre me escribió el profesor."),
        ("occurred_on", "El 3 de noviembre de 2026, Ana <ana@e.example> escribió:\nNo se puede."),
        ("occurred_on", "On October 3 I paid for the course."),
        ("phone", "Llamé al 987654321 y nadie contesta."),
        ("phone", "Su asesor me escribió desde el 987654321."),
        ("phone", "Mi celular es 987654321, el de mi esposo 912345678."),
        ("product", "No vino el profesor al módulo 3."),
        ("product", "el curso de inglés básico fue cancelado"),
        ("product", "Mi DNI es 44556677, fue el 10/11 en Revit"),
        ("product", "Llevé el curso de AutoCAD y el curso de Revit."),
        ("document", "El DNI 44556677 es de mi hijo y el DNI 45678912 es mío."),
    ],
)
def test_not_evident(field: str, text: str) -> None:
    assert not found(text).get(field, ("", False))[1]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("document", "Mi DNI es 45678912, no 44556677", "45678912"),
        ("document", "Mi DNI no es 44556677, es 45678912.", "45678912"),
        ("document", "Mi DNI no es 44556677 sino 45678912", "45678912"),
        ("document", "Corrijo: mi DNI es 45678912", "45678912"),
        ("document", "My ID is not 44556677, it is 45678912", "45678912"),
        ("document", "My ID is 45678912, not 44556677", "45678912"),
        ("occurred_on", "No fue el 10 de noviembre, fue el 12 de noviembre.", "2026-11-12"),
        ("occurred_on", "En realidad fue el 12/11/2026", "2026-11-12"),
        ("occurred_on", "It was on November 12, 2026, not November 10, 2026", "2026-11-12"),
        ("product", "Es el curso de Revit, no AutoCAD", "Revit"),
    ],
)
def test_a_correction_says_what_is_so_and_that_it_corrects(field: str, text: str, value: str) -> None:
    assert found(text)[field] == (value, True, True)


def test_yesterday_is_that_of_lima() -> None:
    """At 8 in the evening in Lima it is tomorrow in UTC."""
    raw = b"From: rosa@correo.example\r\nSubject: Queja\r\n\r\nAyer no pude entrar al aula virtual.\r\n"
    at = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)  # Tuesday 17th, 20:00 in Lima
    reading = read(raw, mailbox="soporte@escuela.example", received_at=at)
    assert [(one.field, one.value, one.evident) for one in reading.read_details] == [
        ("occurred_on", "2026-11-16", True)
    ]
    [one] = reading.read_details
    assert reading.words[one.start : one.end] == one.words == "Ayer"
    today = read(raw.replace(b"Ayer no", b"Fecha del problema: 18/11/2026. No"), mailbox="s@e.example", received_at=at)
    assert today.complaint().problem.occurred_on is None, "in Lima that day has not come yet"


def test_quoted_history_below_says_nothing() -> None:
    raw = (
        b"From: rosa@correo.example\r\nTo: soporte@escuela.example\r\nSubject: Re: [Q-7KF3-02M9D] Nuestra respuesta\r\n"
        b"In-Reply-To: <1@escuela.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + "No, sigue igual\r\n\r\nEnviado desde mi iPhone\r\n\r\n"
        "> El 16 nov. 2026, a las 10:00, Escuela <soporte@escuela.example> escribió:\r\n>\r\n"
        "> ¿Está conforme?\r\n> - Estoy conforme\r\n> - No estoy conforme, porque…\r\n"
        "> Documento de identidad: 44556677\r\n".encode()
    )
    reading = read(raw, mailbox="soporte@escuela.example", received_at=datetime(2026, 11, 17, 15, tzinfo=UTC))
    assert reading.seems is not None
    assert (reading.seems.says, reading.seems.words) == ("not-satisfied", "sigue igual")
    assert reading.read_details == ()
