"""The ledger of letters: each is claimed before the socket opens, so that it goes out once, or we know that it may not.

due -> claimed -> sent | failed | uncertain | superseded (design §5.2). Leases are wall-clock time: they are about our
own processes, not about the case. The wall clock is the database's: those of the workers may differ by hours.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import asyncpg
from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.errors import MessageIdTaken, StillClaimed, UnknownLetter
from complaints.records.keepable import refuse_unkeepable
from complaints.records.part import Part, part_of
from complaints.rules.given_files import GivenFile
from complaints.rules.letters import LetterState, Order
from complaints.rules.page_links import placed

_CLAIM_COLUMNS = "state, message_id, to_address, subject, text, html, files, attempts, sent_at, reason"

# claim: the first claim writes the letter down; a later one takes what was released, or finds that a lease ran out.
# A live claim, and whatever is over, is left as it is: then no row comes back.
_CLAIM = f"""
INSERT INTO letters AS kept (number, key, kind, recipient, language, occasion_at, message_id, to_address, subject,
    text, html, files, state, claimed_at, lease_until, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'claimed', clock_timestamp(),
    clock_timestamp() + $13::interval, 1)
ON CONFLICT (number, key) DO UPDATE SET
    state = CASE kept.state WHEN 'due' THEN 'claimed' ELSE 'uncertain' END,
    claimed_at = CASE kept.state WHEN 'due' THEN clock_timestamp() ELSE kept.claimed_at END,
    lease_until = CASE kept.state WHEN 'due' THEN clock_timestamp() + $13::interval END,
    attempts = kept.attempts + CASE kept.state WHEN 'due' THEN 1 ELSE 0 END,
    uncertain_at = CASE kept.state
        WHEN 'due' THEN kept.uncertain_at ELSE coalesce(kept.uncertain_at, clock_timestamp()) END
WHERE kept.state = 'due' OR (kept.state = 'claimed' AND kept.lease_until <= clock_timestamp())
RETURNING {_CLAIM_COLUMNS}
"""  # noqa: S608 - constants of ours

# resume: the policy says that an uncertain letter goes out again, under the same Message-ID.
_RESUME = f"""
UPDATE letters SET state = 'claimed', claimed_at = clock_timestamp(),
    lease_until = clock_timestamp() + $3::interval, attempts = attempts + 1,
    uncertain_at = CASE state WHEN 'due' THEN uncertain_at ELSE coalesce(uncertain_at, clock_timestamp()) END
WHERE number = $1 AND key = $2
    AND (state IN ('uncertain', 'due') OR (state = 'claimed' AND lease_until <= clock_timestamp()))
RETURNING {_CLAIM_COLUMNS}
"""  # noqa: S608

# resend: somebody asked for it, also where it failed for good; what is due or being sent is left to the worker.
_RESEND = f"""
UPDATE letters SET state = 'claimed', claimed_at = clock_timestamp(),
    lease_until = clock_timestamp() + $3::interval, attempts = attempts + 1,
    uncertain_at = CASE state WHEN 'failed' THEN uncertain_at ELSE coalesce(uncertain_at, clock_timestamp()) END
WHERE number = $1 AND key = $2
    AND (state IN ('uncertain', 'failed') OR (state = 'claimed' AND lease_until <= clock_timestamp()))
