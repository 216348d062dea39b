"""§7: escalation by time and by dispute, rounds, reopening."""

from datetime import timedelta

import pytest

from complaints.rules.facts import CustomerDissatisfied
from complaints.rules.letters import LetterKind
from complaints.rules.refusals import NotNow
from complaints.rules.stages import Effect
from tests.casebook import Tale, lima, shown

ANA = {"department": "academic", "representative": "Ana Torres"}


def escalated(tale: Tale) -> list[tuple[str, int, str]]:
    return [(shown(row.at), row.data["level"], row.data["reason"]) for row in tale.case.rows if row.what == "escalated"]


def test_five_business_days_bring_the_manager_five_more_the_director_and_there_it_stays() -> None:
    tale = Tale.begins().until("2026-12-01 09:00")
    assert escalated(tale) == [("2026-08-03 18:00", 1, "time"), ("2026-08-11 18:00", 2, "time")]
    assert tale.case.owner == "general_director"
    assert tale.due("update") is not None


def test_the_owner_changes_the_stage_its_window_and_the_assignee_stay() -> None:
    tale = Tale.begins()
    tale.says("assigned", on="2026-07-31 10:00", **ANA)
    window = tale.due("investigation")
    tale.until("2026-08-03 18:00")
    assert (tale.case.stage, tale.case.owner, tale.case.assignee) == (
        "investigation", "administration_manager", "representative"
    )  # fmt: skip
    assert tale.due("investigation") == window == "2026-08-10 18:00"


def test_who_is_told_of_an_escalation_by_time() -> None:
    tale = Tale.begins()
    tale.says("assigned", **ANA)
    tale.until("2026-08-03 18:00")
    assert tale.notices(LetterKind.ESCALATED_TO_YOU, LetterKind.ESCALATED_FROM_YOU, LetterKind.ESCALATION) == [
        "escalation/1 → administration_manager", "escalation/1 → representative", "escalation/1 → customer"
    ]  # fmt: skip
    tale.until("2026-08-11 18:00")
    assert tale.notices(LetterKind.ESCALATED_TO_YOU, LetterKind.ESCALATED_FROM_YOU, LetterKind.ESCALATION)[3:] == [
        "escalation/2 → general_director", "escalation/2 → administration_manager", "escalation/2 → representative",
        "escalation/2 → customer",
    ]  # fmt: skip


def test_the_new_owner_gets_the_story_the_words_and_the_days_left() -> None:
    tale = Tale.begins()
    tale.says("assigned", on="2026-07-24 10:00", by="care", **ANA)
    tale.says("noted", on="2026-07-30 10:00", by="ana", text="El docente no contesta.")
    tale.until("2026-08-03 18:00")
    (letter,) = tale.letters(LetterKind.ESCALATED_TO_YOU)
    said = letter.contents
    assert [line.what for line in said.story if line.what in ("received", "assigned", "noted", "escalated")] == [
        "received", "assigned", "noted", "escalated"
    ]  # fmt: skip
    assert said.description
    assert said.customer_name == "Rosa Quispe"
    assert said.phone == "+51 987 654 321"
    assert (said.due, said.days_left, said.last_level) == (lima("2026-08-11 18:00"), 5, False)


def test_escalated_though_on_schedule_is_reported_apart() -> None:
    on_time, late = Tale.begins(), Tale.begins()
    for tale in (on_time, late):
        tale.says("assessed", on="2026-07-24 10:00")
    on_time.says("assigned", on="2026-07-24 11:00")
    late.says("assigned", on="2026-07-30 10:00")  # the window ended on Monday the 27th
    for tale in (on_time, late):
        tale.until("2026-08-03 18:00")
    assert [row.data.get("on_schedule") for row in on_time.case.rows if row.what == "escalated"] == [True]
    assert on_time.letters(LetterKind.ESCALATED_TO_YOU)[0].contents.on_schedule
    assert [row.data.get("on_schedule") for row in late.case.rows if row.what == "escalated"] == [None]


def test_resolved_stops_the_clock() -> None:
    tale = Tale.begins()
    tale.says("resolved", on="2026-08-03 17:59", text="Se repone.")
    tale.until("2026-08-20 09:00")
    assert escalated(tale) == []


