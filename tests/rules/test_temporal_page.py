"""What a manager reads in Temporal's page: what it is about by category, who has it, late since when; nobody's data."""

from complaints.rules.languages import Language
from tests.casebook import Tale
from workflows import page


def read(tale: Tale, language: Language = "es") -> str:
    assert tale.case.policy.language == language
    return page.details(tale.case)


def test_what_it_is_about_who_has_it_and_late_since_when() -> None:
    tale = Tale.begins()
    assert "**Quién la tiene:** Atención al Cliente" in read(tale)
    tale.says("assessed", category="certificados", severity="media", by="ana")
    tale.says("assigned", department="systems", representative="Ana Torres")
    assert read(tale).startswith("**investigación** · certificados · media")
    assert "**Quién la tiene:** Ana Torres · systems" in read(tale)
    assert "**Con retraso**" not in read(tale)
    tale.until("2026-08-03 18:00")
    said = read(tale)
    assert "**Quién la tiene:** Gerente de Administración · systems" in said
    tale.until("2026-08-12 10:00")
    said = read(tale)
    assert "**Con retraso**" in said
    assert "desde el lunes 3 de agosto de 2026, a las 6:00 p. m. (tarde 5 días hábiles)" in said, said


def test_neither_an_address_nor_the_customer_stands_there() -> None:
    tale = Tale.begins()
    tale.says("assigned", department="systems", representative="ana.torres@escuela.example")
    tale.says("message-received", text="Soy Rosa, mi DNI es 45678912")
    said = read(tale)
    customer = tale.case.received.customer
    hidden = ("@", "45678912", customer.name, customer.email, tale.case.received.problem.description)
    assert not [word for word in hidden if word and word in said]
    assert "**Quién la tiene:** representante a cargo · systems" in said
