"""What is said in a call to a customer whom letters do not reach (§4 to §6): words to read out, in their language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from complaints.rules.number import in_groups
from complaints.words.catalogue import N_
from complaints.words.vocabulary import Words
from complaints.words.wording import Wording

LONGEST_CHAT = 1500
"""Characters of a chat message: longer ones are collapsed on a telephone."""


@dataclass(frozen=True)
class Call:
    """What a call stands for, and what is true of the case now."""

    number: str
    school: str
    kinds: Sequence[str]
    """Of the letters that it stands for; unknown ones say nothing."""
    customer: str | None = None
    received_at: datetime | None = None
    stage: str | None = None
    owner: str | None = None
    """In words."""
    next_word_at: datetime | None = None
    missing: Sequence[str] = ()
    question: str | None = None
    resolution: str | None = None
    outcome: str | None = None
    """Whether the complaint was found justified, as far as the answer says."""
    may_be_a_no: bool = False
    """Beside an answer that may be a no the ways outside are named."""
    replies: Sequence[str] = ()
    """What was written to them and no letter could bring."""
    phone: str | None = None
    """The school's, to be called back at."""


def to_read_out(call: Call, words: Wording) -> list[str]:
    """The call, paragraph by paragraph: who is calling, what each letter would have said, what is missing, goodbye."""
    _ = words.gettext
    hello = _("Am I speaking to {customer}? ").format(customer=call.customer) if call.customer else ""
    opening = _("Good morning. {hello}I am calling from {school} about your complaint {number}.").format(
        hello=hello, school=call.school, number=in_groups(call.number)
    )
    goodbye = _("Is there anything else you would like to tell us? Thank you for your time.")
    return [opening, *_message(call, words), goodbye]


def to_write(call: Call, words: Wording) -> str:
    """The same as a chat message."""
    _ = words.gettext
    name = f", {call.customer}" if call.customer else ""
    opening = _("Hello{name}. This is {school} about your complaint {number}.").format(
        name=name, school=call.school, number=call.number
    )
    phone = call.phone or ""
    answer = _("You can answer here or call us on {phone}.").format(phone=phone)
    text = "\n\n".join([opening, *_message(call, words), *([answer] if phone else [])])
    return text if len(text) <= LONGEST_CHAT else text[: LONGEST_CHAT - 1].rstrip() + "…"


def to_answer(call: Call, words: Wording) -> list[str]:
    """What to tell a customer who calls to ask how it goes: where it stands, with whom, when we write, what we lack."""
    return [*_standing(call, words), *_asked(call, words)]


def _message(call: Call, words: Wording) -> list[str]:
    kinds = dict.fromkeys(call.kinds)
    if "resolution" in kinds:  # they have no answer yet that could be corrected
        kinds.pop("correction", None)
    said = [_of(kind, call, words) for kind in kinds]
    told_a_no = call.may_be_a_no and not _ANSWERS.isdisjoint(kinds)
    outside = told_a_no or not _ENDED_BY_US.isdisjoint(kinds)
    return [line for line in (*said, words.say(_OUTSIDE) if outside else "", *_asked(call, words)) if line]


def _of(kind: str, call: Call, words: Wording) -> str:
    _ = words.gettext
    match kind:
        case "acknowledgement":
            received = (_(" on ")) + words.at(call.received_at) if call.received_at else ""
            return _said(_LINES, kind, words).format(received=received, number=call.number)
        case "update":
            return " ".join(_standing(call, words))
        case "escalation" | "reopening":
            owner = call.owner or _("the management")
            return _said(_LINES, "escalation", words).format(owner=owner)
        case "resolution" | "resolution-decided":
            decided = f" {call.resolution}" if call.resolution else ""
            if call.outcome and call.resolution:
                decided = " " + _("We conclude that {verdict}.").format(verdict=words.outcome(call.outcome)) + decided
            return _said(_LINES, "resolution", words).format(resolution=decided)
        case "reply":
            return "\n\n".join(call.replies)
        case "correction":
            return _said(_LINES, kind, words).format(resolution=call.resolution or "")
        case "withdrawal" | "not-a-complaint" | "merged" | "closed-in-silence":
            return _said(_LINES, "ended", words)
        case _:
            return _said(_LINES, kind, words)


def _standing(call: Call, words: Wording) -> Iterable[str]:
    _ = words.gettext
    if call.stage:
        where = words.stage_to_customer(call.stage)
        yield _("This is where it stands: {where}.").format(where=where)
    if call.owner:
        yield _("It is with {owner}.").format(owner=call.owner)
    if call.next_word_at:
        day = words.day(call.next_word_at)
        yield _("You will hear from us by {day}.").format(day=day)


def _asked(call: Call, words: Wording) -> Iterable[str]:
    _ = words.gettext
    missing = [words.missing(detail) for detail in call.missing]
    if missing:
        yield (_("We still need: ")) + words.joined(missing) + "."
    if call.question:
        yield (_("Whoever handles your case asks: ")) + call.question


def _said(table: Words, key: str, words: Wording) -> str:
    return words.say(table[key]) if key in table else ""


_LINES: Words = {
    "acknowledgement": N_(
        "We received your complaint{received} and are working on it. Please note its number: {number}. "
        "Complaining here does not keep you from the Libro de Reclamaciones or INDECOPI."
    ),
    "details-request": N_("To go on with your case we need something from you."),
    "resolution": N_(
        "Your complaint is decided.{resolution} Are you satisfied with that? And how do you feel it was handled?"
    ),
    "correction": N_(
        "We made a mistake in our answer to your complaint, and are sorry for it. This is the right one: {resolution} "
        "Are you satisfied with that?"
    ),
    "escalation": N_(
        "The management of the school looks into your complaint now: {owner} has it. You need not repeat anything."
    ),
    "reminder": N_("Some days ago we gave you our answer. Are you satisfied with it? If not, please tell us why."),
    "closing": N_(
        "Your complaint is closed as you agreed. From 1 to 5, how satisfied are you with how it was handled?"
    ),
    "decision": N_("The school took a final decision on your complaint; let me explain why."),
    "joined": N_(
        "We look at your complaint together with another about the same matter. For you nothing changes: it keeps its "
        "number and its dates, and what you tell us stays with us."
    ),
    "separated": N_("Your complaint is handled by itself again, under its own number and by its own dates."),
    "ended": N_("Your complaint has ended; let me explain how and why. If you do not agree, write to us or call us."),
}
"""By kind of letter."""

_ANSWERS = frozenset({"resolution", "resolution-decided", "correction", "reminder"})
_ENDED_BY_US = frozenset({"decision", "not-a-complaint", "closed-in-silence"})
_OUTSIDE = N_(
    "If you do not agree, you can also turn to INDECOPI or to our Libro de Reclamaciones; that you complained to us "
    "does not prevent it."
)
"""Where a no is told, as in the letters."""
