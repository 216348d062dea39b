"""What customers write waits for somebody (§5.4, §8); what was read in it is understood, and asked for no more (§4)."""

from datetime import date
from typing import Any

import pytest

from complaints.rules.contents import contents_of
from complaints.rules.letters import LetterKind
from complaints.rules.refusals import NotNow
from complaints.rules.stages import Effect
from complaints.rules.status import record_of, status_of
from tests.casebook import BY_MAIL, Tale

NOTHING: dict[str, Any] = {
    "customer": {**BY_MAIL, "document": None}, "product": None, "problem": {"description": "No funciona."},
}  # fmt: skip
"""A complaint that says nothing of what §4 asks for."""

ALL = ("identification", "occurred_on", "product")


def read(field: str, value: str, *, evident: bool = True, corrects: bool = False) -> dict[str, Any]:
    """What the reader found."""
    return {"field": field, "value": value, "words": f"… {value}", "end": 9, "evident": evident, "corrects": corrects}


def writes(tale: Tale, text: str, *, on: str | None = None, **more: Any) -> Effect:
    """The customer answers by mail."""
    return tale.says("message-received", on=on, text=text, via="reply", by="customer", **more)


def satisfied(words: str) -> dict[str, Any]:
    return {"says": "satisfied", "words": words}


def resolved(at: str = "2026-07-24 10:00", **more: Any) -> Tale:
    tale = Tale.begins(**more)
    tale.says("assigned", representative="Ana Torres")
    tale.says("resolved", on=at, text="Se reponen las horas.", by="Ana Torres")
    return tale


# -- new until somebody answers it or marks it read --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields", "answered"),
    [
        ("messages-read", {}, True),
        ("resolved", {"text": "Se repone.", "by": "ana"}, True),
        ("details-requested", {"question": "¿Qué grupo?", "by": "ana"}, True),
        ("details-received", {"document": "44556677", "by": "ana", "via": "desk"}, True),
        ("called", {"reached": True, "by": "ana"}, True),
        ("noted", {"text": "Le contestamos.", "for_customer": True, "by": "ana"}, True),
        ("date-promised", {"date": "2026-08-10", "by": "ana"}, True),
        ("withdrawn", {"by": "ana", "via": "reply"}, True),
        # None of these says anything to the customer
        ("called", {"reached": False, "by": "ana"}, False),
        ("noted", {"text": "Preguntar al docente.", "by": "ana"}, False),
        ("assessed", {"by": "ana"}, False),
        ("assigned", {"department": "academic", "by": "ana"}, False),
        ("involved", {"whom": "academic", "question": "¿?", "by": "ana"}, False),
        ("customer-satisfied", {"by": "customer", "via": "link"}, False),
    ],
)
def test_a_message_is_new_until_somebody_answers_it_or_marks_it_read(
    name: str, fields: dict[str, Any], answered: bool
) -> None:
    tale = Tale.begins()
    writes(tale, "¿Cómo va mi queja?", on="2026-07-22 12:00")
    assert status_of(tale.case).unread == record_of(tale.case).unread == 1
    tale.says(name, on="2026-07-22 13:00", **fields)
    assert status_of(tale.case).unread == (0 if answered else 1)
    assert tale.again().unread == tale.case.unread


@pytest.mark.parametrize(
    ("fact", "fields", "new"),
    [
        ("message-received", {"via": "reply", "by": "customer"}, True),
        ("message-received", {"via": "link", "by": "customer"}, True),
        ("message-received", {}, True),
        ("message-received", {"via": "desk", "by": "ana"}, False),
        ("message-received", {"via": "cli", "by": "ana"}, False),
        ("details-received", {"via": "reply", "by": "customer", "text": "Va."}, True),
        ("details-received", {"via": "link", "by": "customer", "document": "44556677"}, True),
        ("details-received", {"via": "desk", "by": "ana", "text": "Lo dijo al llamar."}, False),
        ("customer-dissatisfied", {"via": "link", "by": "customer", "reason": "Tardan mucho."}, True),
        ("feedback-given", {"via": "link", "by": "customer", "text": "Amables."}, False),
    ],
)
def test_new_is_what_customers_write_themselves(fact: str, fields: dict[str, Any], new: bool) -> None:
    tale = Tale.begins()
    tale.says(fact, **fields)
    assert bool(tale.case.unread) is new


def test_what_came_after_the_page_was_drawn_is_still_new() -> None:
    tale = Tale.begins()
    writes(tale, "Uno.")
    seen = len(tale.case.rows)
    writes(tale, "Dos.", on="2026-07-22 10:00")
    tale.says("messages-read", up_to=seen, by="ana")
    assert [tale.case.rows[message.row - 1].data["text"] for message in tale.case.unread] == ["Dos."]
    assert status_of(tale.case).unread_since == tale.case.unread[0].at
    tale.says("messages-read", by="ana")
    assert tale.says("messages-read", by="ana") is Effect.IGNORED, "there is nothing left to read"


