"""Doctor on what the law sets a term for: legal limits that count the school's own days, requests about data."""

from datetime import date, timedelta
from typing import Any

from complaints.policy_file import load_policy
from complaints.records.store import Store
from complaints.rules.policy import rules_in_force
from complaints.rules.privacy_requests import PrivacyRequest, PrivacyRight
from starter.doctor import MOST_NAMED, Health, legal_limits, privacy
from tests.records_examples import MONDAY, a_batch, a_record, a_row

NOW: dict[str, Any] = rules_in_force(load_policy(), date(2026, 7, 20)).model_dump(mode="json")
BEFORE = {name: value for name, value in NOW.items() if name != "national_days"}


async def test_the_open_complaints_of_an_older_release_are_named_until_their_rules_change(store: Store) -> None:
    old, new, changed, closed = (a_record(f"mail:{place}") for place in range(4))
    await store.write(a_batch(old, a_row(1, rules=BEFORE)))
    await store.write(a_batch(new, a_row(1, rules=NOW)))
    both = (a_row(1, rules=BEFORE), a_row(2, "rules-changed", rules=NOW))
    await store.write(a_batch(changed.model_copy(update={"seq": 2}), *both))
    await store.write(a_batch(closed.model_copy(update={"closed_at": MONDAY}), a_row(1, rules=BEFORE)))
    found = await store.counted_by_the_school()
    assert found == [old.number]
    told = legal_limits(found)
    assert told.health is Health.WARN
    assert "complaints policy apply" in told.message
    assert old.number in told.message
    assert legal_limits([]).health is Health.OK


def test_a_list_that_is_cut_says_so() -> None:
    requests = [
        PrivacyRequest(id=f"{place}", number=f"Q-{place}", right=PrivacyRight.ACCESS, received_at=MONDAY, due=MONDAY)
        for place in range(MOST_NAMED + 1)
    ]
    now = MONDAY + timedelta(days=1)
    assert ", …" in privacy(requests, load_policy(), now).message
    assert "…" not in privacy(requests[1:], load_policy(), now).message
    assert ", …)" in legal_limits([one.number for one in requests]).message
