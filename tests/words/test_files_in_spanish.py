"""What is wrong with a file that people write is told in Spanish without an English word."""

import re
from pathlib import Path

import pytest

from complaints.contacts import ContactsError, load_contacts
from complaints.policy_file import PolicyError, load_policy
from local.stories.scenario import ScenarioError, load
from tests.rules import test_policy

ENGLISH = re.compile(r"\b(?:must|is|are|not|the|than|mean|known|missing|there|with|without|it)\b", re.IGNORECASE)

_MARKS = vars(test_policy.test_a_wrong_policy_is_refused_with_the_field_and_the_reason)["pytestmark"]
_WRITTEN = next(mark.args[1] for mark in _MARKS)
"""Every mistake that the test of the policy makes."""


def without_values(sentence: str) -> str:
    """Fields, file names and what was written are not ours to translate."""
    return re.sub(r"'[^']*'|\"[^\"]*\"|\S*[._-]\S*|`[^`]*`", " ", sentence)


@pytest.mark.parametrize("written", [row[0] for row in _WRITTEN])
def test_every_mistake_in_the_policy(written: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        load_policy(path)
    said = refused.value.said("es")
    if "is not TOML" not in str(refused.value):  # what Python's parser says behind the colon is its own
        assert not ENGLISH.search(without_values(said)), said


def test_a_missing_file_and_an_unknown_scenario(tmp_path: Path) -> None:
    with pytest.raises(ContactsError) as missing:
        load_contacts(tmp_path / "none.toml")
    assert missing.value.said("es").startswith("No hay un archivo")
    with pytest.raises(ScenarioError) as unknown:
        load("smoth")
    said = unknown.value.said("es")
    assert said.startswith("No hay un guion smoth: `complaints simulate --list`")
    assert "(¿smooth?)" in said
