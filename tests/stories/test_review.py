"""§10: the month's figures reach whoever reviews them, once; on the first business day, or when asked for."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from temporalio.client import (
    Client,
    ScheduleActionExecutionStartWorkflow,
    ScheduleActionResult,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.testing import TimeSkipper, TimeSkippingConfig

import worker
from complaints.contacts import load_contacts
from complaints.mail.review import render_review
from complaints.policy_file import changed, load_policy
from complaints.records.store import Store
from complaints.rules.calendar import Calendar
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.report.review import (
    REVIEWER,
    Month,
    ReviewAsked,
    ReviewOutcome,
    Satisfaction,
    review_due,
    review_order,
)
from complaints.settings import Settings
from starter.replaying import patient_replayer
from tests.chance import new_name
from tests.golden_letters.examples import CONTACTS
from tests.golden_letters.to_staff import FIGURES
from tests.records_examples import a_batch, a_record, a_row, days
from tests.rings import session_keys
from tests.sink import Sink
from tests.story import LIMA, lima
from tests.waiting import PATIENCE, comes
from workflows import names
from workflows.connection import data_converter
from workflows.review import QualityReview
from workflows.schedules import ensure_schedules

MANAGER = "administracion@escuelaconstrucciondigital.com"
DIRECTOR = "estrategia@escuelaconstrucciondigital.com"
CARE_TEAM = "atencion@escuelaconstrucciondigital.com"
JULY = FIGURES.model_copy(update={"dismissed": ()})


# -- when ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-09-01", "2026-09-01 08:00"),  # a Tuesday
        ("2026-08-15", "2026-08-03 08:00"),  # 1 and 2 August are a weekend; asked for late, it was due all the same
        ("2026-05-01", "2026-05-04 08:00"),  # Labour Day, then the weekend
        ("2027-01-01", "2027-01-04 08:00"),  # New Year, a Friday
    ],
)
def test_it_is_due_at_eight_on_the_first_business_day(day: str, due: str) -> None:
    today = date.fromisoformat(day)
    assert review_due(today, rules_in_force(load_policy(), today.replace(day=1)).calendar) == lima(due)


@pytest.mark.parametrize(
    ("day", "month", "after"),
    [
        ("2026-08-03", "2026-07", "2026-08-01"),
        ("2027-01-04", "2026-12", "2027-01-01"),
        ("2026-03-31", "2026-02", "2026-03-01"),
    ],
)
def test_it_looks_at_the_month_before(day: str, month: str, after: str) -> None:
    found = Month.before(date.fromisoformat(day), timezone="America/Lima")
    assert (found.name, found.after.isoformat()) == (month, after)


# -- what it says ----------------------------------------------------------------------------------------------------


def test_the_letter_tells_every_figure_in_spanish() -> None:
    order = review_order(JULY, recipient=REVIEWER, language="es", at=lima("2026-08-03 08:00"))
    letter = render_review(order, contacts=CONTACTS, timezone="America/Lima")
    assert letter.subject == "Revisión de quejas: julio de 2026"
    lines = {line.strip() for line in letter.text.splitlines()}
    assert lines >= {
        "Recibidas: 12",
        "Cerradas: 7",
        "Abiertas al terminar el mes: 5",
        "Teléfono: 4",
        "Sin asignar: 3",
        "Evaluación inicial: 2",
        "Confirmación de recepción: menos de 1 hora",
        "Evaluación inicial: 27,2 horas",
        "Resolución: 4,1 días",
        "Promedio: 4,2 / 5 (4)",
        "- Q-7KF3-02M9D",
        "- Q-1AB2-C3D4E",
    }
    assert "pasó el plazo para resolverla: 3 (sin ningún plazo vencido: 1)" in " ".join(letter.text.split())
    assert letter.as_bytes()


def test_the_letter_in_english_and_of_an_empty_month() -> None:
    empty = JULY.model_copy(
        update={
            **{name: {} for name in ("by_channel", "by_department", "closed", "late")},
            **dict.fromkeys(("unconfirmed", "escalations", "by_decision", "dismissed"), ()),
            **dict.fromkeys(("median_hours_to_acknowledge", "median_hours_to_assess", "median_hours_to_resolve")),
            "received": 0,
            "open_at_end": 0,
            "satisfaction": Satisfaction(answers=0, average=None, scores={}),
        }
    )
    order = review_order(empty, recipient=REVIEWER, language="en", at=lima("2026-08-03 08:00"))
    letter = render_review(order, contacts=CONTACTS, timezone="America/Lima")
    assert letter.subject == "Complaints reviewed: July 2026"
    assert "Received: 0" in letter.text
    assert "Nobody answered the survey this month." in letter.text
    assert "one by one" not in letter.text.lower()


# -- on the real server ----------------------------------------------------------------------------------------------


class Review:
    """The review of one test: a worker of its own, on the session's server."""

    def __init__(self, client: Client, sink: Sink, store: Store, queue: str) -> None:
        self.client, self.sink, self.store, self.queue = client, sink, store, queue

    async def starts(self, *asked: Any) -> WorkflowHandle[Any, ReviewOutcome]:
        return await self.client.start_workflow(
            names.QUALITY_REVIEW,
            args=asked,
            id=f"review-{new_name()}",
            task_queue=self.queue,
            result_type=ReviewOutcome,
        )

    async def is_asked_for(self, month: str) -> ReviewOutcome:
        handle = await self.starts(ReviewAsked(month=month))
        return await asyncio.wait_for(handle.result(), PATIENCE)

    async def happened(self, source_key: str, received_at: datetime, *what: str) -> None:
        """A complaint as the workflow would have written it, received then, with these rows an hour later."""
        rows = [a_row(seq, name, at=received_at + timedelta(hours=1)) for seq, name in enumerate(what, start=2)]
        record = a_record(source_key, seq=1 + len(rows), received_at=received_at, due=received_at + days(2))
        await self.store.write(a_batch(record, a_row(1, at=received_at), *rows))

    @property
    def mails(self) -> list[tuple[str, str]]:
        return [(str(letter["To"]), str(letter["Subject"])) for letter in self.sink.letters]

    def text(self) -> str:
        body = self.sink.letters[-1].get_body(("plain",))
        assert body is not None
        return str(body.get_content())


@asynccontextmanager
async def reviewing(
    client: Client, sink: Sink, dsn: str, *, policy: Policy | None = None, contacts: Path | None = None
) -> AsyncIterator[Review]:
    settings = Settings.from_env({"DATABASE_URL": dsn}).model_copy(
        update={"smtp": sink.smtp, "task_queue": f"review-{new_name()}", "contacts_file": contacts}
    )
    store = await Store.connect(dsn, max_size=4)
    try:
        async with worker.working(client, settings, store=store, policy=policy):
            yield Review(client, sink, store, settings.task_queue)
    finally:
        await store.close()


@pytest.fixture
async def review(temporal: Client, mail: Sink, fresh_database: str) -> AsyncIterator[Review]:
    async with reviewing(temporal, mail, fresh_database) as reviewed:
        yield reviewed


async def test_10_the_manager_gets_the_figures_once(review: Review) -> None:
    await review.happened("july", lima("2026-07-20 09:00"), "acknowledged", "late/assessment")
    await review.happened("august", lima("2026-08-02 09:00"), "late/assessment")
    first = await review.is_asked_for("2026-07")
    assert (first.state, first.recipient, first.received, first.open_at_end) == ("sent", REVIEWER, 1, 1)
    again = await review.is_asked_for("2026-07")
    assert again.state == "sent"
    assert first.managers == {"administration_manager": "superseded", "general_director": "sent"}, "he is the reviewer"
    people = load_contacts().people  # the procedure's own, which the worker of this test has
    assert review.mails == [
        (f"{people['administration_manager'].name} <{MANAGER}>", "Revisión de quejas: julio de 2026"),
        (f"{people['general_director'].name} <{DIRECTOR}>", "Revisión de quejas: julio de 2026"),
    ]
    assert "Recibidas: 1" in review.text()
    assert {(row.number, row.key, row.kind) for row in await review.store.letters()} == {
        ("review-2026-07", "review/reviewer", "quality-review"),
        ("review-2026-07", "review/general_director", "quality-review"),
    }


async def test_10_the_report_goes_along_as_pdf_and_what_would_have_prevented_escalations_stands_first(
    review: Review,
) -> None:
    await review.happened("july", lima("2026-07-20 09:00"), "acknowledged", "late/assessment")
    await review.is_asked_for("2026-07")
    text = review.text().casefold()
    assert text.index("qué habría evitado los escalamientos") < text.index("el mes en cifras")
    [file] = review.sink.letters[-1].iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("informe-2026-07.pdf", "application/pdf")
    pdf = PdfReader(BytesIO(file.get_payload(decode=True)))  # type: ignore[arg-type]
    assert "julio de 2026" in pdf.pages[0].extract_text()


async def test_10_a_director_without_a_mailbox_does_not_hold_up_the_review(review: Review) -> None:
    review.sink.refuses[DIRECTOR] = "550 No such mailbox"
    outcome = await review.is_asked_for("2026-07")
    assert outcome.state == "sent"
    assert outcome.managers["general_director"] == "failed"


