"""September 2025 in the records: complaints with invented people, for who plays it again under other rules."""

from complaints.records.store import Store
from complaints.rules.journal import RecordBatch
from complaints.rules.number import complaint_number
from complaints.rules.status import record_of
from tests.casebook import Tale

RESOLUTION = {"text": "Se reponen las horas.", "by": "ana", "outcome": "upheld"}


def in_time() -> Tale:
    """Every step in time."""
    tale = Tale.begins("2025-09-01 09:00")
    tale.says("assessed", on="2025-09-01 15:00", by="ana")
    tale.says("assigned", on="2025-09-02 11:00", department="academic", by="ana")
    tale.says("resolved", on="2025-09-04 12:00", **RESOLUTION)
    tale.says("customer-satisfied", on="2025-09-05 20:00", by="customer", via="link")
    return tale


def a_day_too_long() -> Tale:
    """Resolved in six business days: one after the escalation, and in time for the windows of §5."""
    tale = Tale.begins("2025-09-03 10:00")
    tale.says("assigned", on="2025-09-05 11:00", department="academic", by="ana")
    tale.says("resolved", on="2025-09-11 16:00", **RESOLUTION)
    tale.says("customer-satisfied", on="2025-09-12 08:30", by="customer", via="reply")
    return tale


def forgotten() -> Tale:
    """Assessed late, assigned late, decided by the manager."""
    tale = Tale.begins("2025-09-08 12:00")
    tale.says("assessed", on="2025-09-12 09:00", by="ana")
    tale.says("assigned", on="2025-09-16 09:00", department="systems", by="ana")
    tale.says("resolved", on="2025-09-22 12:00", **RESOLUTION)
    tale.says("customer-satisfied", on="2025-09-24 12:00", by="customer", via="reply")
    return tale


SEPTEMBER = (in_time, a_day_too_long, forgotten)


async def is_kept(store: Store, *, times: int = 1) -> list[str]:
    """Writes the month into these records, so many times over; its numbers."""
    numbers = []
    for turn in range(times):
        for life in SEPTEMBER:
            case = life().case
            key = f"september/{turn}/{life.__name__}"
            case.number = complaint_number(key)
            case.received = case.received.model_copy(update={"source_key": key})
            await store.write(RecordBatch(record=record_of(case), rows=tuple(case.rows), calls=tuple(case.calls)))
            numbers.append(case.number)
    return numbers
