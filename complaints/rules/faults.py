"""What may not hold together in the records of a complaint: each kind by its code, for programs and for words."""

from pydantic import BaseModel, ConfigDict

CHECKS = (
    "no-journal", "gap", "event-twice", "written-before", "journal", "cut-off", "state",
    "call", "call-missing", "call-stray",
    "letter", "letter-missing", "letter-stray", "letter-untold", "letter-of-nobody",
    "chain", "chain-broken", "chain-lost", "unchained", "file", "file-gone", "mail", "not-erased", "early",
    "not-struck", "no-run", "task-failing",
)  # fmt: skip
"""The codes; `complaints.words.faults` has a sentence for each, and what to do."""


class Fault(BaseModel):
    """One thing that does not hold together."""

    model_config = ConfigDict(frozen=True)

    number: str
    """The complaint's; or the letter's, where no complaint has it."""
    check: str
    """One of `CHECKS`."""
    about: dict[str, str] = {}
    """Which row, which columns; never what stands in them: that may be personal."""
