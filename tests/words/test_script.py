"""What is said on the telephone to a customer who calls to ask how it goes (§5.4)."""

from complaints.contacts import load_contacts
from complaints.rules.status import record_of, status_of
from starter.calling import answer_to_caller
from tests.casebook import Tale

CONTACTS = load_contacts()


def said(tale: Tale) -> str:
    return " ".join(answer_to_caller(status_of(tale.case), record_of(tale.case), CONTACTS, timezone="America/Lima"))


def test_who_asks_how_it_goes_hears_where_it_stands_with_whom_until_when_and_what_we_lack() -> None:
    tale = Tale.begins("2026-07-22 09:00", product=None)
    tale.says("assigned", department="academic", representative="Ana Torres", by="ana")
    told = said(tale)
    assert "estamos investigando lo que pasó" in told
    assert "Ana Torres" in told
    assert "25 de julio" in told, "§5.4: three days after the acknowledgement"
    assert "producto o servicio" in told


def test_in_the_customer_s_language_and_not_after_the_end() -> None:
    tale = Tale.begins("2026-07-22 09:00", language="en")
    assert "we are assessing your complaint" in said(tale)
    tale.says("withdrawn", by="customer", via="call")
    assert said(tale) == ""
