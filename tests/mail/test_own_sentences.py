"""B and O: a customer's own sentences are never cut, and history is history with evidence. A row is a way to write."""

import pytest

from tests.mail_made import ANSWERS, mail, of_parts, part, reading, text_of

NEW: dict[str, str] = {}
OWN = [
    # Lines that begin as a telephone's do, and tell something.
    "Enviado mi DNI por correo hace un mes, aún no me matriculan.",
    "Enviada la tarea desde mi celular, el profesor me puso cero.",
    "Enviado desde mi celular porque el aula virtual no abre en la computadora",
    "Enviado desde mi iPhone el comprobante, y nadie lo vio",
    "Enviado por correo el voucher del banco",
    "Enviado desde el correo de mi mamá",
    "Obtener mi certificado por correo me tomó tres meses",
    "Obtener Outlook no me sirve de nada",
    "Sent from my phone the proof of payment, and nobody answered",
    "Sent my ID by mail a month ago",
    "Get my money back by mobile payment",
    "Get me a refund on my phone bill",
    # Dashes that are no signature.
    "Hechos:\n--\n1. Pagué el 3 de noviembre.\n2. No me dieron acceso.\nPido la devolución.",
    "Mi reclamo\n--\nno me dieron acceso\nnadie responde\npido la devolucion",
    "Lo que pasó:\n-- \nEl profesor no vino tres veces y la clase se perdió.",
    "Productos\n-- \n- Revit\n- Navisworks",
    "Antes\n--\nDespués de pagar no me dieron nada\n--\nFin",
    "Resumen\n-- \nRosa Quispe pagó dos veces.\nPido la devolución.",
    "Gracias\n-- \nLlámenme al 987 654 321",
    "Gracias\n-- \nPueden escribirme a rosa@correo.example",
    "-- \nNadie me contesta desde el lunes.",
    # What somebody else wrote or said.
    "El 20 de octubre el profesor me escribió:\nNo habrá más clases hasta enero.\nPor eso pido la devolución.",
    "El 20 de octubre el profesor escribió:\nNo habrá más clases.\nPido la devolución.",
    "El 20 de octubre de 2026 el profesor me escribió:\n> No habrá más clases.\nPido la devolución.",
    "On October 20 the teacher wrote:\nThere will be no class.\nI want a refund.",
    "El coordinador <jperez@otro.example> escribió el 3/8/2026:\nno hay vacantes\nY yo ya pagué.",
    "El lun, 3 ago 2026 a las 10:15, Juan Pérez <jperez@otro.example> escribió:\n> no hay vacantes\nY yo ya pagué.",
    "Ustedes me dijeron:\n> Su pago está conforme\nPero no tengo acceso.",
    "> Su pago está conforme\nEso me dijeron, y no es verdad.",
    "Me llegó:\nDe: Juan Pérez <jperez@otro.example>\nEnviado: lunes\nPara: mí\nAsunto: Vacantes\n\nNo hay.\nY pagué.",
    "----- Mensaje original -----\nDe: Juan Pérez <jperez@otro.example>\nAsunto: Vacantes\n\nNo hay.\n\nY yo ya pagué.",
    "---------- Forwarded message ---------\nFrom: Juan <juan@otro.example>\nDate: Mon\nTo: yo\nSubject: x\n\nNo hay.",
    # Labels of the writer's own.
    "De: 9 a 11\nPara: mi hijo\nAsunto: horario\nFecha: 20/07/2026\n\nNo hubo clase.",
    "Fecha: 20/07/2026\nDe: la caja\nPara: ustedes\nAsunto: pago\nNo aparece mi pago.",
    "Para: Dirección\nDe: Rosa Quispe\nFecha: 3 de agosto\nAsunto: Reclamo\n\nPido la devolución.",
]


@pytest.mark.parametrize("text", OWN)
@pytest.mark.parametrize("headers", [NEW, ANSWERS], ids=["new", "answer"])
def test_an_own_sentence_stays(text: str, headers: dict[str, str]) -> None:
    assert text_of(f"Buenos días.\n{text}\nEspero respuesta.", headers) == f"Buenos días.\n{text}\nEspero respuesta."


@pytest.mark.parametrize("text", OWN)
def test_an_own_sentence_stays_where_it_is_the_last_one(text: str) -> None:
    assert text_of(f"Buenos días.\n\n{text}", ANSWERS) == f"Buenos días.\n\n{text}"


DEVICES = [
    "Enviado desde mi iPhone",
    "Enviado desde mi iPad",
    "Sent from my iPhone",
    "Enviado desde mi Samsung Galaxy",
    "Enviado desde mi dispositivo Samsung",
    "Enviado desde mi HUAWEI P30",
    "Enviado desde mi celular Xiaomi",
    "Enviado desde mi smartphone Samsung Galaxy.",
    "Sent from my Verizon, Samsung Galaxy smartphone",
    "Enviado desde Yahoo Mail para Android",
    "Enviado desde Outlook para Android",
    "Enviado desde Correo para Windows",
    "Sent from Mail for Windows",
    "Obtener Outlook para Android<https://aka.ms/AAb9ysg>",
    "Obtener Outlook para iOS <https://aka.ms/o0ukef>",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Enviado do meu iPhone",
    "Enviado con Proton Mail",
    "Sent via BlackBerry",
    "Enviado con el correo electrónico de Gmail Mobile",
]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("headers", [NEW, ANSWERS], ids=["new", "answer"])
def test_what_a_telephone_adds_at_the_end_is_no_word_of_theirs(device: str, headers: dict[str, str]) -> None:
    assert text_of(f"No tengo acceso.\n\n{device}", headers) == "No tengo acceso."
    assert text_of(f"No tengo acceso.\n\n{device}\n\nY pagué.", headers) == f"No tengo acceso.\n\n{device}\n\nY pagué."


