"""The wheel: it holds everything the program reads, and nobody else's files; and runs without development tools."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
INCLUDED: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        ["uv", "build", "--quiet", "--out-dir", str(folder), str(ROOT)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_the_wheel_holds_every_file_of_the_rooms(built: Path) -> None:
    """Code, TOML, templates, migrations, samples, scenarios: what is in the rooms is in the wheel, and nothing else.

    The catalogue is there as it is read.
    """
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == {name.replace("words/es.po", "words/es.mo") for name in _tracked(*INCLUDED)}
    for needed in (
        "complaints/policy.toml",
        "complaints/contacts.toml",
        "complaints/mail/templates/es/acknowledgement.j2",
        "complaints/mail/templates/review/en.j2",
        "complaints/mail/samples/complaint.es.eml",
        "complaints/records/migrations/env.py",
        "complaints/records/migrations/versions/0001_records.py",
        "complaints/records/migrations/versions/0003_staff.py",
        "complaints/records/migrations/versions/0004_answered_mail.py",
        "local/stories/scenarios/smooth.toml",
        "worker.py",
    ):
        assert needed in packed


def test_the_source_distribution_can_be_tested_and_built(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as source:
        packed = {name.partition("/")[2] for name in source.getnames()}
    for needed in ("README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "tests/conftest.py", "docs/decisions.md"):
        assert needed in packed
    assert not [
        name for name in packed if name.startswith((".git/", ".venv/", ".complaints/", "secrets/")) or name == "uv.lock"
    ]


def test_no_other_distribution_owns_our_names() -> None:
    """`activities`, `local`, `desk` … are everyday words: a dependency with the same top level would shadow us."""
    ours = {name.removesuffix(".py") for name in INCLUDED}
    clashes = {
        (found.metadata["Name"], top)
        for found in distributions()
        if found.metadata["Name"] != PROJECT["project"]["name"]
        for file in found.files or []
        if (top := file.parts[0].removesuffix(".py")) in ours
    }
    assert clashes == set()


def test_every_dependency_is_pinned_to_one_version() -> None:
    """No lock file carries registry addresses: the pins stand in pyproject.toml (docs/decisions.md)."""
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    assert [line for line in wanted if line.count("==") != 1 or "*" in line] == []
    ignored = subprocess.run(["git", "check-ignore", "uv.lock"], cwd=ROOT, capture_output=True, check=False)
    assert ignored.returncode == 0 or not (ROOT / ".git").exists()


def test_the_version_stands_in_one_place_and_the_others_follow() -> None:
    """What a release changes (CONTRIBUTING, "A release"): the project, the images' tag; the changelog: test_docs.py."""
    version = PROJECT["project"]["version"]
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"complaint-desk:(\S+)", compose)) == {version}
    for document in ("README.md", *(f"docs/{name}.md" for name in ("start", "operating", "upgrading"))):
        assert not re.search(r"complaint_desk-\d", (ROOT / document).read_text(encoding="utf-8")), document


@pytest.mark.slow
def test_a_release_is_one_command_and_its_bill_names_every_library(tmp_path: Path) -> None:
    run = ["uv", "run", "--isolated", "--group", "audit", "python", "-m", "docs.release", "--out", str(tmp_path)]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True)
    version = PROJECT["project"]["version"]
    [bill] = tmp_path.glob("*.cdx.json")
    said = json.loads(bill.read_text(encoding="utf-8"))
    assert (said["bomFormat"], said["metadata"]["component"]["name"]) == ("CycloneDX", "complaint-desk")
    parts = {part["name"].lower().replace("_", "-"): part["version"] for part in said["components"]}
    for pinned in PROJECT["project"]["dependencies"]:
        name, _, pin = re.sub(r"\[.*?\]|;.*", "", pinned).replace(" ", "").partition("==")
        assert parts[name.lower().replace("_", "-")] == pin
    assert "pytest" not in parts, "what is only for development is not installed"
    for trace in (str(ROOT), str(Path.home()), "file:", "/tmp/"):
        assert trace not in bill.read_text(encoding="utf-8"), "nothing of this machine"
    sums = {line.split()[1]: line.split()[0] for line in (tmp_path / "SHA256SUMS").read_text().splitlines()}
    endings = ("-py3-none-any.whl", ".tar.gz", ".cdx.json")
    assert set(sums) == {f"complaint_desk-{version}{ending}" for ending in endings}
    for name, digest in sums.items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest


def test_the_wheel_runs_where_nothing_else_is_installed(built: Path, tmp_path: Path) -> None:
    """A release once broke elsewhere for a dependency that only developers had."""
    venv = tmp_path / "venv"
    _run("uv", "venv", "--quiet", "--python", sys.executable, str(venv))
    _run("uv", "pip", "install", "--quiet", "--python", str(venv / "bin" / "python"), str(next(built.glob("*.whl"))))
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "COMPLAINTS_HOME": str(tmp_path / "home")}
    shown = _run(str(venv / "bin" / "complaints"), "--help", cwd=tmp_path, env=home)
    for command in ("up", "demo", "open", "resolve", "doctor"):
        assert command in shown
    # Not from the checkout, and with its data files.
    loaded = _run(
        str(venv / "bin" / "python"),
        "-c",
        "import worker, local.stack.supervisor; from complaints.policy_file import load_policy; "
        "from complaints.contacts import load_contacts; from complaints.mail.templating import template_names; "
        "load_contacts().check(load_policy()); print(worker.__file__, len(template_names()))",
        cwd=tmp_path,
        env=home,
    )
    assert str(venv) in loaded
    assert int(loaded.split()[-1]) > 50


def _tracked(*paths: str) -> list[str]:
    """The files below these paths, without what Python makes of them."""
    found = [
        file for path in paths for file in ([ROOT / path] if (ROOT / path).is_file() else (ROOT / path).rglob("*"))
    ]
    return [str(f.relative_to(ROOT)) for f in found if f.is_file() and "__pycache__" not in f.parts]


def _run(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout
