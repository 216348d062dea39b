"""A, E, F, Q, T, W: who wrote, who is answered, and who the customer is. A row is a way in which mail hides it."""

import pytest

from complaints.mail.addresses import first_mailbox, is_of_a_form
from complaints.mail.incoming import CannotAnswer, Reading, read
from complaints.mail.kinds import Kind
from tests.incoming_expected import MAILBOX, RECEIVED
from tests.mail_made import mail, of_parts, part, reading

VISITOR = "Pilar Huaman <pilar@correo.example>"
WORDS = "Me cobraron dos veces la cuota de noviembre y nadie contesta el teléfono."


def of(sender: str, **headers: str) -> Reading:
    said = {"From": sender, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return reading(mail(WORDS, {"Message-ID": "<p@web.example>", **said}))


@pytest.mark.parametrize(
    "sender",
    [
        f"Web Escuela <{MAILBOX}>",
        f"{MAILBOX}",
        f"Web <{MAILBOX.upper()}>",
        "Web Escuela <no-reply@escuela.example>",
        "Web <noreply@hosting.example>",
        "WordPress <wordpress@web-escuela.example>",
        "Formulario <formulario@escuela.example>",
        "Contacto <web@escuela.example>",
        "Formulario <forms-receipts-noreply@google.example>",
        "Formspree <submissions@formspree.io>",
        "FormSubmit <submissions@formsubmit.co>",
        "Jotform <noreply@jotform.com>",
        "Wufoo <no-reply@wufoo.com>",
        "Typeform <notifications@followups.typeform.com>",
        "Squarespace <form-submission@squarespace.info>",
        "Web3Forms <notify+x@web3forms.com>",
        "Sitio <webmaster@hosting.example>",
        "<no_responder@escuela.example>",
        "Escuela <donotreply@mailer.example>",
        "Contact form <contact-form@otra.example>",
        "www-data <www-data@servidor.example>",
    ],
)
def test_a_forms_mail_is_its_visitors(sender: str) -> None:
    found = of(sender, Reply_To=VISITOR)
    assert (found.from_address, found.from_name) == ("pilar@correo.example", "Pilar Huaman")
    assert found.kind is Kind.COMPLAINT
    assert found.complaint().customer.email == "pilar@correo.example"
    assert found.complaint().customer.name == "Pilar Huaman"
    assert any("Reply-To names who wrote" in one.what for one in found.evidence)


def test_a_program_that_sends_forms_makes_one_of_any_address() -> None:
    for header in (
        {"X_Mailer": "PHPMailer 6.9 (https://github.com/PHPMailer)"},
        {"X_PHP_Originating_Script": "33:form.php"},
    ):
        assert of("Ventas <ventas@otra.example>", Reply_To=VISITOR, **header).from_address == "pilar@correo.example"


@pytest.mark.parametrize("header", ["X-Original-From", "X-Google-Original-From", "X-Original-Sender", "Reply-To"])
def test_who_is_behind_our_group_is_the_customer(header: str) -> None:
    found = reading(
        mail(
            WORDS,
            {
                "From": f"'Delia Quiroz' via Soporte <{MAILBOX}>",
                header: "delia@correo.example",
                "Precedence": "list",
                "List-Id": "<soporte.escuela.example>",
                "List-Unsubscribe": "<mailto:googlegroups-manage+1+unsubscribe@googlegroups.example>",
            },
        )
    )
    assert (found.from_address, found.from_name, found.kind) == ("delia@correo.example", "Delia Quiroz", Kind.COMPLAINT)


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"List-Id": "<soporte.escuela.example>", "Precedence": "list"}, Kind.COMPLAINT),
        ({"List-Id": "Quejas <quejas.escuela.example>", "Precedence": "list"}, Kind.COMPLAINT),
        ({"List-Post": "<mailto:quejas@escuela.example>", "Precedence": "bulk"}, Kind.COMPLAINT),
        (
            {"Mailing-list": "list soporte@escuela.example; contact x@escuela.example", "Precedence": "list"},
            Kind.COMPLAINT,
        ),
        ({"List-Id": "<soporte.escuela.example>", "X-BeenThere": MAILBOX}, Kind.COMPLAINT),
        ({"List-Id": "<noticias.otra.example>", "Precedence": "list"}, Kind.BULK),
        ({"List-Id": "<noticias.otraescuela.example>", "Precedence": "list"}, Kind.BULK),
        ({"List-Id": "<escuela.example.otra.example>"}, Kind.BULK),
        ({"Precedence": "list"}, Kind.BULK),
        (
            {"List-Id": "<boletin.escuela.example>", "Precedence": "list", "From": "Boletín <boletin@escuela.example>"},
            Kind.BULK,
        ),
    ],
)
def test_mail_through_the_schools_own_group_is_a_persons(headers: dict[str, str], kind: Kind) -> None:
    assert reading(mail("Cambiaron el horario sin avisar.", headers)).kind is kind


