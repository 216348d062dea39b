"""The documents: every setting is explained, every link leads somewhere, every command that they show exists."""

import re
import shlex
import tomllib
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from typer.exceptions import TyperException
from typer.main import get_command
from typer.testing import CliRunner

import complaints.settings
from cli.application import app
from complaints.words import vocabulary
from complaints.words.catalogue import catalogue
from tests.house import rooms_drawn
from tests.house.test_rooms import ROOMS, product

ROOT = Path(__file__).parents[2]
DOCS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "complaints").rglob("*.md")),
]
NAMES = [str(path.relative_to(ROOT)) for path in DOCS]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_promised_documents_are_there() -> None:
    for name in ("procedure", "architecture", "decisions", "integration", "operating"):
        assert (ROOT / "docs" / f"{name}.md").exists()


def test_every_setting_is_explained() -> None:
    """What the program reads from the environment, by its source."""
    source = Path(complaints.settings.__file__).read_text(encoding="utf-8")
    read = set(re.findall(r'"([A-Z][A-Z0-9_]{5,})"', source)) - {"TASK_QUEUE"}
    assert {"DATABASE_URL", "SMTP_URL", "LANGUAGE", "COMPLAINTS_POLICY"} <= read, "the settings were not found"
    operating = text_of("docs/operating.md")
    assert {name for name in read if f"`{name}`" not in operating} == set()
    for secret in ("DATABASE_URL", "SMTP_URL"):
        assert f"`{secret}_FILE`" in operating


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", _without_code(text_of(name))):
        path, _, anchor = target.partition("#")
        if path.startswith(("http://", "https://", "mailto:")):
            continue
        file = (ROOT / name).parent / path if path else ROOT / name
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in _anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "CHANGELOG.md"])
def test_commands_that_are_shown_exist(name: str) -> None:
    """`complaints xyz --option` in a document is a command with that option."""
    known = get_command(app).commands  # type: ignore[attr-defined]
    wrong = []
    for command, rest in re.findall(r"(?<![\w/.-])complaints ([a-z][a-z-]+)([^\n`|)]*)", _code(text_of(name))):
        if command not in known:
            wrong.append(command)
            continue
        parts = [known[command], *getattr(known[command], "commands", {}).values()]  # `staff add` is a part of `staff`
        options = {
            option
            for part in parts
            for parameter in part.params
            for option in (*parameter.opts, *parameter.secondary_opts)
        }
        wrong += [f"{command} {option}" for option in re.findall(r"(?<=\s)--[a-z-]+", rest) if option not in options]
    assert [found for found in wrong if found != "demo --help"] == []


def test_what_getting_started_shows_can_be_typed() -> None:
    """Each command with all that it must be told, as its own parser sees it; none is run."""
    text = text_of("docs/start.md")
    inline = re.findall(r"`complaints ([a-z][^`]*)`", text.replace("```", ""))
    blocks = re.findall(r"^ *(?:.*&& )?(?:uv run )?complaints ([a-z][^\n#]*)", text, re.MULTILINE)
    shown = [shlex.split(" ".join(found.split())) for found in (*inline, *blocks)]
    assert {"demo", "up", "init", "staff", "service", "backup", "doctor", "what-if", "open"} <= {
        one[0] for one in shown
    }
    for words in shown:
        command: Any = get_command(app)
        rest = list(words)
        while hasattr(command, "commands"):
            command = command.commands[rest.pop(0)]
        try:
            command.make_context(words[0], rest)
        except TyperException as error:
            pytest.fail(f"complaints {shlex.join(words)}: {error}")


def test_the_readme_gives_the_two_commands_and_the_way_for_refusing_systems() -> None:
    readme = text_of("README.md")
    assert "pip install uv && uv run complaints demo" in readme
    assert "pip install uv && uv run pytest" in readme
    assert "pipx install uv" in readme
    assert "python3 -m venv" in readme


def test_ci_runs_the_readmes_test_command() -> None:
    assert re.search(r"uv run pytest\b", text_of(".ci/run"))


def test_the_pages_on_the_house_name_what_runs() -> None:
    """The companions beside `procedure`, the scheduled workflows: a page once told of one that is gone."""
    from workflows import names

    run = text_of("workflows/complaint.py")
    together = re.search(r"self\.together\((.+)\)", run)
    assert together is not None
    companions = set(re.findall(r"self\.(\w+)\(\)", together[1])) - {"procedure"}
    assert {"clocks", "page"} < companions
    counted = {4: "four", 5: "five", 6: "six"}[len(companions)]
    for page in ("docs/architecture.md", "docs/design.md"):
        text = text_of(page)
        assert f"{counted} companions" in text, page
        assert {one for one in companions if f"`{one}`" not in text} == set(), page
    assert {name for name in names.SCHEDULES if f"`{name}`" not in text_of("docs/design.md")} == set()


def test_the_readme_names_every_search_attribute() -> None:
    from workflows import names

    readme = text_of("README.md")
    assert [key.name for key in names.SEARCH_ATTRIBUTES if key.name not in readme] == []


def test_every_command_has_help_with_its_section() -> None:
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        assert "§" in (command.help or ""), name
        assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0