RETURNING {_CLAIM_COLUMNS}
"""  # noqa: S608

# renew: a claim is its attempt's until another one took it up, also where the lease ran out meanwhile.
_RENEW = """
UPDATE letters SET lease_until = clock_timestamp() + $4::interval
WHERE number = $1 AND key = $2 AND state = 'claimed' AND attempts = $3
RETURNING true
"""

# settle: accepted is the truth whoever reports it; anything else is believed only of a letter not over yet, and where
# the attempt is told, only of the newest, because a slow one must not release or fail what another is sending. Whether
# there is such a letter at all comes back.
_SETTLE = """
WITH settled AS (
    UPDATE letters SET state = $3, reason = $4, lease_until = NULL,
        sent_at = CASE WHEN $3 = 'sent' THEN greatest(clock_timestamp() - $5::interval, claimed_at) END,
        uncertain_at = CASE WHEN $3 = 'uncertain' THEN coalesce(uncertain_at, clock_timestamp()) ELSE uncertain_at END
    WHERE number = $1 AND key = $2 AND state <> $3 AND (
        ($3 = 'sent' AND message_id IS NOT NULL)
        OR (state IN ('due', 'claimed') OR (state = 'uncertain' AND $3 = 'failed'))
            AND attempts = coalesce($6, attempts)
    )
)
SELECT true FROM letters WHERE number = $1 AND key = $2
"""

# supersede: only what nobody has begun to send. One never claimed gets a tombstone: a late attempt finds it over.
_SUPERSEDE = """
INSERT INTO letters AS kept (number, key, state) SELECT $1, key, 'superseded' FROM unnest($2::text[]) AS key
ON CONFLICT (number, key) DO UPDATE SET state = 'superseded', lease_until = NULL WHERE kept.state = 'due'
"""

_FIND = f"""
SELECT {_CLAIM_COLUMNS}, greatest(lease_until - clock_timestamp(), interval '0') AS lease_left
FROM letters WHERE number = $1 AND key = $2
"""  # noqa: S608
_KNOWN = "SELECT true FROM letters WHERE number = $1 AND key = $2"

_UNKNOWN_END = "(state = 'uncertain' OR (state = 'claimed' AND lease_until <= clock_timestamp()))"
_UNCERTAIN = f"SELECT count(*) FROM letters WHERE {_UNKNOWN_END}"  # noqa: S608

# answered: mail that is of no case and was answered; what surely did not go out counts for nothing.
_ANSWERED = """
SELECT count(*) FROM letters
WHERE kind = 'quarantine-answer' AND lower(to_address) = lower($1) AND claimed_at > clock_timestamp() - $2::interval
    AND state <> 'failed'
