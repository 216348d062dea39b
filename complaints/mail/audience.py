"""Who may read what: a letter's contents cut down to its audience before any template sees them."""

import re
from enum import StrEnum

from complaints.mail.masking import without_identifiers
from complaints.rules.letters import (
    CUSTOMER,
    DEPARTMENT_HEAD,
    TO_CUSTOMER,
    Contents,
    LetterKind,
    LetterOrder,
    StoryLine,
)
from complaints.words.vocabulary import JOURNAL_TO_CUSTOMER


class Audience(StrEnum):
    """Three circles, from the outside in."""

    CUSTOMER = "customer"
    """Nothing internal: no story, no notes but those written for them, no names of staff they need not know."""
    DEPARTMENT = "department"
    """§5.3: whoever helps to investigate; never how to reach the customer."""
    CARE = "care"
    """The care team, the representative, the ladder (§7): they talk to the customer."""


class WrongAudience(ValueError):
    """A letter ordered for somebody who must not read its kind; it must not be sent, however often it is tried."""


def audience_of(order: LetterOrder) -> Audience:
    """The circle of the order's recipient. Raises WrongAudience where the kind is not for them."""
    if (order.recipient == CUSTOMER) != (order.kind in TO_CUSTOMER):
        raise WrongAudience(f"{order.number}: a letter of the kind {order.kind.value} must not go to such a recipient")
    if order.recipient == CUSTOMER:
        return Audience.CUSTOMER
    if order.kind is LetterKind.INVOLVEMENT or order.recipient == DEPARTMENT_HEAD:
        return Audience.DEPARTMENT
    return Audience.CARE


def cut_for(audience: Audience, contents: Contents) -> Contents:
    """The contents as this audience may read them."""
    if audience is Audience.CUSTOMER:
        return _for_customer(contents)
    return _for_department(contents) if audience is Audience.DEPARTMENT else contents


def is_person_name(text: str) -> bool:
    """Whether a representative's free text is a name that a customer can be told, not an account or an address."""
    return bool(text) and text[0].isupper() and not re.search(r"[@\d_/\\<>]", text)


def _for_customer(contents: Contents) -> Contents:
    hidden = {"story": (), "script": (), "attempts": 0, "after_attempts": None, "phone": None, "on_schedule": False}
    lines = (_told(line, missed=contents.promise_missed is not None) for line in contents.since_last_word)
    return contents.model_copy(update={**hidden, "since_last_word": tuple(line for line in lines if line)})


def _told(line: StoryLine, *, missed: bool) -> StoryLine | None:
    if line.what not in JOURNAL_TO_CUSTOMER or (missed and line.what == "late/promise"):
        return None  # a missed date has its own, longer sentence in the letter
    text = line.text if line.what in {"noted", "assigned", "date-promised", "escalated"} else None
    return line.model_copy(update={"by": None, "text": text})


def _for_department(contents: Contents) -> Contents:
    private = {"name", "document", "phone", "email", "address", "guardian"}
    understood = {name: without_identifiers(v) for name, v in contents.understood.items() if name not in private}
    texts = {
        name: without_identifiers(value)
        for name in ("about", "description", "question", "resolution", "reason", "words")
        if (value := getattr(contents, name)) is not None
    }
    story = tuple(
        line.model_copy(update={"text": without_identifiers(line.text or "") or None}) for line in contents.story
    )
    actions = tuple(without_identifiers(action) for action in contents.corrective_actions)
    cut = {
        "phone": None,
        "customer_name": None,
        "understood": understood,
        "story": story,
        "corrective_actions": actions,
    }
    return contents.model_copy(update={**cut, **texts})
