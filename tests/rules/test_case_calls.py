"""Customers without a working email (§4 to §6, design §2): call tasks, and what only a call that reached them does."""

import pytest

from complaints.rules.letters import LetterKind
from complaints.rules.notices import letter_ended
from complaints.rules.stages import Effect
from tests.casebook import BY_MAIL, BY_PHONE, FAILED, SENT, Tale, lima, shown


def tasks(tale: Tale) -> list[tuple[str, tuple[str, ...], str | None]]:
    """Until when, what for, and how it ended."""
    return [(shown(call.due), call.kinds, call.outcome) for call in tale.case.calls]


def test_a_complaint_by_telephone_is_acknowledged_in_that_very_call() -> None:
    tale = Tale.begins(channel="phone", customer=BY_PHONE)
    assert tale.happened() == ["2026-07-22 09:00 received", "2026-07-22 09:00 acknowledged"]
    assert tale.case.calls == []
    assert tale.due("acknowledgement") is None


def test_who_also_gave_an_address_gets_it_in_writing_too() -> None:
    tale = Tale.begins(channel="phone")
    assert tale.told() == ["acknowledgement"]


def test_a_letter_for_who_has_no_address_becomes_a_call_in_office_hours() -> None:
    tale = Tale.begins("2026-07-24 17:00", customer=BY_PHONE)
    assert tasks(tale) == [("2026-07-27 12:00", ("acknowledgement",), None)]  # 1 h on Friday, 3 h on Monday
    assert tale.told() == []
    (said,) = tale.letters(LetterKind.CALL_NEEDED)
    assert said.recipient == "care_team"
    assert said.contents.phone == BY_PHONE["phone"]
    assert said.contents.script == ("acknowledgement",)


def test_the_assigned_representative_calls() -> None:
    tale = Tale.begins(channel="phone", customer=BY_PHONE)
    tale.says("assigned", representative="Ana Torres")
    tale.says("resolved", text="Se repone.", by="Ana Torres")
    assert tale.notices(LetterKind.CALL_NEEDED) == ["call/1 → representative"]


def test_a_newer_letter_joins_the_open_call() -> None:
    tale = Tale.begins(customer=BY_PHONE)
    tale.says("details-requested", on="2026-07-22 10:00", question="¿Qué grupo?")
    tale.says("assigned", on="2026-07-22 11:00")
    tale.says("resolved", on="2026-07-22 12:00", text="Se repone.")
    assert tasks(tale) == [("2026-07-22 13:00", ("acknowledgement", "details-request", "resolution"), None)]
    assert tale.case.calls[0].purposes == (
        "1/acknowledgement/customer", "1/details/1/customer", "1/resolution/customer"
    )  # fmt: skip
    assert tale.notices(LetterKind.CALL_NEEDED) == ["call/1 → care_team"]


def test_only_reached_is_delivery() -> None:
    tale = Tale.begins(customer=BY_PHONE)
    tale.says("called", on="2026-07-22 10:00", reached=False)
    assert tale.case.acknowledged_at is None
    tale.says("called", on="2026-07-22 12:00", reached=True)
    assert tale.case.acknowledged_at == lima("2026-07-22 12:00")
    assert tasks(tale) == [("2026-07-22 13:00", ("acknowledgement",), "reached")]


def test_a_resolution_told_in_the_call_is_communicated_and_delivers_what_waited() -> None:
    tale = Tale.begins(customer=BY_PHONE)
    tale.says("resolved", on="2026-07-22 12:00", text="Se repone.", told_in_call=True)
    assert tale.case.acknowledged_at == tale.case.round.communicated_at == lima("2026-07-22 12:00")
    assert tale.due("legal/10") is None
    assert [call.outcome for call in tale.case.calls] == ["reached"]


def test_a_call_tells_the_resolution_that_waited_for_it() -> None:
    tale = Tale.begins(channel="phone", customer=BY_PHONE)
    tale.says("resolved", text="Se repone.")
    assert tale.case.first_communicated_at is None
    tale.says("called", on="2026-07-22 11:00", reached=True, notes="Se lo expliqué")
    assert tale.case.first_communicated_at == lima("2026-07-22 11:00")


def test_a_bare_resolved_may_be_explained_by_telephone() -> None:
    tale = Tale.begins()
    tale.says("resolved", by="Ana Torres")
    tale.says("called", on="2026-07-22 11:00", reached=True, by="Ana Torres")
    assert tale.case.round.explained_at == tale.case.first_communicated_at == lima("2026-07-22 11:00")
    assert tale.due("update") is None


def test_an_attempt_has_its_next_time_and_after_three_comes_the_policys_next_step() -> None:
    tale = Tale.begins(customer=BY_PHONE)
    tale.says("called", on="2026-07-22 10:00", reached=False)
    task = tale.case.open_call
    assert task is not None
    assert task.next_at is not None
    assert (task.attempts, shown(task.next_at)) == (1, "2026-07-22 14:00")
    tale.says("called", on="2026-07-22 13:59", reached=False, next_at=lima("2026-07-24 09:00"))
    assert tale.due("call") == "2026-07-24 09:00"
    tale.says("called", on="2026-07-24 09:00", reached=False)
    assert tasks(tale)[0][2] == "given-up"
    assert tale.notices(LetterKind.UNREACHABLE) == ["unreachable/1 → care_team"]
    (said,) = tale.letters(LetterKind.UNREACHABLE)
    assert (said.contents.attempts, said.contents.after_attempts) == (3, "letter")


