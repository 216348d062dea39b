"""A month with three lives on the real server: its review lists them, goes out by mail, is ticked, and carries over."""

import asyncio
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from temporalio.client import WorkflowHandle

from complaints.rules.report.review import ReviewAsked, ReviewOutcome
from complaints.rules.report.review_record import NewAction, NewFinding, ReviewRecord, Signed
from tests.chance import new_name
from tests.story import DIRECTOR, MANAGER, Story, lima
from tests.waiting import PATIENCE
from workflows import names

CARLA = Signed(by="Carla Ríos", via="desk", at=lima("2026-08-03 10:00"))


async def reviewed(story: Story, month: str) -> ReviewOutcome:
    """What came of that month's review, asked for at once."""
    handle: WorkflowHandle[Any, ReviewOutcome] = await story.client.start_workflow(
        names.QUALITY_REVIEW,
        ReviewAsked(month=month),
        id=f"review-{new_name()}",
        task_queue=story.settings.task_queue,
        result_type=ReviewOutcome,
    )
    return await asyncio.wait_for(handle.result(), PATIENCE)


async def record(story: Story, month: str) -> ReviewRecord:
    found = await story.store.review(month)
    assert found is not None
    return found


async def ends(story: Story, how: str, **said: Any) -> str:
    """The number of a complaint that has ended so."""
    await story.asks(how, **said)
    await story.outcome()
    return story.number


async def three_lives(story: Story) -> tuple[str, str, str]:
    """In July: one smooth, one that escalated because nobody looked at it, one that was none."""
    smooth, forgotten, none = story, story.another(), story.another()
    await smooth.complaint_arrives("2026-07-06 09:00")
    await smooth.asks("resolve", text="Se repuso la clase.", outcome="upheld", by="Ana")
    satisfied = await ends(smooth, "confirm_satisfied", words="Gracias", by="Ana")
    await forgotten.complaint_arrives("2026-07-06 10:00")
    await forgotten.until("2026-07-14 09:00")
    decided = await ends(forgotten, "close_by_decision", reason="Se devolvió el dinero.", by="Luis")
    await none.complaint_arrives("2026-07-07 09:00")
    dismissed = await ends(none, "dismiss", reason="Era una consulta.", by="Ana")
    return satisfied, decided, dismissed


async def test_10_a_month_is_reviewed_and_what_nobody_looked_at_goes_on(story: Story) -> None:
    satisfied, decided, dismissed = await three_lives(story)
    outcome = await reviewed(story, "2026-07")
    assert (outcome.state, outcome.cases, outcome.carried) == ("sent", 3, 0)

    listed = {case.number: (case.outcome, case.level, case.late) for case in (await record(story, "2026-07")).cases}
    assert listed == {
        satisfied: ("satisfied", 0, False),
        decided: ("decision", 1, True),
        dismissed: ("not-a-complaint", 0, False),
    }

    await story.store.tick("2026-07", [satisfied, decided], CARLA)
    finding = NewFinding(words="Nadie miró la bandeja tres días seguidos.", number=decided)
    await story.store.note("2026-07", finding, CARLA, event_id="1")
    action = NewAction(kind="process", words="Un dueño de la bandeja por día.", owner="care_team", due=CARLA.at.date())
    await story.store.plan("2026-07", action, CARLA, event_id="2")
    await story.store.sign_off("2026-07", CARLA, carrying=1)

    august = await reviewed(story, "2026-08")
    assert (august.cases, august.carried) == (1, 1)
    [left] = (await record(story, "2026-08")).cases
    assert (left.number, left.carried_from) == (dismissed, "2026-07")
    [followed] = (await record(story, "2026-08")).earlier
    assert followed.words == "Un dueño de la bandeja por día."


async def test_10_the_managers_read_first_what_would_have_prevented_it_with_the_report_attached(story: Story) -> None:
    _, decided, _ = await three_lives(story)
    await reviewed(story, "2026-07")
    for manager in (MANAGER, DIRECTOR):
        [letter] = [one for one in story.sink.to(manager) if one["Subject"] == "Revisión de quejas: julio de 2026"]
        body = letter.get_body(("plain",))
        assert body is not None
        text = " ".join(str(body.get_content()).split())
        assert "1 queja escaló sin que nadie la hubiera evaluado." in text
        assert "Lista 3 quejas cerradas" in text
        [file] = letter.iter_attachments()
        pages = PdfReader(BytesIO(file.get_payload(decode=True))).pages  # type: ignore[arg-type]
        report = " ".join(page.extract_text() for page in pages)
        assert decided in report
        assert "Rosa" not in report, "the report names no customer"
