"""A rich and a sparse order for every kind of letter; the people in them are invented."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from complaints.contacts import Contacts
from complaints.mail.letters import Letter, OwnAddresses, render
from complaints.mail.links import Link, page_address
from complaints.mail.new_link import NEW_LINK, render_new_link
from complaints.mail.quarantine import render_answer, render_notice
from complaints.rules.letters import (
    CARE_TEAM,
    COLLEAGUE,
    CUSTOMER,
    DEPARTMENT_HEAD,
    REPRESENTATIVE,
    TO_CUSTOMER,
    Contents,
    LetterKind,
    LetterOrder,
    Order,
    StoryLine,
)
from complaints.rules.quarantine import (
    ANSWER,
    KIND,
    QuarantineAnswer,
    Quarantined,
    answer_key,
    flood_name,
    letters_number,
    notice_of,
)
from complaints.words.vocabulary import Language

FOLDER = Path(__file__).parent
NUMBER = "Q-7KF3-02M9D"
LIMA = "America/Lima"
PUBLIC_URL = "https://quejas.escuela.example"
KEY = b"0123456789abcdef0123456789abcdef"
OWN = OwnAddresses(keys=(KEY,))
PAGE = Link("Q-7KF3-02M9D", date(2026, 10, 26), "rosa.quispe@correo.example")
PAGE_ADDRESS = page_address(PUBLIC_URL, PAGE, keys=OWN.keys)
"""What the letters to the customer are sent with."""

CONTACTS = Contacts.model_validate(
    {
        "school": {
            "name": "Escuela de Construcción Digital",
            "ruc": "20123456789",
            "address": "Av. Los Andamios 123, Lima",
        },
        "intake": {"emails": ["soporte@escuela.example"], "telephone": "+51 967 090 448"},
        "sender": {"name": "Escuela de Construcción Digital", "address": "soporte@escuela.example"},
        "people": {
            "administration_manager": {
                "name": "Óscar Villar",
                "email": "administracion@escuela.example",
                "phone": "51-900111222",
            },
            "general_director": {"name": "Carmen Ibáñez Montes", "email": "estrategia@escuela.example"},
        },
        "care_team": {"name": "Atención al Cliente", "email": "atencion@escuela.example"},
        "departments": {
            "academic": {
                "name": {"es": "Área Académica", "en": "Academic"},
                "head": {"name": "Julia Paredes", "email": "academica@escuela.example"},
            },
            "systems": {
                "name": {"es": "Sistemas", "en": "Systems"},
                "head": {"name": "Elías Ñahui", "email": "sistemas@escuela.example"},
            },
        },
        "representatives": {"ana": {"name": "Ana Torres", "email": "ana.torres@escuela.example"}},
    }
)
STAFF_ADDRESSES = (
    "administracion@escuela.example", "estrategia@escuela.example", "atencion@escuela.example",
    "academica@escuela.example", "sistemas@escuela.example", "ana.torres@escuela.example", "51-900111222",
)  # fmt: skip


def lima(day: int, hour: int = 9, minute: int = 0, month: int = 7) -> datetime:
    """A moment of 2026, given by the clock on the wall in Lima."""
    return datetime(2026, month, day, (hour + 5) % 24, minute, tzinfo=UTC)


WORDS = (
    "Buenos días:\n\nCompré el curso «Modelado BIM con Revit» el 6 de julio y pagué S/ 480. Desde el lunes 20 no puedo "
    "entrar al aula virtual: me dice que mi acceso venció.\n\nHe escrito dos veces por WhatsApp y nadie me responde. "
    "Quiero que me habiliten el acceso o que me devuelvan el dinero.\n\nRosa Quispe Huamán"
)
STORY = (
    StoryLine(at=lima(22, 9, 5), what="received"),
    StoryLine(at=lima(22, 9, 6), what="letter-sent", text="acknowledgement"),
    StoryLine(at=lima(23, 11), what="assessed", by="mrojas", text="Acceso vencido por error de la plataforma"),
    StoryLine(at=lima(24, 16), what="assigned", by="mrojas", text="systems"),
    StoryLine(at=lima(27, 10), what="noted", by="ana", text="Nota interna: la migración del 19 borró 40 accesos."),
    StoryLine(at=lima(31, 18), what="warned/investigation", text="2026-08-03T23:00:00Z"),
    StoryLine(at=lima(3, 18, month=8), what="late/investigation", text="2026-08-03T23:00:00Z"),
)
SINCE = (
    StoryLine(at=lima(24, 16), what="assigned", text="systems"),
    StoryLine(at=lima(27, 10), what="involved"),
    StoryLine(
        at=lima(27, 15), what="noted", text="Ya sabemos que el acceso se cerró por error.\nLo estamos revisando."
    ),
    StoryLine(at=lima(28, 9), what="date-promised", text="2026-08-05"),
)
RESOLUTION = (
    "Su acceso se cerró por un error nuestro durante una actualización del aula virtual.\n\n"
    "Ya está habilitado, y le agregamos quince días para que recupere las clases perdidas."
)

RICH: dict[str, Any] = {
    "received_at": lima(22, 9, 5),
    "customer_name": "Rosa Quispe Huamán",
    "description": WORDS,
    "understood": {
        "name": "Rosa Quispe Huamán",
        "document": "45678912",
        "phone": "+51 987 654 321",
        "occurred_on": "2026-07-20",
        "product": "Curso Modelado BIM con Revit",
        "remedy_sought": "Habilitar el acceso o devolver el dinero",
        "amount": "S/ 480",
        "kind": "reclamo",
    },
    "files": ("captura.png", "boleta.pdf"),
    "late_window": "investigation",
    "late_since": lima(24, 18),
    "new_date": lima(3, 18, month=8),
    "new_date_from": "escalation",
    "reopen_days": 30,
    "missing": ("identification", "occurred_on", "la captura de pantalla del error"),
    "question": "¿Desde qué dispositivo entra al aula virtual?",
    "stage": "investigation",
    "level": 1,
    "round": 1,
    "owner": "administration_manager",
    "department": "systems",
    "representative": "ana",
    "about": "No puedo entrar al aula virtual",
    "waiting_since": lima(24, 16),
    "waited": 4,
    "window": "investigation",
    "due": lima(3, 18, month=8),
    "days_left": 3,
    "next_word_at": lima(31, 9, 5),
    "promised_for": date(2026, 8, 5),
    "promise_missed": date(2026, 7, 27),
    "since_last_word": SINCE,
    "story": STORY,
    "resolution": RESOLUTION,
    "resolution_outcome": "partly",
    "corrective_actions": ("Revisamos los accesos de todo el grupo", "Avisaremos antes de cada actualización"),
    "reason": "El curso se dictó completo y el acceso estuvo abierto el tiempo contratado.",
    "words": "No estoy conforme: perdí tres clases y nadie me llamó.",
    "merged_into": "Q-1AB2-3CD4E",
    "reminder": 2,
    "phone": "+51 987 654 321",
    "script": ("acknowledgement", "update", "resolution"),
    "attempts": 3,
    "after_attempts": "letter",
}
PARTICULARS: dict[LetterKind, dict[str, Any]] = {
    LetterKind.ACKNOWLEDGEMENT: {"stage": "assessment", "owner": CARE_TEAM, "department": None, "level": 0},
    LetterKind.DETAILS_REQUEST: {"stage": "assessment", "owner": CARE_TEAM, "department": None, "level": 0},
    LetterKind.UPDATE: {
        "owner": REPRESENTATIVE,
        "level": 0,
        "thanks_for": lima(26, 10),
        "noted": {"document": "45678912"},
    },
    LetterKind.RESOLUTION: {"stage": "confirmation", "owner": REPRESENTATIVE},
    LetterKind.REPLY: {
        "owner": REPRESENTATIVE,
        "level": 0,
        "words": "Mañana a las 10 le llamará el docente.\n\nSi prefiere otra hora, díganosla.",
        "thanks_for": lima(26, 10),
    },
    LetterKind.CORRECTION: {"stage": "confirmation", "owner": REPRESENTATIVE},
    LetterKind.RESOLUTION_DECIDED: {"stage": "confirmation", "owner": REPRESENTATIVE},
    LetterKind.ESCALATION: {"reason": "dissatisfied", "thanks_for": lima(26, 10), "message_waits": True},
    LetterKind.DECISION: {"owner": "general_director", "last_level": True},
    LetterKind.WITHDRAWAL: {"reason": "Ya me habilitaron el acceso, gracias."},
    LetterKind.NOT_A_COMPLAINT: {"reason": "Nos pregunta por las fechas del próximo curso: empieza el 17 de agosto."},
    LetterKind.ESCALATED_TO_YOU: {"reason": "dissatisfied", "on_schedule": True, "had_by": REPRESENTATIVE},
    LetterKind.ESCALATED_FROM_YOU: {"reason": "time"},
    LetterKind.DISPUTED: {"reason": "dissatisfied"},
    LetterKind.MENTION: {"asked_by": "Beto Rojas", "question": "@ana ¿puede ver por qué venció su acceso?"},
    LetterKind.WARNING: {"days_left": 1},
    LetterKind.LATE: {"days_left": 0},
    LetterKind.LEGAL_WARNING: {"due": lima(18, 18, month=8), "days_left": 5},
    LetterKind.LEGAL_BREACH: {"due": lima(18, 18, month=8), "days_left": 0},
    LetterKind.UNREACHABLE: {"after_attempts": "letter"},
}
RECIPIENTS: dict[LetterKind, str] = {
    LetterKind.ASSIGNMENT: DEPARTMENT_HEAD,
    LetterKind.INVOLVEMENT: "academic",
    LetterKind.MENTION: f"{COLLEAGUE}ana",
    LetterKind.WARNING: REPRESENTATIVE,
    LetterKind.LATE: DEPARTMENT_HEAD,
    LetterKind.ACKNOWLEDGEMENT_LATE: "administration_manager",
    LetterKind.ESCALATED_TO_YOU: "administration_manager",
    LetterKind.ESCALATED_FROM_YOU: REPRESENTATIVE,
    LetterKind.PROMISE_MISSED: REPRESENTATIVE,
    LetterKind.LEGAL_WARNING: "administration_manager",
    LetterKind.LEGAL_BREACH: "general_director",
    LetterKind.EXPLAIN: REPRESENTATIVE,
    LetterKind.CUSTOMER_SAID: REPRESENTATIVE,
    LetterKind.MESSAGE_LATE: REPRESENTATIVE,
    LetterKind.DISPUTED: REPRESENTATIVE,
}


def recipient_of(kind: LetterKind) -> str:
    """To whom a letter of this kind usually goes."""
    return CUSTOMER if kind in TO_CUSTOMER else RECIPIENTS.get(kind, CARE_TEAM)


def order(
    kind: LetterKind, contents: Contents, *, language: Language = "es", recipient: str | None = None
) -> LetterOrder:
    """An order for a letter of this kind, on Tuesday 28 July 2026 at 9:05 in Lima."""
    to = recipient or recipient_of(kind)
    return LetterOrder(
        number=NUMBER,
        key=f"1/{kind.value}/{to}",
        kind=kind,
        recipient=to,
        language=language,
        at=lima(28, 9, 5),
        customer_email="rosa.quispe@correo.example" if to == CUSTOMER else None,
        in_reply_to="<CAF+x1y2z3@mail.correo.example>" if to == CUSTOMER else None,
        subject="No puedo entrar al aula virtual" if kind is LetterKind.ACKNOWLEDGEMENT else None,
        contents=contents,
    )


def rich(kind: LetterKind) -> Contents:
    """Everything that such a letter may ever say."""
    return Contents(**{**RICH, **PARTICULARS.get(kind, {})})


def sparse(kind: LetterKind) -> Contents:
    """Nothing but what every case has: a bare case is a case too."""
    return Contents(received_at=lima(22, 9, 5))


def letter(
    kind: LetterKind,
    contents: Contents | None = None,
    *,
    language: Language = "es",
    recipient: str | None = None,
    contacts: Contacts = CONTACTS,
    **settings: Any,
) -> Letter:
    """The letter of this kind, from everything it may say unless told otherwise."""
    made = order(kind, rich(kind) if contents is None else contents, language=language, recipient=recipient)
    return render(made, contacts=contacts, timezone=LIMA, **{"public_url": None, **settings})


FLOOD = "quarantine-flood"

OF_NO_CASE = (KIND, FLOOD, ANSWER, NEW_LINK)
"""Letters that no case orders: about mail in the quarantine, and a new link."""

ITEM = "9f2c41d07ab8"


def of_no_case(kind: str, *, language: Language, after_the_end: bool = False) -> Letter:
    """The notice about a quarantined message, the answer to its writer, or a new link to the customer's page.

    `after_the_end`: what is answered was written about a closed complaint.
    """
    if kind == NEW_LINK:
        return _new_link(language)
    if kind == KIND:
        item = Quarantined(name=ITEM, due=lima(23, 9, 5), language=language)
        return render_notice(notice_of(item), lima(22, 9, 5), contacts=CONTACTS, timezone=LIMA, desk_url=PUBLIC_URL)
    if kind == FLOOD:
        flood = Quarantined(name=flood_name(lima(22, 9, 5)), due=lima(22, 9, 5), language=language)
        return render_notice(
            notice_of(flood), lima(22, 9, 5), contacts=CONTACTS, timezone=LIMA, waiting=15, desk_url=PUBLIC_URL
        )
    answer = QuarantineAnswer(
        number=letters_number(ITEM),
        key=answer_key(1),
        kind=ANSWER,
        recipient=CUSTOMER,
        language=language,
        at=lima(22, 11),
        to_email="feria@correo.example",
        received_at=lima(22, 9, 5),
        words="Gracias por invitarnos a su feria.\n\nEste año no participamos; escríbanos a partir de enero.",
        of_case=after_the_end,
        in_reply_to="<CAF+x1y2z3@mail.correo.example>",
    )
    return render_answer(answer, contacts=CONTACTS, timezone=LIMA)


def _new_link(language: Language) -> Letter:
    made = Order(
        number=NUMBER,
        key="new-link/1/customer",
        kind=NEW_LINK,
        recipient=CUSTOMER,
        language=language,
        at=lima(28, 9, 5),
    )
    return render_new_link(
        made,
        to_email="rosa.quispe@correo.example",
        until=PAGE.until,
        contacts=CONTACTS,
        timezone=LIMA,
    )
