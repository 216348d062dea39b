"""Letters go to their own audience only: customers, departments, the care team; and to whom the contacts name."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from complaints.contacts import Contacts
from complaints.mail.audience import WrongAudience
from complaints.mail.headers import AddressUnusable
from complaints.mail.letters import Letter, render
from complaints.mail.masking import without_identifiers
from complaints.rules.letters import (
    CARE_TEAM,
    CUSTOMER,
    DEPARTMENT_HEAD,
    REPRESENTATIVE,
    TO_CUSTOMER,
    Contents,
    LetterKind,
    StoryLine,
)
from complaints.words.vocabulary import Language
from tests.golden_letters.examples import CONTACTS, LIMA, NUMBER, STAFF_ADDRESSES, letter, lima, order, rich

TO_STAFF = [kind for kind in LetterKind if kind not in TO_CUSTOMER]
INTERNAL = "NOTA-INTERNA: el profesor admitió el error"


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("kind", sorted(TO_CUSTOMER))
def test_no_letter_to_a_customer_tells_what_is_internal(kind: LetterKind, language: Language) -> None:
    inside = (
        *(StoryLine(at=lima(27), what=what, by="mrojas", text=INTERNAL) for what in ("assessed", "involved", "called")),
        *(
            StoryLine(at=lima(27), what=what, text=INTERNAL)
            for what in ("letter-failed", "ignored", "warned/assessment")
        ),
    )
    contents = rich(kind).model_copy(
        update={
            "story": (*rich(kind).story, StoryLine(at=lima(27), what="noted", by="ana", text=INTERNAL)),
            "since_last_word": (*rich(kind).since_last_word, *inside),
            "script": (INTERNAL,),
            "after_attempts": INTERNAL,
        }
    )
    made = letter(kind, contents, language=language)
    whole = made.text + made.html + made.as_bytes().decode()
    assert "NOTA-INTERNA" not in whole
    assert "mrojas" not in whole
    assert f" {NUMBER} --" not in made.text, "a command line is for staff"
    assert not [address for address in STAFF_ADDRESSES if address in whole]
    found = set(re.findall(r"[\w.+-]+@[\w.-]+\.\w+", made.text + made.html))
    assert found == {"soporte@escuela.example"}, "only the intake's address"


@pytest.mark.parametrize("account", ["root", "mrojas", "ana.rojas@escuela.example", "x_y", "Agente007"])
@pytest.mark.parametrize("kind", sorted(TO_CUSTOMER))
def test_a_customer_never_reads_an_account_or_address_of_a_representative(kind: LetterKind, account: str) -> None:
    contents = rich(kind).model_copy(update={"representative": account, "owner": REPRESENTATIVE})
    made = letter(kind, contents)
    assert account not in made.text + made.html


@pytest.mark.parametrize("kind", [kind for kind in TO_STAFF if kind is not LetterKind.INVOLVEMENT])
def test_a_department_s_head_never_reads_how_to_reach_the_customer(kind: LetterKind) -> None:
    told = letter(kind, _with_contact_data(kind), recipient=DEPARTMENT_HEAD)
    _assert_no_contact_data(told)
    assert told.envelope_to == ("sistemas@escuela.example",)


@pytest.mark.parametrize("whom", ["academic", "ana", "profesora@escuela.example", "general_director"])
def test_whoever_is_asked_to_help_never_reads_how_to_reach_the_customer(whom: str) -> None:
    kind = LetterKind.INVOLVEMENT
    _assert_no_contact_data(letter(kind, _with_contact_data(kind), recipient=whom))


def _with_contact_data(kind: LetterKind) -> Contents:
    words = (
        "Llámeme al 987 654 321, al +51 987-654-321 o al (01) 224 7777, o a rosa.quispe@correo.example. Pagué S/ 480."
    )
    return rich(kind).model_copy(
        update={
            "description": words,
            "words": words,
            "question": words,
            "reason": words,
            "resolution": words,
            "story": (StoryLine(at=lima(27), what="called", text=words),),
            "understood": {**rich(kind).understood, "address": "Jr. Unión 100", "email": "rosa.quispe@correo.example"},
            "corrective_actions": (words,),
        }
    )


def _assert_no_contact_data(made: Letter) -> None:
    whole = made.text + made.html
    for private in ("987", "654", "224 7777", "rosa.quispe", "correo.example", "Jr. Unión", "45678912"):
        assert private not in whole


MASKED = [
    ("escriba a rosa@correo.example.", "escriba a […]", "an address, with the full stop that clings to it"),
    ("mi celular es 987654321", "mi celular es […]", "a Peruvian mobile"),
    ("al 51-913014030 o 01 2247777", "al […] o […]", "with the country's code; a landline"),
    ("DNI 45678912, del 2026-07-20 al 20/07/2026", "DNI […], del 2026-07-20 al 20/07/2026", "an identity card; dates"),
    ("mi dni es 45.678.912.", "mi dni es […].", "grouped"),
    ("Soy Rosa, 45678912, alumna", "Soy Rosa, […], alumna", "without a label"),
    ("carné de extranjería 001234567", "carné de extranjería […]", "a foreigner's card"),
    ("CE: 000987654", "CE: […]", "in short"),
    ("mi documento 001234567 está vigente", "mi documento […] está vigente", "by the general word"),
    ("Pasaporte N° AB-1234567", "Pasaporte N° […]", "a passport"),
    ("viajé con el P1234567", "viajé con el […]", "without a label"),
    ("factura a mi RUC 10456789121", "factura a mi RUC […]", "a person's RUC holds their DNI"),
    ("el RUC 20123456789", "el RUC […]", "any RUC"),
    ("mi teléfono de casa 224-7777", "mi teléfono de casa […]", "a landline of seven digits, by its label"),
    ("whatsapp: 987.654.321", "whatsapp: […]", "grouped by points"),
    ("llámenme al 0051 987 654 321", "llámenme al […]", "dialled from abroad"),
    ("Rosa.Quispe+bim@correo.example.pe, gracias", "[…], gracias", "an address with a tag"),
    ("operación 00123456 del 20/07", "operación 00123456 del 20/07", "a payment is not a person"),
    ("voucher N° 45678912", "voucher N° 45678912", "of a payment, though it looks like a DNI"),
    ("Revit 2024, aula 12345", "Revit 2024, aula 12345", "numbers of other things"),
    ("2026-07-20T09:00 y 1.480,00", "2026-07-20T09:00 y 1.480,00", "a time, an amount"),
    ("pagué S/ 1480.00 por 12 clases", "pagué S/ 1480.00 por 12 clases", "an amount"),
    (f"la queja {NUMBER}", f"la queja {NUMBER}", "our number"),
]


@pytest.mark.parametrize(("text", "masked", "why"), MASKED)
def test_contact_data_is_taken_out_of_words_for_departments(text: str, masked: str, why: str) -> None:
    assert without_identifiers(text) == masked, why


@pytest.mark.parametrize("kind", LetterKind)
def test_no_kind_goes_to_the_other_audience(kind: LetterKind) -> None:
    wrong = CARE_TEAM if kind in TO_CUSTOMER else CUSTOMER
    with pytest.raises(WrongAudience):
        letter(kind, recipient=wrong)


RECIPIENTS = [
    (CARE_TEAM, {}, "atencion@escuela.example", "the care team"),
    ("administration_manager", {}, "administracion@escuela.example", "a rung of the ladder"),
    (REPRESENTATIVE, {}, "ana.torres@escuela.example", "by key"),
    (REPRESENTATIVE, {"representative": "ANA TORRES"}, "ana.torres@escuela.example", "by name"),
    (REPRESENTATIVE, {"representative": "root"}, "atencion@escuela.example", "unknown: care, not the department"),
    (REPRESENTATIVE, {"representative": "mr@escuela.example"}, "mr@escuela.example", "an address of the school"),
    (REPRESENTATIVE, {"representative": "mr@otra.example"}, "atencion@escuela.example", "another's address"),
    (
        REPRESENTATIVE,
        {"representative": "root", "department": None},
        "atencion@escuela.example",
        "unknown: the care team",
    ),
    (DEPARTMENT_HEAD, {}, "sistemas@escuela.example", "by key"),
    (DEPARTMENT_HEAD, {"department": "area academica"}, "academica@escuela.example", "by name, without accents"),
    (DEPARTMENT_HEAD, {"department": "no existe"}, "atencion@escuela.example", "unknown: the care team"),
]


@pytest.mark.parametrize(("recipient", "changes", "address", "why"), RECIPIENTS)
def test_staff_letters_go_to_whom_the_contacts_name(
    recipient: str, changes: dict[str, Any], address: str, why: str
) -> None:
    contents = rich(LetterKind.WARNING).model_copy(update=changes)
    assert letter(LetterKind.WARNING, contents, recipient=recipient).envelope_to == (address,), why


@pytest.mark.parametrize("whom", ["nadie", "extraño@otra.example", "soporte+x@escuela.example", ""])
def test_only_staff_can_be_involved(whom: str) -> None:
    with pytest.raises(AddressUnusable) as refusal:
        letter(LetterKind.INVOLVEMENT, recipient=whom or " ")
    assert "@" not in str(refusal.value).replace("name@domain", "")


def test_on_the_days_of_a_substitute_letters_go_to_them() -> None:
    data = CONTACTS.model_dump(by_alias=True, exclude={"departments": {"__all__": {"key"}}})
    data["people"]["administration_manager"]["substitutes"] = [
        {
            "name": "Elena Soto",
            "email": "elena.soto@escuela.example",
            "from": date(2026, 7, 28),
            "until": date(2026, 7, 28),
        }
    ]
    away = Contacts.model_validate(data)
    made = letter(LetterKind.ESCALATED_TO_YOU, contacts=away)
    assert (made.recipient_name, made.envelope_to) == ("Elena Soto", ("elena.soto@escuela.example",))
    tomorrow = order(LetterKind.ESCALATED_TO_YOU, rich(LetterKind.ESCALATED_TO_YOU))
    tomorrow = tomorrow.model_copy(update={"at": tomorrow.at + timedelta(days=1)})
    assert render(tomorrow, contacts=away, public_url=None, timezone=LIMA).recipient_name == "Óscar Villar"


def test_staff_read_in_their_own_language_customers_in_theirs() -> None:
    data = CONTACTS.model_dump(by_alias=True, exclude={"departments": {"__all__": {"key"}}})
    data["people"]["general_director"]["language"] = "en"
    english = Contacts.model_validate(data)
    assert letter(LetterKind.LEGAL_BREACH, recipient="general_director", contacts=english).language == "en"
    assert letter(LetterKind.LEGAL_BREACH, recipient="administration_manager", contacts=english).language == "es"
    assert letter(LetterKind.UPDATE, language="en").html.count('<html lang="en">') == 1


def test_a_customer_without_an_address_gets_no_letter() -> None:
    made = order(LetterKind.UPDATE, Contents()).model_copy(update={"customer_email": None})
    with pytest.raises(AddressUnusable, match="a call has to be made"):
        render(made, contacts=CONTACTS, public_url=None, timezone=LIMA)