@pytest.mark.parametrize(
    ("headers", "wrote", "answered"),
    [
        ({"Reply-To": VISITOR}, "phuaman@oficina.example", "pilar@correo.example"),
        ({"Reply-To": "pilar@correo.example, otro@correo.example"}, "phuaman@oficina.example", "pilar@correo.example"),
        ({"Reply-To": "phuaman@oficina.example"}, "phuaman@oficina.example", "phuaman@oficina.example"),
        ({"Reply-To": f"Soporte <{MAILBOX}>"}, "phuaman@oficina.example", "phuaman@oficina.example"),
        ({"Reply-To": "no-reply@oficina.example"}, "phuaman@oficina.example", "phuaman@oficina.example"),
        ({"Reply-To": "ninguno"}, "phuaman@oficina.example", "phuaman@oficina.example"),
        ({"Reply-To": ""}, "phuaman@oficina.example", "phuaman@oficina.example"),
    ],
)
def test_letters_go_where_a_person_asks_and_from_stays_who_wrote(
    headers: dict[str, str], wrote: str, answered: str
) -> None:
    found = reading(mail(WORDS, {"From": "Pilar Huaman <phuaman@oficina.example>", **headers}))
    assert (found.from_address, found.answer_to, found.complaint().customer.email) == (wrote, answered, answered)


@pytest.mark.parametrize(
    ("raw", "name", "address"),
    [
        ("Ana Rios <ana@correo.example>", "Ana Rios", "ana@correo.example"),
        ('"Rios, Ana" <ana@correo.example>', "Rios, Ana", "ana@correo.example"),
        ("Rios, Ana <ana@correo.example>", "Rios, Ana", "ana@correo.example"),
        ("ana@correo.example (Ana Rios)", "Ana Rios", "ana@correo.example"),
        ("Ana Rios (oficina) <ana@correo.example>", "Ana Rios", "ana@correo.example"),
        ('"Ana (Anita) Rios" <ana@correo.example>', "Ana (Anita) Rios", "ana@correo.example"),
        ("ana@correo.example <ana@correo.example>", "", "ana@correo.example"),
        ('"ana@correo.example" <ana@correo.example>', "", "ana@correo.example"),
        ("Ana ana@correo.example <ana@correo.example>", "Ana", "ana@correo.example"),
        ("'Ana Rios' <ana@correo.example>", "Ana Rios", "ana@correo.example"),
        ("Ana <ana@correo.example>, Beto <beto@correo.example>", "Ana", "ana@correo.example"),
        ("ana@correo.example, beto@correo.example", "", "ana@correo.example"),
        ("Familia: Ana <ana@correo.example>, Beto <beto@correo.example>;", "Ana", "ana@correo.example"),
        ("=?utf-8?Q?Ana_R=C3=ADos?= <ana@correo.example>", "Ana Ríos", "ana@correo.example"),
        ("=?utf-8?Q?R=C3=ADos=2C_Ana?= <ana@correo.example>", "Ríos, Ana", "ana@correo.example"),
        ('"=?utf-8?Q?Ana_R=C3=ADos?=" <ana@correo.example>', "Ana Ríos", "ana@correo.example"),
        ("=?utf-8?Q?ana=40correo.example?= <ana@correo.example>", "", "ana@correo.example"),
        ("<ana@correo.example>", "", "ana@correo.example"),
        ("Ana <ana@correo.example.>", "Ana", "ana@correo.example"),
        ("ana@correo.example.", "", "ana@correo.example"),
        ("Ana <ana@correo.example..>", "Ana", ""),
        ("Ana <ana@.correo.example>", "Ana", ""),
        ("Ana <=?utf-8?Q?ana?=@correo.example>", "Ana", ""),
        ("Ana <ana@=?utf-8?Q?correo?=.example>", "Ana", ""),
        ('"a@x.example" <mallory@evil.example>', "", "mallory@evil.example"),
        ("alice@example.org)bob@victim.org<mallory@evil.example>", "", "mallory@evil.example"),
        ('"Ana \\"La Jefa\\" Rios" <ana@correo.example>', 'Ana "La Jefa" Rios', "ana@correo.example"),
        ("", "", ""),
        ("Ana Rios", "Ana Rios", ""),
    ],
)
def test_the_name_is_the_phrase_and_the_first_mailbox_counts(raw: str, name: str, address: str) -> None:
    found = first_mailbox(raw)
    assert (found.name, found.address) == (name, address)


