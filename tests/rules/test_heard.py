"""The same id with other content is refused; what is sent once more, by whomever and whenever, is the same act."""

from typing import Any

import pytest

from complaints.rules import heard
from complaints.rules.case import parsed
from complaints.rules.refusals import NotNow
from tests.casebook import Tale

SAID: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("noted", {"text": "Llamó."}, {"text": "Llamó."}, True),
    ("noted", {"text": "Llamó."}, {"text": "Llamó.", "by": "luis", "via": "cli", "at": "2026-07-22T10:00-05:00"}, True),
    ("noted", {"text": "Llamó."}, {"text": "Llamó dos veces."}, False),
    ("noted", {"text": "Llamó."}, {"text": "Llamó.", "for_customer": True}, False),
    ("called", {"reached": True, "with": "su madre"}, {"reached": True, "with": "su madre"}, True),
    ("called", {"reached": True, "with": "su madre"}, {"reached": True, "with": "su padre"}, False),
    ("assigned", {"department": "academic"}, {}, False),
    ("customer-satisfied", {"words": "Sí"}, {"words": "Sí"}, True),  # held before a resolution
    ("customer-satisfied", {"words": "Sí"}, {"words": "No"}, False),
    ("noted", {"text": "á" * 180_000}, {"text": "á" * 180_000}, True),  # cut by the case, and still the same
    ("noted", {"text": "á" * 180_000}, {"text": "é" * 180_000}, False),
]


@pytest.mark.parametrize(("name", "first", "again", "same"), SAID)
def test_what_comes_again_under_its_id(name: str, first: dict[str, Any], again: dict[str, Any], same: bool) -> None:
    tale = Tale.begins()
    first, again = ({**said, "text": said["text"][:100_000]} if "text" in said else said for said in (first, again))
    tale.says(name, **first, by="ana", event_id="e1")
    fact = parsed(name, ({**again, "event_id": "e1"},))
    if same:
        tale.case.expect(fact)
        return
    with pytest.raises(NotNow, match="what is sent now is not registered"):
        tale.case.expect(fact)


def test_how_it_came_and_what_was_found_in_it_is_not_what_was_said() -> None:
    """A field that says more of that kind belongs among those that are not compared: else a repeat is a row more, and
    no history with one replays."""
    tale = Tale.begins()
    tale.says("noted", text="Llamó, @ana.", event_id="e1", in_clear=True, mentions=("ana",))
    again = parsed("noted", ({"text": "Llamó, @ana.", "event_id": "e1", "by": "luis", "via": "desk"},))
    assert not heard.said_otherwise(tale.case, again)
    rows = len(tale.case.rows)
    tale.case.apply(again, now=tale.now)
    assert len(tale.case.rows) == rows


def test_another_act_under_the_same_id_is_something_else() -> None:
    tale = Tale.begins()
    tale.says("assessed", event_id="e1")
    with pytest.raises(NotNow, match="not registered"):
        tale.case.expect(parsed("assigned", ({"event_id": "e1"},)))
