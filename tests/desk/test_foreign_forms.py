"""Whatever changes something at the desk comes from a form of ours: each door of staff, from elsewhere (ASVS 3.5.3)."""

import logging
import re

import pytest

from complaints.records.staff import Role
from complaints.records.store import Store
from desk.app import STAFF_ROUTES
from starter.acts import ACTS
from tests.desk_house import hidden, house_on

CHANGING = [route for route in STAFF_ROUTES if route.method == "POST"]

FROM_ELSEWHERE = (
    {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://mal.example"},
)  # fmt: skip
"""What a browser says of a page elsewhere; the third is of one that says nothing of the site."""


async def test_whatever_staff_may_change_is_refused_from_elsewhere(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """With the token that stands in the form, which a page elsewhere cannot read; and from our page without it."""
    house = house_on(store)
    await house.employs("jefa", Role.ADMIN)
    tried = 0
    with caplog.at_level(logging.WARNING, logger="desk.security"):
        async with house.signed_in("jefa") as jefa:
            token = hidden((await jefa.reads("/people")).text, "/sign-out")
            for door in CHANGING:
                for act in ACTS if "{act}" in door.path else ("",):
                    path = re.sub(r"{[a-z:]+}", "none", door.path.replace("{act}", act))
                    sent = [(token, said) for said in FROM_ELSEWHERE]
                    sent += [] if door.by_script else [({}, {}), ({"form_token": "ñ" * 43}, {})]
                    for fields, headers in sent:
                        answer = await jefa.client.post(path, data=fields, headers=headers)
                        assert answer.status_code == 403, (path, headers, answer.status_code)
                        tried += 1
            assert (await jefa.reads("/people")).status_code == 200, "nobody was signed out by it"
    told = [record.getMessage().partition(" ")[0] for record in caplog.records if record.name == "desk.security"]
    assert told == ["foreign-form"] * tried, "each leaves its line"
    assert tried > 5 * len(ACTS)


async def test_nothing_is_changed_by_looking(store: Store) -> None:
    """What changes something has no address that a link or a picture elsewhere could open."""
    changing = {route.path for route in CHANGING}
    looking = {route.path for route in STAFF_ROUTES if route.method == "GET"}
    assert {route.method for route in STAFF_ROUTES} == {"GET", "POST"}
    house = house_on(store)
    await house.employs("jefa", Role.ADMIN)
    async with house.signed_in("jefa") as jefa:
        for path in changing - looking:
            answer = await jefa.reads(re.sub(r"{[a-z:]+}", "none", path))
            assert answer.status_code in (303, 403, 404, 405), (path, answer.status_code)