def test_the_end_leaves_nothing_waiting_and_after_it_the_quarantine_shows_what_comes() -> None:
    tale = resolved()
    writes(tale, "Sí, estoy conforme.")
    tale.says("customer-satisfied", by="customer", via="link")
    assert tale.case.unread == []
    writes(tale, "Gracias de nuevo.")
    assert tale.case.unread == []


# -- late, told once ---------------------------------------------------------------------------------------------------


def test_over_one_business_day_it_is_late_and_whoever_answers_for_the_case_is_told_once() -> None:
    tale = Tale.begins()
    tale.says("assigned", representative="Ana Torres")
    writes(tale, "¿Cómo va?", on="2026-07-22 12:00")
    assert tale.due("message") == "2026-07-24 18:00", "the 23rd is a holiday"
    writes(tale, "¿Hola?", on="2026-07-24 09:00")
    tale.until("2026-07-27 17:00")
    assert tale.happened("late/message") == ["2026-07-24 18:00 late/message"]
    assert tale.notices(LetterKind.MESSAGE_LATE) == ["late/message/6 → representative"]
    assert tale.letters(LetterKind.MESSAGE_LATE)[0].contents.words == "¿Cómo va?"
    assert "message" in status_of(tale.case).late_for
    tale.says("messages-read", by="Ana Torres")
    assert "message" not in status_of(tale.case).late_for
    writes(tale, "¿Y ahora?", on="2026-08-03 08:00")
    tale.until("2026-08-05 08:00")
    assert len(tale.notices(LetterKind.MESSAGE_LATE)) == 2, "another message, another wait"
    assert tale.again().strikes == tale.case.strikes


def test_answered_in_time_nobody_is_told() -> None:
    tale = Tale.begins()
    writes(tale, "¿Cómo va?", on="2026-07-22 12:00")
    tale.says("messages-read", on="2026-07-24 17:59", by="ana")
    tale.until("2026-07-27 18:00")
    assert not tale.notices(LetterKind.MESSAGE_LATE)
    assert not tale.happened("late/message")


# -- while it waits ----------------------------------------------------------------------------------------------------


def test_while_it_waits_nobody_is_reminded_and_nothing_closes() -> None:
    tale = resolved(policy={"confirmation": {"silence_closes_after": 4}})
    writes(tale, "Sí, estoy conforme", on="2026-07-25 10:00", seems=satisfied("estoy conforme"))
    tale.until("2026-08-20 10:00")
    assert "reminder" not in tale.told()
    assert tale.case.outcome is None, "nothing closes by guessing"
    assert status_of(tale.case).next_word_at is None
    tale.says("messages-read", by="ana")
    assert tale.due("reminder") == "2026-08-23 10:00", "whoever wrote was not silent"
    assert tale.due("silence") == "2026-08-26 18:00"


def test_a_reminder_that_could_not_go_out_yet_does_not_go_out_any_more() -> None:
    tale = resolved()
    tale.mail = None
    tale.until("2026-07-27 10:00")
    writes(tale, "Todo bien, gracias", seems=satisfied("Todo bien"))
    tale.mail = Tale.begins().mail
    tale.post()
    assert "reminder" not in tale.told()


def test_updates_go_on_ask_for_nothing_and_thank_for_the_message_once() -> None:
    tale = Tale.begins(**NOTHING)
    assert tale.orders[0].contents.missing == ALL
    writes(tale, "Ya les dije todo.", on="2026-07-23 10:00")
    tale.until("2026-07-28 09:00")
    first, second = (order.contents for order in tale.letters(LetterKind.UPDATE))
    assert (first.missing, first.question) == ((), None)
    assert first.thanks_for == tale.case.unread[0].at
    assert first.message_waits
    assert (second.thanks_for, second.missing) == (None, ()), "thanked for once"
    tale.says("messages-read", by="ana")
    tale.until("2026-07-31 09:00")
    assert tale.letters(LetterKind.UPDATE)[-1].contents.missing == ALL, "asked a second time, now that it was read"


def test_a_forged_message_is_new_and_nobody_is_thanked_for_it() -> None:
    tale = Tale.begins(**NOTHING)
    writes(tale, "Mi DNI es 44556677", sender_proven=False, read=[read("document", "44556677")])
    assert not tale.case.unread[0].proven
    assert tale.case.received.customer.document is None
    assert [one.value for one in tale.case.proposals] == ["44556677"]
    tale.until("2026-07-25 09:00")
    assert tale.letters(LetterKind.UPDATE)[0].contents.thanks_for is None


# -- what it seems to say ----------------------------------------------------------------------------------------------


def test_what_a_message_seems_to_say_is_proposed_where_it_can_be_done_and_does_nothing() -> None:
    tale = Tale.begins()
    writes(tale, "Todo bien, gracias", seems=satisfied("Todo bien"))
    assert status_of(tale.case).messages[0].seems is None, "nothing is resolved yet"
    tale = resolved()
    level = tale.case.level
    writes(tale, "No, sigue igual", seems={"says": "not-satisfied", "words": "sigue igual"})
    shown = status_of(tale.case).messages[0].seems
    assert shown is not None
    assert (shown.says, shown.words) == ("not-satisfied", "sigue igual")
    assert (tale.case.stage, tale.case.level) == ("confirmation", level), "nothing escalates by guessing"


def test_one_click_does_it_with_the_customers_own_words_as_evidence() -> None:
    tale = resolved()
    writes(tale, "Sí, estoy conforme", seems=satisfied("estoy conforme"))
    tale.says("customer-satisfied", words="estoy conforme", via="reply", by="Ana Torres")
    assert tale.case.outcome == "satisfied"
    assert not tale.case.satisfied_by_resolver, "the customer's mail says so, not who resolved it"


# -- what was read is used ---------------------------------------------------------------------------------------------


def test_evident_details_are_understood_told_and_not_asked_for() -> None:
    tale = Tale.begins(
        **NOTHING, read=[read("document", "44556677"), read("occurred_on", "2026-07-10"), read("phone", "987654321")]
    )
    said = tale.orders[0].contents
    assert said.understood["document"] == "44556677"
    assert said.understood["occurred_on"] == "2026-07-10"
    assert said.understood["phone"] == "987654321"
    assert said.missing == ("product",)
    record = record_of(tale.case)
    assert (record.document, record.occurred_on, record.phone) == ("44556677", "2026-07-10", "987654321")
    assert {one.field: one.words for one in status_of(tale.case).understood}["document"] == "… 44556677"
    assert tale.again().understood == tale.case.understood


def test_what_is_not_evident_is_proposed_and_still_asked_for() -> None:
    tale = Tale.begins(**NOTHING, read=[read("product", "Revit", evident=False)])
    assert tale.orders[0].contents.missing == ALL
    assert [(one.field, one.value) for one in status_of(tale.case).proposals] == [("product", "Revit")]
    tale.says("details-received", product="Revit", via="desk", by="ana")
    assert status_of(tale.case).proposals == ()
    assert tale.case.received.product == "Revit"


def test_no_is_said_once_and_for_good() -> None:
    tale = Tale.begins(**NOTHING, read=[read("product", "Revit", evident=False), read("document", "44556677")])
    tale.says("reading-rejected", field="product", by="ana")
    assert status_of(tale.case).proposals == ()
    tale.says("reading-rejected", field="document", by="ana")
    assert tale.case.received.customer.document is None, "what was only read is known no more"
    assert tale.case.missing == ALL
    with pytest.raises(NotNow):
        tale.case.expect(type_of("reading-rejected")(field="document"))
    assert tale.again().received == tale.case.received


def type_of(name: str) -> Any:
    from complaints.rules.facts import FACTS

    return FACTS[name]


@pytest.mark.parametrize("by", ["mail", "page", "staff"])
def test_a_wrong_reading_is_corrected_everywhere(by: str) -> None:
    tale = Tale.begins(**NOTHING, read=[read("document", "44556677")])
    corrected: dict[str, dict[str, Any]] = {
        "mail": {"text": "Mi DNI es 45678912, no 44556677", "via": "reply", "by": "customer",
                 "read": [read("document", "45678912", corrects=True)]},
        "page": {"document": "45678912", "via": "link", "by": "customer"},
        "staff": {"document": "45678912", "via": "desk", "by": "ana"},
    }  # fmt: skip
    tale.says("details-received", on="2026-07-22 10:00", **corrected[by])
    assert record_of(tale.case).document == "45678912"
    assert all(one.value != "44556677" for one in status_of(tale.case).understood)
    tale.until("2026-07-25 10:00")
    noted = tale.letters(LetterKind.UPDATE)[0].contents.noted
    assert noted == ({} if by == "staff" else {"document": "45678912"}), "told, to be corrected by answering"


def test_what_a_wrong_reading_took_the_place_of_stands_again_when_it_is_rejected() -> None:
    """A document that was given, one that was read, one from a mail that left with its complaint: none is lost."""
    given = Tale.begins()
    writes(given, "Corrijo: DNI 71112223", read=[read("document", "71112223", corrects=True)])
    assert given.case.received.customer.document == "71112223"
    given.says("reading-rejected", field="document", by="ana")
    assert given.case.received.customer.document == "45678912"
    assert status_of(given.case).understood == ()

    twice = Tale.begins(**NOTHING, read=[read("occurred_on", "2026-07-10")])
    writes(twice, "No fue el 10, fue el 12", read=[read("occurred_on", "2026-07-12", corrects=True)])
    twice.says("reading-rejected", field="occurred_on", value="2026-07-12", by="ana")
    assert twice.case.received.problem.occurred_on == date(2026, 7, 10)
    assert [one.value for one in status_of(twice.case).understood] == ["2026-07-10"], "still only read"
    twice.says("reading-rejected", field="occurred_on", by="ana")
    assert twice.case.received.problem.occurred_on is None

    settled = Tale.begins()
    writes(settled, "Corrijo: DNI 71112223", read=[read("document", "71112223", corrects=True)])
    settled.says("details-received", document="71112224", by="ana")
    assert settled.case.known_before == {}, "somebody said what it is"
    assert settled.again().received == settled.case.received


def test_another_document_corrects_one_that_was_only_read_and_none_that_was_given() -> None:
    tale = Tale.begins(**NOTHING, read=[read("document", "44556677")])
    writes(tale, "Mi DNI es 45678912", read=[read("document", "45678912")])
    assert tale.case.received.customer.document == "45678912"
    given = Tale.begins()
    writes(given, "Mi DNI es 44556677", read=[read("document", "44556677")])
    assert given.case.received.customer.document == "45678912", "given by the customer or staff: people decide"


def test_another_value_without_a_correction_changes_nothing_that_is_known() -> None:
    tale = Tale.begins(**NOTHING, read=[read("occurred_on", "2026-07-10")])
    writes(tale, "El 20 fui a la oficina.", read=[read("occurred_on", "2026-07-20")])
    assert tale.case.received.problem.occurred_on == date(2026, 7, 10)
    assert status_of(tale.case).proposals == ()


@pytest.mark.parametrize("value", ["2026-07-23", "2027-01-01", "mañana"])
def test_a_problem_is_never_dated_in_the_future(value: str) -> None:
    tale = Tale.begins(**NOTHING, read=[read("occurred_on", value)])
    assert tale.case.received.problem.occurred_on is None
    assert status_of(tale.case).proposals == ()


# -- asked twice at most, and never after the resolution ---------------------------------------------------------------


def test_the_rest_is_asked_for_twice_at_most() -> None:
    tale = Tale.begins(**NOTHING).until("2026-08-03 09:00")
    letters = [order for order in tale.orders if order.recipient == "customer"]
    assert [bool(order.contents.missing) for order in letters[:4]] == [True, True, False, False]
    assert tale.case.missing == ALL, "staff go on seeing what is missing"


def test_a_persons_own_request_is_asked_twice_too() -> None:
    tale = Tale.begins(**NOTHING).until("2026-07-28 09:00")
    tale.says("details-requested", missing=["la boleta"], question="¿Qué sede?", by="ana")
    tale.until("2026-08-06 10:00")
    letters = [
        order for order in tale.orders if order.recipient == "customer" and order.at >= tale.case.waits[0].requested_at
    ]
    assert [bool(order.contents.missing) for order in letters][:3] == [True, True, False]
    assert [bool(order.contents.question) for order in letters][:3] == [True, True, False]


def test_two_letters_of_which_one_never_went_out_count_as_one() -> None:
    tale = Tale.begins(**NOTHING, mail=None)
    tale.until("2026-07-28 09:00")
    tale.mail = Tale.begins().mail
    tale.post()
    update = tale.letters(LetterKind.UPDATE)
    assert len(update) == 1
    assert update[0].contents.missing == ALL


def test_never_after_the_resolution() -> None:
    tale = Tale.begins(**NOTHING)
    tale.says("resolved", on="2026-07-23 10:00", by="ana")  # decided, not explained: updates go on
    tale.until("2026-07-26 10:00")
    assert tale.letters(LetterKind.UPDATE)[-1].contents.missing == ()
    tale.says("resolved", text="Se repone.", by="ana")
    tale.says("customer-dissatisfied", reason="No.", by="customer", via="link")
    assert tale.letters(LetterKind.ESCALATION)[-1].contents.missing == ()
    tale.until("2026-07-31 10:00")
    assert tale.letters(LetterKind.UPDATE)[-1].contents.missing == ()
    assert status_of(tale.case).asks_for == ()


def test_the_letters_to_departments_name_no_document_that_was_read() -> None:
    tale = Tale.begins(**NOTHING, read=[read("document", "44556677")])
    tale.says("assigned", department="academic")
    notice = next(one for one in tale.case.notices if one.kind is LetterKind.ASSIGNMENT)
    assert "44556677" not in contents_of(tale.case, notice).model_dump_json()
