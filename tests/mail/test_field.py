"""Mails that were read wrongly, each of another kind of fault; the tables of the kinds stand in tests of their own."""

import pytest

from tests.field_expected import FIELD
from tests.incoming_expected import reading_of


@pytest.mark.parametrize("name", FIELD)
def test_a_mail_of_the_field_is_read_as_it_was_meant(name: str) -> None:
    reading, right = reading_of(f"field/{name}"), FIELD[name]
    assert reading.from_address == right.get("from_address", reading.from_address)
    assert all(words in reading.text for words in right.get("says", []))
    assert not any(words in reading.text for words in right.get("says_not", []))
    assert str(reading.kind) in right.get("kind", [str(reading.kind)])
    assert reading.by_human
    if "files" in right:
        assert [one.name for one in reading.attachments] == right["files"]
    found = {one.field: one.value for one in reading.proposals}
    assert {field: found.get(field) for field in right.get("fields", {})} == right.get("fields", {})