async def test_10_the_schedule_starts_it_and_is_safe_to_ensure_twice(review: Review) -> None:
    await review.happened("last month", _last_month(), "acknowledged")
    await ensure_schedules(review.client, task_queue=review.queue)
    schedule = review.client.get_schedule_handle(names.QUALITY_REVIEW_SCHEDULE)
    try:
        await schedule.pause(note="the manager is away")
        await ensure_schedules(review.client, task_queue=review.queue)
        found = (await schedule.describe()).schedule
        assert found.state.paused, "what people paused stays paused"
        assert (found.spec.time_zone_name, found.policy.catchup_window) == ("America/Lima", timedelta(days=20))
        for started in (1, 2):
            await schedule.trigger()
            outcome = await _outcome_of_start(review.client, started)
            assert (outcome.state, outcome.received) == ("sent", 1)
        assert len(review.mails) == 2, "the manager and the director, once each"
    finally:
        for name in names.SCHEDULES:
            await review.client.get_schedule_handle(name).delete()


async def test_10_it_waits_for_the_first_business_day(temporal: Client, mail: Sink, fresh_database: str) -> None:
    today = datetime.now(LIMA).date()
    closed = [today.replace(day=1) + timedelta(days=n) for n in range(today.day + 3)]
    policy = changed(load_policy(), {"calendar.extra_closed_days": closed})
    async with reviewing(temporal, mail, fresh_database, policy=policy) as review:
        handle = await review.starts()
        skipper = TimeSkipper(temporal, config=TimeSkippingConfig(enabled=False, max_session_skip_count=10_000))
        await asyncio.wait_for(skipper.fast_forward(handle, timedelta(days=2)), PATIENCE)
        assert review.mails == []
        await asyncio.wait_for(skipper.fast_forward(handle, timedelta(days=14)), PATIENCE)
        outcome = await asyncio.wait_for(handle.result(), PATIENCE)
        assert outcome.month == Month.before(today, timezone="America/Lima").name
        assert len(review.mails) == 2
        replayer = patient_replayer(data_converter(session_keys()), QualityReview)
        await replayer.replay_workflow(await handle.fetch_history())


async def test_10_a_mailbox_that_refuses_sends_it_to_the_care_team(review: Review) -> None:
    review.sink.refuses[MANAGER] = "550 No such mailbox"
    outcome = await review.is_asked_for("2026-07")
    assert (outcome.state, outcome.recipient) == ("sent", "care_team")
    assert [to for to, _ in review.mails if CARE_TEAM in to]


async def test_10_refused_by_all_it_fails_and_says_what_to_do(review: Review) -> None:
    review.sink.refuses |= {MANAGER: "550 No such mailbox", CARE_TEAM: "550 No such mailbox"}
    with pytest.raises(WorkflowFailureError) as failure:
        await review.is_asked_for("2026-07")
    assert "mend contacts.toml" in str(failure.value.cause)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"month": "2199-01"}, "month"),  # no such century
        ({"month": "2099-12"}, "is not over"),
        ({"month": 7}, "month"),
        ([1, 2], "give nothing, or a month"),
        ("July", "give nothing, or a month"),
    ],
)
async def test_10_junk_fails_the_review_and_names_the_field(review: Review, asked: Any, said: str) -> None:
    handle = await review.starts(asked)
    with pytest.raises(WorkflowFailureError) as failure:
        await asyncio.wait_for(handle.result(), PATIENCE)
    assert said in str(failure.value.cause)
    assert review.mails == []


def _last_month() -> datetime:
    """Noon in Lima on the tenth of the month before this one."""
    month = Month.before(datetime.now(LIMA).date(), timezone="America/Lima")
    return datetime.combine(month.first.replace(day=10), time(12), tzinfo=LIMA).astimezone(UTC)


async def _outcome_of_start(client: Client, count: int) -> ReviewOutcome:
    """What came of the schedule's start with that number, moved to the first business day if that lies ahead."""
    schedule = client.get_schedule_handle(names.QUALITY_REVIEW_SCHEDULE)

    async def begun() -> Sequence[ScheduleActionResult]:
        actions = (await schedule.describe()).info.recent_actions
        return actions if len(actions) >= count else ()

    started = (await comes(begun, "start by the schedule"))[-1].action
    assert isinstance(started, ScheduleActionExecutionStartWorkflow)
    handle = client.get_workflow_handle(started.workflow_id, result_type=ReviewOutcome)
    now = datetime.now(UTC)
    if (due := review_due(now.astimezone(LIMA).date(), _calendar(now))) > now:
        skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=10_000))
        await asyncio.wait_for(skipper.fast_forward(handle, due - now + timedelta(minutes=1)), PATIENCE)
    return await asyncio.wait_for(handle.result(), PATIENCE)


def _calendar(now: datetime) -> Calendar:
    return rules_in_force(load_policy(), now.astimezone(LIMA).date().replace(day=1)).calendar
