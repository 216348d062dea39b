"""§4 to §8 on the real server: the route of a complaint, told as the school would tell it."""

from tests.story import Story

MANAGER = "administracion@escuelaconstrucciondigital.com"
DIRECTOR = "estrategia@escuelaconstrucciondigital.com"


async def test_three_bare_signals_carry_a_complaint_to_its_end(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.says("assigned")
    await story.says("resolved")
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"
    assert (await story.kinds())[-1] == "closing"


async def test_5_and_7_nobody_acts(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.until("2026-08-12 12:00")
    assert await story.happened("warned", "late", "escalated") == [
        "2026-07-24 18:00 warned/assessment",
        "2026-07-27 18:00 late/assessment",
        "2026-08-03 18:00 escalated",
        "2026-08-11 18:00 escalated",
        "2026-08-11 18:00 warned/legal/10",
    ]
