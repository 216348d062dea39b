"""What a colleague passes on, as their mail program writes it: whose it is, about what, and every word of it."""

import pytest

from complaints.mail.addresses import Person
from complaints.mail.incoming import Reading, read
from complaints.mail.kinds import Kind
from tests.incoming_expected import RECEIVED
from tests.mail_made import html, mail, of_parts, part, reading

WORDS = "Pagué el 3 de noviembre y no tengo acceso al aula.\nPido la devolución.\n\nHugo Benavides"
QUOTED = "\n> ".join(WORDS.split("\n"))
HUGO = "Hugo Benavides <hugo.benavides@correo.example>"
TO = "ana@escuela.example"
COLLEAGUE = {"From": "Ana Ríos <ana@escuela.example>", "Subject": "Fwd: Queja por el curso"}
INTRODUCED = "Les reenvío esta queja. Por favor atender.\n\nSaludos,\nAna Ríos\nCoordinación\n\n"

ABOUT = "Queja por el curso"
WHEN = "lunes, 3 de agosto de 2026 10:15"


def block(*lines: str) -> str:
    return "\n".join(lines)


FORWARDS = {
    "Gmail": block(
        "---------- Forwarded message ---------",
        f"De: {HUGO}",
        "Date: lun, 3 ago 2026 a las 10:15",
        f"Subject: {ABOUT}",
        f"To: <{TO}>",
        "",
        "",
        WORDS,
    ),
    "Outlook": block(
        "________________________________",
        f"De: {HUGO}",
        f"Enviado: {WHEN}",
        f"Para: Ana <{TO}>",
        f"Asunto: {ABOUT}",
        "",
        WORDS,
    ),
    "Outlook, old": block(
        "De: Hugo Benavides [mailto:hugo.benavides@correo.example]",
        f"Enviado el: {WHEN}",
        "Para: Ana",
        f"Asunto: {ABOUT}",
        "",
        WORDS,
    ),
    "Outlook, with copies": block(
        f"De: {HUGO}",
        f"Enviado: {WHEN}",
        f"Para: Ana <{TO}>",
        "CC: Luis <luis@escuela.example>;",
        " Marta <marta@escuela.example>",
        f"Asunto: {ABOUT}",
        "Importancia: Alta",
        "",
        WORDS,
    ),
    "Outlook, in bold": block(
        f"**De:** {HUGO}", f"**Enviado:** {WHEN}", "**Para:** Ana", f"**Asunto:** {ABOUT}", "", WORDS
    ),
    "Apple": block(
        "Inicio del mensaje reenviado:",
        "",
        f"> De: {HUGO}",
        f"> Asunto: {ABOUT}",
        "> Fecha: 3 de agosto de 2026, 10:15:00 a.m. PET",
        f"> Para: {TO}",
        "> ",
        f"> {QUOTED}",
    ),
    "Apple, English": block(
        "Begin forwarded message:",
        "",
        f"From: {HUGO}",
        f"Subject: {ABOUT}",
        "Date: August 3, 2026 at 10:15:00 AM PET",
        f"To: {TO}",
        "",
        WORDS,
    ),
    "iPhone": block(
        "Enviado desde mi iPhone",
        "",
        "Inicio del mensaje reenviado:",
        "",
        f"> De: {HUGO}",
        "> Fecha: 3 de agosto de 2026, 10:15",
        f"> Para: {TO}",
        f"> Asunto: {ABOUT}",
        "> ",
        f"> {QUOTED}",
    ),
    "Thunderbird": block(
        "-------- Mensaje reenviado --------",
        f"Asunto: \t{ABOUT}",
        "Fecha: \tMon, 3 Aug 2026 10:15:00 -0500",
        f"De: \t{HUGO}",
        f"Para: \t{TO}",
        "",
        "",
        WORDS,
    ),
    "Yahoo": block(
        "----- Mensaje reenviado -----",
        f"De: {HUGO}",
        f"Para: {TO} <{TO}>",
        f"Enviado: {WHEN}",
        f"Asunto: {ABOUT}",
        "",
        WORDS,
    ),
    "Yahoo, on one line": block(
        f"   ----- Mensaje reenviado ----- De: {HUGO}Para: {TO} <{TO}>Enviado: {WHEN} GMT-5Asunto: {ABOUT}", f" {WORDS}"
    ),
    "Samsung": block(
        "-------- Mensaje original --------",
        f"De: {HUGO}",
        "Fecha: 3/8/26 10:15 (GMT-05:00)",
        f"Para: {TO}",
        f"Asunto: {ABOUT}",
        "",
        WORDS,
    ),
    "Huawei": block(
        "-------- Mensaje reenviado --------",
        f"De: {HUGO}",
        "Fecha: lun., 3 ago. 2026, 10:15",
        f"Para: {TO}",
        f"Asunto: {ABOUT}",
        WORDS,
    ),
    "Zoho": block(
        "============ Forwarded message ============",
        f"From: {HUGO}",
        f"To: <{TO}>",
        "Date: Mon, 03 Aug 2026 10:15:00 -0500",
        f"Subject: {ABOUT}",
        "============ Forwarded message ============",
        "",
        WORDS,
    ),
    "Proton": block(
        "------- Forwarded Message -------",
        f"From: {HUGO}",
        "Date: On Monday, August 3rd, 2026 at 10:15 AM",
        f"Subject: {ABOUT}",
        f"To: {TO}",
        "",
        "",
        f"> {QUOTED}",
    ),
    "Roundcube": block(
        "-------- Mensaje Original --------",
        f"ASUNTO: {ABOUT}",
        "FECHA: 2026-08-03 10:15",
        f"DE: {HUGO}",
        f"DESTINATARIO: {TO}",
        "",
        WORDS,
    ),
    "eM Client": block(
        "------ Mensaje reenviado ------",
        'De "Hugo Benavides" <hugo.benavides@correo.example>',
        f"Para {TO}",
        "Fecha 3/8/2026 10:15:00",
        f"Asunto {ABOUT}",
        "",
        WORDS,
    ),
    "German": block(
        "-------- Weitergeleitete Nachricht --------",
        f"Betreff: {ABOUT}",
        "Datum: Mon, 3 Aug 2026 10:15",
        f"Von: {HUGO}",
        f"An: {TO}",
        "",
        WORDS,
    ),
    "French": block(
        "---------- Message transféré ----------",
        f"De : {HUGO}",
        "Date : lun. 3 août 2026 à 10:15",
        f"Objet : {ABOUT}",
        f"À : {TO}",
        "",
        WORDS,
    ),
    "as an answer is": block(
        "El lun, 3 ago 2026 a las 10:15, Hugo Benavides (<hugo.benavides@correo.example>) escribió:", "", f"> {QUOTED}"
    ),
    "of a forward": block(
        "---------- Forwarded message ---------",
        "De: Luis <luis@escuela.example>",
        "Date: mar, 4 ago 2026",
        f"Subject: Fwd: {ABOUT}",
        f"To: {TO}",
        "",
        "---------- Forwarded message ---------",
        f"De: {HUGO}",
        "Date: lun, 3 ago 2026",
        f"Subject: {ABOUT}",
        "To: luis@escuela.example",
        "",
        WORDS,
    ),
}


