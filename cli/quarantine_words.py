"""Why a message is in the quarantine, what it was taken for, and what became of it: in a few words."""

from complaints.words.catalogue import N_, say

WORDS = {
    "bounce": N_("returned letter"),
    "auto-reply": N_("automatic answer"),
    "bulk": N_("bulk mail"),
    "spam-like": N_("spam-like"),
    "unreadable": N_("unreadable"),
    "own": N_("letter of ours"),
    "loop": N_("too many in an hour"),
    "flood": N_("too many new complaints at once"),
    "forged-sender": N_("forged sender, says our server"),
    "sender-mismatch": N_("sender is not on the complaint"),
    "after-closing": N_("about a closed complaint"),
    "staff-forward": N_("forwarded by a colleague"),
    "form-of-nobody": N_("a form that does not say whose"),
    "no-contact": N_("names nobody to answer"),
    "automatic": N_("a program"),
    "human": N_("a person"),
    "reply": N_("an answer"),
    "released": N_("counts"),
    "dropped": N_("dropped"),
    "answered": N_("answered"),
}
"""Reasons, kinds and ends as people read them; programs get the keys, with --json."""


def said_of(key: str) -> str:
    """The key in the language of this process; what we do not know stays as it is."""
    return say(WORDS.get(key, key))
