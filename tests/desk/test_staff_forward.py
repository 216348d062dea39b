"""A colleague forwards what a customer sent them: one click opens it in the customer's name (§3)."""

import pytest

from tests.chance import new_name
from tests.desk.test_quarantine import sends
from tests.desk_house import MAILBOX, House, a_mail, house_of
from tests.sink import Sink
from tests.story import Story

ANA = "Ana Paredes <ana.paredes@escuela.example>"
PDF = b"%PDF-1.4\n"


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def forwarded(house: House, customer: str, *, hours_ago: float = 1) -> str:
    text = (
        "Registren esto por favor.\n\n---------- Forwarded message ---------\n"
        f"De: Hugo Benavides <{customer}>\nDate: lun, 23 nov 2026 a las 9:12\nSubject: Mi certificado\nTo: {ANA}\n\n\n"
        "Buenos días, no puedo descargar mi certificado.\nDNI: 44556677"
    )
    mail = a_mail(text, subject="Fwd: Mi certificado", sender=ANA)
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="constancia.pdf")
    taken = await house.takes_in(mail, hours_ago=hours_ago)
    assert taken.quarantined == "staff-forward", "nothing is opened in the colleague's name"
    return taken.number.removeprefix("quarantine-")


def a_customer() -> str:
    return f"hugo.{new_name()}@correo.example"


async def test_one_click_opens_it_in_the_customers_name(house: House, mail: Sink) -> None:
    customer = a_customer()
    item = await forwarded(house, customer)
    async with house.signed_in("ana") as ana:
        page = (await ana.reads(f"/quarantine/{item}")).text
        assert "Lo reenvió un colega" in page
        assert "Abrir una queja a nombre de Hugo Benavides" in page
        assert customer in page
        answer = await sends(ana, item, "release", **{"as": "new"})
        number = answer.headers["location"].partition("to=")[2]
        await house.has_written(number, "letter-sent")
        case = (await ana.reads(f"/cases/{number}")).text
        assert "constancia.pdf" in case
    status = (await house.office.front_desk.status(number)).value
    kept = await house.office.store.quarantine_item(item)
    record = await house.office.store.record(number)
    assert kept is not None
    assert record is not None
    assert status.received_at == kept.received_at, "the 24 hours count from when it came"
    assert (record.customer_name, record.email, record.document) == ("Hugo Benavides", customer, "44556677")
    assert "no puedo descargar mi certificado" in record.description
    assert "Registren esto" not in record.description
    assert len(mail.to(customer)) == 1
    assert mail.to("ana.paredes@escuela.example") == [], "no letter to the colleague"


async def test_the_colleague_does_not_belong_to_the_case_and_the_customer_does(house: House, mail: Sink) -> None:
    customer = a_customer()
    item = await forwarded(house, customer)
    async with house.signed_in("ana") as ana:
        number = (await sends(ana, item, "release", **{"as": "new"})).headers["location"].partition("to=")[2]
    await house.has_written(number, "letter-sent")
    colleague = await house.takes_in(a_mail("Ya le contesté.", subject=f"Re: [{number}] Mi certificado", sender=ANA))
    assert colleague.quarantined == "sender-mismatch"
    theirs = await house.takes_in(a_mail("Sigo igual.", subject=f"Re: [{number}] x", sender=f"Hugo <{customer}>"))
    assert (theirs.number, theirs.reply) == (number, True)


async def test_a_form_that_names_its_visitor_in_its_words_alone_is_opened_for_them(house: House, mail: Sink) -> None:
    customer = a_customer()
    text = f"Nombre: Pilar Huaman\nCorreo: {customer}\nMensaje: me cobraron dos veces"
    taken = await house.takes_in(a_mail(text, subject="Formulario", sender="Web <web@escuela.example>"))
    assert taken.quarantined == "form-of-nobody"
    item = taken.number.removeprefix("quarantine-")
    async with house.signed_in("ana") as ana:
        assert "Abrir una queja a nombre de Pilar Huaman" in (await ana.reads(f"/quarantine/{item}")).text
        number = (await sends(ana, item, "release", **{"as": "new"})).headers["location"].partition("to=")[2]
    await house.has_written(number, "letter-sent")
    assert len(mail.to(customer)) == 1


async def test_a_visitor_of_a_form_is_the_customer_and_pace_counts_each_of_them(house: House, mail: Sink) -> None:
    for _ in range(22):  # more than one address may send in an hour
        customer = a_customer()
        taken = await house.takes_in(
            a_mail("Me cobraron dos veces.", subject="Formulario", sender=f"Web <{MAILBOX}>", Reply_To=customer)
        )
        assert taken.quarantined is None
    await house.has_written(taken.number, "letter-sent")
    assert len(mail.to(customer)) == 1
    assert mail.to(MAILBOX) == []
    rows = await house.office.store.journal(taken.number)
    assert not [row for row in rows if row.what == "noted"], "visitors are no duplicates of each other"


async def test_what_our_letter_says_is_no_word_of_the_answer(house: House, mail: Sink) -> None:
    customer = a_customer()
    taken = await house.takes_in(a_mail("No tengo acceso.", sender=f"Hugo <{customer}>"))
    await house.has_written(taken.number, "letter-sent")
    [letter] = mail.to(customer)
    part = letter.get_body(("plain",))
    assert part is not None
    quoted = part.get_content()
    answer = a_mail(
        f"Fue el 20 de julio.\n\nEl martes la escuela escribió:\n{quoted}",
        subject=f"Re: {letter['Subject']}",
        sender=f"Hugo <{customer}>",
        In_Reply_To=letter["Message-ID"],
    )
    assert (await house.takes_in(answer)).number == taken.number
    await house.has_written(taken.number, "details-received")  # the day was asked for, and is evident
    said = [
        row.data["text"] for row in await house.office.store.journal(taken.number) if row.what == "details-received"
    ]
    assert said[0].startswith("Fue el 20 de julio.")
    assert len(said[0]) < 120, said[0]
