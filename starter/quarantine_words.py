"""Why a message is in the quarantine, what it was taken for, and what became of it: in a few words."""

from starter.language import say

WORDS = {
    "bounce": ("correo devuelto", "returned letter"),
    "auto-reply": ("respuesta automática", "automatic answer"),
    "bulk": ("envío masivo", "bulk mail"),
    "spam-like": ("publicidad o engaño", "spam-like"),
    "unreadable": ("ilegible", "unreadable"),
    "own": ("carta nuestra", "letter of ours"),
    "loop": ("demasiados en una hora", "too many in an hour"),
    "flood": ("demasiadas quejas nuevas a la vez", "too many new complaints at once"),
    "forged-sender": ("remitente falso según nuestro servidor", "forged sender, says our server"),
    "sender-mismatch": ("de quien no figura en la queja", "sender is not on the complaint"),
    "after-closing": ("sobre una queja cerrada", "about a closed complaint"),
    "no-contact": ("no dice a quién responder", "names nobody to answer"),
    "automatic": ("un programa", "a program"),
    "human": ("una persona", "a person"),
    "reply": ("una respuesta", "an answer"),
    "released": ("cuenta", "counts"),
    "dropped": ("descartado", "dropped"),
    "answered": ("respondido", "answered"),
}
"""Reasons, kinds and ends as people read them; programs get the keys, with --json."""


def said_of(key: str) -> str:
    """The key in the language of this process; what we do not know stays as it is."""
    es, en = WORDS.get(key, (key, key))
    return say(es, en)