SIGNATURES = [
    "Rosa Quispe",
    "Rosa Quispe\nJefa de Obra\nTel. 01 234 5678",
    "Rosa Quispe Mamani\nasesora de ventas\nCel. 987 654 321\nwww.empresa.example",
    "Ing. Rosa Quispe\nConstructora Andina S.A.C.\nAv. Lima 123, Arequipa",
    "RQ\nrosa@correo.example",
]


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("mark", ["-- ", "--"])
def test_a_signature_is_no_word_of_theirs(signature: str, mark: str) -> None:
    assert text_of(f"No tengo acceso.\n\n{mark}\n{signature}") == "No tengo acceso."


def test_what_the_signature_tells_is_proposed_all_the_same() -> None:
    found = reading(mail("No tengo acceso.\n\n-- \nRosa Quispe\nCel. 987 654 321"))
    assert [(one.field, one.value) for one in found.proposals] == [("phone", "987 654 321")]


LETTER = (
    "Estimada Rosa:\n\nRecibimos su queja el 3 de agosto y le dimos el número Q-1234-56789.\n"
    "Le respondemos a más tardar el 24 de agosto.\n\n"
    "Para atenderla mejor, díganos la fecha del problema.\n\nAtención al cliente"
)
LETTER_LINES = LETTER.split("\n")


@pytest.mark.parametrize(
    "answer",
    [
        "Fue el 20 de julio.\n\n" + LETTER,
        "Fue el 20 de julio.\n\nEl 3 de agosto, Atención escribió:\n" + LETTER,
        "Fue el 20 de julio.\n\nEl 3/8/2026 10:15, Atención escribió:\n" + LETTER,
        "Fue el 20 de julio.\n\n-----Mensaje original-----\n" + LETTER,
        "Fue el 20 de julio.\n\n" + "\n".join(f"> {line}" for line in LETTER_LINES),
        "Fue el 20 de julio.\nEstimada\nNadie me llamó el lunes.\n\n" + LETTER,
        "Fue el 20 de julio.\n\n" + LETTER.replace("Recibimos", "> Recibimos"),
        "Fue el 20 de julio.\n\nDe: Atención <soporte@escuela.example>\nEnviado: lunes\nPara: R\nAsunto: q\n\n"
        + LETTER,
    ],
    ids=[
        "bare",
        "as people tell",
        "by a program",
        "under a separator",
        "marked",
        "after a like line",
        "in part",
        "under a header",
    ],
)
def test_the_letter_that_was_answered_is_history_wherever_it_stands(answer: str) -> None:
    found = reading(mail(answer, ANSWERS), answered=LETTER).text
    assert "Recibimos su queja" not in found
    assert "más tardar" not in found
    assert found.startswith("Fue el 20 de julio.")
    assert ("Nadie me llamó" in answer) is ("Nadie me llamó" in found)


def test_an_answer_between_the_lines_of_our_letter_is_theirs() -> None:
    body = (
        "De: Escuela <soporte@escuela.example>\nEnviado: lunes, 3 de agosto\nPara: Rosa\nAsunto: Recibimos su queja\n\n"
        + LETTER.replace("Para atenderla", "No es así: me cobraron dos veces.\n\nPara atenderla")
        + "\n\nDe: Rosa Quispe <rosa.quispe@correo.example>\nEnviado: domingo\nPara: E\nAsunto: Reclamo\n\nMi queja."
    )
    assert reading(mail(body, ANSWERS), answered=LETTER).text == "No es así: me cobraron dos veces."


def test_where_the_writer_says_nothing_of_their_own_the_whole_text_is_kept() -> None:
    forward = (
        "\n----- Mensaje reenviado ----\nDe:      Carmen Ruiz\nPara:    secretaria@escuela.example\n"
        "Fecha:   12.11.2026 16:17\nAsunto:  Boleta\n\nSeñores, mi boleta de octubre tiene un monto errado.\n"
        "Ruego corregirla.\n\nCarmen Ruiz\n"
    )
    references = {"From": "Carmen Ruiz <carmen@correo.example>", "References": "<z1@correo.example> <z2@otro.example>"}
    for body in (
        forward,
        forward.replace("----- Mensaje reenviado ----", "Inicio del mensaje reenviado:"),
        forward.replace("----- Mensaje reenviado ----", "W.:"),
        forward.replace("----- Mensaje reenviado ----", "-------- Original-Nachricht --------"),
        "\n".join(f"> {line}" for line in forward.strip().split("\n")),
    ):
        assert text_of(body, {**references, "Subject": "Boleta que nadie atiende"}).count("Ruego corregirla.") == 1


def test_a_photo_under_which_a_telephone_quotes_us_says_only_that_it_is_there() -> None:
    quoted = (
        "Enviado desde mi iPhone\n\n"
        "> El 3 ago. 2026, a la(s) 10:15, Escuela <soporte@escuela.example> escribió:\n> Hola"
    )
    raw = of_parts("mixed", part(quoted), part(b"\xff\xd8\xff", 'image/jpeg; name="boleta.jpg"'), headers=ANSWERS)
    assert reading(raw).text == "[adjunto: boleta.jpg]"
    bare = quoted.partition("\n\n")[2]
    raw = of_parts("mixed", part(bare), part(b"\xff\xd8\xff", 'image/jpeg; name="boleta.jpg"'), headers=ANSWERS)
    assert reading(raw).text == "[adjunto: boleta.jpg]"
