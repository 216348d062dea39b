"""The quarantine's keys in words: what a message was taken for, why it is held, and what became of it."""

from collections.abc import Mapping

from complaints.words.catalogue import N_, Message

KINDS: Mapping[str, Message] = {
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
"""What a message was taken for, or what a sign speaks for."""

REASONS: Mapping[str, Message] = {
    "sender-mismatch": N_("It names a complaint, but its sender does not belong to it."),
    "auto-reply": N_("It looks like an automatic answer."),
    "bulk": N_("It looks like bulk mail or a list."),
    "spam-like": N_("It looks like spam."),
    "bounce": N_("It looks like a letter that came back."),
    "unreadable": N_("It cannot be read."),
    "loop": N_("Too many in one hour: it may be a loop."),
    "flood": N_("Too many new complaints came at once: their senders may be forged."),
    "forged-sender": N_("Our mail server says that the sender is forged (SPF, DKIM or DMARC)."),
    "staff-forward": N_("A colleague forwarded it: confirm whose complaint it is."),
    "form-of-nobody": N_("It comes from a form of ours that does not say whose it is."),
    "no-contact": N_("It names nobody to answer."),
    "after-closing": N_("It is about a complaint that is closed."),
}
"""Why a message is held; its signs say more."""

SHORTLY: Mapping[str, Message] = {
    "loop": N_("too many in an hour"),
    "flood": N_("too many new complaints at once"),
    "forged-sender": N_("forged sender, says our server"),
    "sender-mismatch": N_("sender is not on the complaint"),
    "after-closing": N_("about a closed complaint"),
    "staff-forward": N_("forwarded by a colleague"),
    "form-of-nobody": N_("a form that does not say whose"),
    "no-contact": N_("names nobody to answer"),
}
"""The same reasons in a list's column; those that are missing are the kind."""

HANDLED: Mapping[str, Message] = {
    "released": N_("counts"),
    "dropped": N_("dropped"),
    "answered": N_("answered"),
}
"""What became of it."""
