"""What each kind of letter may say: nothing that its reader must not know, and all that they need."""

from typing import Any

import pytest

from complaints.rules.letters import CUSTOMER, TO_CUSTOMER, LetterKind, LetterOrder
from complaints.rules.notices import next_letter, tell
from complaints.rules.status import record_of
from tests.casebook import BY_PHONE, FAILED, ROSA, Tale, lima

SECRET = "El docente no quiere que se sepa"
TO_DEPARTMENTS = [
    LetterKind.ASSIGNMENT, LetterKind.INVOLVEMENT, LetterKind.WARNING, LetterKind.LATE, LetterKind.CUSTOMER_SAID,
    LetterKind.ESCALATED_FROM_YOU, LetterKind.DISPUTED,
]  # fmt: skip
CONTACT = {"45678912", "rosa@correo.example", "+51 987 654 321", "Rosa Quispe"}


@pytest.fixture(scope="module")
def every_letter() -> dict[LetterKind, LetterOrder]:
    """One order of each kind, all of a case in which everything happened."""
    found: dict[LetterKind, LetterOrder] = {}
    for tale in (_an_eventful_life(), _a_life_by_telephone(), *_ends()):
        for order in tale.orders:
            found.setdefault(order.kind, order)
    return found


def _an_eventful_life() -> Tale:
    tale = Tale.begins()
    tale.says("noted", text=SECRET, by="ana")
    tale.says("noted", text="@beto mire el aula", mentions=["beto"], by="ana")
    tale.says("details-requested", question="¿Qué grupo?")
    tale.says("details-received", text="Grupo 4")
    tale.says("assigned", department="academic", representative="Ana Torres")
    tale.says("involved", whom="finance", question="¿Pagó?", answer_by="2026-07-24", by="ana")
    tale.says("date-promised", date="2026-07-24")
    tale.says("replied", text="Lo vemos hoy.", by="ana")
    tale.says("message-received", text="¿Y?")
    tale.until("2026-08-18 18:00")
    tale.says("resolved", by="ana")
    tale.says("resolved", text="Se repone.", cause=SECRET, corrective_actions=["Una clase más"], by="ana")
    tale.says("resolution-corrected", text="Se repone el sábado.", by="ana")
    tale.says("customer-dissatisfied", reason="No basta")
    tale.says("resolved", text="Se devuelve.", by="ana")
    tale.until("2026-09-30 18:00")
    tale.says("customer-satisfied")
    tale.says("customer-dissatisfied", reason="Otra vez")
    return tale


def _a_life_by_telephone() -> Tale:
    tale = Tale.begins(customer=BY_PHONE, mail=FAILED).until("2026-07-24 09:00")
    for _ in range(3):
        tale.says("called", reached=False)
    return tale


def _ends() -> list[Tale]:
    tales = []
    for fact, said in [
        ("withdrawn", {"reason": SECRET}), ("closed-by-decision", {"reason": "No procede."}),
        ("not-a-complaint", {"reason": "Es una consulta."}), ("merged", {"into": "Q-2"}),
    ]:  # fmt: skip
        tales.append(Tale.begins())
        tales[-1].says("noted", text=SECRET)
        tales[-1].says(fact, **said)
    beside = Tale.begins()
    beside.says("merged", into="Q-2", whose="other")
    beside.says("separated")
    silent = Tale.begins(policy={"confirmation": {"silence_closes_after": 1}})
    silent.says("resolved", text="Se repone.")
    return [*tales, beside, silent.until("2026-08-10 09:00")]


def test_every_kind_is_ordered_by_some_case(every_letter: dict[LetterKind, LetterOrder]) -> None:
    assert set(every_letter) == set(LetterKind)


@pytest.mark.parametrize("kind", sorted(TO_CUSTOMER))
def test_a_customer_reads_nothing_internal(kind: LetterKind, every_letter: dict[LetterKind, LetterOrder]) -> None:
    order = every_letter[kind]
    said = order.contents
    assert order.recipient == CUSTOMER
    assert order.customer_email == ROSA["email"]
    assert SECRET not in order.model_dump_json()
    assert not said.story
    assert all(line.by is None for line in said.since_last_word)
    assert (said.phone, said.script, said.attempts) == (None, (), 0)


@pytest.mark.parametrize("kind", sorted(set(LetterKind) - TO_CUSTOMER))
def test_no_staff_letter_carries_the_customers_address(
    kind: LetterKind, every_letter: dict[LetterKind, LetterOrder]
) -> None:
    order = every_letter[kind]
    assert order.recipient != CUSTOMER
    assert order.customer_email is None
    assert ROSA["email"] not in order.model_dump_json()


