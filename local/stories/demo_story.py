"""The story that `complaints demo` tells: nobody keeps the time, and the customer is told of it all the same."""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from complaints.contacts import Contacts
from complaints.mail.incoming import Reading, read
from complaints.words.catalogue import LANGUAGES, N_, Language, catalogue
from local.stories.scenario import Scenario

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
    return (files("complaints") / "mail" / "samples" / f"complaint.{language}.eml").read_bytes()


def reading(raw: bytes) -> Reading:
    """What it says, taken by the mail server at the story's first minute."""
    return read(raw, mailbox=SUPPORT, received_at=datetime.fromisoformat(RECEIVED).replace(tzinfo=ZONE).astimezone(UTC))


def story(taken_in: Reading, language: Language) -> Scenario:
    """Who does what when, in that language."""
    complaint = taken_in.complaint().model_dump(exclude={"received_at", "policy", "clock_offset"}, exclude_none=True)
    return Scenario.model_validate(
        {
            "title": {one: catalogue(one).say(_TITLE) for one in LANGUAGES},
            "says": {one: catalogue(one).say(_SAYS) for one in LANGUAGES},
            "received": RECEIVED,
            "complaint": complaint,
            "policy": {"language": language},
            "step": _steps(language),
        }
    )


_TITLE = N_("A complaint, from receipt to closing")
_SAYS = N_(
    "A customer's mail comes in. It is assessed and assigned in time, and then nobody delivers: the promised date "
    "passes, the window ends, the complaint escalates to the manager and to the director. The customer hears from us "
    "every 3 days, whatever happens, until the director resolves it and she confirms."
)


def _steps(language: Language) -> list[dict[str, Any]]:
    _ = catalogue(language).gettext
    note = _(
        "I spoke with Systems: your enrolment was recorded with a wrong date and has to be put right with Finance."
    )
    resolution = _(
        "You were right. Your access is open until 31 January, with the lost days made up for, and we refund "
        "S/ 120 for the delay."
    )
    corrected = _("Systems checks every Monday for access that ends before its course does.")
    return [
        {"at": "2026-07-22 15:30", "who": ANA, "does": "assessed", "severity": "high",
         "category": _("access to the classroom")},
        {"at": "2026-07-24 10:00", "who": ANA, "does": "assigned", "department": "systems", "representative": DIEGO},
        {"at": "2026-07-27 12:00", "who": DIEGO, "does": "date-promised", "date": "2026-07-31"},
        {"at": "2026-08-05 11:20", "who": MANAGER, "does": "noted", "for_customer": True, "text": note},
        {"at": "2026-08-12 11:00", "who": DIRECTOR, "does": "resolved", "outcome": "upheld", "text": resolution,
         "cause": _("Enrolment recorded with a wrong date"), "corrective_actions": [corrected]},
        {"at": "2026-08-13 19:40", "who": "customer", "via": "link", "does": "customer-satisfied",
         "words": _("I can get in again. Thank you.")},
        {"at": "2026-08-14 20:10", "who": "customer", "via": "link", "does": "survey-answered", "score": 4,
         "comment": _("Late, but I was always kept informed.")},
    ]  # fmt: skip
