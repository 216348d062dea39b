"""Invented complaints as the workflow would write them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from complaints.rules.facts import Via
from complaints.rules.journal import CallTask, CaseRecord, RecordBatch, Row
from complaints.rules.letters import Contents, LetterKind, LetterOrder
from complaints.rules.number import complaint_number
from complaints.rules.received import ComplaintReceived, Customer, Problem

MONDAY = datetime(2026, 7, 20, 14, 0, tzinfo=UTC)
"""Monday 20 July 2026, 09:00 in Lima."""


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def a_record(source_key: str = "mail:1", *, seq: int = 1, **changes: Any) -> CaseRecord:
    """A complaint by Rosa Núñez about a course in July, freshly received unless changed."""
    values: dict[str, Any] = {
        "number": complaint_number(source_key),
        "source_key": source_key,
        "channel": "email",
        "language": "es",
        "received_at": MONDAY,
        "customer_name": "Rosa Núñez Ibáñez",
        "document": "45678912",
        "email": "Rosa.Nunez@Example.org",
        "phone": "+51 967 000 123",
        "description": "El aula virtual no abre desde el lunes.",
        "product": "Curso de Revit",
        "occurred_on": "2026-07-18",
        "stage": "assessment",
        "level": 0,
        "round": 1,
        "late": False,
        "due": MONDAY + days(2),
        "due_name": "assessment",
        "owner": "care_team",
        "policy_version": "2026-1",
        "seq": seq,
    }
    return CaseRecord.model_validate(values | changes)


def a_row(seq: int, what: str = "received", *, at: datetime = MONDAY, **data: Any) -> Row:
    return Row(seq=seq, at=at, what=what, by="ana", via=Via.CLI, data=data)


def a_batch(record: CaseRecord, *rows: Row, calls: tuple[CallTask, ...] = ()) -> RecordBatch:
    """The record with its rows; without any, one that fits its seq."""
    return RecordBatch(record=record, rows=rows or (a_row(record.seq),), calls=calls)


def a_call(task: int = 1, **changes: Any) -> CallTask:
    values: dict[str, Any] = {
        "task": task,
        "opened_at": MONDAY,
        "due": MONDAY + hours(4),
        "purposes": ("1/update/1/customer",),
        "kinds": ("update",),
    }
    return CallTask.model_validate(values | changes)


def an_order(number: str, key: str = "1/acknowledgement/customer", *, at: datetime = MONDAY) -> LetterOrder:
    return LetterOrder(
        number=number, key=key, kind=LetterKind.ACKNOWLEDGEMENT, recipient="customer", at=at, contents=Contents()
    )


def a_complaint(source_key: str | None = "call:7", **changes: Any) -> ComplaintReceived:
    values: dict[str, Any] = {
        "source_key": source_key,
        "channel": "phone",
        "received_at": MONDAY,
        "customer": Customer(name="Julio Quispe", phone="01 456-7890"),
        "problem": Problem(description="No me entregaron el certificado."),
    }
    return ComplaintReceived.model_validate(values | changes)
