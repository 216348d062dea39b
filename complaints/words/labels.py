"""Fields as forms call them, in the reader's language, never by a model's name."""

from collections.abc import Mapping

from complaints.words.catalogue import N_, Language, Message, catalogue

LABELS: dict[str, Message] = {
    "absorbed": N_("Number of the other complaint"),
    "address": N_("Address"),
    "amount": N_("Amount claimed"),
    "answer_by": N_("By when"),
    "at": N_("When it happened"),
    "by": N_("Who says so"),
    "category": N_("What it is about"),
    "cause": N_("Cause"),
    "channel": N_("Channel"),
    "comment": N_("Comment"),
    "corrective_actions": N_("Corrective actions"),
    "customer": N_("Customer"),
    "customer_name": N_("Name"),
    "date": N_("Date"),
    "department": N_("Department"),
    "description": N_("What happened"),
    "direction": N_("Who called"),
    "document": N_("Document"),
    "email": N_("Email"),
    "event_id": N_("Event id"),
    "field": N_("Which detail"),
    "file": N_("File"),
    "for_customer": N_("Tell the customer"),
    "guardian": N_("Parent or guardian"),
    "in_reply_to": N_("Message that it answers"),
    "into": N_("Number of the one that goes on"),
    "kind": N_("Kind"),
    "language": N_("Customer's language"),
    "message_id": N_("Message id"),
    "missing": N_("What is missing"),
    "name": N_("Name"),
    "next_at": N_("Call again"),
    "note": N_("Note"),
    "notes": N_("What was said"),
    "number": N_("Number"),
    "occurred_on": N_("Date of the problem"),
    "outcome": N_("Is it justified?"),
    "phone": N_("Telephone"),
    "problem": N_("Problem"),
    "product": N_("Product or service"),
    "question": N_("Question"),
    "reached": N_("Customer reached"),
    "reason": N_("Reason"),
    "received_at": N_("Date of receipt"),
    "remedy_sought": N_("What they ask for"),
    "representative": N_("Representative"),
    "score": N_("Score"),
    "severity": N_("Severity"),
    "source_key": N_("Source key"),
    "still_missing": N_("Still missing"),
    "subject": N_("Subject"),
    "text": N_("Text"),
    "told": N_("We told them where it stands"),
    "told_in_call": N_("Told by phone"),
    "up_to": N_("Up to which row"),
    "value": N_("Value"),
    "via": N_("Through what"),
    "whom": N_("Whom"),
    "with": N_("With whom"),
    "words": N_("What they said"),
}
"""Every field that people or programs fill in, as forms call it."""


def label(field: str, language: Language, labels: Mapping[str, Message | str] = LABELS) -> str:
    """`Teléfono` for `phone`; an unknown field is said by its name."""
    return catalogue(language).say(labels[field]) if field in labels else field.replace("_", " ")
