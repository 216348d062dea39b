"""The recipe of CONTRIBUTING.md for a new fact is whole: followed step by step in a copy of the house, it is enough."""

import asyncio
import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ("complaints", "workflows", "activities", "local", "starter", "desk", "cli", "tests", "docs")
FILES = ("worker.py", "pyproject.toml", "CONTRIBUTING.md", "README.md")


class Step(NamedTuple):
    """A file of the product, and what comes into it before the first place that says `before`."""

    file: str
    before: str
    new: str


FACT = [
    Step("complaints/rules/facts.py", "class Withdrawn(Fact)", '''class ThanksReceived(Fact):
    """A letter of thanks came: for whom of the staff it is (§6)."""

    name = "thanks-received"
    text: WrittenText
    thanked: Line | None = None


'''),
    Step("complaints/rules/facts.py", "Withdrawn, NotAComplaint", "ThanksReceived, "),
    Step("complaints/rules/facts.py", '"withdraw": Withdrawn', '"record_thanks": ThanksReceived,\n    '),
    Step("complaints/rules/stages.py", '"withdrawn":  ', '"thanks-received":       (_A, _A, _A, _A, _A),\n    '),
    Step("complaints/rules/effects.py", '"withdrawn": _withdrawn', '"thanks-received": _recorded,\n    '),
    Step("complaints/words/vocabulary.py", '"withdrawn": N_("The customer withdrew',
         '"thanks-received": N_("A letter of thanks came"),\n    '),
    Step("complaints/words/labels.py", '"told": N_(', '"thanked": N_("Who is thanked"),\n    '),
    Step("complaints/words/telling.py", '"severity", "representative"', '"thanked", '),
    Step("starter/acts.py", 'Act(\n            "merge"', '''Act(
            "record_thanks", "thanks", N_("Record a letter of thanks (§6)."), N_("Letter of thanks"), N_("Save"),
            group=Group.CUSTOMER_SAID, talk=True, via="asked",
            fields=(
                Field("text", "text", _WORDS, required=True, called=N_("What they thank for")),
                Field("thanked", "person", N_("Whom they thank.")),
            ),
            example='{"text": "Me atendieron muy bien.", "thanked": "Ana Rojas"}',
        ),
        '''),
    Step("complaints/words/es.po", 'msgid "A letter was sent"', '''msgid "A letter of thanks came"
msgstr "Llegó una carta de agradecimiento"

msgid "Who is thanked"
msgstr "A quién se agradece"

msgid "Record a letter of thanks (§6)."
msgstr "Registra una carta de agradecimiento (§6)."

msgid "Letter of thanks"
msgstr "Carta de agradecimiento"

msgid "What they thank for"
msgstr "Qué agradecen"

msgid "Whom they thank."
msgstr "A quién agradecen."

'''),
]  # fmt: skip
"""A small fact that nobody needs: a letter of thanks that came."""

LINES_OF_TESTS = [
    Step("tests/rules/test_table.py", "withdrawn               applies",
         "thanks-received         applies:assessment        applies:assignment        applies:investigation  "
         "applies:confirmation   applies:closed\n"),
    Step("tests/rules/test_table.py", '"survey-answered": {', '"thanks-received": {"text": "Gracias."},\n    '),
    Step("tests/rules/test_case.py", '"survey-answered": ["score"]', '"thanks-received": ["text"], '),
    Step("tests/exploring.py", '("survey-answered", {', '("thanks-received", {"text": "Gracias."}),\n    '),
    Step("tests/cli/test_acts.py", "withdraw           --reason", "record_thanks      --text --thanked --via\n"),
]  # fmt: skip


def recipe() -> str:
    """The section of CONTRIBUTING.md."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return page.partition("### A new fact, and the act that says it\n")[2].partition("\n#")[0]


def a_house_with(folder: Path, *steps: Step) -> Path:
    """A copy of this one in which these steps were taken."""
    for name in HOUSE:
        shutil.copytree(ROOT / name, folder / name)
    for name in FILES:
        shutil.copy2(ROOT / name, folder / name)
    for step in steps:
        file = folder / step.file
        text = file.read_text(encoding="utf-8")
        assert step.before in text, f"{step.file} has no {step.before!r}: say in {Path(__file__).name} where it is now"
        file.write_text(text.replace(step.before, step.new + step.before, 1), encoding="utf-8")
    return folder


async def run_in(house: Path, *words: str) -> str:
    """What Python prints there, with that house's files and this one's libraries."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *words), cwd=house, env={**os.environ, "LANGUAGE": "es", "PYTHONPATH": str(house)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 0, f"{out.decode()}\n{err.decode()}"
    return out.decode()


