"""How long a month's report takes with 100,000 complaints in the records: the figures, and with them the page and PDF.

The lives are played by the real case, some hundreds of them, and then copied to other weeks of two years.

uv run python -m benchmarks.report [CASES]
"""

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from complaints.contacts_file import ContactsFile
from complaints.policy_file import load_policy
from complaints.records.migrate import migrate
from complaints.records.store import Store
from complaints.reports.report import report_body, report_pdf
from complaints.rules.case import Case, parsed
from complaints.rules.journal import RecordBatch
from complaints.rules.letters import LetterOutcome, LetterState
from complaints.rules.notices import lanes, letter_ended, next_letter
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.received import ComplaintReceived
from complaints.rules.report.report import Only, Period, Report
from complaints.rules.status import record_of
from local.stack.postgres import Postgres

CASES = 100_000
PLAYED = 500
"""Lives that the case plays; the others are these in other weeks."""
WEEKS = 104
TARGET = 2.0
"""Seconds for a month's report, at the server."""
ROUNDS = 5
LAST_WEEK = datetime(2026, 7, 27, tzinfo=UTC)
ENDS = datetime(2026, 8, 3, tzinfo=UTC)
"""When the played ones are looked at: what happens later has not happened."""

DEPARTMENTS = ("academic", "systems", "billing")
CATEGORIES = ("docencia", "pagos", "aula virtual", "certificados", "trato")
PRODUCTS = tuple(f"Curso de {name}" for name in ("BIM", "Revit", "Metrados", "S10", "AutoCAD", "Topografía"))
CAUSES = ("Horas no dictadas", "Cobro doble", "Acceso vencido", "Información equivocada", "Demora del área")


class Player:
    """Plays one complaint: its letters go out at once, its people act when they come to it."""

    def __init__(self, index: int, chance: random.Random, policy: Policy) -> None:
        self.chance = chance
        self.at = LAST_WEEK + timedelta(hours=chance.uniform(0, 24 * 7))
        received = ComplaintReceived.model_validate(
            {
                "source_key": f"bench/{index}",
                "channel": chance.choice(["email", "email", "phone", "web"]),
                "received_at": self.at,
                "customer": {"name": "Rosa Quispe", "document": f"{40_000_000 + index}", "email": "c@correo.example"},
                "problem": {"description": "El curso no tuvo las horas prometidas. " * 5},
                "product": chance.choice(PRODUCTS),
            }
        )
        rules = rules_in_force(policy, self.at.date())
        self.case = Case.opened(received, number=f"B-{index}", rules=rules, now=self.at)
        self.post()

    def passes(self, hours: float) -> None:
        """Time goes on, on average so many hours; what falls due, falls due."""
        until = self.at + timedelta(hours=self.chance.expovariate(1 / hours))
        while (clock := self.case.next_clock) is not None and clock.due <= until:
            self.at = max(self.at, clock.due)
            self.case.settle(self.at)
            self.post()
        self.at = until

    def does(self, name: str, *, after: float, **fields: object) -> None:
        """A fact, on average so many hours later."""
        self.passes(after)
        self.case.apply(parsed(name, (fields,) if fields else ()), now=self.at)
        self.post()

    def post(self) -> None:
        while waiting := lanes(self.case):
            for recipient in waiting:
                if notice := next_letter(self.case, recipient):
                    notice.state = LetterState.CLAIMED.value
                    letter_ended(
                        self.case, notice.key, LetterOutcome(state=LetterState.SENT, message_id="<1@x.example>")
                    )

    def lives(self) -> Case:
        """From receipt to one of its ends, or not so far."""
        chance = self.chance
        if chance.random() < 0.02:
            self.does("not-a-complaint", after=10, reason="Era una consulta.")
            return self.case
        self.does("assessed", after=18, category=chance.choice(CATEGORIES), severity=chance.choice(["alta", "media"]))
        if chance.random() < 0.15:
            self.does("details-requested", after=2, question="¿Cuándo fue?")
            self.does("details-received", after=50, text="El lunes.")
        self.does("assigned", after=12, department=chance.choice(DEPARTMENTS), representative="Jorge Ramos")
        if chance.random() < 0.3:
            self.does("noted", after=10, text="Se preguntó al área.")
        while self.case.outcome is None and chance.random() < 0.97:
            self.resolves()
        return self.case

    def resolves(self) -> None:
        chance = self.chance
        actions = ["Revisar el horario", "Llamar al cliente"][: chance.randrange(3)]
        self.does(
            "resolved", after=60, text="Se dictarán las horas.", by="Jorge Ramos",
            outcome=chance.choice(["upheld", "upheld", "partly", "not"]), cause=chance.choice(CAUSES),
            corrective_actions=actions,
        )  # fmt: skip
        said = chance.random()
        if said < 0.15:
            self.does("customer-dissatisfied", after=30, reason="No es suficiente.", by="customer", via="link")
        elif said < 0.25:
            self.passes(24 * 20)
            self.does("closed-by-decision", after=10, reason="Se devolvió el pago.", by="Gerencia")
        else:
            self.does("customer-satisfied", after=40, by="customer", via="link")
            if chance.random() < 0.4:
                self.does("survey-answered", after=5, score=chance.choice([1, 2, 4, 5, 5]), comment="Gracias a todos.")


