"""What kind of message it is, decided by evidence: each sign has a weight, and no weak one decides alone.

Signs speak for a program (a bounce, an absence note, a newsletter …) or for a person. Together less than `ENOUGH`, it
is what a person wrote: a complaint, or a reply; one weak sign never discards a customer's words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from complaints.words.catalogue import N_, Language, Message, catalogue

ENOUGH = 1.0
"""The score from which on a message is not a person's."""

CERTAIN = 1.5
"""A program's own declaration: no sign of a person outweighs it."""

MOST_HUMAN = 0.5
"""What all signs of a person take off together."""


class Kind(StrEnum):
    """What a message is taken for."""

    COMPLAINT = "complaint"
    REPLY = "reply"
    """A person's answer: to a case, if `which_case` finds one; else it is a complaint."""
    BOUNCE = "bounce"
    """A report on a letter of ours: not delivered, late, or (RFC 5965) called unwanted."""
    AUTO_REPLY = "auto-reply"
    BULK = "bulk"
    """Lists, newsletters, notices of systems."""
    OWN = "own"
    """A letter of ours that came back."""
    SPAM_LIKE = "spam-like"
    UNREADABLE = "unreadable"
    """Encrypted, empty or gibberish: somebody must look."""


HUMAN_KINDS = frozenset({Kind.COMPLAINT, Kind.REPLY})
"""What a person wrote; everything else goes to the quarantine, where staff see it."""

AUTOMATIC = "automatic"
"""What a sign says that does not tell which program wrote."""

HUMAN = "human"


@dataclass(frozen=True)
class Evidence:
    """One sign that speaks for or against a kind, with its weight."""

    sign: Message | str
    """What was found: a sentence of ours, or what the message itself has, such as `Auto-Submitted: auto-replied`."""
    weight: float
    """How much it counts; negative for a person."""
    says: str
    """The kind it speaks for, or `automatic`, `human`, `reply`."""

    @property
    def what(self) -> str:
        """In English, for programs."""
        return catalogue("en").say(self.sign)

    @property
    def facts(self) -> dict[str, Any]:
        """As programs get it."""
        return {"what": self.what, "weight": self.weight, "says": str(self.says)}

    @property
    def record(self) -> dict[str, Any]:
        """As the records keep it: with the sentence and its values, for readers of any language."""
        return self.facts | ({"sign": self.sign.as_json()} if isinstance(self.sign, Message) else {})


def sign_said(kept: Mapping[str, Any], language: Language) -> str:
    """What a kept sign found, to a reader; one of before 0.1.0 was kept in English only."""
    return catalogue(language).say(Message.from_json(kept["sign"])) if "sign" in kept else str(kept["what"])


NOTHING = Evidence(N_("nothing speaks for a program"), 0.0, HUMAN)


@dataclass(frozen=True)
class Verdict:
    """What kind of message it is, and the evidence for that."""

    kind: Kind
    score: float
    """What speaks for a program less what speaks for a person; from `ENOUGH` on it is no person's."""
    evidence: tuple[Evidence, ...]


_ORDER: Sequence[str] = (Kind.OWN, Kind.BOUNCE, Kind.AUTO_REPLY, Kind.UNREADABLE, Kind.BULK, Kind.SPAM_LIKE)


def verdict(signs: Iterable[Evidence]) -> Verdict:
    """The kind that the signs make likeliest; a person's where they are not enough for anything else."""
    evidence = tuple(sorted(signs, key=lambda sign: -abs(sign.weight))) or (NOTHING,)
    totals = dict(_totals(evidence))
    against = sum(totals.values())
    certain = any(sign.weight >= CERTAIN and sign.says != "reply" for sign in evidence)
    human = 0.0 if certain else min(MOST_HUMAN, -sum(sign.weight for sign in evidence if sign.says == HUMAN))
    score = round(max(0.0, against - human), 2)
    if score >= ENOUGH:
        kind = max(_ORDER, key=lambda one: totals.get(one, 0.0))
        return Verdict(Kind(kind) if totals.get(kind) else Kind.AUTO_REPLY, score, evidence)
    answers = any(sign.says == "reply" for sign in evidence)
    return Verdict(Kind.REPLY if answers else Kind.COMPLAINT, score, evidence)


def _totals(evidence: Sequence[Evidence]) -> Iterator[tuple[str, float]]:
    for kind in (*_ORDER, AUTOMATIC):
        if total := sum(sign.weight for sign in evidence if sign.says == kind):
            yield kind, total