def test_the_changelog_begins_with_this_version() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    headings = re.findall(r"^## ([\w.]+)", text_of("CHANGELOG.md"), re.M)
    assert headings[0] in {version, "Unreleased"}
    assert version in headings


def test_the_picture_of_the_rooms_is_what_the_rooms_may() -> None:
    page = text_of("docs/architecture.md")
    assert rooms_drawn.drawn() in page, "run `make rooms`"
    assert set(rooms_drawn.MEANING) == set(ROOMS)


def test_decisions_are_numbered_once() -> None:
    numbers = [int(found) for found in re.findall(r"^\| (\d+) \|", text_of("docs/decisions.md"), re.M)]
    assert len(numbers) > 40
    assert numbers == sorted(set(numbers))


def _code(markdown: str) -> str:
    """What stands in code: blocks and inline."""
    blocks = re.findall(r"```\w*\n(.*?)```", markdown, re.S)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", markdown, flags=re.S))
    return "\n".join([*blocks, *inline])


def _without_code(markdown: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"```.*?```", "", markdown, flags=re.S))


def _anchors(file: Path) -> set[str]:
    """As GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# -- pointers lead somewhere -------------------------------------------------------------------------------------------


def sources() -> dict[str, str]:
    """Everything that a reader may follow a pointer in: code, documents, pages."""
    tops = ("complaints", "workflows", "activities", "starter", "local", "desk", "cli", "tests", "benchmarks", "docs")
    files = [file for top in tops for kind in ("*.py", "*.md", "*.html", "*.j2") for file in (ROOT / top).rglob(kind)]
    files += [ROOT / name for name in ("worker.py", "README.md", "CONTRIBUTING.md", "Makefile", ".ci/run")]
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files if file != Path(__file__)}


def test_no_pointer_leads_out_of_the_house() -> None:
    """An issue's number, a page of notes: nobody who clones this has them."""
    outside = re.compile(r"\bissue \d+|facts §|\.\./shared|house\.md|desk-sketch")
    found = {name: outside.findall(text) for name, text in sources().items() if outside.search(text)}
    assert found == {}


def test_what_cites_the_design_finds_it() -> None:
    """`design §5.2` is the second of the numbered sentences under the fifth heading."""
    sections = dict(re.findall(r"^## (\d+)\. .*?\n(.*?)(?=^## |\Z)", text_of("docs/design.md"), re.M | re.S))
    cited = {(place, one) for place, text in sources().items() for one in re.findall(r"design §(\d+(?:\.\d+)?)", text)}
    assert len(cited) > 30
    lost = [
        (place, one)
        for place, one in sorted(cited)
        for section, _, point in [one.partition(".")]
        if section not in sections or (point and not re.search(rf"^{point}\. ", sections[section], re.M))
    ]
    assert lost == []


def test_what_cites_a_decision_finds_it() -> None:
    known = set(re.findall(r"^\| (\d+) \|", text_of("docs/decisions.md"), re.M))
    cited = {one for text in sources().values() for one in re.findall(r"\bdecisions? (\d+)", text)}
    design = _without_code(text_of("docs/design.md") + text_of("docs/upstream.md") + text_of("docs/procedure.md"))
    cited |= {
        one
        for group in re.findall(r"\((\d{1,3}(?:(?:, | to )\d{1,3})*)\)", design)
        for one in re.split(r", | to ", group)
    }
    assert len(cited) > 40
    assert cited - known == set()


def test_the_recorded_demo_says_what_the_demo_says() -> None:
    """Whoever changes a heading of it makes the recording anew: `make recording`."""
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "local" / "stories").glob("demo*.py"))
    picture = unescape(re.sub(r"<[^>]+>", " ", text_of("docs/img/demo.svg")))
    for heading in ("A complaint, from receipt to closing", "What remains of it", "And now", "All of it is real"):
        assert (heading in sources, heading in picture) == (True, True), heading
    assert "The complaint was closed: closed, confirmed by the customer" in picture


def test_the_glossary_has_each_word_once_and_calls_it_as_pages_and_code_do() -> None:
    page = text_of("docs/glossary.md")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    terms = [row for row in rows if row[0] != "Spanish" and not row[0].startswith("---")]
    assert len(terms) > 50
    assert all(section and meaning for _spanish, _english, section, meaning in terms)
    spanish = [word for row in terms for word in re.split(r"[,;:] ", row[0])]
    assert [word for word in spanish if spanish.count(word) > 1] == []
    said = catalogue("es")
    called = [said.say(one) for table in (vocabulary.STAGES, vocabulary.ROLES) for one in table.values()]
    assert [word for word in called if word not in page] == []
    ends = {end: said.say(vocabulary.ENDS[end]).removesuffix(" por el cliente") for end in ENDS}
    assert [words for words in ends.values() if words not in spanish] == []
    code = "".join(program.path.read_text(encoding="utf-8") for program in product())
    names = {name for row in terms for name in re.findall(r"`([\w-]+)`", row[1])}
    assert len(names) > 15
    assert [name for name in sorted(names) if not re.search(rf"\b{re.escape(name)}\b", code)] == []


ENDS = ("withdrawn", "not-a-complaint", "merged", "decision")
"""The ends that the closing (§8) is not."""