_COPY_STATE = """
INSERT INTO complaints SELECT (jsonb_populate_record(c, jsonb_build_object(
    'number', c.number || '-' || week || '-' || copy, 'source_key', c.source_key || '/' || week || '/' || copy,
    'received_at', c.received_at - span, 'resolved_at', c.resolved_at - span, 'closed_at', c.closed_at - span,
    'due', c.due - span))).*
FROM complaints c, (SELECT $1::integer AS week) w, generate_series(1, $2::integer) copy, LATERAL (
    SELECT week * interval '7 days' + copy * interval '7 minutes' AS span) s
WHERE c.number NOT LIKE '%-%-%'
"""
_COPY_ROWS = """
INSERT INTO journal (number, seq, at, what, by, via, data)
SELECT number || '-' || week || '-' || copy, seq, at - week * interval '7 days' - copy * interval '7 minutes',
    what, by, via, data
FROM journal, (SELECT $1::integer AS week) w, generate_series(1, $2::integer) copy
WHERE number NOT LIKE '%-%-%'
"""


async def seeded(store: Store, cases: int) -> int:
    """Fills the records; how many complaints there are then."""
    chance, policy = random.Random(7), load_policy(None)
    played = min(PLAYED, max(1, cases // WEEKS))
    copies = max(1, round(cases / played / WEEKS))
    for index in range(played):
        case = Player(index, chance, policy).lives()
        await store.write(RecordBatch(record=record_of(case), rows=tuple(case.rows), calls=tuple(case.calls)))
    for week in range(1, WEEKS + 1):  # each complaint's chain is a lock for as long as the transaction
        async with store.connection() as connection, connection.transaction():
            await connection.execute("SET LOCAL statement_timeout = 0")
            for statement in (_COPY_STATE, _COPY_ROWS):
                await connection.execute(statement, week, copies, timeout=1800)
    async with store.connection() as connection:
        await connection.execute("VACUUM ANALYZE", timeout=600)
        found: int = await connection.fetchval("SELECT count(*) FROM complaints")
    return found


async def timed(name: str, does: Callable[[], Awaitable[object]]) -> float:
    """Seconds, the median of some rounds; printed."""
    took = []
    own = time.process_time()
    for _ in range(ROUNDS):
        before = time.perf_counter()
        await does()
        took.append(time.perf_counter() - before)
    own = (time.process_time() - own) / ROUNDS
    median = statistics.median(took)
    print(f"  {name:<40} {median:6.2f} s  ({min(took):.2f} to {max(took):.2f}; own processor time {own:.2f})")
    return median


async def measured(cases: int) -> int:
    """Prints the figures; 1 if the month's report misses its target."""
    contacts = ContactsFile(None).now()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        async with Postgres.started(Path(name) / "pg", durable=False) as postgres:
            await migrate(postgres.dsn())
            store = await Store.connect(postgres.dsn())
            try:
                before = time.perf_counter()
                found = await seeded(store, cases)
                print(f"{found} complaints, seeded in {time.perf_counter() - before:.0f} s")
                month = Period.month("2026-05")
                report: Report = await store.report(month)
                print(f"  May 2026: {report.totals.received} received, {report.escalated} escalations")
                took = await timed("figures of a month", lambda: store.report(month))
                await timed(
                    "figures of a month, one department", lambda: store.report(month, Only(department="academic"))
                )
                await timed("figures of the first month", lambda: store.report(Period.month("2024-09")))
                await timed("the page's sections", lambda: asyncio.to_thread(
                    report_body, report, contacts=contacts, language="es", links=""))  # fmt: skip
                await timed("the PDF", lambda: asyncio.to_thread(
                    report_pdf, report, contacts=contacts, language="es", made_at=ENDS))  # fmt: skip
            finally:
                await store.close()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"target: {TARGET} s for a month's figures: {'kept' if took < TARGET else 'MISSED'}")
    return int(took >= TARGET)


if __name__ == "__main__":
    sys.exit(asyncio.run(measured(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)))
