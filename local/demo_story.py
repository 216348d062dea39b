"""The story that `complaints demo` tells: nobody keeps the time, and the customer is told of it all the same."""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from complaints.contacts import Contacts
from complaints.language import Language
from complaints.mail.incoming import Reading, read
from local.scenario import Scenario

RECEIVED = "2026-07-22 09:05"
"""A Wednesday before Fiestas Patrias: four holidays lie in the three weeks that follow."""

ZONE = ZoneInfo("America/Lima")

SUPPORT = "soporte@escuelaconstrucciondigital.com"
ANA = "ana.paredes@escuelaconstrucciondigital.com"
DIEGO = "diego.rojas@escuelaconstrucciondigital.com"
MANAGER = "administration_manager"
DIRECTOR = "general_director"

REPRESENTATIVES = """
[representatives.ana]
name = "Ana Paredes"
email = "ana.paredes@escuelaconstrucciondigital.com"

[representatives.diego]
name = "Diego Rojas"
email = "diego.rojas@escuelaconstrucciondigital.com"
"""
"""Invented, as the customer is; the others are in the packaged contacts."""


def contacts_file(folder: Path, language: Language) -> Path:
    """The school's contacts with the story's representatives, all of them reading that language."""
    packaged = (files("complaints") / "contacts.toml").read_text(encoding="utf-8")
    file = folder / "contacts.toml"
    reading_it = packaged.replace('language = "es"', f'language = "{language}"')
    file.write_text(reading_it + REPRESENTATIVES, encoding="utf-8")
    return file


def names(contacts: Contacts, language: Language) -> dict[str, str]:
    """What people and departments are called, by the words with which the story means them."""
    return {role: person.name for role, person in contacts.people.items()} | contacts.names(language)


def message(language: Language) -> bytes:
    """The customer's mail, as a file that comes with the program."""
    name = "complaint.eml" if language == "es" else "complaint.en.eml"
    return (files("complaints") / "mail" / "samples" / name).read_bytes()


def reading(raw: bytes) -> Reading:
    """What it says, taken by the mail server at the story's first minute."""
    return read(raw, mailbox=SUPPORT, received_at=datetime.fromisoformat(RECEIVED).replace(tzinfo=ZONE).astimezone(UTC))


def story(taken_in: Reading, language: Language) -> Scenario:
    """Who does what when, in that language."""
    complaint = taken_in.complaint().model_dump(exclude={"received_at", "policy", "clock_offset"}, exclude_none=True)
    return Scenario.model_validate(
        {
            "title": {"es": "Una queja, de la recepción al cierre", "en": "A complaint, from receipt to closing"},
            "says": {"es": _SAYS[0], "en": _SAYS[1]},
            "received": RECEIVED,
            "complaint": complaint,
            "policy": {"language": language},
            "step": _steps(0 if language == "es" else 1),
        }
    )


_SAYS = (
    "Llega el correo de una clienta. Se evalúa y se asigna a tiempo, y después nadie cumple: pasa la fecha prometida, "
    "se vence el plazo, la queja escala a la gerencia y a la dirección. A la clienta se le escribe cada 3 días, pase "
    "lo que pase, hasta que la dirección resuelve y ella confirma.",
    "A customer's mail comes in. It is assessed and assigned in time, and then nobody delivers: the promised date "
    "passes, the window ends, the complaint escalates to the manager and to the director. The customer hears from us "
    "every 3 days, whatever happens, until the director resolves it and she confirms.",
)


def _steps(said: int) -> list[dict[str, Any]]:
    return [
        {"at": "2026-07-22 15:30", "who": ANA, "does": "assessed", "severity": "high",
         "category": ("acceso al aula virtual", "access to the classroom")[said]},
        {"at": "2026-07-24 10:00", "who": ANA, "does": "assigned", "department": "systems", "representative": DIEGO},
        {"at": "2026-07-27 12:00", "who": DIEGO, "does": "date-promised", "date": "2026-07-31"},
        {"at": "2026-08-05 11:20", "who": MANAGER, "does": "noted", "for_customer": True, "text": (
            "Hablé con Sistemas: su matrícula quedó registrada con otra fecha y hay que corregirla con Finanzas.",
            "I spoke with Systems: your enrolment was recorded with a wrong date and has to be put right with Finance.",
        )[said]},
        {"at": "2026-08-12 11:00", "who": DIRECTOR, "does": "resolved", "outcome": "upheld", "text": (
            "Usted tenía razón. Su acceso ya está habilitado hasta el 31 de enero, con los días perdidos repuestos, y "
            "le devolvemos S/ 120 por la demora.",
            "You were right. Your access is open until 31 January, with the lost days made up for, and we refund "
            "S/ 120 for the delay.",
        )[said], "cause": ("Fecha de matrícula mal registrada", "Enrolment recorded with a wrong date")[said],
         "corrective_actions": [(
            "Sistemas revisa cada lunes los accesos que vencen antes de terminar el curso.",
            "Systems checks every Monday for access that ends before its course does.",
         )[said]]},
        {"at": "2026-08-13 19:40", "who": "customer", "via": "link", "does": "customer-satisfied",
         "words": ("Ya pude entrar. Gracias.", "I can get in again. Thank you.")[said]},
        {"at": "2026-08-14 20:10", "who": "customer", "via": "link", "does": "survey-answered", "score": 4,
         "comment": ("Tarde, pero siempre me tuvieron al tanto.", "Late, but I was always kept informed.")[said]},
    ]  # fmt: skip