@pytest.mark.parametrize("introduced", ["", INTRODUCED], ids=["alone", "introduced"])
@pytest.mark.parametrize("program", FORWARDS)
def test_a_forward_is_the_customers(program: str, introduced: str) -> None:
    read = reading(mail(introduced + FORWARDS[program], COLLEAGUE))
    assert (read.held, read.customer) == ("staff-forward", Person("Hugo Benavides", "hugo.benavides@correo.example"))
    theirs = read.of_customer()
    assert (theirs.text, theirs.subject) == (WORDS, ABOUT)


HUGO_WROTE = mail(WORDS, {"From": HUGO, "Subject": ABOUT})
ROWS = (("Asunto", ABOUT), ("Fecha", "Mon, 3 Aug 2026"), ("De", HUGO.replace("<", "&lt;")), ("Para", f"&lt;{TO}>"))
TABLE = "".join(f"<tr><th>{name}: </th><td>{value}</td></tr>" for name, value in ROWS)
SHOWN = WORDS.replace("\n", "<br>")
ENCLOSED = {
    "as a message": part(HUGO_WROTE, "message/rfc822"),
    "as a file of no type": part(HUGO_WROTE, 'application/octet-stream; name="Queja por el curso.eml"'),
    "as a file by its name": part(
        HUGO_WROTE, "application/x-message", Content_Disposition='attachment; filename="Queja.EML"'
    ),
    "as a table (Thunderbird)": html(f"-------- Mensaje reenviado --------<table>{TABLE}</table><br>{SHOWN}"),
}


@pytest.mark.parametrize("way", ENCLOSED)
def test_what_is_enclosed_is_the_customers(way: str) -> None:
    read = reading(of_parts("mixed", part("Va para ustedes."), ENCLOSED[way], headers=COLLEAGUE))
    assert (read.held, read.customer) == ("staff-forward", Person("Hugo Benavides", "hugo.benavides@correo.example"))
    assert (read.of_customer().text, read.of_customer().subject) == (WORDS, ABOUT)


def at_gmail(sender: str, **headers: str) -> Reading:
    """Read by a school whose mailbox, and a colleague's, is Gmail's."""
    raw = mail(FORWARDS["Gmail"], {"Subject": "Fwd: Queja por el curso", "From": sender, **headers})
    return read(
        raw,
        mailbox="soporte.escuela@gmail.com",
        received_at=RECEIVED,
        staff=frozenset({"ana.rios@gmail.com"}),
    )


@pytest.mark.parametrize("sender", ["Ana.Rios@GMAIL.com", "anarios@googlemail.com", "ana.rios+escuela@gmail.com"])
def test_a_colleague_at_gmail_is_one_however_gmail_writes_it(sender: str) -> None:
    assert at_gmail(sender).held == "staff-forward"
    assert at_gmail("ana.riosa@gmail.com").held is None


def test_a_mailbox_at_gmail_is_ours_however_gmail_writes_it() -> None:
    ours, spelt = at_gmail("soporte.escuela@gmail.com"), at_gmail("SoporteEscuela@googlemail.com")
    assert (spelt.kind, spelt.held) == (ours.kind, ours.held) != (Kind.COMPLAINT, None)
    own = at_gmail("rosa.paz@gmail.com", **{"Reply-To": "Rosapaz@googlemail.com"})
    assert (own.reply_to, own.answer_to) == (None, "rosa.paz@gmail.com")