def test_the_recipe_names_the_files_of_the_product_that_a_new_fact_touches() -> None:
    named = re.findall(r"^\d+\. `(.+?)`:", recipe(), re.MULTILINE)
    assert named == list(dict.fromkeys(step.file for step in FACT))
    assert len(named) <= 9, "a new fact touches too many files: find what makes it"


def test_what_the_recipes_name_is_there() -> None:
    """Each file; and in it what is named behind it."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Recipes")[2]
    steps = [re.findall(r"`([\w./-]+)`", step) for step in re.split(r"\n(?=\d\. |\n)", page)]
    files = [[ROOT / name for name in step if "/" in name and not STANDS_FOR.search(name)] for step in steps]
    assert sum(map(len, files)) > 30
    assert [str(file) for step in files for file in step if not file.exists()] == []
    asked = [
        (name, [file.name for file in some])
        for step, some in zip(steps, files, strict=True)
        for name in step
        if re.fullmatch(r"_?[A-Z][A-Z_]+", name) and some and not STANDS_FOR.search(name)
        if not any(name in file.read_text(encoding="utf-8") for file in some if file.is_file())
    ]
    assert asked == []


STANDS_FOR = re.compile(r"NAME|KIND|NNNN|xx")
"""In the place of a name of one's own."""


async def test_a_fact_that_was_added_by_the_recipe_is_said_and_told_everywhere(tmp_path: Path) -> None:
    house = a_house_with(tmp_path, *FACT)
    printed = await run_in(house, "-m", "tests.recipe_tried", "record_thanks", "--text", "Gracias", "--thanked", "Inés")
    said: dict[str, Any] = json.loads(printed.splitlines()[-1])
    assert (said["house"], said["made"]) == (str(house), [0, 0, 0]), printed
    assert said["handlers"] == [True, True]
    assert all(option in said["help"] for option in ("--text", "--thanked", "--via", "Registra una carta")), said[
        "help"
    ]
    assert (said["ended"], said["answer"]) == ([0, ""], "assessment")
    assert "record_thanks" in said["offered"]
    assert said["operation"] == ["Letter of thanks", ["acts"]]
    of_example = "Me atendieron muy bien."
    assert said["told"] == {
        surface: {
            "es": ["Llegó una carta de agradecimiento", f"A quién se agradece: {thanked}", text, by],
            "en": ["A letter of thanks came", f"Who is thanked: {thanked}", text, by],
        }
        for surface, thanked, text, by in (
            ("cli", "Inés", "Gracias", "Ana Rojas"),
            ("desk", "Ana Rojas", of_example, "Ana Rojas"),
            ("api", "Ana Rojas", of_example, "crm"),
        )
    }
    page = (house / "docs" / "integration.md").read_text(encoding="utf-8")
    assert "| `thanks-received` | `record_thanks` | `thanks` | `text` |" in page
    assert (house / "docs" / "schemas" / "signal.thanks-received.json").exists()


OF_NO_FACT = "stranger_starts or no_subset_of_contents or no_two_moves"
"""What takes long among those files, and asks nothing of a fact: starts, letters, how exploring saves time."""


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_the_house_with_it_keeps_its_own_rules(tmp_path: Path) -> None:
    """Whatever our tests want of each fact and act, the recipe has given it: they are green in the copy, too."""
    house = a_house_with(tmp_path, *FACT, *LINES_OF_TESTS)
    await run_in(house, "-m", "tests.recipe_tried", "record_thanks", "--text", "Gracias")  # make words docs
    asks = re.compile(r"^from .* import .*\b(FACTS|UPDATES|ACTS)\b", re.MULTILINE)
    files = [str(file) for file in (house / "tests").rglob("test_*.py") if asks.search(file.read_text("utf-8"))]
    assert len(files) > 8
    quickly = ("-n", "0", "-m", "not server and not slow", "-p", "no:cacheprovider", "-k", f"not ({OF_NO_FACT})")
    printed = await run_in(house, "-m", "pytest", "-q", *quickly, *files, str(house / "tests" / "words"))
    assert " passed" in printed
