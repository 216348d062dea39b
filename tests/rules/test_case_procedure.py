"""docs/procedure.md says what the rules do: its headings are the sections that code cites, its numbers the policy's."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from complaints.rules.policy import Policy

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "procedure.md"


def test_the_code_cites_every_section_and_no_other() -> None:
    headings = set(re.findall(r"^#+ §([\d.]+) ", PAGE.read_text(), re.MULTILINE))
    cited: dict[str, list[str]] = {}
    for room in ("workflows", "complaints/rules"):
        for file in (ROOT / room).glob("*.py"):
            for docstring in _docstrings(file):
                # `design §2` and `RFC 5321 §4.5` are other texts.
                for section in re.findall(r"(?<!design )(?<!RFC \d{4} )§(\d+(?:\.\d+)*)", docstring):
                    cited.setdefault(section, []).append(file.name)
    assert set(cited) == headings, {section: cited[section] for section in set(cited) - headings}


def _docstrings(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


def test_every_decision_it_names_is_in_the_list() -> None:
    decided = set(re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "decisions.md").read_text(), re.MULTILINE))
    prose = PAGE.read_text().partition("<!-- stages")[0]
    named = {number for group in re.findall(r"\((\d+(?:, \d+)*)\)", prose) for number in group.split(", ")}
    assert named
    assert named <= decided, named - decided


def test_its_numbers_are_the_policys() -> None:
    """The page says them in words; a policy that differs must change the page, too."""
    policy = Policy()
    assert (policy.windows.assessment, policy.windows.assignment, policy.windows.investigation) == (2, 1, 5)
    assert (policy.acknowledgement.hours, policy.updates.every_days, policy.escalation.after) == (24, 3, 5)
    assert (policy.details.longest_pause, policy.reopening.within_days, policy.calls.attempts) == (5, 30, 3)
    assert (policy.confirmation.remind_every_days, policy.confirmation.reminders) == (3, 3)
    assert (policy.legal_limit.business_days, policy.legal_limit.warn_on) == (15, (10, 13))
