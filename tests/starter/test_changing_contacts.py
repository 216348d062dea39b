"""contacts.toml changed a part at a time: what the page says counts, what it does not say stays, comments too."""

import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from complaints.contacts import Contacts, ContactsError, contacts_in
from complaints.policy_file import load_policy
from starter.changing_contacts import FIELDS, KEYED, ContactsText, values_of
from starter.errors import Refused
from starter.settings_text import differences

POLICY = load_policy(None)
PACKAGED = (files("complaints") / "contacts.toml").read_text(encoding="utf-8")
SUBSTITUTES = """
[[people.general_director.substitutes]]  # her deputy
name = "Eva Ríos"
email = "eva@escuela.example"
from = 2026-01-05
until = 2026-01-16
"""


def text(of: str = PACKAGED) -> ContactsText:
    return ContactsText(Path("contacts.toml"), of)


def read(of: str) -> Contacts:
    return contacts_in(of, named="contacts.toml")


def comments(of: str) -> list[str]:
    return [line for line in of.splitlines() if line.lstrip().startswith("#")]


def test_who_stands_in_is_set_with_their_days_and_keeps_what_the_page_does_not_show() -> None:
    before = (PACKAGED + SUBSTITUTES).replace('name = "Eva Ríos"\n', 'name = "Eva Ríos"\nphone = "+51 987 654 321"\n')
    line = "Eva Ríos, eva@escuela.example, 2026-01-05, 2026-01-16"
    assert values_of(read(before), "people.general_director")["substitutes"] == line
    other = "Luz Paz, luz@escuela.example, 2026-03-02, 2026-03-06"
    after = text(before).with_values("people.general_director", {"substitutes": f"{line}\n{other}"}, policy=POLICY)
    director = read(after).people["general_director"]
    assert [(one.name, one.phone) for one in director.substitutes] == [
        ("Eva Ríos", "+51 987 654 321"),
        ("Luz Paz", None),
    ]
    assert director.on(date(2026, 3, 6)).name == "Luz Paz"
    gone = text(after).with_values("people.general_director", {"substitutes": ""}, policy=POLICY)
    assert differences(PACKAGED, gone) == {}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Eva Ríos", "must have in each line"),
        ("Eva Ríos, eva@e.example, 5 de enero, 2026-01-16", "must have in each line"),
        ("Eva Ríos, eva, 2026-01-05, 2026-01-16", "must be an email"),
        ("Eva Ríos, eva@e.example, 2026-01-16, 2026-01-05", "until must not be before from"),
        ("Eva, eva@e.example, 2026-01-05, 2026-01-16\nLuz, luz@e.example, 2026-01-16, 2026-01-17", "two people"),
    ],
)
def test_who_cannot_stand_in_so_is_refused_by_the_field(typed: str, why: str) -> None:
    with pytest.raises(ContactsError, match=why) as refused:
        text().with_values("people.general_director", {"substitutes": typed}, policy=POLICY)
    assert "people.general_director.substitutes" in str(refused.value)


def test_every_part_saved_as_it_is_changes_no_byte() -> None:
    contacts = read(PACKAGED)
    for group in FIELDS:
        for key in getattr(contacts, group) if group in KEYED else ("",):
            part = f"{group}.{key}" if key else group
            assert text().with_values(part, values_of(contacts, part), policy=POLICY) == PACKAGED, part


