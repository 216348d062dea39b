"""§8 and design §2: the other ends of a complaint, each with its letter, each kept in the records."""

import pytest

from tests.story import CUSTOMER, HEAD, QUIET, Story, lima, shown

ENDS = [
    # signal, what it says, how the run ends, the letter
    ("withdrawn", {"reason": "Ya lo arreglamos con el profesor."}, "withdrawn", "withdrawal"),
    ("not-a-complaint", {"reason": "Es una consulta de horarios."}, "not-a-complaint", "not-a-complaint"),
    ("closed-by-decision", {"reason": "El curso se dictó completo."}, "decision", "decision"),
]


@pytest.mark.parametrize(("signal", "says", "outcome", "letter"), ENDS, ids=[end[0] for end in ENDS])
@pytest.mark.parametrize("stage", ["assessment", "investigation"])
async def test_each_end_has_its_letter_and_its_row(
    story: Story, stage: str, signal: str, says: dict[str, str], outcome: str, letter: str
) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    if stage == "investigation":
        await story.asks("assign", department="academic")
    await story.says(signal, by="Luis Castellanos", **says)
    assert await story.outcome() == outcome
    assert (await story.kinds())[-1] == letter
    record = await story.store.record(story.number)
    assert record is not None
    assert (record.stage, record.outcome) == ("closed", outcome)
    told = next(row for row in await story.store.journal(story.number) if row.what == signal)
    assert (told.by, told.data["reason"]) == ("Luis Castellanos", says["reason"])


async def test_a_resolved_case_is_withdrawn_or_decided_but_is_a_complaint(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("resolve", text="Se devuelve el pago.")
    assert "close it by decision" in await story.is_refused("dismiss", reason="No era una queja.")
    await story.asks("withdraw", reason="Ya está.")
    assert await story.outcome() == "withdrawn"


async def test_not_a_complaint_is_answered_kindly_with_the_reason(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("dismiss", reason="Es una consulta de horarios.")
    await story.outcome()
    assert "Es una consulta de horarios." in await story.text("not-a-complaint")


async def test_two_complaints_about_the_same_become_one_and_the_earlier_receipt_counts(story: Story) -> None:
    other = story.another()
    await other.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.complaint_arrives("2026-07-24 09:00", policy=QUIET)
    assert shown((await story.explains())["escalation"].due) == "2026-08-04 18:00"
    await other.asks("merge", into=story.number, whose="same", by="Ana Flores")
    assert await other.outcome() == "merged"
    assert (await other.kinds()).count("merged") == 1
    assert story.number in await other.text("merged")

    status = await story.comes_true(lambda status: shown(status.received_at) == "2026-07-22 09:00")
    assert (status.stage, status.outcome) == ("assessment", None)
    assert shown((await story.explains())["escalation"].due) == "2026-08-03 18:00"
    row = next(row for row in await story.timeline() if row.what == "merged")
    assert row.data["absorbed"] == other.number
    await story.says("resolved", text="Se devuelve el pago.")
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"


async def test_merged_into_a_later_one_the_clocks_of_the_earlier_stay(story: Story) -> None:
    other = story.another()
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await other.complaint_arrives("2026-07-24 09:00", policy=QUIET)
    await other.says("merged", into=story.number)
    assert await other.outcome() == "merged"
    await story.comes_true(lambda status: status.received_at == lima("2026-07-22 09:00"))
    assert any(row.what == "merged" for row in await story.timeline())


async def test_merged_into_a_case_that_is_not_open_it_ends_and_says_once_that_nobody_was_told(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.says("merged", into="Q-0000-00000")
    assert await story.outcome() == "merged"
    ignored = [row for row in await story.store.journal(story.number) if row.what == "ignored"]
    assert [row.data["reason"] for row in ignored] == ["Q-0000-00000 is not open; nothing was told there"]


async def test_merging_needs_another_complaint(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    assert "name the complaint that goes on" in await story.is_refused("merge")
    assert "into itself" in await story.is_refused("merge", into=story.number)
    assert "say whose the two complaints are" in await story.is_refused("merge", into="Q-0000-00000")
    assert await story.is_open()


async def test_after_an_end_staff_are_not_bothered_any_more(story: Story, rare_retries: None) -> None:
    """Letters that wait for a mail server say nothing true any more once the case has ended."""
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.asks("assign", department="academic")
    await story.all_is_told()
    await story.sink.go_away()
    await story.until("2026-08-01 12:00")  # the warning waits
    await story.says("withdrawn")
    await story.sink.come_back()
    await story.passes(hours=8)
    assert await story.outcome() == "withdrawn"
    assert await story.kinds(str(CUSTOMER["email"])) == ["acknowledgement", "withdrawal"]
    assert "late" not in await story.kinds(HEAD)
