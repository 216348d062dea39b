"""Why a message was taken for what it is, in the reader's language; the records keep the evidence in English."""

import re

from complaints.language import Language
from desk.acts import Words

KINDS: dict[str, Words] = {
    "complaint": ("una queja", "a complaint"),
    "reply": ("una respuesta", "an answer"),
    "bounce": ("un correo devuelto", "a returned letter"),
    "auto-reply": ("una respuesta automática", "an automatic answer"),
    "bulk": ("un envío masivo", "bulk mail"),
    "own": ("una carta nuestra", "a letter of ours"),
    "spam-like": ("publicidad o engaño", "spam"),
    "unreadable": ("algo ilegible", "something unreadable"),
    "automatic": ("un programa", "a program"),
    "human": ("una persona", "a person"),
}
"""What a sign speaks for."""

_WHOLE = {
    "nothing speaks for a program": "nada habla de un programa",
    "multipart/report with a disposition-notification": "un aviso de lectura",
    "a message/delivery-status part": "trae un informe de entrega",
    "a message/disposition-notification part": "trae un aviso de lectura",
    "a returned or forwarded message inside": "trae dentro un mensaje devuelto o reenviado",
    "an empty Return-Path": "un Return-Path vacío",
    "X-Complaint: a letter of ours": "X-Complaint: una carta nuestra",
    "a Message-ID of ours": "un Message-ID nuestro",
    "from this very mailbox": "enviado desde este mismo buzón",
    "encrypted": "está cifrado",
    "encrypted (S/MIME)": "está cifrado (S/MIME)",
    "gibberish instead of a text": "signos sin sentido en lugar de un texto",
    "nothing in it, and nobody it is from": "no dice nada ni de quién es",
    "a complaint's number in the subject": "el número de una queja en el asunto",
    "written to a reply address of ours": "escrito a una dirección nuestra de respuesta",
    "In-Reply-To or References": "In-Reply-To o References: contesta un correo",
    "an answer by its subject": "por el asunto, una respuesta",
    "subject marked as advertising (Ley 28493)": "asunto marcado como publicidad (Ley 28493)",
    "subject marked as spam by a filter": "asunto marcado como spam por un filtro",
    "sent by the customer's own link": "enviado por el enlace del cliente",
    "HTML of a person's mail program": "HTML del programa de correo de una persona",
}
_PARTS = (
    (r"^from (?=\S+@|$)", "de "),
    (r"^subject $", "asunto "),
    (r"^text $", "texto "),
    (r"^(\d+) links$", r"\1 enlaces"),
    (r"^(.+) of the mail filter$", r"\1 del filtro de correo"),
    (r": the list is our own mailbox$", ": la lista es nuestro propio buzón"),
    (r"^HTML with ", "HTML con "),
    ("a counting picture", "una imagen que cuenta"),
    ("links that count who came", "enlaces que cuentan quién entra"),
    ("a link to leave", "un enlace para darse de baja"),
    ("hidden words", "palabras ocultas"),
    ("pictures from elsewhere", "imágenes de otro sitio"),
    ("a page of tables", "una página de tablas"),
    ("a page for every screen", "una página para toda pantalla"),
)
"""Patterns, for what quotes the message."""


def evidence_said(what: str, language: Language) -> str:
    """One sign in words; what quotes a header stays as the message has it."""
    if language == "en":
        return what
    if what in _WHOLE:
        return _WHOLE[what]
    said, mark, quoted = what.partition("“")  # what the message says itself is left alone
    for english, spanish in _PARTS:
        said = re.sub(english, spanish, said)
    return f"{said}{mark}{quoted}"