@pytest.mark.parametrize(
    ("part", "values", "differs"),
    [
        ("school", {"name": "Escuela «Ñ» \"B\"", "ruc": "20123456789"}, ["school.name", "school.ruc"]),
        ("intake", {"emails": "uno@e.example\n\n dos@e.example "}, ["intake.emails"]),
        ("departments.systems", {"head.email": "ti@e.example", "name.es": "TI"},
         ["departments.systems.head.email", "departments.systems.name.es"]),
        ("departments.virtual",
         {"name.es": "Aula", "name.en": "Classroom", "head.name": "Eva", "head.email": "e@e.example"},
         ["departments.virtual.head.email", "departments.virtual.head.name", "departments.virtual.name.en",
          "departments.virtual.name.es"]),
        ("quality", {"name": "Eva", "email": "e@e.example"}, ["quality.email", "quality.name"]),
        ("people.general_director", {"phone": ""}, ["people.general_director.phone"]),
        ("departments.systems",
         {"head.substitutes": "Eva,e@e.example, 2026-01-05, 2026-01-16\n\n Luz,luz@e.example,2026-02-02,2026-02-02"},
         ["departments.systems.head.substitutes"]),
        ("care_team", {"substitutes": "Ruiz, Eva, eva@e.example, 2026-01-05, 2026-01-16"}, ["care_team.substitutes"]),
        ("text_blocks.call_us", {"text.es": "Le llamamos.\n\n{agent}"}, ["text_blocks.call_us.text.es"]),
        ("text_blocks.thanks",
         {"title.es": "Gracias", "title.en": "Thanks", "text.es": "Gracias, {customer}.", "text.en": "Ta."},
         ["text_blocks.thanks.text.en", "text_blocks.thanks.text.es", "text_blocks.thanks.title.en",
          "text_blocks.thanks.title.es"]),
    ],
)  # fmt: skip
def test_what_is_said_counts_and_everything_else_stays(part: str, values: dict[str, str], differs: list[str]) -> None:
    before = PACKAGED + SUBSTITUTES
    after = text(before).with_values(part, values, policy=POLICY)
    assert list(differences(before, after)) == differs
    assert comments(after) == comments(before)
    assert read(after).people["general_director"].substitutes == read(before).people["general_director"].substitutes
    said = values_of(read(after), part)
    for field, value in values.items():
        several = field == "emails" or field.endswith("substitutes")
        assert "\n".join(line.strip() for line in said[field].splitlines()).replace(", ", ",") == "\n".join(
            line.strip() for line in value.splitlines() if line or not several
        ).replace(", ", ",")
    old = values_of(read(before), part)
    if any(old.values()) or part == "quality":  # and back again
        assert differences(before, text(after).with_values(part, old, policy=POLICY)) == {}


@pytest.mark.parametrize(
    ("part", "values", "named"),
    [
        ("school", {"ruc": "123"}, "school.ruc"),
        ("school", {"name": ""}, "school.name"),
        ("intake", {"emails": "nadie"}, "intake.emails"),
        ("care_team", {"email": "soporte+x@escuelaconstrucciondigital.com"}, "care_team.email"),  # an intake address
        ("departments.systems", {"name.es": "Finanzas"}, "systems"),  # two of one name
        ("departments.nueva", {"name.es": "Nueva"}, "departments.nueva"),
        (
            "people.general_director",
            {"name": "", "email": "", "phone": ""},
            "general_director",
        ),  # the policy needs them
        ("text_blocks.call_us", {"text.es": "Hola {cliente}"}, "cliente"),
    ],
)
def test_what_the_file_may_not_say_the_page_may_not_say_either(part: str, values: dict[str, str], named: str) -> None:
    with pytest.raises(ContactsError) as refused:
        text().with_values(part, values, policy=POLICY)
    assert named in refused.value.said("es")
    assert "soporte+x" not in refused.value.said("es")


@pytest.mark.parametrize(
    "naughty", ['"""', "\\", "'''", ']]\n[school]\nname = "x"', "a\tb", "{{}}", "👩‍👩‍👧 Ñ", "#", "\\u0000"]
)
def test_whatever_is_typed_is_a_text_and_never_toml(naughty: str) -> None:
    values = {"title.es": "x", "title.en": "x", "text.es": f"x {naughty} x", "text.en": "x"}
    values |= {"text.es": values["text.es"].replace("{", "{{").replace("}", "}}")}
    after = text().with_values("text_blocks.odd", values, policy=POLICY)
    assert tomllib.loads(after)["text_blocks"]["odd"]["text"]["es"].strip() == values["text.es"]
    assert [place for place in differences(PACKAGED, after) if not place.startswith("text_blocks.odd.")] == []


def test_a_text_block_can_be_taken_away() -> None:
    after = text().without("text_blocks.call_us", policy=POLICY)
    assert "call_us" not in read(after).text_blocks
    assert {place.split(".")[1] for place in differences(PACKAGED, after)} == {"call_us"}


def test_the_file_is_replaced_in_one_step_with_its_mode(tmp_path: Path) -> None:
    path, link = tmp_path / "contacts.toml", tmp_path / "linked.toml"
    path.write_text(PACKAGED, encoding="utf-8")
    path.chmod(0o640)
    link.symlink_to(path)
    before = ContactsText.read(link)
    before.replaced(before.with_values("school", {"name": "Otra"}, policy=POLICY))
    assert read(path.read_text(encoding="utf-8")).school.name == "Otra"
    assert (path.stat().st_mode & 0o777, link.is_symlink()) == (0o640, True)
    assert ContactsText.read(link).seen != before.seen
    assert [one.name for one in tmp_path.iterdir() if "partial" in one.name] == []
    with pytest.raises(ContactsError):
        ContactsText.read(tmp_path / "nothing.toml")
    (tmp_path / "gone").mkdir()
    gone = ContactsText(tmp_path / "gone" / "contacts.toml", PACKAGED)
    gone.path.parent.rmdir()
    with pytest.raises(Refused):
        gone.replaced(PACKAGED)