@pytest.mark.parametrize("recipient", ["department_head", "finance", "docente@escuela.example"])
@pytest.mark.parametrize("kind", TO_DEPARTMENTS)
def test_a_department_never_gets_contact_data(kind: LetterKind, recipient: str) -> None:
    tale = Tale.begins(mail=None)
    notice = tell(tale.case, kind, "occasion/1", recipient, window="investigation", question="¿?", reason="time")
    assert notice is not None
    said = tale.order(notice).model_dump_json()
    assert not {part for part in CONTACT if part in said}


@pytest.mark.parametrize(
    ("kind", "readers"),
    [
        (LetterKind.CALL_NEEDED, {"care_team"}),  # who calls: the representative once there is one
        (LetterKind.ESCALATED_TO_YOU, {"administration_manager", "general_director"}),
    ],
)
def test_who_talks_to_the_customer_has_the_telephone(kind: LetterKind, readers: set[str]) -> None:
    tale = Tale.begins(customer=BY_PHONE).until("2026-08-12 09:00")
    orders = tale.letters(kind)
    assert {order.recipient for order in orders} == readers
    assert all(order.contents.phone == ROSA["phone"] for order in orders)


def test_the_acknowledgement_says_what_4_asks_for() -> None:
    tale = Tale.begins(
        customer={**ROSA, "document": None}, in_reply_to="<m@correo.example>", subject="Mi curso", mail=None
    )
    notice = next_letter(tale.case, CUSTOMER)
    assert notice is not None
    order = tale.order(notice)
    said = order.contents
    assert (order.in_reply_to, order.subject) == ("<m@correo.example>", "Mi curso")
    assert said.description == "El curso de BIM no tuvo las horas prometidas."
    assert said.understood == {
        "name": "Rosa Quispe", "phone": "+51 987 654 321", "occurred_on": "2026-07-01", "product": "Curso de BIM"
    }  # fmt: skip
    assert said.missing == ("identification",)
    assert (said.stage, said.owner) == ("assessment", "care_team")
    assert (said.due, said.next_word_at) == (lima("2026-07-27 18:00"), lima("2026-07-25 09:00"))


def test_every_update_names_stage_owner_and_the_next_dates() -> None:
    tale = Tale.begins()
    tale.says("assigned", department="academic", representative="Ana Torres")
    tale.until("2026-07-25 09:00")
    said = tale.letters(LetterKind.UPDATE)[0].contents
    assert (said.stage, said.owner, said.department, said.representative) == (
        "investigation", "representative", "academic", "Ana Torres"
    )  # fmt: skip
    assert (said.due, said.next_word_at) == (lima("2026-08-03 18:00"), lima("2026-07-28 09:00"))


def test_no_letter_gives_a_date_that_is_over() -> None:
    tale = Tale.begins().until("2026-07-28 09:00")
    assert tale.letters(LetterKind.UPDATE)[-1].contents.due is None


def test_the_resolution_says_what_was_decided_and_what_is_done_about_it() -> None:
    tale = Tale.begins()
    tale.says("resolved", text="Se repone.", outcome="partly", corrective_actions=["Una clase más"], cause=SECRET)
    said = tale.letters(LetterKind.RESOLUTION)[0].contents
    assert (said.resolution, said.resolution_outcome, said.corrective_actions) == (
        "Se repone.", "partly", ("Una clase más",)
    )  # fmt: skip


def test_a_long_story_keeps_its_beginning() -> None:
    tale = Tale.begins()
    for number in range(100):
        tale.says("noted", text=f"Nota {number}")
    tale.until("2026-08-03 18:00")
    story = tale.letters(LetterKind.ESCALATED_TO_YOU)[0].contents.story
    assert len(story) == 60
    assert (story[0].what, story[-1].what) == ("received", "escalated")


@pytest.mark.parametrize(
    ("language", "spoken", "to_customer", "to_staff"),
    [
        ("es", ["es", "en"], "es", "es"),
        ("en", ["es", "en"], "en", "es"),
        ("en", ["es"], "es", "es"),  # nobody here writes English: customer_languages
    ],
)
def test_the_customer_is_written_to_in_their_language_staff_in_the_schools(
    language: str, spoken: list[str], to_customer: str, to_staff: str
) -> None:
    tale = Tale.begins(language=language, policy={"customer_languages": spoken})
    tale.says("assigned", department="academic")
    by_kind: dict[Any, str] = {order.kind: order.language for order in tale.orders}
    assert by_kind == {LetterKind.ACKNOWLEDGEMENT: to_customer, LetterKind.ASSIGNMENT: to_staff}
    assert record_of(tale.case).language == to_customer  # the customer's page, and what else is written to them