def test_not_satisfied_escalates_at_once_into_a_new_round_with_fresh_windows() -> None:
    tale = Tale.begins()
    tale.says("assigned", **ANA)
    tale.says("resolved", on="2026-07-24 10:00", text="Se repone.", by="Ana Torres")
    tale.says("customer-dissatisfied", on="2026-07-27 10:00", reason="No basta", by="customer", via="link")
    case = tale.case
    assert (case.round.number, case.level, case.stage) == (2, 1, "investigation")
    assert (tale.due("investigation"), tale.due("escalation")) == ("2026-08-05 18:00", "2026-08-05 18:00")
    assert escalated(tale) == [("2026-07-27 10:00", 1, "dissatisfied")]
    for kind, recipient in [
        (LetterKind.ESCALATED_TO_YOU, "administration_manager"),
        (LetterKind.DISPUTED, "representative"),
        (LetterKind.ESCALATION, "customer"),
    ]:
        (letter,) = tale.letters(kind)
        assert letter.recipient == recipient
        assert (letter.contents.reason, letter.contents.words) == ("dissatisfied", "No basta")


def test_at_the_last_level_a_dispute_is_a_new_round_there_with_the_outside_recourse() -> None:
    tale = Tale.begins().until("2026-08-12 09:00")
    tale.says("resolved", text="Se repone.")
    tale.says("customer-dissatisfied", reason="No")
    assert (tale.case.round.number, tale.case.level) == (2, 2)
    assert tale.letters(LetterKind.ESCALATION)[-1].contents.last_level
    tale.says("resolved", text="Se devuelve.")
    tale.says("customer-dissatisfied", reason="No")
    assert (tale.case.round.number, tale.case.level) == (3, 2)
    assert len({notice.key for notice in tale.case.notices}) == len(tale.case.notices)


def test_earlier_verdicts_stay_frozen() -> None:
    tale = Tale.begins()
    tale.says("resolved", text="Uno", outcome="not", by="ana")
    tale.says("customer-dissatisfied")
    tale.says("resolved", text="Dos", outcome="upheld", by="bruno")
    assert [(each.resolution, each.outcome, each.resolved_by) for each in tale.case.rounds] == [
        ("Uno", "not", "ana"), ("Dos", "upheld", "bruno")
    ]  # fmt: skip


def test_a_dispute_before_any_resolution_is_told_to_who_has_the_case() -> None:
    tale = Tale.begins()
    tale.says("assigned", **ANA)
    tale.says("customer-dissatisfied", reason="Nadie me llama")
    assert (tale.case.round.number, tale.case.level) == (1, 0)
    (letter,) = tale.letters(LetterKind.CUSTOMER_SAID)
    assert (letter.recipient, letter.contents.words) == ("representative", "Nadie me llama")


# -- reopening (§8) --------------------------------------------------------------------------------------------------


def a_closed_case(how: str = "customer-satisfied", **said: str) -> Tale:
    tale = Tale.begins()
    tale.says("resolved", text="Se repone.", by="ana")
    tale.says(how, by="ana", **said)
    assert tale.case.ended
    return tale


@pytest.mark.parametrize(
    ("after", "reopens"),
    [
        (timedelta(days=30), True),
        (timedelta(days=30, hours=14, minutes=59), True),  # closed at 9:00; the letter names the day, all of it
        (timedelta(days=30, hours=15), False),
    ],
)
def test_within_thirty_days_a_dispute_opens_it_again(after: timedelta, reopens: bool) -> None:
    tale = a_closed_case()
    tale.now += after
    effect = tale.says("customer-dissatisfied", reason="Volvió a pasar")
    assert (effect is Effect.APPLIES) is reopens
    assert (tale.case.stage == "investigation") is reopens


def test_a_reopened_case_begins_a_round_one_level_up_and_knows_nothing_of_its_end() -> None:
    tale = a_closed_case()
    assert tale.case.satisfied_by_resolver
    tale.says("customer-dissatisfied", on="2026-07-30 10:00", reason="Volvió a pasar")
    case = tale.case
    assert (case.round.number, case.level, case.outcome, case.closed_at) == (2, 1, None, None)
    assert not case.satisfied_by_resolver
    assert tale.due("investigation") == "2026-08-07 18:00"
    assert tale.told()[-1] == "reopening"
    assert tale.happened("closed", "reopened", "escalated") == [
        "2026-07-22 09:00 closed", "2026-07-30 10:00 reopened", "2026-07-30 10:00 escalated"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "said"), [("merged", {"into": "Q-2"}), ("not-a-complaint", {"reason": "Es una consulta"})]
)
def test_what_was_no_complaint_of_its_own_is_not_reopened(fact: str, said: dict[str, str]) -> None:
    tale = Tale.begins()
    tale.says(fact, **said)
    with pytest.raises(NotNow, match="or not as a resolved complaint"):
        tale.case.expect(CustomerDissatisfied())