"""


class Claim(BaseModel):
    """What an attempt may do: CLAIMED, go and send exactly this; anything else, it is over or its end is unknown."""

    model_config = ConfigDict(frozen=True)

    state: LetterState
    message_id: str
    to_address: str
    subject: str
    text: str
    html: str
    files: tuple[GivenFile, ...] = ()
    """What goes with it."""
    attempts: int
    """How often it has been claimed, this time included; say it to `settle`."""
    sent_at: AwareDatetime | None = None
    reason: str | None = None


class LetterRow(BaseModel):
    """A letter as the ledger has it."""

    model_config = ConfigDict(frozen=True)

    number: str
    key: str
    state: LetterState
    message_id: str
    kind: str
    recipient: str
    to_address: str
    language: str
    subject: str
    text: str
    html: str
    files: tuple[GivenFile, ...] = ()
    """What goes with it: the bytes are with the records, by digest."""
    occasion_at: AwareDatetime
    claimed_at: AwareDatetime | None
    lease_until: AwareDatetime | None
    attempts: int
    sent_at: AwareDatetime | None
    uncertain_at: AwareDatetime | None
    """When its end first became unknown; it stays, because the letter may have gone out twice."""
    reason: str | None
    being_sent: bool = False
    """Claimed, under a lease that lasts."""


_BEING_SENT = "coalesce(state = 'claimed' AND lease_until > clock_timestamp(), false) AS being_sent"
_LETTER_COLUMNS = ", ".join(name if name != "being_sent" else _BEING_SENT for name in LetterRow.model_fields)
# letters: the newest, told oldest first; tombstones have nothing to show.
_LETTERS = f"""
SELECT * FROM (
    SELECT {_LETTER_COLUMNS}, count(*) OVER () AS found FROM letters
    WHERE message_id IS NOT NULL AND ($1::text IS NULL OR number = $1) AND (NOT $3 OR {_UNKNOWN_END})
    ORDER BY occasion_at DESC, claimed_at DESC, key DESC LIMIT $2 OFFSET $4
) AS newest ORDER BY occasion_at, claimed_at, key
"""  # noqa: S608
_LETTER = f"SELECT {_LETTER_COLUMNS} FROM letters WHERE number = $1 AND key = $2 AND message_id IS NOT NULL"  # noqa: S608
_MAKE_KEY_OF_IDS = """
INSERT INTO installation_secrets (name, value) VALUES ('message-ids', $1) ON CONFLICT (name) DO NOTHING
"""
_KEY_OF_IDS = "SELECT value FROM installation_secrets WHERE name = 'message-ids'"
_BY_MESSAGE_ID = f"SELECT {_LETTER_COLUMNS} FROM letters WHERE message_id = $1"  # noqa: S608


class Ledger(Connected):
    """The part of the store that keeps letters."""

    _letters_secret: bytes | None = None

    async def claim(
        self,
        order: Order,
        *,
        message_id: str,
        to_address: str,
        subject: str,
        text: str,
        html: str,
        lease: timedelta,
        files: Sequence[GivenFile] = (),
    ) -> Claim:
        """Claim a letter before the socket opens. What the first claim wrote is the letter for ever: later ones get it.

        CLAIMED: go and send. SENT, FAILED, SUPERSEDED: it is over. UNCERTAIN: an earlier claim's lease ran out, or its
        end was lost; only `resume_uncertain` sends it again. Raises `StillClaimed` while another attempt's lease lasts.
        """
        letter = {"message_id": message_id, "to_address": to_address, "subject": subject, "text": text, "html": html}
        refuse_unkeepable(
            {"key": order.key, "recipient": order.recipient, **letter}, place=f"a letter of {order.number}"
        )
        as_kept = [file.model_dump(mode="json") for file in files]
        values = (str(order.kind), order.recipient, order.language, order.at, *letter.values(), as_kept, lease)
        return _claim_of(await self._claimed(_CLAIM, order.number, order.key, *values), otherwise=letter)

    async def resume_uncertain(self, number: str, key: str, lease: timedelta) -> Claim:
        """Claim a letter whose end is unknown once more, because the policy resends its kind (design §5.2).

        Like `claim` where it is over meanwhile; raises `StillClaimed` and `UnknownLetter`.
        """
        return _claim_of(await self._claimed(_RESUME, number, key, lease), otherwise={})

    async def claim_again(self, number: str, key: str, lease: timedelta) -> Claim | None:
        """Claim a letter that failed, or whose end is unknown, because a person wants it sent again.

        None where it is neither: it is sent, being sent, about to be, or overtaken. Settle it as what it was before if
        it does not go out: nobody else looks after it any more.
        """
        async with self.connection() as connection:
            taken = await connection.fetchrow(_RESEND, number, key, lease)
        return _claim_of(taken, otherwise={}) if taken else None

    async def renew(self, number: str, key: str, *, attempt: int, lease: timedelta) -> bool:
        """Keep a claim for longer while its attempt lives; False where another one has taken the letter up."""
        async with self.connection() as connection:
            return bool(await connection.fetchval(_RENEW, number, key, attempt, lease))

    async def settle(
        self,
        number: str,
        key: str,
        state: LetterState,
        *,
        reason: str | None = None,
        ago: timedelta = timedelta(0),
        attempt: int | None = None,
    ) -> None:
        """Say how sending ended: SENT, FAILED, UNCERTAIN, or DUE where it was surely not accepted and may go again.

        Safe to repeat. SENT always counts; the others change nothing once it is over, nor where `attempt` (from the
        claim) is not the newest any more. `ago`: how long before now it ended. Raises `UnknownLetter`.
        """
        if state in (LetterState.CLAIMED, LetterState.SUPERSEDED):
            raise ValueError(f"settle: {state.value} is not an end of sending; use claim or supersede")
        refuse_unkeepable(reason, place=f"the reason of letter {key} of {number}")
        async with self.connection() as connection:
            if await connection.fetchval(_SETTLE, number, key, state.value, reason, ago, attempt) is None:
                raise UnknownLetter(number, key)

    async def supersede(self, number: str, keys: Sequence[str]) -> None:
        """The case has overtaken these letters: nobody sends them any more, unless somebody has begun to."""
        async with self.connection() as connection:
            await connection.execute(_SUPERSEDE, number, sorted(set(keys)))

    async def letters(
        self, number: str | None = None, *, uncertain: bool = False, limit: int | None = None, skip: int = 0
    ) -> Part[LetterRow]:
        """The newest letters, of one complaint or of all, told oldest first; or only those whose end is unknown.
        `limit`: None is all; `skip` leaves out the newest."""
        async with self.connection() as connection:
            found = await connection.fetch(_LETTERS, number, limit, uncertain, skip)
        return part_of(found, _row_of, skip)

    async def letter(self, number: str, key: str) -> LetterRow | None:
        """One letter; None if nobody has written it."""
        async with self.connection() as connection:
            found = await connection.fetchrow(_LETTER, number, key)
        return _row_of(found) if found else None

    async def letters_secret(self) -> bytes:
        """The key of this installation's Message-IDs: made by whoever needs it first, the same for all ever after."""
        if self._letters_secret is None:
            async with self.connection() as connection:
                found: bytes | None = await connection.fetchval(_KEY_OF_IDS)
                if found is None:
                    await connection.execute(_MAKE_KEY_OF_IDS, secrets.token_bytes(32))
                    found = await connection.fetchval(_KEY_OF_IDS)
            assert found is not None, "it is never deleted"
            self._letters_secret = found
        return self._letters_secret

    async def letter_by_message_id(self, message_id: str) -> LetterRow | None:
        """The letter that an answer or a bounce refers to."""
        if "\x00" in message_id:
            return None  # a stranger's header; none of ours
        async with self.connection() as connection:
            found = await connection.fetchrow(_BY_MESSAGE_ID, message_id)
        return _row_of(found) if found else None

    async def answers_to(self, address: str, *, within: timedelta) -> int:
        """How many answers to quarantined mail went to that address in that time, for certain or perhaps."""
        async with self.connection() as connection:
            return int(await connection.fetchval(_ANSWERED, address, within))

    async def uncertain_count(self) -> int:
        """How many letters have an unknown end now: said to be uncertain, or claimed under a lease that ran out."""
        async with self.connection() as connection:
            return int(await connection.fetchval(_UNCERTAIN))

    async def _claimed(self, statement: str, number: str, key: str, *values: Any) -> asyncpg.Record:
        """Runs a claiming `statement`: the row that it claimed, or that is over; once more where another attempt
        released it meanwhile."""
        async with self.connection() as connection:
            while True:
                try:
                    taken = await connection.fetchrow(statement, number, key, *values)
                except asyncpg.UniqueViolationError:  # by another letter, or by another attempt at this very moment
                    if await connection.fetchval(_KNOWN, number, key) is None:
                        raise MessageIdTaken(number, key) from None
                    continue
                found = taken or await connection.fetchrow(_FIND, number, key)
                if found is None:
                    raise UnknownLetter(number, key)
                if taken or found["state"] in _OVER:
                    return found
                if found["state"] == LetterState.CLAIMED:
                    raise StillClaimed(number, key, found["lease_left"])


_OVER = frozenset({LetterState.SENT, LetterState.FAILED, LetterState.SUPERSEDED, LetterState.UNCERTAIN})


def _claim_of(row: asyncpg.Record, *, otherwise: dict[str, str]) -> Claim:
    """The claim; a tombstone has no words of its own, and shows those of the letter that came too late."""
    written = {name: value for name, value in _without_keys(row).items() if value is not None}
    empty = dict.fromkeys(("message_id", "to_address", "subject", "text", "html"), "")
    return Claim.model_validate({**empty, **otherwise, **written})


def _row_of(row: asyncpg.Record) -> LetterRow:
    return LetterRow.model_validate(_without_keys(row))


def _without_keys(row: asyncpg.Record) -> dict[str, Any]:
    """A row; what was kept with the key to a customer's page has its place instead, as every row is written now."""
    values = dict(row)
    return values | {part: placed(values[part]) for part in ("text", "html") if values[part]}
