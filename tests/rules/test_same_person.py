"""Whether two complaints are one person's; a row each, with the reason."""

import pytest

from complaints.rules.same_person import Known, Sameness, sameness

ROSA = Known("45678912", "rosa@correo.example", frozenset({"987654321"}), ("rosa", "quispe"))
LUIS = Known("40112233", "luis@correo.example", frozenset({"912345678"}), ("luis", "paredes"))
SAME, PERHAPS, OTHER = Sameness

PAIRS = [
    (ROSA, ROSA, SAME),
    (ROSA, LUIS, OTHER),  # nothing in common
    (ROSA, Known("45678912", "otra@correo.example", frozenset(), ("rosa", "q")), SAME),  # a document decides
    (ROSA, Known("45678912", name=("luis", "paredes")), PERHAPS),  # a slip in one of the documents
    (ROSA, Known("40112233", "rosa@correo.example", frozenset(), ("rosa", "quispe")), PERHAPS),  # two documents
    (ROSA, Known("40112233", "", frozenset({"987654321"}), ("rosa", "quispe")), PERHAPS),  # mother and daughter
    (ROSA, Known(email="rosa@correo.example"), SAME),  # a bare mail from the same mailbox
    (ROSA, Known(email="rosa@correo.example", name=("quispe", "mamani", "rosa")), SAME),  # with the second surname
    (ROSA, Known(email="rosa@correo.example", name=("luis", "quispe")), PERHAPS),  # her mailbox, her son's name
    (ROSA, Known(phones=frozenset({"987654321"}), name=("rosa", "quispe")), SAME),  # a call without a document
    (ROSA, Known(phones=frozenset({"987654321"})), PERHAPS),  # somebody of the household, who did not say who
    (ROSA, Known("45678912"), SAME),  # a document, and nothing else known
    (ROSA, Known("45678912", name=("beto", "quispe")), PERHAPS),  # whoever brought both gave one document for both
    (ROSA, Known(email="rosa@correo.example", guarded=True), PERHAPS),  # a mother's mailbox, and which child?
    (ROSA, Known("45678912", guarded=True), PERHAPS),  # a mother's document
    (ROSA, Known(email="rosa@correo.example", name=("quispe",), guarded=True), PERHAPS),  # the family's name alone
    (ROSA, Known(email="rosa@correo.example", name=("rosa", "quispe"), guarded=True), SAME),  # the same child again
    # her mother wrote about her, and would get no letter any more
    (ROSA, Known("45678912", "madre@correo.example", frozenset(), ("rosa", "quispe"), guarded=True), PERHAPS),
    (ROSA, Known(phones=frozenset({"987654321"}), name=("luis", "paredes")), PERHAPS),  # two people, one telephone
    (ROSA, Known(name=("rosa", "quispe")), OTHER),  # a name alone is too common
    (Known(), Known(), OTHER),  # nothing known of either
]


@pytest.mark.parametrize(("one", "other", "wanted"), PAIRS)
def test_whether_two_complaints_are_one_persons(one: Known, other: Known, wanted: Sameness) -> None:
    assert sameness(one, other) is wanted
    assert sameness(other, one) is wanted
