"""Own mails (invented people) and what each is to be taken for; every file of tests/mails/*/ stands here once."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from complaints.mail.incoming import Reading, read

MAILS = Path(__file__).parent / "mails"
MAILBOX = "soporte@escuela.example"
RECEIVED = datetime(2026, 8, 4, 15, 0, tzinfo=UTC)
OURS = "<0123456789abcdef0123456789abcdef01234567@escuela.example>"


def reading_of(name: str) -> Reading:
    return read((MAILS / f"{name}.eml").read_bytes(), mailbox=MAILBOX, received_at=RECEIVED)


BOUNCES: dict[str, dict[str, Any]] = {
    # Who could not be reached, for ever or for a while, and which letter it was.
    "postfix": {"recipient": "rosa@correo.example", "status": "5.1.1", "original_message_id": OURS},
    "gmail": {"recipient": "luis@gmail.example", "status": "5.1.1", "original_message_id": OURS},
    "office365_es": {"recipient": "carla@empresa.example", "status": "5.1.10", "original_message_id": OURS},
    "sendmail_delay": {"recipient": "ana@lenta.example", "action": "delayed", "permanent": False},
    "zimbra_full": {"recipient": "pepe@zimbra.example", "status": "5.2.2", "original_message_id": OURS},
    "exim": {"recipient": "marta@exim.example", "original_message_id": OURS},  # no RFC 3464 in these below
    "qmail": {"recipient": "jorge@qmail.example", "status": "5.1.1", "original_message_id": OURS},
    "yahoo": {"recipient": "sofia@yahoo.example", "original_message_id": OURS},
    "exchange2003": {"recipient": "diego@vieja.example", "original_message_id": None},
    "lotus_notes": {"recipient": "raul@notes.example", "original_message_id": None},
    "groupwise_pt": {"recipient": "paula@br.example", "status": "5.2.2"},
    "german_gmx": {"recipient": "uwe@gmx.example", "status": "5.1.1"},
    "no_structure_es": {"recipient": "elena@hosting.example", "status": None},
}

AUTOMATIC: dict[str, str] = {
    # Name: the kind; who answers by itself, then lists, notices and spam, then our own letters.
    "automatic/exchange_es": "auto-reply",
    "automatic/gmail_es": "auto-reply",
    "automatic/vacation_en": "auto-reply",  # vacation(1): Precedence: junk
    "automatic/outlook_en": "auto-reply",  # its subject and words, no header at all
    "automatic/plain_en_no_headers": "auto-reply",  # nothing but its words
    "automatic/ferias_pt": "auto-reply",
    "automatic/pt_no_headers": "auto-reply",
    "automatic/abwesenheit_de": "auto-reply",
    "automatic/absence_fr": "auto-reply",
    "automatic/ticket_ack_es": "auto-reply",
    "automatic/noreply_no_headers": "auto-reply",  # a responder that says nothing of itself, but from no-responder@
    "automatic/read_receipt": "auto-reply",
    "automatic/cron": "bulk",
    "bulk/newsletter": "bulk",
    "bulk/list_post": "bulk",
    "bulk/service_without_list_headers": "bulk",
    "bulk/marked_by_filter": "spam-like",
    "bulk/spam_words": "spam-like",
    "ours/own_letter": "own",
    "ours/loop_from_mailbox": "own",
}

PEOPLE: dict[str, str] = {
    # Name: why a careless reader would discard a customer's words here.
    "exchange_suppress_none": "X-Auto-Response-Suppress: None is a person's (agent-os#2198)",
    "exchange_suppress_dr": "Exchange writes DR, RN, NRN into people's mail",
    "exchange_suppress_all_alone": "one weak sign",
    "null_return_path": "a redirection emptied the return path (osTicket#3975)",
    "blank_return_path": "the same, blank",
    "auto_submitted_no": "Auto-Submitted: no says that a person wrote",
    "talks_of_vacation": "speaks of holidays, and complains",
    "talks_of_automatic_reply": "complains of automatic answers",
    "talks_of_a_bounce": "quotes a bounce",
    "forwards_a_bounce": "forwards a bounce with words of its own",
    "web_form_noreply": "a web form writes from noreply@ with its visitor in Reply-To",
    "web_form_from_our_mailbox": "a web form writes as our own mailbox",
    "through_our_own_group": "our mailbox is a group, so that every mail has a list's headers",
    "short_phone": "three words from a telephone",
    "quoted_complaint": "quotes somebody, which belongs to the complaint",
    "signature": "has a signature with the telephone",
    "marked_as_spam_but_ours": "the filter errs: document, telephone and words of a complaint",
}

REPLIES: dict[str, str] = {
    # Name: what is left without history and signature.
    "gmail_es": "Mi DNI es 45678912.",
    "gmail_wrapped_en": "The date was July 20th, 2026.",
    "gmail_pt": "Foi no dia 20.",
    "gmail_de": "Am 20. Juli.",
    "gmail_html": "Gracias, pero no estoy conforme.",
    "outlook_es": "Fue el curso de Revit.\n\nSaludos,\nRosa",
    "outlook_en": "It was the Revit course.",
    "outlook_de": "Es war der Kurs Revit.",
    "outlook_original": "Ya les mandé la boleta.",
    "apple_mail": "Adjunto la foto.",
    "iphone": "No, nadie me llamó.",
    "android": "Sigo esperando la devolución.",
    "thunderbird_bottom": "Mi teléfono es 987 654 321.",
    "inline": "El 20 de julio de 2026.\n\nEl curso de Revit.",
}

BROKEN: dict[str, tuple[str, str]] = {
    # Name: its kind, and what is read all the same.
    "empty": ("unreadable", ""),
    "pgp": ("unreadable", ""),
    "gibberish": ("unreadable", "…"),
    "boundary_missing": ("complaint", "El texto está aquí igual."),
    "base64_torn": ("complaint", "Me cobraron dos veces."),
    "header_without_colon": ("complaint", "this is no header\nSubject: Nada\n\nLa clase no empezó."),
    "from_twice": ("complaint", "Dos remitentes."),
    "cr_only": ("complaint", "Texto de un programa antiguo."),
    "utf16": ("complaint", "No me devuelven mi dinero."),
    "encoded_word_torn": ("complaint", "Texto."),
    "evil_attachment_names": ("complaint", "Van las pruebas."),
    "two_mails_in_one": ("complaint", "Texto de dentro."),
}
