"""Files that leave the desk: who took a dossier is remembered on the case."""

import asyncio
import importlib
import threading
from collections.abc import Callable
from typing import Any

import pytest

from complaints.records.messages import MailToKeep
from complaints.records.staff import Role
from tests.desk_house import house_of
from tests.story import Story, lima
from tests.waiting import PATIENCE

HEAVY = {
    "starter.exporting.read": "dossier.html",
    "starter.exporting.dossier": "dossier.html",
    "desk.staff.exports.html_of": "dossier.html",
    "desk.staff.exports.document_pdf": "dossier.pdf",
    "desk.staff.exports.complaints_csv": "complaints.csv",
}
"""What takes long, and the file for which it is done."""


async def test_a_dossier_is_taken_and_the_case_remembers_by_whom(story: Story) -> None:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    async with house.signed_in("ana") as visitor:
        pdf = await visitor.reads(f"/cases/{story.number}/dossier.pdf")
        html = await visitor.reads(f"/cases/{story.number}/dossier.html")
        assert (await visitor.reads(f"/cases/{story.number}/dossier.doc")).status_code == 404
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-disposition"] == f"attachment; filename*=UTF-8''{story.number}.pdf"
    assert pdf.headers["cache-control"] == "no-store"
    assert "El curso de BIM no tuvo las horas prometidas." in html.text
    taken = [word for word in await story.store.afterwords(story.number) if word.what == "exported"]
    assert [word.by for word in taken] == ["Ana Torres", "Ana Torres"]


async def test_the_table_of_all_complaints_is_for_those_who_lead(story: Story) -> None:
    house = house_of(story)
    await house.employs("ana")
    await house.employs("rut", Role.QUALITY)
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    async with house.signed_in("rut") as visitor:
        table = await visitor.reads("/exports/complaints.csv?from=2026-07-22&to=2026-07-22")
        before = await visitor.reads("/exports/complaints.csv?to=2026-07-21")
        wrong = await visitor.reads("/exports/complaints.csv?from=ayer")
    assert story.number in table.text
    assert before.text.count("\n") == 1  # the head alone
    assert wrong.status_code == 400
    async with house.signed_in("ana") as visitor:
        assert (await visitor.reads("/exports/complaints.csv")).status_code == 403


async def test_while_a_large_file_is_made_the_desk_answers_everybody_else(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S7: it stands still within each heavy step, and goes on only once another page was answered."""
    house = house_of(story)
    await house.employs("mario", Role.MANAGER)
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    kept = await story.store.keep_mail(
        MailToKeep(
            raw=b"From: rosa@correo.example\r\nSubject: Aula\r\n\r\nFaltan horas.", mailbox="x",
            received_at=lima("2026-07-22 10:00"), message_id="<1@correo.example>", source_key="mail:1",
            sender="rosa@correo.example", kind="complaint", score=1, evidence=(),
        )
    )  # fmt: skip
    await story.store.mail_taken(kept.digest, "reply", story.number)
    stands, goes_on = threading.Event(), threading.Event()

    def held(does: Callable[..., Any]) -> Callable[..., Any]:
        def waits(*given: Any, **named: Any) -> Any:
            stands.set()
            assert goes_on.wait(PATIENCE), "nobody else was answered meanwhile"
            return does(*given, **named)

        return waits

    async with house.signed_in("mario") as mario, house.signed_in("mario") as other:
        for place, name in HEAVY.items():
            module, _, function = place.rpartition(".")
            with monkeypatch.context() as patched:
                patched.setattr(place, held(getattr(importlib.import_module(module), function)))
                path = f"exports/{name}" if name.endswith("csv") else f"cases/{story.number}/{name}"
                made = asyncio.create_task(mario.reads(f"/{path}"))
                assert await asyncio.to_thread(stands.wait, PATIENCE), place
                assert (await other.reads("/find")).status_code == 200
                goes_on.set()
                assert (await made).status_code == 200, place
            stands.clear()
            goes_on.clear()
