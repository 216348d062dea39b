"""Notices (design §5.2): one key an occasion, order within a lane, and which letters the case overtakes."""

from collections.abc import Callable

import pytest

from complaints.rules.letters import CUSTOMER, LetterKind, LetterOutcome, LetterState
from complaints.rules.notices import lanes, letter_ended, next_letter, tell
from complaints.rules.status import delivered_or_handed_over, status_of
from tests.casebook import FAILED, SENT, Tale


def superseded(tale: Tale) -> dict[str, str]:
    """What the case overtook, and why."""
    return {row.data["key"]: row.data["reason"] for row in tale.case.rows if row.what == "letter-superseded"}


def test_a_second_notice_with_the_same_key_is_no_new_occasion() -> None:
    case = Tale.begins().case
    assert tell(case, LetterKind.LATE, "late/assessment", "care_team") is not None
    assert tell(case, LetterKind.LATE, "late/assessment", "care_team") is None
    assert tell(case, LetterKind.LATE, "late/assessment", "department_head") is not None


def test_each_recipient_is_a_lane_of_its_own_in_order() -> None:
    tale = Tale.begins(mail=None)
    tale.says("assigned", department="academic", representative="Ana Torres")
    tale.says("involved", whom="finance", question="¿Pagó?")
    tale.says("involved", whom="finance", question="¿Cuánto?")
    assert lanes(tale.case) == ["customer", "department_head", "representative", "finance"]
    first = next_letter(tale.case, "finance")
    assert first is not None
    assert first.data["question"] == "¿Pagó?"


def test_nothing_is_over_before_its_letters_are() -> None:
    tale = Tale.begins(mail=None)
    assert not delivered_or_handed_over(tale.case)
    assert status_of(tale.case).letters_waiting == 1
    notice = next_letter(tale.case, CUSTOMER)
    assert notice is not None
    notice.state = LetterState.CLAIMED.value
    assert lanes(tale.case) == []
    assert not delivered_or_handed_over(tale.case)
    letter_ended(tale.case, notice.key, SENT)
    assert delivered_or_handed_over(tale.case)


@pytest.mark.parametrize(
    ("state", "row"),
    [("sent", "letter-sent"), ("failed", "letter-failed"), ("uncertain", "letter-uncertain")],
)
def test_what_became_of_a_letter_is_in_the_journal_without_an_address(state: str, row: str) -> None:
    tale = Tale.begins(mail=LetterOutcome(state=LetterState(state), message_id="<1@x>", reason="why", told=("Ana",)))
    data = next(each for each in tale.case.rows if each.what == row).data
    assert data == {
        "key": "1/acknowledgement/customer", "kind": "acknowledgement", "recipient": "customer",
        "message_id": "<1@x>", "reason": "why", "told": ["Ana"],
    }  # fmt: skip


def test_an_uncertain_acknowledgement_is_not_delivered() -> None:
    tale = Tale.begins(mail=LetterOutcome(state=LetterState.UNCERTAIN))
    assert tale.case.acknowledged_at is None
    assert tale.due("acknowledgement") is not None


def test_a_letter_taken_out_of_the_ledger_is_superseded() -> None:
    tale = Tale.begins(mail=LetterOutcome(state=LetterState.SUPERSEDED, reason="withdrawn by hand"))
    assert superseded(tale) == {"1/acknowledgement/customer": "withdrawn by hand"}


def test_a_staff_letter_that_fails_opens_no_call_to_the_customer() -> None:
    tale = Tale.begins(mail=None)
    tale.says("assigned", department="nowhere")
    letter_ended(tale.case, "1/assignment/1/department_head", FAILED)
    assert tale.case.calls == []
    assert tale.case.mail_works


# -- overtaken -------------------------------------------------------------------------------------------------------


def _resolve(tale: Tale) -> None:
    tale.says("resolved", text="Se repone.")