@pytest.mark.parametrize("address", ["=?utf-8?Q?ana?=@correo.example", "ana@=?utf-8?Q?x?=.example", "ana", "ana@"])
def test_what_is_no_address_cannot_be_answered(address: str) -> None:
    found = reading(mail(WORDS, {"From": f"Ana <{address}>", "Return-Path": "<ana@correo.example>"}))
    assert found.from_address is None
    with pytest.raises(CannotAnswer):
        found.complaint()


def test_a_form_that_names_nobody_waits_with_whom_its_words_name() -> None:
    body = f"Nombre: Pilar Huaman\nCorreo: pilar@correo.example\nMensaje: {WORDS}"
    for sender in ("Web <web@escuela.example>", f"Web <{MAILBOX}>"):
        found = reading(mail(body, {"From": sender}))
        assert found.held == "form-of-nobody"
        assert found.customer is not None
        assert (found.customer.name, found.customer.address) == ("Pilar Huaman", "pilar@correo.example")
        with pytest.raises(CannotAnswer):
            found.complaint()
        assert found.of_customer().complaint().customer.email == "pilar@correo.example"
    assert reading(mail(WORDS, {"From": "Web <web@escuela.example>"})).customer is None


# -- forwarded by a colleague ----------------------------------------------------------------------------------------

HUGO = "Hugo Benavides <hugo@correo.example>"
COMPLAINT = "Buenos días, no puedo descargar mi certificado.\nDNI: 44556677\nHugo Benavides"
FORWARDS = {
    "Gmail": f"Registren esto.\n\n---------- Forwarded message ---------\nDe: {HUGO}\nDate: lun, 23 nov 2026\n"
    f"Subject: Mi certificado\nTo: Ana <ana@escuela.example>\n\n\n{COMPLAINT}",
    "Gmail, bold": f"---------- Forwarded message ---------\nFrom: *Hugo Benavides* <hugo@correo.example>\nDate: Mon\n"
    f"Subject: Mi certificado\nTo: Ana <ana@escuela.example>\n\n{COMPLAINT}",
    "Outlook": f"De: {HUGO}\nEnviado el: lunes, 23 de noviembre de 2026 9:12\nPara: Ana <ana@escuela.example>\n"
    f"Asunto: Mi certificado\n\n{COMPLAINT}",
    "Outlook with a rule": f"Para registrar\n\n________________________________\nDe: {HUGO}\nEnviado: lunes\n"
    f"Para: Ana <ana@escuela.example>\nAsunto: Mi certificado\n\n{COMPLAINT}",
    "Outlook with mailto": "From: Hugo Benavides [mailto:hugo@correo.example]\nSent: Monday\nTo: Ana\n"
    f"Subject: Mi certificado\n\n{COMPLAINT}",
    "Outlook web": "From: Hugo Benavides <hugo@correo.example<mailto:hugo@correo.example>>\nSent: Monday\nTo: Ana\n"
    f"Subject: Mi certificado\n\n{COMPLAINT}",
    "old Outlook": f"-----Mensaje original-----\nDe: {HUGO}\nEnviado el: lunes\nPara: Ana\n"
    f"Asunto: Mi certificado\n\n{COMPLAINT}",
    "Apple Mail": f"Inicio del mensaje reenviado:\n\nDe: {HUGO}\nAsunto: Mi certificado\nFecha: 23 de noviembre\n"
    f"Para: Ana <ana@escuela.example>\n\n{COMPLAINT}",
    "Apple Mail en": f"Begin forwarded message:\n\nFrom: {HUGO}\nSubject: Mi certificado\nDate: November 23\n"
    f"To: Ana <ana@escuela.example>\n\n{COMPLAINT}",
    "Thunderbird": f"-------- Mensaje reenviado --------\nAsunto: \tMi certificado\nFecha: \tMon\nDe: \t{HUGO}\n"
    f"Para: \tAna <ana@escuela.example>\n\n{COMPLAINT}",
    "Zimbra": f'----- Mensaje original -----\nDe: "Hugo Benavides" <hugo@correo.example>\nPara: "Ana"\n'
    f"Enviados: Lunes\nAsunto: Mi certificado\n\n{COMPLAINT}",
    "an answer's way": f"Registren esto.\n\nEl lun, 23 nov 2026 a las 9:12, {HUGO} escribió:\n\n"
    + "\n".join(f"> {line}" for line in COMPLAINT.split("\n")),
    "through another colleague": "De: Bea <bea@escuela.example>\nEnviado: ayer\nPara: Ana\nAsunto: RV: Certificado\n\n"
    f"Ana, mira.\n\nDe: {HUGO}\nEnviado: lunes\nPara: Bea <bea@escuela.example>\nAsunto: Mi certificado\n\n{COMPLAINT}",
}
ANA = {"From": "Ana Paredes <ana@escuela.example>", "Subject": "Fwd: Mi certificado"}


