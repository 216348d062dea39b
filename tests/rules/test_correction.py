"""A correction of the resolution: one more letter, the customer asked anew, and no dispute (§6)."""

from complaints.rules.contents import letter_order
from complaints.rules.letters import LetterKind
from complaints.rules.stages import Effect, Stage
from complaints.rules.status import status_of
from tests.casebook import BY_PHONE, SENT, Tale, lima

MONDAY = "2026-07-27 10:00"


def resolved(**policy: object) -> Tale:
    tale = Tale.begins(policy=dict(policy))
    tale.says(
        "resolved", on=MONDAY, text="Se reponen dos horas.", outcome="not", corrective_actions=["Revisar"], by="Ana"
    )
    return tale


def test_the_customer_reads_the_right_answer_whole_and_the_round_goes_on() -> None:
    tale = resolved()
    assert tale.says("resolution-corrected", text="Se reponen tres horas.", outcome="upheld") is Effect.APPLIES
    assert tale.told()[-2:] == ["resolution", "correction"]
    contents = tale.orders[-1].contents
    assert (contents.resolution, contents.resolution_outcome) == ("Se reponen tres horas.", "upheld")
    assert contents.corrective_actions == ("Revisar",), "what is not said stays as it was"
    assert (tale.case.stage, tale.case.round.number) == (Stage.CONFIRMATION, 1)
    assert status_of(tale.case).resolution == "Se reponen tres horas."


def test_measures_are_taken_back_where_there_are_none_any_more() -> None:
    tale = resolved()
    tale.says("resolution-corrected", text="Se reponen tres horas.", corrective_actions=[])
    assert tale.orders[-1].contents.corrective_actions == ()


def test_reminders_count_anew_from_the_correction_and_so_does_silence() -> None:
    tale = resolved(confirmation={"silence_closes_after": 5, "reminders": 1})
    tale.until("2026-07-30 10:01")
    assert tale.told()[-1] == "reminder"
    tale.says("resolution-corrected", on="2026-07-31 09:00", text="Se reponen tres horas.")
    assert tale.due("silence") == "2026-08-10 18:00"
    tale.until("2026-08-03 09:01")
    assert tale.told()[-1] == "reminder", "a second first one"
    assert len({order.key for order in tale.orders}) == len(tale.orders)


def test_a_correction_before_the_first_letter_left_is_the_first_answer() -> None:
    tale = Tale.begins()
    tale.mail = None
    tale.says("resolved", on=MONDAY, text="Se reponen dos horas.")
    tale.says("resolution-corrected", text="Se reponen tres horas.")
    tale.mail = SENT
    tale.post()
    answers = [order for order in tale.orders if order.kind in (LetterKind.RESOLUTION, LetterKind.CORRECTION)]
    assert [(order.kind, order.contents.resolution) for order in answers] == [
        (LetterKind.RESOLUTION, "Se reponen tres horas.")
    ]
    assert tale.case.round.communicated_at is not None


def test_a_correction_that_comes_back_does_not_take_the_first_answer_back() -> None:
    tale = resolved()
    tale.says("resolution-corrected", text="Se reponen tres horas.")
    told = tale.case.first_communicated_at
    tale.says("letter-bounced", key=tale.orders[-1].key)
    assert told is not None
    assert tale.case.first_communicated_at == told, "the law's clock stopped with the first"
    assert tale.case.open_call is not None


def test_by_telephone_it_joins_the_call_that_tells_the_answer() -> None:
    tale = Tale.begins(channel="phone", customer=BY_PHONE)
    tale.says("resolved", on=MONDAY, text="Se reponen dos horas.")
    tale.says("resolution-corrected", text="Se reponen tres horas.")
    assert tale.case.open_call is not None
    assert tale.case.open_call.kinds[-2:] == ("resolution", "correction")
    notice = next(notice for notice in tale.case.notices if notice.kind is LetterKind.CORRECTION)
    assert letter_order(tale.case, notice, staff_language="es").kind is LetterKind.RESOLUTION
    assert tale.case.as_of == lima(MONDAY)