def _ask(tale: Tale) -> None:
    tale.says("details-requested", question="¿Qué grupo?")


OVERTAKEN: list[tuple[str, Callable[[Tale], object], Callable[[Tale], object], dict[str, str]]] = [
    (
        "an update by any newer word",
        lambda tale: tale.until("2026-07-25 09:00"),
        _ask,
        {"1/update/1/customer": "a newer word to the customer"},
    ),
    (
        "a request by the details",
        _ask,
        lambda tale: tale.says("details-received", text="Grupo 4"),
        {"1/details/1/customer": "the details are here"},
    ),
    ("a request by the resolution", _ask, _resolve, {"1/details/1/customer": "the case is resolved"}),
    ("a request by a newer one", _ask, _ask, {"1/details/1/customer": "a newer details-request"}),
    (
        "a warning by what was done",
        lambda tale: tale.until("2026-07-24 18:00"),
        lambda tale: tale.says("assessed"),
        {"1/warning/assessment/care_team": "the assessment is over"},
    ),
    (
        "a warning by the lateness itself",
        lambda tale: tale.until("2026-07-24 18:00"),
        lambda tale: tale.until("2026-07-27 18:00"),
        {"1/warning/assessment/care_team": "the window has ended meanwhile"},
    ),
    (
        "the announcement by the explanation",
        lambda tale: tale.says("resolved", by="ana"),
        lambda tale: tale.says("resolved", text="Se repone.", by="ana"),
        {
            "1/decided/customer": "the resolution is explained",
            "1/explain/0/representative": "the resolution is explained",
        },
    ),
    (
        "what is asked by the end",
        lambda tale: tale.says("resolved", by="ana"),
        lambda tale: tale.says("customer-satisfied"),
        {"1/decided/customer": "the case has moved on", "1/explain/0/representative": "the case has moved on"},
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "expected"), [row[1:] for row in OVERTAKEN], ids=[row[0] for row in OVERTAKEN]
)
def test_a_letter_that_the_case_has_overtaken_does_not_go_out(
    before: Callable[[Tale], object], after: Callable[[Tale], object], expected: dict[str, str]
) -> None:
    tale = Tale.begins()
    tale.mail = None
    before(tale)
    after(tale)
    tale.mail = SENT
    tale.post()
    assert expected.items() <= superseded(tale).items()
    assert not {order.key for order in tale.orders} & set(expected)


def test_legal_warnings_are_overtaken_by_the_breach_which_is_told() -> None:
    tale = Tale.begins()
    tale.mail = None
    tale.until("2026-08-18 18:00")
    tale.mail = SENT
    tale.post()
    assert {key for key in superseded(tale) if "legal" in key} == {
        f"1/legal/{day}/{role}" for day in (10, 13) for role in ("administration_manager", "general_director")
    }
    assert len(tale.letters(LetterKind.LEGAL_BREACH)) == 2


def test_several_reminders_are_one() -> None:
    tale = Tale.begins()
    _resolve(tale)
    tale.mail = None
    tale.until("2026-07-28 10:00")
    tale.mail = SENT
    tale.post()
    assert [order.key for order in tale.letters(LetterKind.REMINDER)] == ["1/reminder/2/customer"]
    assert superseded(tale)["1/reminder/1/customer"] == "a newer reminder"


def test_what_tells_of_a_breach_or_an_end_is_never_overtaken() -> None:
    tale = Tale.begins()
    tale.mail = None
    tale.until("2026-08-03 18:00")
    tale.says("resolved", text="Se repone.")
    tale.says("customer-satisfied")
    tale.mail = SENT
    tale.post()
    told = {order.kind for order in tale.orders}
    assert {LetterKind.LATE, LetterKind.ESCALATED_TO_YOU, LetterKind.ESCALATION, LetterKind.RESOLUTION,
            LetterKind.CLOSING} <= told  # fmt: skip
    assert lanes(tale.case) == []
