"""Who is who (§3, §5, §7): the packaged contacts, substitutes, departments, and what is refused."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from complaints.contacts import Contacts, ContactsError, UnknownDepartment, UnknownRole, load_contacts
from complaints.policy_file import changed
from complaints.rules.policy import Policy

DAY = date(2026, 3, 2)

VALID: dict[str, Any] = {
    "school": {"name": "Colegio Las Retamas", "ruc": "20123456789", "website": "https://retamas.example"},
    "intake": {"emails": ["quejas@retamas.example", "Libro@retamas.example"], "telephone": "+51 1 555 0100"},
    "sender": {"name": "Colegio Las Retamas", "address": "quejas@retamas.example"},
    "people": {
        "administration_manager": {
            "name": "Rosa Quispe",
            "email": "rosa@retamas.example",
            "phone": "51-555010001",
            "substitutes": [
                {"name": "Iván Soto", "email": "ivan@retamas.example", "from": "2026-03-02", "until": "2026-03-06"},
                {"name": "Elsa Ríos", "email": "elsa@retamas.example", "from": "2026-03-09", "until": "2026-03-09"},
            ],
        },
        "general_director": {"name": "Hugo Paz", "email": "hugo@retamas.example", "language": "en"},
    },
    "care_team": {"name": "Atención", "email": "atencion@retamas.example"},
    "departments": {
        "academic": {
            "name": {"es": "Área Académica", "en": "Academic"},
            "head": {"name": "Inés Vega", "email": "ines@retamas.example"},
        },
        "it_support": {
            "name": {"es": "Soporte Técnico", "en": "IT Support"},
            "head": {"name": "Luz Mora", "email": "luz@retamas.example"},
        },
    },
    "representatives": {"ana": {"name": "Ana Chávez", "email": "ana@retamas.example"}},
}


def contacts(**changes: Any) -> Contacts:
    return Contacts.model_validate(written_with(changes))


def written_with(changes: dict[str, Any]) -> dict[str, Any]:
    """VALID with values set at dotted places."""
    data = deepcopy(VALID)
    for place, value in changes.items():
        *path, last = place.split(".")
        table: Any = data
        for part in path:
            table = table[int(part)] if isinstance(table, list) else table[part]
        table[last] = value
    return data


def test_the_packaged_contacts_are_those_of_the_procedure() -> None:
    ours = load_contacts()
    ours.check(Policy())
    assert ours.school.name == "Escuela de Construcción Digital"
    assert ours.intake.emails == ("soporte@escuelaconstrucciondigital.com",)
    assert ours.intake.telephone == "+51 967 090 448"
    assert ours.sender.address == "soporte@escuelaconstrucciondigital.com"
    manager, director = (ours.person(role, DAY) for role in Policy().escalation.levels)
    assert (manager.name, manager.email, manager.phone) == (
        "Luis Castellanos",
        "administracion@escuelaconstrucciondigital.com",
        "51-913014030",
    )
    assert (director.name, director.email, director.phone) == (
        "Christian Cabrera Mendoza",
        "estrategia@escuelaconstrucciondigital.com",
        "51-959155233",
    )
    assert ours.care_team.email != ours.sender.address
    assert ours.reviewer(DAY) == manager
    assert [ours.department(key).named("es") for key in ("academic", "administration", "systems", "finance")] == [
        "Área Académica",
        "Administración",
        "Sistemas",
        "Finanzas",
    ]


@pytest.mark.parametrize(
    ("day", "name", "why"),
    [
        ("2026-03-01", "Rosa Quispe", "the day before"),
        ("2026-03-02", "Iván Soto", "the first day is included"),
        ("2026-03-06", "Iván Soto", "and the last"),
        ("2026-03-07", "Rosa Quispe", "between two"),
        ("2026-03-09", "Elsa Ríos", "a single day"),
        ("2026-03-10", "Rosa Quispe", "back again"),
    ],
)
def test_a_substitute_gets_the_letters_of_their_days(day: str, name: str, why: str) -> None:
    assert contacts().person("administration_manager", date.fromisoformat(day)).name == name, why
    assert contacts().reviewer(date.fromisoformat(day)).name == name, why


def test_the_care_team_and_quality_are_people_too() -> None:
    assert contacts().person("care_team", DAY).name == "Atención"
    with_quality = contacts(quality={"name": "Eva Luna", "email": "eva@retamas.example"})
    assert with_quality.reviewer(DAY).name == "Eva Luna"


def test_an_unknown_role_is_refused_with_those_that_exist() -> None:
    with pytest.raises(
        UnknownRole, match=r"Nobody has the role 'janitor' .* administration_manager, general_director, care"
    ):
        contacts().person("janitor", DAY)


@pytest.mark.parametrize(
    "text",
    [
        "it_support",
        "IT Support",
        "it-support",
        "SOPORTE TÉCNICO",
        "soporte tecnico",
        "  Soporte   Técnico ",
        "Soporte Te\u0301cnico",
    ],
)
def test_a_department_is_found_by_key_or_name_in_any_spelling(text: str) -> None:
    assert contacts().department(text).key == "it_support"


@pytest.mark.parametrize("text", ["legal", "", "soporte", "academico"])
def test_an_unknown_department_is_refused_with_those_that_exist(text: str) -> None:
    with pytest.raises(UnknownDepartment, match=r"academic \(Área Académica\), it_support \(Soporte Técnico\)\."):
        contacts().department(text)


@pytest.mark.parametrize("text", ["ana", "ANA CHAVEZ", "Ana@retamas.example"])
def test_a_representative_is_found_by_key_name_or_email(text: str) -> None:
    found = contacts().representative(text)
    assert found is not None
    assert found.name == "Ana Chávez"


def test_a_representative_need_not_be_listed() -> None:
    assert contacts().representative("Beto") is None


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ("care_team.email", "quejas@retamas.example"),
        ("care_team.email", "QUEJAS@Retamas.Example"),
        ("care_team.email", "quejas+equipo@retamas.example"),
        ("people.general_director.email", "libro@retamas.example"),
        ("people.administration_manager.substitutes.0.email", "quejas@retamas.example"),
        ("departments.academic.head.email", "quejas+a@RETAMAS.example"),
        ("representatives.ana.email", "LIBRO+b@retamas.example"),
    ],
)
def test_a_staff_address_that_is_an_intake_address_is_refused(place: str, address: str) -> None:
    field = place.replace(".0.", "[0].")
    with pytest.raises(ContactsError) as refused:
        contacts(**{place: address}).check(Policy())
    assert f"{field} is an intake address" in str(refused.value)


def test_the_quality_address_may_be_no_intake_address_either() -> None:
    with pytest.raises(ContactsError, match=r"quality\.email is an intake address"):
        contacts(quality={"name": "Eva Luna", "email": "quejas@retamas.example"}).check(Policy())


def test_an_intake_address_with_a_tag_folds_too() -> None:
    tagged = contacts(**{"intake.emails": ["atencion+quejas@retamas.example"]})
    with pytest.raises(ContactsError, match=r"care_team\.email is an intake address"):
        tagged.check(Policy())


def test_good_contacts_pass_the_check_and_only_the_intake_takes_mail_in() -> None:
    contacts().check(Policy())
    assert contacts().is_intake("Quejas+2026@retamas.example")
    assert not contacts().is_intake("quejas@other.example")
    assert not contacts().is_intake("rosa@retamas.example")


def test_a_level_without_a_person_is_refused() -> None:
    policy = changed(Policy(), {"escalation.levels": ["administration_manager", "owner", "board"]})
    with pytest.raises(ContactsError, match=r"escalation\.levels name owner, board, .* add \[people\.owner\] or take"):
        contacts().check(policy)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"care_team.mail": "x"}, "care_team.mail is not known here. Did you mean care_team.email?"),
        ({"people.general_director.emial": "x"}, "people.general_director.emial is not known here. Did you mean"),
        ({"departments.academic.head.fax": "1"}, "head.fax is not known here. Known are: name, email"),
        ({"schools": {}}, "schools is not known here. Did you mean school?"),
        ({"care_team": {"name": "Atención"}}, "care_team.email is missing."),
        ({"care_team.email": "atencion"}, "care_team.email must be an email address"),
        ({"care_team.email": "a@b@c.example"}, "care_team.email must be an email address"),
        ({"care_team.email": "a..b@c.example"}, "care_team.email must be an email address"),
        ({"care_team.email": "Atención <a@c.example>"}, "care_team.email must be an email address"),
        ({"care_team.email": "a@c.example\nBcc: all@c.example"}, "care_team.email must be an email address"),
        ({"care_team.name": ""}, "care_team.name must not be empty"),
        ({"care_team.name": "Atención\nBcc: all@c.example"}, "care_team.name must be one line"),
        ({"care_team.phone": "ring the bell"}, "care_team.phone must be a telephone number"),
        ({"care_team.language": "fr"}, "care_team.language must be 'es' or 'en'"),
        ({"school.ruc": "123"}, "school.ruc must be a RUC: 11 digits"),
        ({"intake.emails": []}, "intake.emails must not be empty"),
        ({"intake.emails": ["quejas"]}, "intake.emails[0] must be an email address"),
        ({"departments": {}}, "departments must not be empty"),
        ({"departments.academic.name": "Académica"}, "departments.academic.name must be a table of settings"),
        ({"departments.academic.name": {"es": "Académica"}}, "departments.academic.name.en is missing"),
        ({"departments.academic.name.es": "IT-support"}, "must not give academic and it_support the same name"),
        ({"people.care_team": {"name": "X", "email": "x@c.example"}}, "people must not use care_team as a role"),
        ({"people.The Boss": {"name": "X", "email": "x@c.example"}}, "people.The Boss must be a key of small"),
        ({"people.administration_manager.substitutes.0.until": "2026-03-01"}, "until must not be before from"),
        ({"people.administration_manager.substitutes.0.until": "2026-03-09"}, "must not name two people for 2026"),
        ({"people.administration_manager.substitutes.0.from": "soon"}, "substitutes[0].from must be a date like"),
        ({"people": {"owner": {"name": "X", "email": "x@c.example"}}}, "without people.administration_manager there"),
    ],
)  # fmt: skip
def test_wrong_contacts_are_refused_with_the_field_and_without_the_value(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    path = tmp_path / "contacts.toml"
    path.write_text(toml(written_with(changes)), encoding="utf-8")
    with pytest.raises(ContactsError) as refused:
        load_contacts(path)
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("contacts.toml: ")
    assert "@c.example" not in str(refused.value)
    assert "Quispe" not in str(refused.value)


def test_contacts_that_are_fine_load_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "contacts.toml"
    path.write_text(toml(VALID), encoding="utf-8")
    assert load_contacts(path) == contacts()


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContactsError, match=r"There is no file .*nobody\.toml: write one, or name none"):
        load_contacts(tmp_path / "nobody.toml")


def toml(value: Any) -> str:
    """`value` as TOML with inline tables below the first level: enough for these tests."""

    def inline(item: Any) -> str:
        if isinstance(item, dict):
            return "{ " + ", ".join(f'"{key}" = {inline(below)}' for key, below in item.items()) + " }"
        if isinstance(item, list):
            return "[" + ", ".join(inline(below) for below in item) + "]"
        return '"' + str(item).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    return "\n".join(f"{key} = {inline(below)}" for key, below in value.items())
