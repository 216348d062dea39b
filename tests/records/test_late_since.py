"""Complaints that were late before the records said since when: the migration fills in what the rules say."""

from importlib import import_module

from complaints.records.migrated import MIGRATIONS
from complaints.records.store import Store
from complaints.rules.status import record_of
from tests.records.lived import Lived


def late_lives() -> list[Lived]:
    """One late by each thing that can be, one by several, one that was late and is not, one in its second round."""
    window = Lived.begins("2026-07-22 09:00", number="Q-1AB2-C3D01", source_key="window").until("2026-08-20 09:00")

    over = Lived.begins("2026-07-22 09:00", number="Q-1AB2-C3D02", source_key="over").until("2026-07-28 09:00")
    over.says("assessed", by="ana")

    law = Lived.begins("2026-07-22 09:00", number="Q-1AB2-C3D03", source_key="law").until("2026-08-19 09:00")
    law.says("resolved", text="Se repone.", by="ana")

    unheard = Lived.begins("2026-07-22 09:00", number="Q-1AB2-C3D04", source_key="unheard", mail=None).until(
        "2026-07-23 10:00"
    )

    promise = Lived.begins("2026-07-22 09:00", number="Q-1AB2-C3D05", source_key="promise")
    promise.says("assigned", department="academic", by="ana")
    promise.says("date-promised", date="2026-07-24", by="ana")
    promise.until("2026-07-25 09:00")

    message = Lived.begins("2026-07-22 09:00", number="Q-1AB2-C3D06", source_key="message")
    message.says("assigned", department="academic", by="ana")
    message.says("message-received", on="2026-07-22 12:00", text="¿Cómo va?", by="customer", via="reply")
    message.until("2026-07-25 09:00")

    again = Lived.begins("2026-07-22 09:00", number="Q-1AB2-C3D07", source_key="again").until("2026-08-05 09:00")
    again.says("resolved", text="Se repone.", by="ana")
    again.says("customer-dissatisfied", reason="No basta.", by="customer", via="link")
    again.until("2026-08-14 09:00")
    return [window, over, law, unheard, promise, message, again]


async def test_what_was_late_before_says_since_when(store: Store) -> None:
    [name] = [one.stem for one in (MIGRATIONS / "versions").glob("*_late_since.py")]
    filled = import_module(f"complaints.records.migrations.versions.{name}").FILLED
    wanted = {}
    for life in late_lives():
        await life.is_kept(store)
        wanted[life.case.received.source_key] = record_of(life.case).late_since
    assert [key for key, since in wanted.items() if since is None] == ["over"]
    async with store.connection() as connection:
        await connection.execute("UPDATE complaints SET late_since = NULL")
        await connection.execute(filled)
        found = await connection.fetch("SELECT source_key, late_since FROM complaints")
    assert {row["source_key"]: row["late_since"] for row in found} == wanted