@pytest.mark.parametrize("program", FORWARDS)
@pytest.mark.parametrize(
    "subject", ["Fwd: Mi certificado", "RV: Mi certificado", "Queja de un alumno", "RE: Mi certificado"]
)
def test_what_a_colleague_forwards_is_held_with_its_sender_proposed(program: str, subject: str) -> None:
    found = reading(mail(FORWARDS[program], {**ANA, "Subject": subject}))
    assert (found.from_address, found.held) == ("ana@escuela.example", "staff-forward")
    assert found.customer is not None
    assert (found.customer.name, found.customer.address) == ("Hugo Benavides", "hugo@correo.example")
    with pytest.raises(CannotAnswer):
        found.complaint()
    opened = found.of_customer().complaint()
    assert (opened.customer.email, opened.customer.name) == ("hugo@correo.example", "Hugo Benavides")
    assert opened.problem.description == COMPLAINT
    assert opened.customer.document == "44556677"
    assert opened.in_reply_to is None, "no letter joins the colleague's conversation"
    assert opened.received_at == RECEIVED


def test_what_a_colleague_attaches_is_held_too() -> None:
    inner = mail(COMPLAINT, {"From": HUGO, "Subject": "Mi certificado"})
    raw = of_parts("mixed", part("Registren esto."), part(inner, "message/rfc822"), headers=ANA)
    found = reading(raw)
    assert found.held == "staff-forward"
    opened = found.of_customer().complaint()
    assert (opened.customer.email, opened.problem.description) == ("hugo@correo.example", COMPLAINT)


def test_a_colleague_is_one_wherever_their_address_is() -> None:
    raw = mail(FORWARDS["Gmail"], {**ANA, "From": "Ana <ana.paredes@gmail.com>"})
    assert reading(raw).held is None
    staff = frozenset({"ana.paredes@gmail.com"})
    assert read(raw, mailbox=MAILBOX, received_at=RECEIVED, staff=staff).held == "staff-forward"


@pytest.mark.parametrize(
    ("body", "headers", "why"),
    [
        (WORDS, ANA, "a colleague who complains"),
        (FORWARDS["Gmail"], {"From": "Rosa <rosa@correo.example>"}, "a customer who forwards"),
        (
            f"Miren.\n\nDe: Bea <bea@escuela.example>\nEnviado: lunes\nPara: Ana\nAsunto: x\n\n{WORDS}",
            ANA,
            "within the house",
        ),
    ],
)
def test_what_is_no_forward_of_a_colleague_is_a_persons(body: str, headers: dict[str, str], why: str) -> None:
    found = reading(mail(body, headers))
    assert found.held is None, why
    assert found.kind is Kind.COMPLAINT


def test_at_a_public_mail_service_only_the_mailbox_itself_is_ours() -> None:
    raw = mail(FORWARDS["Gmail"], {"From": "Rosa <rosa.quispe@gmail.com>", "To": "escuela.quejas@gmail.com"})
    found = reading(raw, mailbox="escuela.quejas@gmail.com")
    assert (found.held, found.from_address) == (None, "rosa.quispe@gmail.com")
    assert not is_of_a_form("rosa.quispe@gmail.com")


