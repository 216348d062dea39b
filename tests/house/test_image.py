"""The Dockerfile, step by step in a clean folder: what is copied suffices to build, and what is installed starts.

Its two base images are two empty virtual environments here; the user that it makes is not made on this machine.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@dataclass
class Stage:
    """One `FROM` of the file: a Python of its own, and a folder that stands for its file system."""

    root: Path
    workdir: str = "/"
    entrypoint: str = ""

    @property
    def path(self) -> dict[str, str]:
        return {"PATH": f"{self.root / 'python' / 'bin'}:{os.environ['PATH']}", "HOME": str(self.root / "home")}

    def at(self, path: str) -> Path:
        """Where a path of the image lies."""
        return self.root / "files" / Path("/", self.workdir, path).relative_to("/")

    def begins(self) -> None:
        for folder in ("files", "home"):
            (self.root / folder).mkdir(parents=True)
        subprocess.run(
            ["uv", "venv", "--quiet", "--seed", "--python", sys.executable, self.root / "python"], check=True
        )

    def copies(self, source: Path, names: list[str], to: str) -> None:
        target = self.at(to)
        for name in names:
            found = source / name.lstrip("/")
            if found.is_dir():
                shutil.copytree(found, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                into = target / found.name if to.endswith("/") else target
                into.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(found, into)

    def runs(self, command: str) -> str:
        """In the folder that WORKDIR said, with the image's paths as they are here."""
        here = self.at(".")
        here.mkdir(parents=True, exist_ok=True)
        said = re.sub(r"(?<![\w.])/(wheels|srv|src)\b", lambda found: str(self.at(found[0])), command)
        # What pip is told of this machine's own ways to the registry comes along; nothing else of its environment does.
        pip = {name: value for name, value in os.environ.items() if re.match("(SSL|PIP|REQUESTS|CURL)_", name)}
        pip["PIP_NO_COMPILE"] = "1"  # Python does so itself for what is loaded
        done = subprocess.run(
            ["sh", "-ec", said], cwd=here, env={**pip, **self.path}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout


def steps() -> list[tuple[str, str]]:
    """The file's instructions with their words."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines if line and not line.startswith("#")]


def test_each_step_of_the_dockerfile_does_its_work(tmp_path: Path) -> None:
    stages: dict[str, Stage] = {}
    stage = Stage(tmp_path)
    for instruction, words in steps():
        match instruction:
            case "FROM":
                name = words.partition(" AS ")[2] or "image"
                stage = stages[name] = Stage(tmp_path / name)
                stage.begins()
            case "WORKDIR":
                stage.workdir = words
            case "COPY":
                *names, to = [word for word in words.split() if not word.startswith("--")]
                other = re.match(r"--from=(\w+)", words)
                stage.copies(stages[other[1]].root / "files" if other else ROOT, names, to)
            case "RUN" if not words.startswith("useradd"):
                stage.runs(words)
            case "ENTRYPOINT":
                stage.entrypoint = shlex.join(json.loads(words))
    assert stages.keys() == {"build", "image"}
    shown = stage.runs(f"{stage.entrypoint} worker --help")
    assert "worker" in shown
    wheels = stages["image"].root / "files" / "wheels"
    assert not wheels.exists(), "the image carries no second copy"
    loaded = stage.runs("python -c 'import worker, desk.app, local.stack.mail_catcher; print(worker.__file__)'")
    assert loaded.startswith(str(stage.root)), "not the checkout's"
