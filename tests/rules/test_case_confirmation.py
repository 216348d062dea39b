"""§6 and §8: the resolution, the customer's word on it, silence, and the ends of a case."""

import pytest
from pydantic import ValidationError

from cli import show
from complaints.rules.letters import LetterKind
from complaints.rules.stages import Effect
from complaints.rules.status import status_of
from complaints.words.catalogue import Language
from complaints.words.wording import Wording
from tests.casebook import BY_PHONE, SENT, Tale, lima, shown
from workflows import page


def a_resolved_case(**said: object) -> Tale:
    tale = Tale.begins(**said)  # type: ignore[arg-type]
    tale.says("resolved", on="2026-07-22 10:00", text="Se repone.", outcome="upheld", by="ana")
    return tale


# -- the customer's word ---------------------------------------------------------------------------------------------


def test_three_bare_signals_close_it() -> None:
    tale = Tale.begins()
    said = [tale.says(fact).value for fact in ("assigned", "resolved", "customer-satisfied")]
    assert said == ["implies", "applies", "applies"]
    assert (tale.case.stage, tale.case.outcome) == ("closed", "satisfied")
    assert tale.told()[-1] == "closing"


def test_a_confirmation_before_the_resolution_waits_for_it() -> None:
    tale = Tale.begins()
    assert tale.says("customer-satisfied", words="Todo bien", by="customer") is Effect.HELD
    assert status_of(tale.case).satisfied_held
    assert "**El cliente ya está conforme:** se aplicará con la resolución" in page.details(tale.case)
    assert tale.case.stage == "assessment"
    tale.says("resolved", on="2026-07-24 10:00", by="ana")
    assert (tale.case.outcome, tale.case.satisfied_by_resolver) == ("satisfied", False)
    assert not status_of(tale.case).satisfied_held
    assert "ya está conforme" not in page.details(tale.case)
    assert tale.notices(LetterKind.EXPLAIN) == ["explain/0 → representative"]
    assert tale.told() == ["acknowledgement", "closing"], "that somebody will explain is not true any more"
    assert "explain" not in tale.told("representative")


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "sí; se aplicará con la resolución"), ("en", "yes; it counts once it is resolved")],
)
def test_the_command_line_shows_a_confirmation_that_waits(
    language: Language, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    tale = Tale.begins()
    tale.says("customer-satisfied")
    show.status_card(status_of(tale.case), Wording(language=language))
    assert said in capsys.readouterr().out


def test_a_dispute_takes_back_a_confirmation_that_waits() -> None:
    tale = Tale.begins()
    tale.says("customer-satisfied")
    tale.says("customer-dissatisfied", reason="Me equivoqué")
    assert not status_of(tale.case).satisfied_held
    tale.says("resolved", text="Se repone.")
    assert tale.case.stage == "confirmation"


@pytest.mark.parametrize(("by", "marked"), [("ana", True), ("bruno", False), (None, False)])
def test_a_confirmation_by_who_resolved_it_is_allowed_and_marked(by: str | None, marked: bool) -> None:
    tale = a_resolved_case()
    tale.says("customer-satisfied", by=by, via="call")
    assert tale.case.outcome == "satisfied"
    assert tale.case.satisfied_by_resolver is marked


def test_resolved_before_an_assignment_makes_the_sender_the_representative() -> None:
    assert a_resolved_case().case.representative == "ana"


def test_a_resolution_needs_a_dispute_before_another() -> None:
    tale = a_resolved_case()
    assert tale.says("resolved", text="Otra") is Effect.IGNORED
    assert tale.case.round.resolution == "Se repone."


def test_an_explanation_that_explains_nothing_is_refused() -> None:
    tale = Tale.begins()
    tale.says("resolved")
    assert tale.says("resolved") is Effect.IGNORED
    assert tale.case.rows[-1].data["reason"] == "it is resolved already; what is missing is its explanation, as a text"


# -- silence ---------------------------------------------------------------------------------------------------------


def test_three_reminders_every_three_days_one_call_then_it_waits_unconfirmed() -> None:
    tale = a_resolved_case().until("2026-12-01 09:00")
    assert [shown(order.at) for order in tale.letters(LetterKind.REMINDER)] == [
        "2026-07-25 10:00", "2026-07-28 10:00", "2026-07-31 10:00"
    ]  # fmt: skip
    assert [order.contents.reminder for order in tale.letters(LetterKind.REMINDER)] == [1, 2, 3]
    assert [(shown(call.opened_at), call.kinds) for call in tale.case.calls] == [("2026-08-03 10:00", ("reminder",))]
    assert tale.notices(LetterKind.UNCONFIRMED) == ["unconfirmed → care_team"]
    status = status_of(tale.case)
    assert (status.stage, status.unconfirmed, status.next_word_at) == ("confirmation", True, None)
    assert tale.says("customer-satisfied") is Effect.APPLIES


def test_nobody_without_a_telephone_can_be_called() -> None:
    tale = Tale.begins(customer={"email": "rosa@correo.example"})
    tale.says("resolved", text="Se repone.")
    tale.until("2026-08-10 09:00")
    assert tale.case.calls == []
    assert tale.case.round.unconfirmed


@pytest.mark.parametrize(("days", "closed"), [(0, None), (5, "2026-08-03 18:00")])
def test_silence_closes_only_where_the_policy_says_so(days: int, closed: str | None) -> None:
    tale = a_resolved_case(policy={"confirmation": {"silence_closes_after": days}}).until("2026-09-01 09:00")
    assert tale.case.outcome == ("silence" if closed else None)
    assert tale.happened("closed") == ([f"{closed} closed"] if closed else [])
    assert (tale.told()[-1] == "closed-in-silence") is bool(closed)


def test_who_has_not_heard_of_the_resolution_is_not_silent() -> None:
    tale = Tale.begins(policy={"confirmation": {"silence_closes_after": 5}})
    tale.mail = None
    tale.says("resolved", on="2026-07-22 10:00", text="Se repone.")
    tale.until("2026-08-10 10:00")
    assert not tale.case.ended
    tale.mail = SENT
    tale.post()
    assert tale.due("silence") == "2026-08-17 18:00"
    assert tale.told() == ["acknowledgement", "resolution"], "reminders of what has only just arrived are superseded"


def test_a_call_about_the_case_moves_the_reminder() -> None:
    tale = a_resolved_case()
    tale.says("called", on="2026-07-24 10:00", reached=True, direction="inbound")
    assert tale.due("reminder") == "2026-07-27 10:00"


# -- the ends --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "said", "outcome", "letter"),
    [
        ("closed-by-decision", {"reason": "No procede."}, "decision", "decision"),
        ("withdrawn", {}, "withdrawn", "withdrawal"),
        ("not-a-complaint", {"reason": "Es una consulta."}, "not-a-complaint", "not-a-complaint"),
        ("merged", {"into": "Q-2"}, "merged", "merged"),
    ],
)
def test_each_end_has_its_outcome_and_its_letter(fact: str, said: dict[str, str], outcome: str, letter: str) -> None:
    tale = Tale.begins()
    tale.says(fact, on="2026-07-24 10:00", **said)
    assert (tale.case.outcome, tale.told()[-1]) == (outcome, letter)
    assert tale.letters(LetterKind(letter))[0].contents.reason == said.get("reason")
    assert tale.case.next_clock is None
    tale.until("2026-09-01 09:00")
    assert tale.told()[-1] == letter, "nothing follows"


