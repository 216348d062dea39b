"""A case as its journal in the records tells it, without Temporal."""

from complaints.records.store import Store
from complaints.rules.case import Case
from complaints.rules.retelling import JournalBroken, told_again
from complaints.words.catalogue import N_
from starter.errors import Refused


async def case_in_records(store: Store, number: str) -> Case | None:
    """The case as its journal tells it; None if the records do not know it. Raises Refused for a broken journal."""
    rows = await store.journal(number)
    if not rows:
        return None
    try:
        return told_again(number, rows)
    except JournalBroken as error:
        raise Refused(
            N_(
                "The journal of {number} does not fit together; please report it: {error}",
                number=number,
                error=str(error),
            )
        ) from error