def test_the_policy_may_let_the_manager_decide() -> None:
    tale = Tale.begins(customer=BY_PHONE, policy={"calls": {"attempts": 1, "after_attempts": "manager"}})
    tale.says("called", reached=False)
    assert tale.notices(LetterKind.UNREACHABLE) == ["unreachable/1 → administration_manager"]


def test_a_call_that_nobody_makes_is_told_once() -> None:
    tale = Tale.begins(customer=BY_PHONE).until("2026-07-23 08:00")
    assert tale.happened("late") == ["2026-07-22 13:00 late/call"]
    assert tale.notices(LetterKind.CALL_LATE) == ["late/call/1 → care_team"]


def test_an_update_by_call_is_due_by_the_last_office_hours_before_its_time() -> None:
    tale = Tale.begins("2026-07-22 11:00", channel="phone", customer=BY_PHONE).until("2026-07-24 12:00")
    # the 3 days end on Saturday at 11:00: on Friday from the opening on there is a task, due at the close
    assert tasks(tale) == [("2026-07-24 18:00", ("update",), None)]


def test_where_no_office_hour_lies_before_it_the_call_comes_in_the_next() -> None:
    """Told on the Wednesday before Easter; Thursday to Sunday the office is closed."""
    tale = Tale.begins("2026-04-01 10:00", channel="phone", customer=BY_PHONE).until("2026-04-04 10:00")
    assert tasks(tale) == [("2026-04-06 09:00", ("update",), None)]


def test_a_refused_letter_and_all_that_wait_behind_it_become_one_call() -> None:
    tale = Tale.begins(mail=None)
    tale.says("details-requested", on="2026-07-22 10:00", question="¿Qué grupo?")
    tale.mail = FAILED
    tale.post()
    assert [kinds for _, kinds, _ in tasks(tale)] == [("acknowledgement", "details-request")]
    tale.mail = SENT
    tale.says("details-received", on="2026-07-22 12:00", email="rosa@otro.example")
    assert tale.case.mail_works
    tale.until("2026-07-25 12:00")
    assert tale.told() == ["acknowledgement", "update"]  # the first is the one that was refused


def test_a_bounced_letter_becomes_a_call() -> None:
    tale = Tale.begins()
    tale.says("letter-bounced", on="2026-07-22 10:00", key="1/acknowledgement/customer", reason="5.1.1")
    assert [kinds for _, kinds, _ in tasks(tale)] == [("acknowledgement",)]
    assert tale.case.acknowledged_at is None
    assert tale.due("acknowledgement") == "2026-07-23 09:00"


def test_a_letter_that_came_back_before_we_knew_that_it_had_gone_is_still_a_call() -> None:
    tale = Tale.begins(mail=None)
    tale.says("letter-bounced", key="1/acknowledgement/customer", reason="5.1.1")
    letter_ended(tale.case, "1/acknowledgement/customer", SENT)
    assert tale.case.acknowledged_at is None
    assert [kinds for _, kinds, _ in tasks(tale)] == [("acknowledgement",)]
    tale.says("called", reached=True)
    assert tale.case.acknowledged_at is not None


def test_a_passing_failure_is_no_bounce() -> None:
    tale = Tale.begins()
    tale.says("letter-bounced", key="1/acknowledgement/customer", permanent=False)
    assert tale.case.calls == []
    assert tale.case.mail_works


def test_without_a_telephone_the_care_team_is_told_that_nobody_can_be_reached() -> None:
    tale = Tale.begins(customer=BY_MAIL, mail=FAILED)
    assert tale.case.calls == []
    assert tale.notices(LetterKind.UNREACHABLE) == ["unreachable/1/acknowledgement/customer → care_team"]


def test_a_call_that_told_the_state_acknowledges_though_the_mail_server_is_away() -> None:
    tale = Tale.begins(mail=None)
    tale.says("called", on="2026-07-22 16:00", reached=True, direction="inbound")
    tale.until("2026-07-24 09:00")
    assert tale.happened("late") == []


@pytest.mark.parametrize(
    ("fact", "said", "kind"),
    [
        ("closed-by-decision", {"reason": "No procede."}, "decision"),
        ("withdrawn", {}, "withdrawal"),
        ("not-a-complaint", {}, "not-a-complaint"),
        ("merged", {"into": "Q-2"}, "merged"),
    ],
)
def test_an_end_is_told_by_telephone_too_and_somebody_hears_of_the_call(
    fact: str, said: dict[str, str], kind: str
) -> None:
    tale = Tale.begins(channel="phone", customer=BY_PHONE)
    tale.says(fact, **said)
    assert [kinds for _, kinds, _ in tasks(tale)] == [(kind,)]
    assert [letter.recipient for letter in tale.letters(LetterKind.CALL_NEEDED)] == ["care_team"]
    assert tale.says("called", on="2026-07-22 11:00", reached=True) is Effect.APPLIES
    assert tasks(tale)[0][2] == "reached"


def test_who_says_satisfied_on_the_telephone_needs_no_call_about_it() -> None:
    tale = Tale.begins(channel="phone", customer=BY_PHONE)
    tale.says("resolved", text="Se repone.", told_in_call=True)
    tale.says("customer-satisfied", via="call")
    assert tale.case.calls == []


def test_the_announcement_of_a_call_made_meanwhile_does_not_go_out() -> None:
    tale = Tale.begins(customer=BY_PHONE, mail=None)
    tale.says("called", on="2026-07-22 10:00", reached=True)
    tale.mail = SENT
    tale.post()
    assert tale.told("care_team") == []
    assert [row.data["reason"] for row in tale.case.rows if row.what == "letter-superseded"] == ["the call is over"]