def test_a_decision_is_never_counted_as_satisfied_and_needs_a_reason() -> None:
    tale = Tale.begins()
    with pytest.raises(ValidationError, match="reason"):
        tale.says("closed-by-decision")
    tale.says("closed-by-decision", reason="No procede.", by="luis")
    assert tale.case.outcome == "decision"
    assert not tale.case.satisfied_by_resolver


def test_merging_tells_the_customer_once_and_the_earlier_receipts_clocks_count() -> None:
    gone, stays = Tale.begins(), Tale.begins("2026-07-24 09:00")
    gone.says("merged", on="2026-07-24 10:00", into="Q-2", whose="same")
    assert gone.told() == ["acknowledgement", "merged"]
    assert gone.letters(LetterKind.MERGED)[0].contents.merged_into == "Q-2"
    stays.says("merged", on="2026-07-24 10:00", absorbed="Q-1", received_at=lima("2026-07-22 09:00"))
    assert stays.told() == ["acknowledgement"]
    assert (stays.due("assessment"), stays.due("escalation"), stays.due("legal/15")) == (
        "2026-07-27 18:00", "2026-08-03 18:00", "2026-08-18 18:00"
    )  # fmt: skip


def test_an_earlier_receipt_makes_late_what_is_late_by_it() -> None:
    tale = Tale.begins("2026-08-03 09:00")
    tale.says("merged", on="2026-08-04 10:00", absorbed="Q-1", received_at=lima("2026-07-22 09:00"))
    tale.until("2026-08-04 11:00")
    assert tale.happened("late", "escalated") == ["2026-08-04 10:00 late/assessment", "2026-08-04 10:00 escalated"]


@pytest.mark.parametrize("received", ["2026-07-25 09:00", None])
def test_a_later_receipt_changes_nothing(received: str | None) -> None:
    tale = Tale.begins()
    tale.says("merged", absorbed="Q-1", received_at=lima(received) if received else None)
    assert tale.case.received_at == lima("2026-07-22 09:00")
    tale.says("merged", absorbed="Q-1")
    assert tale.case.absorbed == ["Q-1"]


@pytest.mark.parametrize("said", [{}, {"into": "Q-7KF3-02M9D"}, {"absorbed": "Q-7KF3-02M9D"}])
def test_a_complaint_is_not_merged_into_itself_or_into_nothing(said: dict[str, str]) -> None:
    tale = Tale.begins()
    assert tale.says("merged", **said) is Effect.IGNORED
    assert tale.case.rows[-1].data["reason"].startswith("into: ")


# -- after closing ---------------------------------------------------------------------------------------------------


def test_the_survey_and_feedback_are_taken_after_closing_the_survey_once_a_round() -> None:
    tale = a_resolved_case()
    tale.says("customer-satisfied")
    assert tale.says("feedback-given", text="Rápidos") is Effect.APPLIES
    assert tale.says("survey-answered", score=5) is Effect.APPLIES
    assert tale.says("survey-answered", score=1) is Effect.IGNORED
    tale.says("customer-dissatisfied")
    tale.says("resolved", text="Ahora sí.")
    assert tale.says("survey-answered", score=2) is Effect.APPLIES


def test_what_a_customer_writes_to_a_closed_case_is_kept_and_read() -> None:
    tale = a_resolved_case()
    tale.says("customer-satisfied")
    assert tale.says("message-received", text="Gracias") is Effect.APPLIES
    assert tale.letters(LetterKind.CUSTOMER_SAID)[0].contents.words == "Gracias"


def test_a_phone_customers_reminders_are_calls() -> None:
    tale = Tale.begins(channel="phone", customer=BY_PHONE)
    tale.says("resolved", on="2026-07-22 10:00", text="Se repone.", told_in_call=True)
    tale.until("2026-07-24 18:00")
    assert [call.kinds for call in tale.case.calls] == [("reminder",)]
