"""A complaint's life as the records keep it: journal, state, calls and ledger, written through the store itself, and
then dated as if it had been lived in real time."""

from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg

from complaints.records.store import Store
from complaints.rules.journal import RecordBatch
from complaints.rules.letters import LetterOrder, LetterOutcome, LetterState
from complaints.rules.notices import lanes, letter_ended, next_letter
from complaints.rules.status import record_of
from tests.casebook import Tale

ENDS = "2026-09-30 09:00"
"""A Lima time after which nothing of these lives happens any more; they have not ended all."""

# As if nobody had skipped any time: rows are written two seconds after they happen, letters go out at their occasion.
_IN_REAL_TIME = """
UPDATE journal SET recorded_at = at + interval '2 s';
UPDATE complaints SET recorded_at = journal.recorded_at FROM journal
WHERE journal.number = complaints.number AND journal.seq = complaints.seq;
UPDATE letters SET claimed_at = occasion_at, sent_at = CASE WHEN sent_at IS NOT NULL THEN occasion_at END;
SET timezone = 'UTC';
DELETE FROM chain;
SELECT chain_add(number, 'journal', seq::text, to_jsonb(journal)) FROM journal ORDER BY number, seq;
SELECT chain_add(number, 'letters', key, chained('letters', to_jsonb(letters))) FROM letters
WHERE message_id IS NOT NULL ORDER BY number, key
"""


@dataclass
class Lived(Tale):
    """A tale whose letters have Message-IDs of their own, as the ledger wants them."""

    ended: list[tuple[LetterOrder, LetterOutcome]] = field(default_factory=list)

    def post(self) -> None:
        while self.mail is not None and (waiting := lanes(self.case)):
            for recipient in waiting:
                if notice := next_letter(self.case, recipient):
                    order = self.order(notice)
                    ends = self.mail if recipient == "customer" else LetterOutcome(state=LetterState.SENT)
                    outcome = ends.model_copy(
                        update={"message_id": f"<{len(self.case.rows)}.{self.case.received.source_key}@x.example>"}
                    )
                    self.ended.append((order, outcome))
                    notice.state = LetterState.CLAIMED.value
                    letter_ended(self.case, notice.key, outcome)

    async def is_kept(self, store: Store) -> None:
        """In one batch, and each letter claimed and settled."""
        case = self.case
        rows = tuple(case.rows[case.recorded :])
        await store.write(RecordBatch(record=record_of(case), rows=rows, calls=tuple(case.calls)))
        case.recorded = len(case.rows)
        for order, outcome in self.ended:
            assert outcome.message_id is not None
            order = order.model_copy(update={"number": case.number})
            await store.claim(
                order, message_id=outcome.message_id, to_address=order.customer_email or "staff@escuela.example",
                subject="…", text="…", html="…", files=order.contents.attached, lease=timedelta(minutes=1),
            )  # fmt: skip
            await store.settle(case.number, order.key, outcome.state, reason=outcome.reason)
        superseded = [row.data["key"] for row in rows if row.what == "letter-superseded"]
        await store.supersede(case.number, superseded)
        self.ended.clear()


def a_whole_life() -> Lived:
    """Asked for details, late, escalated, disputed, and in the end on the telephone: something of everything."""
    life = Lived.begins("2026-07-22 09:00")
    life.says("assessed", on="2026-07-22 11:00", category="docencia", by="ana", via="desk", event_id="e-1")
    life.says("details-requested", question="¿Qué sesión?", missing=["la boleta"], by="ana", via="desk")
    life.says(
        "details-received", on="2026-07-24 10:00", text="La tercera.", email="rosa.nueva@correo.example", via="reply"
    )
    life.says("assigned", department="academic", representative="Jorge Ramos", by="ana", via="desk")
    life.says("noted", on="2026-07-27 10:00", text="Se preguntó al área.", by="Jorge Ramos", via="desk")
    life.says(
        "resolved", on="2026-08-14 10:00", text="Se dictará otra vez.", outcome="upheld", by="Jorge Ramos", via="desk"
    )
    life.says("customer-dissatisfied", on="2026-08-15 10:00", reason="No basta.", via="link", event_id="e-2")
    life.mail = LetterOutcome(state=LetterState.FAILED, reason="550 no such user")
    life.until("2026-08-20 12:00")
    return life


async def in_real_time(superuser: str) -> None:
    """Dates what was written as if it had been lived in real time."""
    connection = await asyncpg.connect(superuser, timeout=60)
    try:
        await connection.execute(f"SET session_replication_role = replica; {_IN_REAL_TIME}")
    finally:
        await connection.close()
