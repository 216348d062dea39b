"""What a message is taken for: programs are recognised, and no person's words are discarded."""

from typing import Any

import pytest

from complaints.mail.incoming import read
from complaints.mail.kinds import ENOUGH, HUMAN_KINDS, Evidence, Kind, verdict
from complaints.mail.phrases import begins_with, phrases_in, unaccented
from tests.field_expected import FIELD
from tests.incoming_expected import (
    AUTOMATIC,
    BOUNCES,
    BROKEN,
    MAILBOX,
    MAILS,
    PEOPLE,
    RECEIVED,
    REPLIES,
    reading_of,
)


def test_every_mail_has_its_expected_reading() -> None:
    expected = {f"bounces/{name}" for name in BOUNCES} | set(AUTOMATIC) | {f"people/{name}" for name in PEOPLE}
    expected |= {f"replies/{name}" for name in REPLIES} | {f"broken/{name}" for name in BROKEN}
    expected |= {f"field/{name}" for name in FIELD}
    assert {str(path.relative_to(MAILS).with_suffix("")) for path in MAILS.glob("*/*.eml")} == expected
    assert len(expected) >= 60


@pytest.mark.parametrize(("name", "said"), BOUNCES.items(), ids=BOUNCES)
def test_a_bounce_tells_who_was_not_reached_and_which_letter(name: str, said: dict[str, Any]) -> None:
    reading = reading_of(f"bounces/{name}")
    assert reading.kind is Kind.BOUNCE
    assert reading.bounce is not None
    assert {key: getattr(reading.bounce, key) for key in said} == said
    assert reading.bounce.permanent is said.get("permanent", True)


@pytest.mark.parametrize(("name", "kind"), AUTOMATIC.items(), ids=AUTOMATIC)
def test_a_program_is_recognised(name: str, kind: str) -> None:
    reading = reading_of(name)
    assert reading.kind == kind
    assert reading.score >= ENOUGH
    assert not reading.by_human


@pytest.mark.parametrize(("name", "why"), PEOPLE.items(), ids=PEOPLE)
def test_a_person_is_never_taken_for_a_program(name: str, why: str) -> None:
    reading = reading_of(f"people/{name}")
    assert reading.kind is Kind.COMPLAINT, why
    assert reading.score < ENOUGH


@pytest.mark.parametrize("name", REPLIES)
def test_an_answer_is_a_reply(name: str) -> None:
    assert reading_of(f"replies/{name}").kind is Kind.REPLY


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, (kind, _) in BROKEN.items()], ids=BROKEN)
def test_a_broken_message_is_a_complaint_unless_nobody_can_read_it(name: str, kind: str) -> None:
    assert reading_of(f"broken/{name}").kind == kind


HEADERS = [
    # One header in a person's mail; whether it makes the mail a program's.
    ("Auto-Submitted: auto-replied", True, "RFC 3834"),
    ("Auto-Submitted: auto-generated (failure)", True, "with a comment"),
    ("Auto-Submitted: no", False, "a person's, said so"),
    ("Auto-Submitted:", False, "says nothing"),
    ("X-Auto-Response-Suppress: None", False, "people behind Exchange"),
    ("X-Auto-Response-Suppress: DR, OOF, AutoReply", False, "weak alone: meeting rooms and distribution lists too"),
    ("Precedence: auto_reply", True, "autoresponders"),
    ("Precedence: list", True, "a list"),
    ("Precedence: first-class", False, "old programs of people"),
    ("X-Autoreply: yes", True, "autoresponders"),
    ("X-Autoreply: no", False, "said so"),
    ("List-Unsubscribe: <mailto:leave@lista.example>", True, "a list"),
    ("Return-Path: <>", False, "weak alone"),
    ("X-Failed-Recipients: ana@correo.example", True, "Exim, Gmail"),
    ("X-Spam-Flag: YES", True, "the filter's word"),
    ("X-Spam-Status: No, score=1.0", False, "the filter's word"),
    ("X-Loop: yes", False, "weak alone"),
]


@pytest.mark.parametrize(("header", "automatic", "why"), HEADERS)
def test_headers_weigh_as_they_should(header: str, automatic: bool, why: str) -> None:
    raw = f"From: Ana <ana@correo.example>\nSubject: Hola\n{header}\n\nNo empieza el taller.\n".encode()
    reading = read(raw, mailbox=MAILBOX, received_at=RECEIVED)
    assert (reading.kind not in HUMAN_KINDS) is automatic, why


def test_signs_add_up_and_a_person_takes_off_a_little() -> None:
    weak = Evidence("one", 0.6, Kind.BULK)
    assert verdict([weak]).kind is Kind.COMPLAINT
    assert verdict([weak, Evidence("two", 0.6, "automatic")]).kind is Kind.BULK
    person = Evidence("person", -0.9, "human")
    assert verdict([weak, Evidence("two", 0.6, "automatic"), person]).score == 0.7, "at most 0.5 is taken off"
    assert verdict([Evidence("certain", 1.5, Kind.AUTO_REPLY), person]).kind is Kind.AUTO_REPLY
    assert verdict([Evidence("an answer", 0.0, "reply")]).kind is Kind.REPLY
    assert verdict([]).evidence[0].what == "nothing speaks for a program"


SUBJECTS = [
    ("Respuesta automática: su queja", "automatic_subject", True, "Outlook"),
    ("Ausencia", "automatic_subject", True, "the whole subject"),
    ("Ausencia del profesor de Revit", "automatic_subject", False, "a person tells of somebody's absence"),
    ("Undelivered Mail Returned to Sender", "bounce_subject", True, "Postfix"),
    ("Devuelto: su mensaje", "bounce_subject", True, "before a mark"),
    ("Devuelto mi dinero no lo han", "bounce_subject", False, "a person"),
]


@pytest.mark.parametrize(("subject", "family", "found", "why"), SUBJECTS)
def test_subjects_of_programs(subject: str, family: str, found: bool, why: str) -> None:
    assert (begins_with(family, unaccented(subject)) is not None) is found, why


def test_phrases_are_found_without_accents_and_over_line_ends() -> None:
    assert "fuera de la oficina" in phrases_in(unaccented("Estaré fuera\n de la OFICINA"))["absence"]
    assert "unsubscribe" in phrases_in(unaccented("hola " * 5_000 + "\nto unsubscribe, click")), "at the very end"


PARCELS = [
    ("Delivery failed", "Your courier says delivery failed; my book was not delivered to my home. Refund please."),
    ("No entregado mi certificado", "No se entregó el certificado; hay un error en la entrega de notas."),
    ("Out of office hours nobody answers", "I called out of office hours and nobody answered until Monday."),
    ("Gracias", "Gracias por su mensaje. Estoy de vacaciones hasta el 10 pero sigo sin mi certificado."),
    ("SPAM: me llenan de correos", "Por favor dejen de escribirme; gane dinero, haga clic aquí, dicen."),
    (
        "Ausencia de profesores",
        "El profesor está de licencia y nadie dicta clases. ¿En caso de urgencia a quién llamo?",
    ),
]


@pytest.mark.parametrize(("subject", "text"), PARCELS)
def test_people_use_the_words_of_programs(subject: str, text: str) -> None:
    raw = f"From: Ana Paz <ana.paz@correo.example>\nSubject: {subject}\n\n{text}\n".encode()
    assert read(raw, mailbox=MAILBOX, received_at=RECEIVED).kind is Kind.COMPLAINT
