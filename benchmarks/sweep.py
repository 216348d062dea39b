"""The way of the classic desks: no engine, but a job that sweeps the table every so often and does what is due.

uv run python -m benchmarks.sweep [--due 200]

Rules, rows, letters, ledger and records are ours, so that what differs is the approach. A pass is measured; how late a
deadline is noticed follows from the period: on average half of it, and then its turn in the pass.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from benchmarks.lives import cpu_of
from benchmarks.mail_counter import mail_counter
from benchmarks.temporal_over_postgres import roomy_postgres
from complaints.contacts import load_contacts
from complaints.mail.letters import render
from complaints.mail.outgoing import Mailer
from complaints.mailer import mailer_of, own_addresses
from complaints.policy_file import load_policy
from complaints.records.migrate import migrate
from complaints.records.store import Store
from complaints.rules.case import Case
from complaints.rules.contents import letter_order
from complaints.rules.journal import RecordBatch
from complaints.rules.letters import LetterOutcome, LetterState
from complaints.rules.notices import lanes, letter_ended, next_letter
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.received import ComplaintReceived
from complaints.rules.retelling import told_again
from complaints.rules.status import record_of
from complaints.settings import Settings

PERIODS = (60, 300)
"""Seconds between two passes, as desks of this kind have it."""

LEASE = timedelta(seconds=45)
DAY = date(2026, 7, 22)


@dataclass(frozen=True)
class Swept:
    """One pass over so many that were due."""

    due: int
    seconds: float
    cpu: float

    def lateness(self, period: int) -> tuple[float, float]:
        """Seconds from a deadline to its row, p50 and p99: its share of the period, and its turn in the pass."""
        return period * 0.5 + self.seconds * 0.5, period * 0.99 + self.seconds * 0.99

    def lines(self) -> list[str]:
        """All of it."""
        pass_ = f"a pass over {self.due} due: {self.seconds:.1f} s ({self.due / self.seconds:.0f}/s), CPU each "
        return [f"{pass_}{self.cpu / self.due * 1000:.0f} ms"] + [
            f"every {period} s: a deadline is noticed {p50:.0f} s late (p50), {p99:.0f} s (p99), by the period"
            for period in PERIODS
            for p50, p99 in [self.lateness(period)]
        ]


class Sweeper:
    """The job."""

    def __init__(self, store: Store, mailer: Mailer, policy: Policy, settings: Settings) -> None:
        self.store, self.mailer, self.policy = store, mailer, policy
        self.contacts, self.own = load_contacts(), own_addresses(settings)

    async def opens(self, received_at: datetime) -> str:
        """A complaint by telephone, in the table."""
        number = f"S-{uuid4().hex[:10]}"
        received = ComplaintReceived.model_validate(
            {
                "source_key": f"sweep/{number}",
                "channel": "phone",
                "received_at": received_at,
                "customer": {"name": "Rosa Quispe", "document": "45678912", "phone": "987654321"},
                "problem": {"description": "El curso no tuvo las horas prometidas. " * 8, "occurred_on": "2026-07-01"},
                "product": "Curso de Revit",
            }
        )
        rules = rules_in_force(self.policy, DAY)
        await self._keeps(Case.opened(received, number=number, rules=rules, now=received_at))
        return number

    async def sweeps(self, numbers: list[str], now: datetime) -> None:
        """A pass: each case as its journal tells it, what has passed, its rows, its letters."""
        for number in numbers:
            case = told_again(number, await self.store.journal(number))
            case.settle(now)
            while case.recorded < len(case.rows) or lanes(case):
                await self._keeps(case)
                for recipient in lanes(case):
                    await self._sends(case, recipient)

    async def _keeps(self, case: Case) -> None:
        if rows := tuple(case.rows[case.recorded :]):
            await self.store.write(RecordBatch(record=record_of(case), rows=rows, calls=tuple(case.calls)))
            case.recorded = rows[-1].seq

    async def _sends(self, case: Case, recipient: str) -> None:
        if (notice := next_letter(case, recipient)) is None:
            return
        order = letter_order(case, notice, staff_language=case.policy.language)
        timezone = case.policy.calendar.timezone
        letter = render(order, contacts=self.contacts, public_url=None, timezone=timezone, own=self.own)
        await self.store.claim(
            order, message_id=letter.message_id, to_address=letter.envelope_to[0], subject=letter.subject,
            text=letter.text, html=letter.html, lease=LEASE,
        )  # fmt: skip
        raw = letter.as_bytes()
        await self.mailer.send(raw, sender=letter.envelope_from, to=letter.envelope_to, envelope_id=letter.envelope_id)
        await self.store.settle(order.number, order.key, LetterState.SENT)
        letter_ended(case, notice.key, LetterOutcome(state=LetterState.SENT, message_id=letter.message_id))


async def swept(due: int) -> Swept:
    """One pass over so many complaints whose assessment has just become late (§5.1)."""
    policy = load_policy(None)
    calendar = rules_in_force(policy, DAY).calendar
    received_at = calendar.opens(DAY) + timedelta(hours=1)
    strikes = calendar.deadline(received_at, policy.windows.assessment)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        async with roomy_postgres(Path(folder) / "pg") as postgres, mail_counter() as mail:
            dsn = await postgres.create_database("sweep")
            await migrate(dsn)
            settings = Settings.from_env({"DATABASE_URL": dsn}).model_copy(update={"smtp": mail.smtp})
            store = await Store.connect(dsn)
            sweeper = Sweeper(store, mailer_of(settings), policy, settings)
            numbers = [await sweeper.opens(received_at) for _ in range(due)]
            before = strikes - timedelta(seconds=1)
            await sweeper.sweeps(numbers, before)  # what came earlier is told
            began, cpu = time.perf_counter(), time.process_time() + cpu_of(postgres.pid)
            await sweeper.sweeps(numbers, strikes)
            result = Swept(due, time.perf_counter() - began, time.process_time() + cpu_of(postgres.pid) - cpu)
            await sweeper.mailer.close()
            await store.close()
    return result


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.sweep")
    parser.add_argument("--due", type=int, default=200)
    print("\n".join(asyncio.run(swept(parser.parse_args().due)).lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
