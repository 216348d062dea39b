"""Whoever is away is replaced in every post that is theirs, and accounts are representatives: as values, day by day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from complaints.colleagues import on_that_day, posts_of, standing_in
from complaints.contacts import Contacts
from complaints.mail.headers import AddressUnusable
from complaints.mail.recipients import People
from complaints.records.absences import Absence, Colleague
from complaints.records.staff import Role
from complaints.responsible import Responsible
from complaints.rules.letters import CARE_TEAM, DEPARTMENT_HEAD, REPRESENTATIVE, Contents, LetterKind
from starter.known_people import mentioned_in
from tests.golden_letters.examples import CONTACTS, order

MONDAY = date(2026, 7, 27)
TUESDAY = date(2026, 7, 28)
"""The day of the example orders."""
SUNDAY = date(2026, 8, 2)


def somebody(account: str, name: str, email: str | None = None, *, away: str | None = None, **more: Any) -> Colleague:
    """`away`: who stands in from Monday to Sunday."""
    absence = Absence(account=account, since=MONDAY, until=SUNDAY, substitute=away) if away else None
    own = {"role": Role.AGENT, "department": None, **more}
    return Colleague(account=account, name=name, email=email, absence=absence, **own)


OSCAR = "administracion@escuela.example"


def asked(recipient: str, colleagues: Sequence[Colleague], *, contacts: Contacts = CONTACTS, **contents: Any) -> str:
    """Where the letter of that day goes."""
    people = People(on_that_day(contacts, colleagues, TUESDAY), Contents(**contents), TUESDAY)
    return people.addressee(order(LetterKind.LATE, Contents(), recipient=recipient)).email


def test_an_account_is_a_representative_by_account_name_and_address() -> None:
    eva = somebody("eva", "Eva Soto", "eva@escuela.example")
    for text in ("eva", "EVA SOTO", "eva@escuela.example"):
        assert asked(REPRESENTATIVE, [eva], representative=text) == "eva@escuela.example"
    assert asked(REPRESENTATIVE, [somebody("eva", "Eva Soto")], representative="Eva Soto") == "atencion@escuela.example"
    intake = somebody("eva", "Eva Soto", "soporte+eva@escuela.example")
    assert asked(REPRESENTATIVE, [intake], representative="eva") == "atencion@escuela.example", "no complaint of ours"


@pytest.mark.parametrize(
    ("recipient", "account", "contents"),
    [
        ("administration_manager", somebody("oscar", "Óscar V.", OSCAR, away="eva"), {}),
        ("administration_manager", somebody("oscar", "oscar villar", "o@gmail.example", away="eva"), {}),
        (DEPARTMENT_HEAD, somebody("elias", "Elias Nahui", None, away="eva"), {"department": "systems"}),
        (
            REPRESENTATIVE,
            somebody("ana", "Ana T.", "ana.torres@escuela.example", away="eva"),
            {"representative": "ana"},
        ),
        (REPRESENTATIVE, somebody("rita", "Rita Paz", None, away="eva"), {"representative": "Rita Paz"}),
        (CARE_TEAM, somebody("desk", "Atención al Cliente", None, away="eva"), {}),
        ("systems", somebody("elias", "Elías Ñahui", None, away="eva"), {}),
    ],
    ids=["by address", "by name", "a head", "a listed representative", "no address", "the care team", "who helps"],
)
def test_every_post_follows_who_is_away(recipient: str, account: Colleague, contents: dict[str, Any]) -> None:
    eva = somebody("eva", "Eva Soto", "eva@escuela.example")
    assert asked(recipient, [account, eva], **contents) == "eva@escuela.example"
    here = [account.model_copy(update={"absence": None}), eva]
    assert asked(recipient, here, **contents) != "eva@escuela.example"


def test_a_substitute_who_is_away_is_followed_in_turn_and_a_ring_ends() -> None:
    ana, beto = somebody("ana", "Ana", away="beto"), somebody("beto", "Beto", away="caro")
    caro = somebody("caro", "Caro", "caro@escuela.example")
    assert standing_in(ana, [ana, beto, caro], TUESDAY) == caro
    assert standing_in(ana, [ana, beto, caro], date(2026, 8, 3)) == ana, "the day after, everybody is back"
    ring = somebody("caro", "Caro", away="ana")
    assert standing_in(ana, [ana, beto, ring], TUESDAY) == ring
    assert standing_in(ana, [ana], TUESDAY) == ana, "whoever stood in has left"


def test_the_substitute_of_the_file_comes_first_and_is_followed_too() -> None:
    file = {"name": "Eva Soto", "email": "eva@escuela.example", "from": MONDAY, "until": SUNDAY}
    people = CONTACTS.model_dump(by_alias=True)
    people["people"]["administration_manager"]["substitutes"] = [file]
    contacts = Contacts.model_validate(people)
    oscar = somebody("oscar", "Óscar Villar", OSCAR, away="ana")
    ana, caro = somebody("ana", "Ana", "ana@escuela.example"), somebody("caro", "Caro", "caro@escuela.example")
    assert asked("administration_manager", [oscar, ana], contacts=contacts) == "eva@escuela.example"
    eva = somebody("eva", "Eva Soto", "eva@escuela.example", away="caro")
    assert asked("administration_manager", [oscar, ana, eva, caro], contacts=contacts) == "caro@escuela.example"


def test_reviews_and_digests_know_the_same_people() -> None:
    eva, oscar = somebody("eva", "Eva Soto", "eva@escuela.example"), somebody("oscar", "Óscar", OSCAR, away="eva")
    today = Responsible(on_that_day(CONTACTS, [eva, oscar], TUESDAY), TUESDAY)
    person = today.person("administration_manager")
    assert person is not None
    assert person.email == "eva@escuela.example"
    assert today.representative("Eva Soto") == "representative/eva"
    assert posts_of(oscar, CONTACTS) == ["people.administration_manager"]


def test_an_account_with_a_public_address_makes_nobody_else_one_of_the_school() -> None:
    eva = somebody("eva", "Eva Soto", "eva@gmail.com")
    people = People(on_that_day(CONTACTS, [eva], TUESDAY), Contents(), TUESDAY)
    assert people.helper("eva").email == "eva@gmail.com"
    with pytest.raises(AddressUnusable):
        people.helper("mallory@gmail.com")


@pytest.mark.parametrize(
    ("text", "accounts"),
    [
        ("@ana mira esto", ("ana",)),
        ("Para @Ana.Torres, y @beto: gracias. @beto", ("ana.torres", "beto")),
        ("(@ana) [@beto]\n@caro.", ("ana", "beto", "caro")),
        ("escriba a ana@escuela.example o a @", ()),
        ("@@ana a@b @-", ()),
    ],
)
def test_who_is_called_in_a_note(text: str, accounts: tuple[str, ...]) -> None:
    assert mentioned_in(text) == accounts
