"""docs/roles.md: the code has the same table, and every page and act keeps to it."""

import re
from pathlib import Path

import pytest

from complaints.records.staff import Role
from complaints.rules.facts import MAY_WAIT, UPDATES
from complaints.rules.received import ComplaintReceived
from desk.app import STAFF_ROUTES
from desk.roles import ALLOWED, Permission
from desk.staff.undoing import HOLD
from starter.acts import ACTS
from tests.chance import new_key
from tests.desk_house import hidden, house_of
from tests.shown import not_to_be_shown
from tests.story import Story

TABLE = Path(__file__).parents[2] / "docs" / "roles.md"


def test_the_document_and_the_code_have_the_same_table() -> None:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    roles = [Role(name) for name in cells[0][1:]]
    written = {
        Permission(row[0]): frozenset(role for role, cell in zip(roles, row[1:], strict=True) if cell == "yes")
        for row in cells[2:]
    }
    assert set(roles) == set(Role)
    assert written == ALLOWED


def test_every_request_of_staff_has_its_form() -> None:
    # Rules change for many cases at once, on a page of their own; what is held is another act, sent by its own form.
    assert set(ACTS) == set(UPDATES) - {"change_rules", HOLD}
    assert {UPDATES[name].name for name in ACTS} >= MAY_WAIT
    for name, act in ACTS.items():
        known = {field.alias or key for key, field in UPDATES[name].model_fields.items()}
        assert {field.name for field in act.fields} <= known, name


@pytest.mark.parametrize("role", Role)
async def test_every_page_and_act_keeps_to_the_table(story: Story, role: Role) -> None:
    house = house_of(story)
    await house.employs("uno", role)
    received = ComplaintReceived.model_validate(
        {
            "source_key": new_key("roles"),
            "channel": "phone",
            "customer": {"phone": "987 654 321"},
            "problem": {"description": "Faltan horas."},
        }
    )
    number, wrong = (await house.office.front_desk.open(received)).number, []
    async with house.signed_in("uno") as visitor:
        token = hidden((await visitor.reads("/password")).text, "/sign-out")
        for door in STAFF_ROUTES:
            if door.public or door.path == "/sign-out":
                continue
            for act in ACTS if "{act}" in door.path else ("",):
                path = door.path.replace("{number}", number).replace("{act}", act).replace("{kind}", "html")
                path = re.sub(r"{[a-z:]+}", "none", path)  # a letter, a message, a file that there is not
                # An empty form asks for nothing that could end the case before the next one is tried.
                fields = token | {"event_id": "none", "seen": "0"}
                answer = await (visitor.reads(path) if door.method == "GET" else visitor.posts(path, fields))
                needed = ACTS[act].takes if act else door.takes
                allowed = needed is None or role in ALLOWED[needed]
                assert (answer.status_code == 403) is not allowed, (role, door.method, path, answer.status_code)
                assert answer.status_code < 500, (path, answer.text)
                if "text/html" in answer.headers.get("content-type", "") and not path.startswith("/temporal"):
                    wrong += [(door.method, path, one) for one in not_to_be_shown(answer.text, "es")]
    assert wrong == [], "no page shows a key, a program's value or a word of the machine"