# -- programs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"X-DSPAM-Result": "Spam"}, Kind.SPAM_LIKE),
        ({"X-DSPAM-Result": "Innocent"}, Kind.COMPLAINT),
        ({"X-DSPAM-Result": "Whitelisted"}, Kind.COMPLAINT),
        ({"Subject": "Auto reply: Recibimos su queja", "References": "<x@escuela.example>"}, Kind.AUTO_REPLY),
        ({"Subject": "Auto Reply: Recibimos su queja", "In-Reply-To": "<x@escuela.example>"}, Kind.AUTO_REPLY),
        ({"Subject": "Autoreply: hola", "References": "<x@escuela.example>"}, Kind.AUTO_REPLY),
        ({"Subject": "Auto-reply: hola", "References": "<x@escuela.example>"}, Kind.AUTO_REPLY),
        ({"Subject": "Automatic reply: hola", "References": "<x@escuela.example>"}, Kind.AUTO_REPLY),
        ({"Subject": "Respuesta automática: Recibimos su queja", "References": "<x@escuela.example>"}, Kind.AUTO_REPLY),
        ({"Subject": "Re: Auto reply: hola", "References": "<x@escuela.example>"}, Kind.REPLY),
        ({"Subject": "Respuesta automática", "References": "<x@escuela.example>"}, Kind.REPLY),
        ({"Subject": "Auto reply: me llega esto"}, Kind.COMPLAINT),
    ],
)
def test_what_a_program_says_of_itself_counts(headers: dict[str, str], kind: Kind) -> None:
    assert reading(mail("Hola, les escribo.", headers)).kind is kind


@pytest.mark.parametrize("local", ["post_master", "postmaster", "post-master", "post.master"])
def test_a_mail_servers_address_counts_as_one(local: str) -> None:
    found = reading(mail(WORDS, {"From": f"{local}@otra.example"}))
    assert any(one.what == f"from {local}@" and one.says == Kind.BOUNCE for one in found.evidence)


def test_a_link_for_an_address_is_the_address() -> None:
    found = reading(mail(WORDS, {"From": "Rosa Quispe <mailto:rosa@correo.example>"}))
    assert (found.from_name, found.from_address) == ("Rosa Quispe", "rosa@correo.example")


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ('"ana rios"@correo.example', "ana", None),  # another than `rios@…`
        ('"ana"@correo.example', None, "ana@correo.example"),
        ("Ana <@paso.example:ana@correo.example>", "Ana", "ana@correo.example"),
        ("Ana <ana\u200b@correo.example>", "Ana", "ana@correo.example"),
        (f"Ana <ana@{'a' * 70}.example>", "Ana", None),  # no letter of ours could be written to it
        ("=?utf-8?Q?Ana_R=C3=ADos_=28alumna=29?= <ana@correo.example>", "Ana Ríos (alumna)", "ana@correo.example"),
        ("(Ana) <ana@correo.example>", "Ana", "ana@correo.example"),
        ("ana@[10.0.0.1]", None, None),
    ],
)
def test_a_sender_is_who_a_letter_can_be_written_to(sender: str, name: str | None, address: str | None) -> None:
    found = reading(mail("No tengo acceso.", {"From": sender}))
    assert (found.from_name, found.from_address) == (name, address)


def test_a_robot_elsewhere_that_names_its_visitor_in_its_words_alone_is_held() -> None:
    form = "Nombre: Pilar\nCorreo electrónico: pilar@correo.example\nQueja: no hay acceso"
    found = reading(mail(form, {"From": "Google Forms <forms-receipts-noreply@forms.example>"}))
    assert found.held == "form-of-nobody"
    assert [found.customer and found.customer.address] == ["pilar@correo.example"]


def test_behind_a_group_whose_answers_go_to_the_group_the_writer_stands_in_cc() -> None:
    group = {"From": "Delia Quiroz via Alumnos <alumnos@escuela.example>", "Reply-To": "alumnos@escuela.example"}
    copied = {"Cc": "Luis <luis@correo.example>, Delia Quiroz <delia@correo.example>"}
    found = reading(mail("No tengo acceso al aula.", group | copied | {"List-Id": "<alumnos.escuela.example>"}))
    assert (found.from_address, found.answer_to, found.by_human) == (
        "delia@correo.example",
        "delia@correo.example",
        True,
    )
    other = reading(mail("No tengo acceso al aula.", group | {"Cc": "Luis <luis@correo.example>"}))
    assert other.from_address != "luis@correo.example"
