"""Customers' links: to which address a complaint's go and which have ended; and what came through them lately.

Uses are counted on the wall clock, so that no link floods the school.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from complaints.records.connection import Connected
from complaints.records.errors import UnknownComplaint
from complaints.records.keepable import aware, refuse_unkeepable
from complaints.rules.facts import Via

REVOKED = "links-revoked"
"""What the records note beside the case's journal."""

MERGES = 5
"""Complaints merged into one another, one after the other, that are followed."""

# links_of: a row for each end, and at least one, also of a complaint that nobody knows. The ends are those of the
# complaint itself; and of another of the same person that it was merged into, which goes on for both, from the merger
# until the two were separated. What has ended in between stays ended.
_LINKS_OF = f"""
WITH RECURSIVE cases (number, since, until, merges) AS (
    SELECT $1::text, '-infinity'::timestamptz, 'infinity'::timestamptz, 0
    UNION ALL
    SELECT journal.data ->> 'into', greatest(journal.recorded_at, cases.since), least(cases.until, coalesce((
        SELECT min(parted.recorded_at) FROM journal AS parted
        WHERE parted.number = journal.number AND parted.what = 'separated' AND parted.seq > journal.seq
    ), 'infinity')), merges + 1
    FROM cases JOIN journal ON journal.number = cases.number AND journal.what = 'merged'
        AND coalesce(journal.data ->> 'whose', 'same') = 'same'
    WHERE merges < {MERGES}
)
SELECT kept.number IS NOT NULL AS known, kept.email AS on_record, ended.*
FROM (SELECT $1::text AS number) AS asked
LEFT JOIN complaints AS kept USING (number)
LEFT JOIN (
    SELECT true AS ended, CASE WHEN merges = 0 THEN email END AS email,
        CASE WHEN merges = 0 THEN old_until END AS old_until
    FROM link_ends JOIN cases USING (number) WHERE ended_at > since AND ended_at <= until
) AS ended ON true
"""  # noqa: S608 - a constant of ours
# revoke: once for its event id, and noted with who did it.
_REVOKE = """
WITH noted AS (
    INSERT INTO afterwords (number, event_id, at, what, by, via, data)
    SELECT $1, $2, $3, $4, $5, $6, $7 FROM complaints WHERE number = $1
    ON CONFLICT (event_id) DO NOTHING
    RETURNING number
), ended AS (
    INSERT INTO link_ends (number) SELECT number FROM noted
)
SELECT (SELECT true FROM noted), (SELECT true FROM complaints WHERE number = $1)
"""

# One after the other for each complaint: of many forms at once no more than the limit pass.
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('link_uses/' || $1::text || '/' || $2::text, 0))"
_USE = """
INSERT INTO link_uses (number, what)
SELECT $1::text, $2::text
WHERE (SELECT count(*) FROM link_uses WHERE number = $1 AND what = $2 AND used_at > now() - $3::interval) < $4::integer
RETURNING true
"""
_BYTES = """
SELECT coalesce(sum(attachments.size), 0) FROM messages
JOIN message_attachments ON message_attachments.message = messages.digest
JOIN attachments ON attachments.digest = message_attachments.attachment
WHERE messages.number = $1 AND messages.mailbox = $2 AND messages.received_at > $3
"""


class LinkUse(StrEnum):
    """What a link was used for."""

    SENT = "sent"
    """A form of the customer's page."""
    ASKED = "asked"
    """A new link was asked for."""


@dataclass(frozen=True)
class LinksOf:
    """What a link of a complaint is checked against."""

    known: bool
    """Whether the records have the complaint."""
    email: str | None
    """Its address on record now, as it was typed."""
    ends: Sequence[tuple[str | None, date | None]]
    """Each time that links ended: those to an address, None: all of them; and up to which day those of the old form."""

    def ended(self, mailbox: str) -> int:
        """How often the links to that mailbox ended; of '', where the case had no address, with each other's end."""
        return sum(not mailbox or email is None or email.strip().lower() == mailbox for email, _ in self.ends)

    def old_ended(self, until: date) -> bool:
        """Whether a link of the old form that is good until then has ended before it."""
        return any(old_until is None or until <= old_until for _, old_until in self.ends)


class Links(Connected):
    """The part of the store that knows which links are good, and counts their uses."""

    async def links_of(self, number: str) -> LinksOf:
        """What links of that complaint must agree with. The same question is asked whether there is one or not."""
        async with self.connection() as connection:
            found = await connection.fetch(_LINKS_OF, number)
        ends = [(row["email"], row["old_until"]) for row in found if row["ended"]]
        return LinksOf(found[0]["known"], found[0]["on_record"], ends)

    async def revoke_links(
        self, number: str, *, event_id: str, at: datetime, by: str, via: Via, reason: str | None = None
    ) -> bool:
        """Ends every link of the complaint that is out, for ever; False if this event id did so before.

        Raises `UnknownComplaint`.
        """
        data = {"reason": reason} if reason else {}
        refuse_unkeepable({"event_id": event_id, "by": by, "data": data}, place=f"the revocation on {number}")
        values = (event_id, aware(at, place="at"), REVOKED, by, via.value, data)
        async with self.connection() as connection:
            row = await connection.fetchrow(_REVOKE, number, *values)
        if row is None or not row[1]:
            raise UnknownComplaint(number)
        return bool(row[0])

    async def use_link(self, number: str, what: LinkUse, *, most: int, within: timedelta) -> bool:
        """Counts one use; False, and nothing is counted, where there were `most` of them in that time already."""
        async with self.connection() as connection, connection.transaction():
            await connection.execute(_TURN, number, what.value)
            return bool(await connection.fetchval(_USE, number, what.value, within, most))

    async def bytes_sent(self, number: str, mailbox: str, *, since: datetime) -> int:
        """Bytes of the files that reached a complaint that way since then."""
        async with self.connection() as connection:
            return int(await connection.fetchval(_BYTES, number, mailbox, since))
