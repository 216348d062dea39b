"""Mail in the quarantine: the clock of an item, without its words (§4), and the letters that are about one."""

from datetime import UTC, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules.languages import Language
from complaints.rules.letters import CARE_TEAM, CUSTOMER, Order
from complaints.rules.text import Line

KIND = "quarantine"
ANSWER = "quarantine-answer"
OF_NO_CASE = frozenset({KIND, ANSWER, "quality-review", "daily-digest", "verify"})
"""Kinds of letters that no complaint is about: what answers one of them, or brings it back, belongs to none."""


class Quarantined(BaseModel):
    """The input of the workflow `QuarantineWatch`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Line
    """Twelve characters of the message's digest, as `complaints quarantine` lists it; of a flood `flood_name`."""
    due: AwareDatetime
    """24 hours after the receipt: what it may be after all should have been acknowledged by then. A flood's: at once,
    because each of many should be."""
    language: Language = "es"
    """What the care team reads, unless the contacts know better."""


class QuarantineAnswer(Order):
    """One letter to whoever wrote a message that is no complaint: what a person of ours answers (§3)."""

    to_email: str
    received_at: AwareDatetime
    words: str
    """The answer, as it was typed."""
    of_case: bool = False
    """Whether its words are on a complaint already; else the letter says how to make one."""
    in_reply_to: str | None = None
    """The Message-ID of what is answered."""


class QuarantineNotice(Order):
    """One letter to the care team about one item that nobody has looked at."""

    item: str


def notice_of(quarantined: Quarantined) -> QuarantineNotice:
    """The notice; however often it is ordered, it is one letter."""
    return QuarantineNotice(
        number=letters_number(quarantined.name),
        key=f"1/notice/{CARE_TEAM}",
        kind=KIND,
        recipient=CARE_TEAM,
        language=quarantined.language,
        at=quarantined.due,
        item=quarantined.name,
    )


FLOOD = "flood-"
"""How the name begins of what stands for many items; no digest does."""


def flood_name(began_at: datetime) -> str:
    """What the one notice about a flood is called."""
    return f"{FLOOD}{began_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def flood_of(name: str) -> datetime | None:
    """When the flood began that is called so; None: it is an item's name."""
    if not name.startswith(FLOOD):
        return None
    return datetime.strptime(name.removeprefix(FLOOD), "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)


def letters_number(name: str) -> str:
    """Under what the ledger keeps the letters about an item, as `complaints letters` lists them."""
    return f"quarantine-{name}"


def answer_key(attempt: int) -> str:
    """The ledger's key of an answer: a first one that was surely refused may be followed by a second."""
    return f"{attempt}/answer/{CUSTOMER}"
