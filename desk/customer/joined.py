"""What a customer's page may tell of complaints that theirs was joined with: their own, and no other person's."""

from collections.abc import Iterable

from complaints.mail.links import same_mailbox
from complaints.rules.facts import Merged, Whose
from complaints.rules.status import TimelineEntry


def goes_on_as_theirs(timeline: Iterable[TimelineEntry]) -> bool:
    """Whether the complaint that it was merged into is surely theirs, so that they may know its number."""
    into = [row.data for row in timeline if row.what == Merged.name and row.data.get("into")]
    return bool(into) and into[-1].get("whose") == Whose.SAME.value


def written_from(email: str | None, timeline: Iterable[TimelineEntry]) -> frozenset[str]:
    """Other complaints of theirs that came from the mailbox to which this page's links go: whoever else speaks for the
    same student has a link of their own, and reads their own words there."""
    mailbox = same_mailbox(email)
    joined = (row.data for row in timeline if row.what == Merged.name and row.data.get("absorbed"))
    return frozenset(str(data["absorbed"]) for data in joined if mailbox and same_mailbox(data.get("email")) == mailbox)


def is_to_tell(row: TimelineEntry) -> bool:
    """Another complaint of theirs, which is still here; or that theirs is looked at together with another."""
    if row.data.get("whose") == Whose.SAME.value:
        return bool(row.data.get("text"))
    return row.data.get("whose") == Whose.OTHER.value
