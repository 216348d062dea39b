"""docs/procedure.md says what the rules do: its table is the code's, its headings are the sections that the code cites.

`uv run python -m tests.rules.test_case_procedure` writes the table into the page.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from complaints.rules.policy import Policy
from complaints.rules.stages import TABLE, Effect, Stage

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "procedure.md"
BEGINS = "<!-- table: written by `uv run python -m tests.rules.test_case_procedure` -->\n"
ENDS = "<!-- end of table -->"


def table() -> str:
    """Fact × stage in Markdown."""
    stages = list(Stage)
    lines = ["| fact | " + " | ".join(stages) + " |", "|---" * (len(stages) + 1) + "|"]
    for fact in dict.fromkeys(fact for fact, _ in TABLE):
        cells = [TABLE[fact, stage] for stage in stages]
        lines.append(f"| `{fact}` | " + " | ".join("–" if cell is Effect.IGNORED else cell for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def page_with_table() -> str:
    """The page as it has to be."""
    before, _, rest = PAGE.read_text().partition(BEGINS)
    return before + BEGINS + "\n" + table() + "\n" + ENDS + rest.partition(ENDS)[2]


def test_the_pages_table_is_the_codes() -> None:
    assert BEGINS in PAGE.read_text()
    assert page_with_table() == PAGE.read_text(), "run: uv run python -m tests.rules.test_case_procedure"


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
    prose = PAGE.read_text().partition(BEGINS)[0]
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


if __name__ == "__main__":
    PAGE.write_text(page_with_table())
