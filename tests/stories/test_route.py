"""§5 to §8 on the real server: the route of a complaint, in order and out of order."""

import asyncio
import itertools
import random

import pytest
from temporalio.service import RPCError, RPCStatusCode

from tests.story import CARE_TEAM, CUSTOMER, HEAD, MANAGER, SYSTEMS, Story

THREE = ("assigned", "resolved", "customer-satisfied")

JUNK: list[tuple[str, list[object]]] = [
    ("assigned", ["not a model"]),
    ("resolved", [{"outcome": "perhaps"}]),
    ("customer-satisfied", [{"at": "2026-07-22T10:00:00"}]),
    ("assessed", [None, "one argument too many"]),
    ("nobody-knows-this", [{"x": 1}]),
    ("date-promised", [{"date": "2019-01-01"}]),
    ("survey-answered", [{"score": 9}]),
    ("noted", []),
]


async def says_or_is_late(story: Story, signal: str, *payload: object) -> None:
    """A bare signal; the resolution and the customer's yes may have ended the case before the third comes."""
    try:
        await story.handle.signal(signal, args=payload)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND or await story.is_open():
            raise


@pytest.mark.parametrize("order", list(itertools.permutations(THREE)), ids="-".join)
async def test_three_bare_signals_in_any_order_carry_a_complaint_to_its_end(
    story: Story, order: tuple[str, ...]
) -> None:
    await story.complaint_arrives("2026-07-22 09:00", opened=False)
    for signal in order:
        await says_or_is_late(story, signal)
    assert await story.outcome() == "satisfied"
    assert (await story.kinds())[-1] == "closing"
    record = await story.store.record(story.number)
    assert record is not None
    assert (record.stage, record.outcome) == ("closed", "satisfied")


async def test_the_three_signals_carry_it_to_its_end_through_any_junk(story: Story) -> None:
    chance = random.Random(20260722)

    async def one() -> str:
        told = story.another()
        await told.complaint_arrives("2026-07-22 09:00", opened=False)
        for signal in chance.sample(THREE, 3):
            for name, payload in chance.sample(JUNK, chance.randint(0, 5)):
                await says_or_is_late(told, name, *payload)
            await says_or_is_late(told, signal)
        return await told.outcome()

    assert await asyncio.gather(*(one() for _ in range(12))) == ["satisfied"] * 12


async def test_the_route_as_the_text_tells_it(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    assert await story.stage() == "assessment"
    await story.until("2026-07-22 15:00")
    await story.asks("assess", by="Ana Flores", category="docencia", severity="alta")
    assert await story.stage() == "assignment"
    await story.until("2026-07-24 11:00")
    await story.asks("assign", by="Ana Flores", department="academic", representative="Jorge Ramos")
    assert await story.stage() == "investigation"
    await story.until("2026-07-24 12:00")
    await story.asks("involve", by="Jorge Ramos", whom="systems", question="¿Cuántas horas se dictaron?")
    await story.until("2026-07-27 10:00")
    status = await story.asks(
        "resolve",
        by="Jorge Ramos",
        text="Se dictarán las horas que faltan.",
        outcome="upheld",
        cause="horario",
        corrective_actions=["Revisar el horario del curso"],
    )
    assert (status.stage, status.resolution) == ("confirmation", "Se dictarán las horas que faltan.")
    await story.until("2026-07-27 16:00")
    await story.asks("confirm_satisfied", by="customer", via="reply", words="Conforme, gracias.")
    assert await story.outcome() == "satisfied"
    assert await story.kinds() == ["acknowledgement", "update", "resolution", "closing"]
    assert await story.kinds(SYSTEMS) == ["involvement"]
    assert "late" not in " ".join(await story.happened())
    assert "escalated" not in await story.happened()


async def test_5_1_to_assign_during_the_assessment_completes_it(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    status = await story.asks("assign", department="academic")
    assert status.stage == "investigation"
    await story.until("2026-07-28 12:00")
    assert await story.happened("late") == []  # not of the assessment, and the investigation has five days


async def test_5_3_who_resolves_before_an_assignment_is_the_representative(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    status = await story.asks("resolve", by="Jorge Ramos", text="Se devuelve el pago.")
    assert (status.stage, status.representative) == ("confirmation", "Jorge Ramos")


async def test_8_satisfied_before_a_resolution_is_held_until_it_comes(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.says("customer-satisfied", words="Todo bien")
    row = next(row for row in await story.timeline() if row.what == "customer-satisfied")
    assert row.data["effect"] == "held"
    assert await story.is_open()
    assert await story.stage() == "assessment"
    await story.says("resolved", text="Se devuelve el pago.")
    assert await story.outcome() == "satisfied"


async def test_8_a_held_satisfaction_is_taken_back_by_a_complaint_about_the_handling(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.says("customer-satisfied")
    await story.says("customer-dissatisfied", reason="Pensándolo bien, no.")
    await story.says("resolved", text="Se devuelve el pago.")
    assert await story.stage() == "confirmation"
    assert (await story.status()).round == 1


async def test_6_a_bare_resolution_is_explained_later_and_the_updates_go_on_until_then(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.says("assigned", department="academic")
    await story.until("2026-07-23 09:00")
    await story.says("resolved")
    await story.until("2026-07-29 12:00")
    await story.all_is_told()
    assert await story.kinds() == ["acknowledgement", "resolution-decided", "update", "update"]
    assert (await story.kinds(HEAD)).count("explain") == 3  # at once, and with each update that could not explain it
    assert await story.happened("escalated", "reminded") == []
    await story.asks("resolve", by="Jorge Ramos", text="Se dictarán las horas que faltan.")
    await story.until("2026-08-01 13:00")
    await story.all_is_told()
    assert (await story.kinds())[-2:] == ["resolution", "reminder"]
    assert "Se dictarán las horas que faltan." in await story.text("resolution")


async def test_5_2_a_second_assignment_hands_the_case_on_and_its_window_goes_on(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="academic")
    due = (await story.status()).due
    await story.until("2026-07-27 12:00")
    status = await story.asks("assign", department="systems")
    assert (status.department, status.due) == ("systems", due)
    await story.all_is_told()
    assert await story.kinds(SYSTEMS) == ["assignment"]


async def test_5_2_a_department_never_gets_the_customers_contact_data(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="academic")
    await story.asks("involve", whom="systems", question="¿Cuántas horas se dictaron?", answer_by="2026-07-24")
    await story.all_is_told()
    for letter in (await story.text("assignment", HEAD), await story.text("involvement", SYSTEMS)):
        assert "horas prometidas" in letter
        for private in (CUSTOMER["email"], CUSTOMER["phone"], CUSTOMER["document"], "987 654 321"):
            assert str(private) not in letter


async def test_an_assigned_department_that_nobody_knows_reaches_the_care_team(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="astrología")
    await story.all_is_told()
    assert (await story.status()).department == "astrología"
    assert "assignment" in await story.kinds(CARE_TEAM)
    assert await story.kinds(MANAGER) == []
