"""A page asks the records as often for many rows as for few: what a row needs comes with the rows.

On the records alone: no page here asks anything of a running case.
"""

from hashlib import sha256
from typing import cast

import pytest

from complaints.records.programs import Scope
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.facts import Via
from desk.app import STAFF_ROUTES
from starter.calling import TAKEN
from tests.counting import CountingStore
from tests.desk_house import House, house_on
from tests.mail_attacks import a_mail
from tests.records_examples import MONDAY, a_batch, a_call, a_record, days, hours

PAGES = (
    *(route.path for route in STAFF_ROUTES if route.method == "GET" and "{" not in route.path),
    *("/find?q=rosa", "/find?q=aula", "/palette?q=rosa", "/list?closed=all", "/list?late=1", "/reviews/2026-07"),
)


@pytest.fixture
async def house(store: Store) -> House:
    return house_on(CountingStore(store._pool))


async def comes_to(house: House, place: int) -> None:
    """One more of all that a list has a row for."""
    store = house.office.store
    name, received_at = f"Rosa {chr(65 + place)}", MONDAY + hours(place)
    record = a_record(f"open/{place}", received_at=received_at, customer_name=name, due=MONDAY, late=True)
    await store.write(a_batch(record, calls=(a_call(),)))
    taken = {"task": 1, "attempts": 0}
    await store.add_afterword(
        record.number, event_id=f"taken/{place}", at=MONDAY, what=TAKEN, by="ana", via=Via.DESK, data=taken
    )
    closed = a_record(
        f"closed/{place}", received_at=received_at, stage="closed", closed_at=MONDAY + days(3), outcome="satisfied"
    )
    await store.write(a_batch(closed))
    mail = a_mail(f"Reclamo {place}")
    digest = await store.keep_message(mail, mailbox="quejas@escuela.example", received_at=MONDAY, message_id=None)
    await store.quarantine(
        digest, reason="loop", sender="luz@correo.example", subject="x", received_at=MONDAY, due=MONDAY + days(1)
    )
    await house.employs(f"person{place}")
    await store.add_program(
        f"web{place}", digest=sha256(mail).hexdigest(), scopes=(Scope.INTAKE,), made_by="gema", lasts=None
    )


async def test_a_list_of_many_asks_no_more_than_one_of_few(house: House) -> None:
    await house.employs("gema", Role.MANAGER, name="Gema Ruiz")
    await house.employs("ada", Role.ADMIN)
    counting, asked, had = cast("CountingStore", house.office.store), dict[str, list[int]](), 0
    for many in (2, 7):
        for place in range(had, many):
            await comes_to(house, place)
        had = many
        for account in ("gema", "ada"):
            async with house.signed_in(account) as visitor:
                for page in PAGES:
                    await visitor.reads(page)  # what is kept from one look to the next
                    before = counting.asked
                    if (await visitor.reads(page)).status_code == 200:
                        asked.setdefault(f"{account} {page}", []).append(counting.asked - before)
    assert len(asked) > 30
    assert "gema /calls" in asked
    grown = {page: counts for page, counts in asked.items() if counts[-1] > counts[0]}
    assert grown == {}, "statements with two and with seven of each"
