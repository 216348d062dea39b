"""What programs of many makes and languages send is no person's; what people write of such answers is theirs."""

import json
from pathlib import Path

import pytest

from tests.incoming_expected import OURS
from tests.mail_made import ANSWERS, mail, reading

TOLD_APART = Path(__file__).with_name("told_apart.jsonl")
"""Mails of programs, and of people that look like theirs: written before any was read, each said to be by whom."""

ANSWERED = {"In-Reply-To": OURS, "References": OURS}
BACK = "Estaré de vuelta el lunes. Gracias por su mensaje."
LABELS = (
    *("Auto reply: x", "Auto-Reply: x", "Automatic reply: x", "Respuesta automática: x", "Respuesta automatizada: x"),
    *("Fuera de la oficina: x", "Out of office Re: x", "OOO: x", "I am out of the office Re: x", "Away from office: x"),
    *("Réponse automatique : x", "Automatische Antwort: x", "Risposta automatica: x", "Resposta automática: x"),
    *("自动回复：x", "自動回覆: x", "Автоответ: x", "Autosvar: x", "Automatyczna odpowiedź: x", "Otomatik yanıt: x"),
    *("Automatické odpovědi: x", "Automaattinen vastaus: x", "[Auto-Reply] x", "Autorespuesta: x", "Ausente: x"),
)


@pytest.mark.parametrize("subject", LABELS)
def test_a_label_at_the_head_of_an_answers_subject_is_a_programs(subject: str) -> None:
    assert not reading(mail(BACK, {"Subject": subject, **ANSWERED})).by_human


@pytest.mark.parametrize("subject", ["Auto reply: x", "Réponse automatique : x", "Out of office Re: x"])
def test_such_a_label_is_enough(subject: str) -> None:
    assert not reading(mail("Gracias.", {"Subject": subject, **ANSWERED})).by_human


@pytest.mark.parametrize(
    "sender",
    [
        *("post_master", "postmaster", "post.master", "MAILER-DAEMON", "mailer_daemon", "bounce", "mdaemon"),
        *("mail.daemon", "bounces+123", "delivery-status", "maildelivery"),
        *("post-master", "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Undeliverable: Recibimos su queja", "Your message could not be delivered. 550 5.1.1 user unknown"),
        ("Mail delivery failed", "No se pudo entregar el mensaje a los siguientes destinatarios"),
        ("failure notice", "Hi. This is the qmail-send program."),
    ],
)
def test_a_mail_server_is_known_by_its_address(sender: str, subject: str, body: str) -> None:
    assert not reading(mail(body, {"From": f"{sender}@correo.example", "Subject": subject})).by_human


@pytest.mark.parametrize(
    "header",
    [
        *("Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply", "X-Autoresponse: yes"),
        *("X-Sieve-Vacation: yes", "X-QQ-Auto-Reply: true", "X-Mail-Autoreply: x", "X-Autorespond: 1"),
    ],
)
def test_a_header_says_that_a_program_answers(header: str) -> None:
    name, _, value = header.partition(": ")
    words = "Gracias por escribirnos, le responderemos pronto."
    assert not reading(mail(words, {**ANSWERS, name: value})).by_human
    assert reading(mail(words, {**ANSWERS, name: "no"})).by_human


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Re: Auto reply: mi queja", "Su respuesta no me ayuda, pido que me devuelvan mi dinero."),
        ("Fuera de la oficina nadie atiende", "Fui tres veces y nadie me atendió. Pido la devolución."),
        ("Vacaciones no respetadas del curso", "El profesor dictó clase en mis vacaciones y pido una solución."),
        ("Respuesta automática que no ayuda", "Solo recibo mensajes automáticos y pido que me devuelvan mi dinero."),
        ("Ausente el profesor tres clases", "El profesor no vino y nadie avisó. Pido la devolución de mi dinero."),
        ("Delivery del material", "El material del curso no llegó a mi casa y nadie responde."),
    ],
)
def test_a_person_who_speaks_of_such_things_is_a_person(subject: str, body: str) -> None:
    headers = {"Subject": subject, **(ANSWERED if subject.startswith("Re:") else {})}
    assert reading(mail(body, headers)).by_human


def test_what_programs_send_is_told_from_what_people_send() -> None:
    told = [json.loads(line) for line in TOLD_APART.read_text(encoding="utf-8").splitlines()]
    by_people = [one["what"] for one in told if reading(mail(one["body"], one["headers"])).by_human]
    assert by_people == [one["what"] for one in told if one["by"] == "a person"]
    assert len({one["what"] for one in told}) == len(told) == 200
