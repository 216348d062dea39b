"""A reply to the customer, under the heading of the story: its form, and the school's text blocks filled in (§5.4)."""

from dataclasses import dataclass

from complaints.rules.journal import CaseRecord
from complaints.rules.status import Status
from complaints.words.catalogue import language_of
from complaints.words.wording import Wording
from desk.request import PageRequest

REPLY = "reply"
"""The act's name (starter/acts.py)."""


@dataclass(frozen=True)
class Block:
    """A text block as it is offered: its title in the writer's language, its text in the customer's."""

    key: str
    title: str
    text: str


def blocks_of(request: PageRequest, status: Status, record: CaseRecord | None) -> list[Block]:
    """The school's text blocks, filled in for this case."""
    contacts = request.app_state.contacts()
    language = language_of(record.language if record else "")
    words = Wording(language=language, timezone=request.words.timezone, today=request.words.today)
    values = {
        "customer": record.customer_name if record else None,
        "number": status.number,
        "received": words.day(status.received_at),
        "today": words.day(request.now),
        "promised": words.day(status.promised_for) if status.promised_for else None,
        "agent": request.member.name,
        "school": contacts.school.name,
        "telephone": contacts.intake.telephone,
    }
    return [
        Block(key, block.called(request.language), block.filled(language, values))
        for key, block in contacts.text_blocks.items()
    ]


def begun_with(request: PageRequest, blocks: list[Block]) -> str:
    """The block that the address asks for: how one is taken without a script."""
    wanted = request.http.query_params.get("block")
    return next((block.text for block in blocks if block.key == wanted), "")
