"""Lives told by the real case and written as the workflow writes them: a month that one can count by hand."""

from complaints.records.store import Store
from complaints.rules.journal import RecordBatch
from complaints.rules.number import complaint_number
from complaints.rules.status import record_of
from tests.casebook import ROSA, Tale

RESOLUTION = {"text": "Se dictarán las horas que faltan.", "by": "Jorge Ramos", "outcome": "upheld"}


async def kept(store: Store, name: str, tale: Tale) -> str:
    """Writes that life; its number."""
    record = record_of(tale.case).model_copy(update={"number": complaint_number(name), "source_key": name})
    await store.write(RecordBatch(record=record, rows=tuple(tale.case.rows), calls=tuple(tale.case.calls)))
    return record.number


def smooth() -> Tale:
    """Wed 1 July, every step in time, promised and kept, confirmed, a good score in the survey."""
    tale = Tale.begins("2026-07-01 09:00", product="Curso de BIM")
    tale.says("assessed", on="2026-07-02 09:00", by="Ana Flores", category="docencia", severity="media")
    tale.says("assigned", on="2026-07-02 15:00", department="academic", by="Ana Flores")
    tale.says("date-promised", on="2026-07-03 09:00", date="2026-07-07")
    tale.says("resolved", on="2026-07-06 09:00", cause="Horas no dictadas", corrective_actions=["Revisar el horario"],
              **RESOLUTION)  # fmt: skip
    tale.says("customer-satisfied", on="2026-07-07 09:00", by="customer", via="reply")
    tale.says("survey-answered", score=5, by="customer")
    return tale


def forgotten() -> Tale:
    """Wed 1 July, nobody does anything: late everywhere, with the director on 15 July, past the law on 22 July."""
    return Tale.begins("2026-07-01 09:00", product="Curso de Revit").until("2026-09-15 12:00")


def late_assessment() -> Tale:
    """Wed 1 July, assessed on the third business day, resolved after the manager has it; said by who resolved it."""
    tale = Tale.begins("2026-07-01 09:00", channel="phone", customer={**ROSA, "email": None}, by="Ana Flores")
    tale.says("assessed", on="2026-07-06 10:00", by="Ana Flores", category="pagos")
    tale.says("assigned", on="2026-07-06 11:00", department="billing", representative="Jorge Ramos")
    tale.says("resolved", on="2026-07-10 10:00", told_in_call=True, cause="horas no dictadas.", **RESOLUTION)
    tale.says("customer-satisfied", on="2026-07-10 10:30", by="Jorge Ramos", via="call")
    return tale


def disputed() -> Tale:
    """Thu 2 July, rejected, disputed, and closed by decision; a low score with words."""
    tale = Tale.begins("2026-07-02 09:00", product="Curso de BIM")
    tale.says("assigned", on="2026-07-03 09:00", department="academic", representative="Jorge Ramos")
    tale.says("resolved", on="2026-07-03 12:00", text="No corresponde.", outcome="not", by="Jorge Ramos")
    tale.says("customer-dissatisfied", on="2026-07-04 09:00", reason="No leyeron.", by="customer", via="link")
    tale.says("closed-by-decision", on="2026-07-06 09:00", reason="Se devolvió el pago.", by="Dirección")
    tale.says("survey-answered", score=1, comment="Nadie leyó\nmi correo.", by="customer")
    return tale


def on_schedule() -> Tale:
    """Wed 1 July, each step just in time, and so five business days are over before the windows are."""
    tale = Tale.begins("2026-07-01 09:00", product="Curso de BIM")
    tale.says("assessed", on="2026-07-03 17:00", by="Ana Flores", category="docencia")
    tale.says("assigned", on="2026-07-06 17:00", department="academic")
    tale.says("resolved", on="2026-07-10 09:00", **RESOLUTION)
    return tale.until("2026-07-11 09:00")


def waiting_for_details() -> Tale:
    """Wed 1 July, details asked for at once and never sent; withdrawn in the end."""
    tale = Tale.begins("2026-07-01 09:00", problem={"description": "No puedo entrar."})
    tale.says("details-requested", on="2026-07-01 12:00", by="Ana Flores")
    tale.says("withdrawn", on="2026-07-20 09:00", by="customer")
    return tale


def reopened() -> Tale:
    """Mon 6 July, satisfied at first, and not so two weeks later."""
    tale = Tale.begins("2026-07-06 09:00")
    tale.says("resolved", on="2026-07-07 09:00", corrective_actions=["Devolver el pago"], **RESOLUTION)
    tale.says("customer-satisfied", on="2026-07-08 09:00", by="customer", via="link")
    tale.says("customer-dissatisfied", on="2026-07-22 09:00", reason="No se devolvió.", by="customer", via="link")
    return tale


def dismissed() -> Tale:
    """Mon 6 July, no complaint."""
    tale = Tale.begins("2026-07-06 09:00")
    tale.says("not-a-complaint", on="2026-07-06 10:00", reason="Era una consulta.")
    return tale


LIVES = {
    tell.__name__: tell
    for tell in (
        smooth, forgotten, late_assessment, disputed, on_schedule, waiting_for_details, reopened, dismissed
    )
}  # fmt: skip


async def july(store: Store) -> dict[str, str]:
    """All of them; their numbers by name."""
    return {name: await kept(store, name, tell()) for name, tell in LIVES.items()}
