"""Why a message was taken for what it is, in the reader's language; the records keep the evidence in English."""

import re

from complaints.words.catalogue import N_, Language, catalogue
from desk.staff.acts import Words

KINDS: dict[str, Words] = {
    "complaint": N_("a complaint"),
    "reply": N_("an answer"),
    "bounce": N_("a returned letter"),
    "auto-reply": N_("an automatic answer"),
    "bulk": N_("bulk mail"),
    "own": N_("a letter of ours"),
    "spam-like": N_("spam"),
    "unreadable": N_("something unreadable"),
    "automatic": N_("a program"),
    "human": N_("a person"),
}
"""What a sign speaks for."""

_WHOLE = {
    message.english: message
    for message in (
        N_("nothing speaks for a program"),
        N_("multipart/report with a disposition-notification"),
        N_("a message/delivery-status part"),
        N_("a message/disposition-notification part"),
        N_("a returned or forwarded message inside"),
        N_("an empty Return-Path"),
        N_("X-Complaint: a letter of ours"),
        N_("a Message-ID of ours"),
        N_("from this very mailbox"),
        N_("encrypted"),
        N_("encrypted (S/MIME)"),
        N_("gibberish instead of a text"),
        N_("nothing in it, and nobody it is from"),
        N_("a complaint's number in the subject"),
        N_("written to a reply address of ours"),
        N_("In-Reply-To or References"),
        N_("an answer by its subject"),
        N_("subject marked as advertising (Ley 28493)"),
        N_("subject marked as spam by a filter"),
        N_("sent by the customer's own link"),
        N_("HTML of a person's mail program"),
        N_("nothing in it that could be read"),
        N_("forwarded by a colleague; the sender of what is forwarded is proposed"),
        N_("Reply-To: letters go there"),
    )
}
_LOOKS = {
    message.english: message
    for message in (
        N_("a counting picture"),
        N_("links that count who came"),
        N_("a link to leave"),
        N_("hidden words"),
        N_("pictures from elsewhere"),
        N_("a page of tables"),
        N_("a page for every screen"),
    )
}
_QUOTING = (
    (r"from (?P<rest>\S+@|“.*)", N_("from {rest}")),
    (r"subject (?P<rest>“.*)", N_("subject {rest}")),
    (r"text (?P<rest>“.*)", N_("text {rest}")),
    (r"(?P<rest>\d+) links", N_("{rest} links")),
    (r"(?P<rest>[^“]+) of the mail filter", N_("{rest} of the mail filter")),
    (r"(?P<rest>[^“]+): the list is our own", N_("{rest}: the list is our own")),
    (r"(?P<rest>\S+) is no person; Reply-To names who wrote", N_("{rest} is no person; Reply-To names who wrote")),
    (r"(?P<rest>\S+) is no person; X-\S+ names who wrote", N_("{rest} is no person; another header names who wrote")),
    (r"(?P<rest>\S+) is no person, and no header names who wrote", N_("{rest} is no person; nothing names who wrote")),
)
"""How a sign begins or ends that quotes the message; what is quoted stays as the message has it."""


def evidence_said(what: str, language: Language) -> str:
    """One sign in words. The quarantine keeps it in English; what is no sentence of ours is a header, said as it is."""
    say = catalogue(language).say
    if what in _WHOLE:
        return say(_WHOLE[what])
    if what.startswith("HTML with "):
        looks = ", ".join(say(_LOOKS.get(one, one)) for one in what.removeprefix("HTML with ").split(", "))
        return say(N_("HTML with {looks}", looks=looks))
    for pattern, message in _QUOTING:
        if found := re.fullmatch(pattern, what, re.DOTALL):
            return say(message).format(rest=found["rest"])
    return what
