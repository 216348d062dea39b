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
    "amazon_ses": {"recipient": "rosa@correo.example", "status": "5.1.1"},
    "mimecast": {"recipient": "luis@empresa.example"},
    "domino": {"recipient": "rquispe@empresa.example"},
    "domino_es": {"recipient": "rquispe@empresa.example"},
    "exchange_pt": {"recipient": "paula@empresa.example"},
    "exchange_html": {"recipient": "luis@empresa.example"},  # nothing but HTML
    "gmail_delay": {"recipient": "luis@lenta.example", "action": "delayed", "permanent": False},
    "exim_delay": {"recipient": None, "action": "delayed", "permanent": False},
    "barracuda": {"recipient": "luis@empresa.example"},
    "icloud_full": {"recipient": None},
    "mdaemon": {"recipient": None},
    "readers_mark": {"action": "feedback", "original_message_id": OURS, "permanent": False},  # Microsoft's, no RFC 5965
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
    "automatic/challenge_en": "auto-reply",  # asks whether we are human
    "automatic/challenge_es": "auto-reply",
    "automatic/read_receipt_es_plain": "auto-reply",  # Outlook's, words only
    "automatic/not_read_en_plain": "auto-reply",
    "automatic/read_receipt_mixed": "auto-reply",  # its report in a plain multipart
    "automatic/es_answering": "auto-reply",  # "Re:" and no header: only its words
    "automatic/es_says_it_is_a_program": "auto-reply",
    "automatic/ticket_es_no_headers": "auto-reply",
    "automatic/ticket_en_no_headers": "auto-reply",
    "automatic/es_left_the_company": "auto-reply",
    "automatic/en_left_the_company": "auto-reply",
    "automatic/es_subject_of_absence": "auto-reply",
    "automatic/es_business_hours": "auto-reply",  # a shop's messenger
    "automatic/en_leave": "auto-reply",
    "automatic/pt_leave": "auto-reply",
    "automatic/pt_ticket": "auto-reply",
    "automatic/es_latin1": "auto-reply",
    "automatic/es_charset_lies": "auto-reply",  # Windows' Latin that calls itself UTF-8
    "automatic/es_utf7": "auto-reply",
    "automatic/calendar_accepted": "auto-reply",
    "automatic/calendar_declined": "auto-reply",  # nothing but the calendar's part
    "automatic/cron": "bulk",
    "bulk/newsletter": "bulk",
    "bulk/list_post": "bulk",
    "bulk/service_without_list_headers": "bulk",
    "bulk/calendar_invites": "bulk",  # an invitation with no word of a person
    "bulk/calendar_cancels": "bulk",
    "bulk/dmarc_google": "bulk",
    "bulk/dmarc_yahoo": "bulk",
    "bulk/tls_report": "bulk",
    "bulk/jira_no_headers": "bulk",
    "bulk/invoice_notice": "auto-reply",  # says only that a program made it
    "bulk/monitor": "bulk",
    "bulk/offers_es_html": "bulk",  # newsletters and offers without a list's headers, from here on
    "bulk/webinar_es_html": "bulk",
    "bulk/cold_offer_es": "bulk",
    "bulk/newsletter_en_html": "bulk",
    "bulk/offers_pt_html": "bulk",
    "bulk/publicidad_ley": "bulk",  # marked as Ley 28493 asks
    "bulk/advance_fee": "spam-like",
    "bulk/phishing_es": "spam-like",
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
    "fuera": "its subject begins like an absence note",
    "fuera2": "its subject is one, and the text says the same words",
    "noent": "its subject begins like a bounce",
    "noent2": "its subject is one",
    "devol2": "says `devuelto`",
    "fwd_unsub": "forwards our newsletter and complains of it",
    "fwd_bounce": "forwards a bounce, quoted",
    "fwd_bounce2": "the same under the bounce's own subject",
    "fwd_attach": "forwards a bounce, attached",
    "caps": "shouts, with USD and exclamation marks",
    "oneword": "one word",
    "pt": "in Portuguese",
    "vac2": "is away until Monday, and complains",
    "aus2": "its subject is `Ausente`",
    "auto": "its subject is `Respuesta automática`",
    "auto2": "cites a program",
    "ticket": "has somebody's ticket number",
    "recibi": "thanks as programs do",
    "promo": "cites an offer",
    "hack": "cites a phishing mail",
    "baja": "wants to leave a course, not a list",
    "unsub_en": "the same in English",
    "privacy": "wants to leave our list, too",
    "mailer": "speaks of mail servers' words",
    "corp_footer": "its company's server adds `no responda`",
    "corp_en": "the same in English",
    "sched2": "cites our acknowledgement",
    "read2": "its subject begins like a read receipt",
    "suppress": "Exchange's headers",
    "bulk_svc": "sent through Amazon",
    "srs": "a redirection rewrote its return path",
    "googleform": "a form writes from noreply@, labelled",
    "info": "from notificaciones@",
    "casino": "speaks of casinos and bets",
    "photo": "a photo and nothing else",
    "photo_html": "a photo in empty HTML",
    "pdf_only": "a scanned letter",
    "emoji": "ten faces",
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
    "pgp": ("unreadable", "[adjunto: 1.txt, no se pudo leer]\n[adjunto: 2.txt, no se pudo leer]"),
    "gibberish": ("unreadable", "…"),
    "boundary_missing": ("complaint", "El texto está aquí igual."),
    "base64_torn": ("complaint", "Me cobraron dos veces."),
    "header_without_colon": ("complaint", "La clase no empezó."),
    "from_twice": ("complaint", "Dos remitentes."),
    "cr_only": ("complaint", "Texto de un programa antiguo."),
    "utf16": ("complaint", "No me devuelven mi dinero."),
    "encoded_word_torn": ("complaint", "Texto."),
    "evil_attachment_names": ("complaint", "Van las pruebas."),
    "two_mails_in_one": ("complaint", "Texto de dentro."),
}
