"""Words to the customer (§4, §5.4): the acknowledgement, the update every 3 days, the promised date."""

from datetime import date

import pytest

from complaints.rules.letters import LetterKind, LetterState
from complaints.rules.notices import letter_ended, next_letter
from complaints.rules.stages import Effect
from tests.casebook import BY_MAIL, SENT, Tale, shown


def updates(tale: Tale) -> list[str]:
    return [shown(order.at) for order in tale.letters(LetterKind.UPDATE)]


def test_every_three_days_weekends_too_at_the_same_hour() -> None:
    tale = Tale.begins("2026-07-22 16:45").until("2026-07-31 17:00")
    assert updates(tale) == ["2026-07-25 16:45", "2026-07-28 16:45", "2026-07-31 16:45"]


def test_three_days_after_the_last_word_whatever_it_was() -> None:
    tale = Tale.begins()
    tale.says("details-requested", on="2026-07-24 10:00", question="¿Qué grupo?")
    assert tale.due("update") == "2026-07-27 10:00"
    tale.says("details-received", on="2026-07-24 11:00")
    tale.says("called", on="2026-07-25 15:00", reached=True, direction="inbound", notes="Preguntó cómo va")
    assert tale.due("update") == "2026-07-28 15:00", "a call in which we told the state is the period's update"
    tale.says("called", on="2026-07-26 15:00", reached=True, told=False)
    tale.says("called", on="2026-07-26 16:00", reached=False)
    assert tale.due("update") == "2026-07-28 15:00", "these two told nothing"
    tale.until("2026-08-03 18:00")  # the escalation is told, too
    assert tale.due("update") == "2026-08-06 18:00"


def test_until_the_resolution_is_communicated() -> None:
    tale = Tale.begins()
    tale.says("resolved", on="2026-07-24 10:00", text="Se repone.")
    assert tale.due("update") is None


def test_after_a_bare_resolved_they_go_on_until_somebody_explains_it() -> None:
    tale = Tale.begins()
    tale.says("assigned", representative="Ana Torres")
    tale.says("resolved", on="2026-07-24 10:00", by="Ana Torres")
    assert tale.told()[-1] == "resolution-decided"
    assert tale.notices(LetterKind.EXPLAIN) == ["explain/0 → representative"]
    tale.until("2026-07-30 10:00")
    assert updates(tale) == ["2026-07-27 10:00", "2026-07-30 10:00"]
    assert tale.notices(LetterKind.EXPLAIN)[1:] == ["explain/1 → representative", "explain/2 → representative"]
    tale.says("resolved", text="Se reponen las horas.", by="Ana Torres")
    assert tale.told()[-1] == "resolution"
    assert tale.due("update") is None
    assert tale.due("reminder") == "2026-08-02 10:00"


def test_an_update_repeats_exactly_what_is_missing() -> None:
    tale = Tale.begins(customer={**BY_MAIL, "document": None})
    tale.says("details-requested", on="2026-07-22 12:00", missing=["identification"])
    tale.says("details-requested", on="2026-07-22 13:00", missing=["la boleta"], question="¿Qué sede?")
    tale.until("2026-07-25 13:00")
    said = tale.letters(LetterKind.UPDATE)[0].contents
    assert said.missing == ("identification", "la boleta"), "a second request does not forget the first"
    assert said.question == "¿Qué sede?"


def test_a_bare_request_for_details_asks_for_what_4_requires() -> None:
    tale = Tale.begins(product=None)
    tale.says("details-requested")
    assert tale.letters(LetterKind.DETAILS_REQUEST)[0].contents.missing == ("product",)


def test_a_bare_request_for_details_when_nothing_is_missing_would_ask_for_nothing() -> None:
    tale = Tale.begins()
    assert tale.says("details-requested") is Effect.IGNORED
    assert tale.case.rows[-1].data["reason"] == "nothing is missing: say what you need, with `missing` or `question`"
    assert tale.case.waits == []


def test_what_remains_outstanding_is_said() -> None:
    tale = Tale.begins()
    tale.says("details-requested", missing=["la boleta", "el grupo"])
    tale.says("details-received", text="Grupo 4", still_missing=["la boleta"])
    assert tale.case.missing == ("la boleta",)
    assert tale.case.details_outstanding is not None
    tale.says("details-received", text="Aquí está")
    assert tale.case.details_outstanding is None


def test_details_go_into_the_case_and_to_who_works_on_it() -> None:
    tale = Tale.begins(product=None)
    tale.says("assigned", representative="Ana Torres")
    tale.says("details-received", document="41414141", product="Revit", occurred_on="2026-07-02", text="Eso")
    received = tale.case.received
    assert (received.customer.document, received.product) == ("41414141", "Revit")
    assert received.problem.occurred_on == date(2026, 7, 2)
    assert tale.notices(LetterKind.CUSTOMER_SAID) == ["details/1 → representative"]
    assert tale.letters(LetterKind.CUSTOMER_SAID)[0].contents.words == "Eso"


def test_a_date_of_the_problem_in_the_future_is_refused_here_too() -> None:
    tale = Tale.begins()
    assert tale.says("details-received", occurred_on="2026-07-23") is Effect.IGNORED
    assert tale.case.rows[-1].data["reason"] == "occurred_on: lies in the future"


# -- the promised date -----------------------------------------------------------------------------------------------


def test_a_promised_date_is_told_and_kept() -> None:
    tale = Tale.begins()
    tale.says("date-promised", on="2026-07-24 10:00", date="2026-07-30")
    assert tale.due("promise") == "2026-07-30 18:00"
    tale.until("2026-07-25 09:00")
    assert tale.letters(LetterKind.UPDATE)[0].contents.promised_for == date(2026, 7, 30)
    tale.says("resolved", on="2026-07-30 17:59", text="Se repone.")
    tale.until("2026-08-01 09:00")
    assert tale.happened("late/promise") == []


def test_a_missed_date_is_a_breach_the_owner_is_told_and_the_next_update_says_so_once() -> None:
    tale = Tale.begins()
    tale.says("assigned", representative="Ana Torres")
    tale.says("date-promised", on="2026-07-24 10:00", date="2026-07-24")
    tale.until("2026-07-24 18:00")
    assert tale.happened("late") == ["2026-07-24 18:00 late/promise"]
    assert tale.notices(LetterKind.PROMISE_MISSED) == ["late/promise/2026-07-24 → representative"]
    assert tale.case.late_for == ["promise"]
    tale.says("date-promised", on="2026-07-24 19:00", date="2026-07-31")
    assert tale.case.late_for == []
    tale.until("2026-07-28 10:00")
    first, second = (letter.contents for letter in tale.letters(LetterKind.UPDATE))
    assert (first.promise_missed, first.promised_for) == (date(2026, 7, 24), date(2026, 7, 31))
    assert (second.promise_missed, second.promised_for) == (None, date(2026, 7, 31))


def test_a_missed_date_survives_an_update_that_was_superseded() -> None:
    tale = Tale.begins()
    tale.says("date-promised", on="2026-07-24 10:00", date="2026-07-24")
    tale.mail = None
    tale.until("2026-07-30 10:00")
    tale.mail = SENT
    tale.post()
    (said,) = (letter.contents for letter in tale.letters(LetterKind.UPDATE))
    assert said.promise_missed == date(2026, 7, 24)
    assert tale.case.promise_missed is None


def test_a_date_missed_while_an_update_is_on_its_way_is_told_in_the_next() -> None:
    tale = Tale.begins()
    tale.says("date-promised", on="2026-07-24 10:00", date="2026-07-27")
    tale.mail = None
    tale.until("2026-07-27 17:00")
    update = next_letter(tale.case, "customer")
    assert update is not None
    update.state = LetterState.CLAIMED.value
    assert tale.order(update).contents.promise_missed is None
    tale.until("2026-07-27 18:00")
    tale.mail = SENT
    letter_ended(tale.case, update.key, SENT)
    assert tale.case.promise_missed == date(2026, 7, 27)
    tale.until("2026-07-30 10:00")
    assert tale.letters(LetterKind.UPDATE)[-1].contents.promise_missed == date(2026, 7, 27)


@pytest.mark.parametrize("day", ["2026-07-21", "2026-07-22"])
def test_a_day_that_is_over_cannot_be_promised(day: str) -> None:
    tale = Tale.begins("2026-07-22 18:00")
    assert tale.says("date-promised", date=day) is Effect.IGNORED
    assert tale.case.rows[-1].data["reason"] == f"{day} is over; promise a day to come"


# -- several become one ----------------------------------------------------------------------------------------------


def test_after_two_days_without_mail_several_updates_are_one_and_tell_all_that_happened() -> None:
    tale = Tale.begins()
    tale.mail = None
    tale.says("assessed", on="2026-07-24 10:00")
    tale.until("2026-07-25 10:00")
    tale.says("noted", on="2026-07-27 10:00", text="Hablamos con el docente.", for_customer=True)
    tale.until("2026-07-28 10:00")
    tale.mail = SENT
    tale.post()
    (letter,) = tale.letters(LetterKind.UPDATE)
    assert [line.what for line in letter.contents.since_last_word] == ["assessed", "noted"]
    superseded = [row.data for row in tale.case.rows if row.what == "letter-superseded"]
    assert [(row["key"], row["reason"]) for row in superseded if row["kind"] == "update"] == [
        ("1/update/1/customer", "a newer word to the customer")
    ]


def test_notes_for_the_customer_are_told_internal_ones_never() -> None:
    tale = Tale.begins()
    tale.says("noted", text="El docente lo admite, pero no decirlo aún.")
    tale.says("noted", text="Revisamos las asistencias.", for_customer=True)
    tale.until("2026-07-25 09:00")
    (letter,) = tale.letters(LetterKind.UPDATE)
    assert [line.text for line in letter.contents.since_last_word] == ["Revisamos las asistencias."]
