"""A release's files from one command: `make release` writes wheel, source distribution, bill of materials and sums.

The bill of materials (CycloneDX 1.6, JSON) names what an installation of the wheel has: it is taken from an empty
virtual environment into which the wheel was installed. CONTRIBUTING.md says what comes before.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from complaints.records.migrate import WHOLE, whole_of

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Writes them, and prints each with its sum."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, default=ROOT / "dist")
    for path in made(asked.parse_args().out.absolute()):
        print(f"{path.stat().st_size / 1e6:6.2f} MB  {path}")


def made(out: Path) -> list[Path]:
    """The files of this checkout's version, in `out`; what else lies there stays.

    Raises CalledProcessError where a step fails: then it is no release.
    """
    if whole_of(WHOLE) is None:
        raise SystemExit(f"{WHOLE.name} is of an older schema: run `make schema` first")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    wheel = out / f"complaint_desk-{version}-py3-none-any.whl"
    source = out / f"complaint_desk-{version}.tar.gz"
    bill, sums = out / f"complaint_desk-{version}.cdx.json", out / "SHA256SUMS"
    run("uv", "build", "--quiet", "--out-dir", str(out), str(ROOT))
    with tempfile.TemporaryDirectory(prefix="complaints-release-") as folder:
        python = Path(folder) / "venv" / "bin" / "python"
        run("uv", "venv", "--quiet", "--python", sys.executable, str(python.parents[1]))
        run("uv", "pip", "install", "--quiet", "--python", str(python), str(wheel))
        said = run(str(python.with_name("complaints")), "--version")
        if said.split() != ["complaints", version]:
            raise SystemExit(f"the installed wheel says {said!r}, not {version}")
        raw = run(
            *(sys.executable, "-m", "cyclonedx_py", "environment", str(python)),
            *("--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"),
            *("--spec-version", "1.6", "--output-format", "JSON", "--output-reproducible"),
        )
    bill.write_text(json.dumps(_without_this_machine(json.loads(raw)), indent=1) + "\n", encoding="utf-8")
    files = [wheel, source, bill]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    sums.write_text("".join(lines), encoding="ascii")
    return [*files, sums]


def run(*command: str) -> str:
    """What it says on standard output; its complaints go to ours. Raises CalledProcessError."""
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def _without_this_machine(bill: dict[str, Any]) -> dict[str, Any]:
    """Without where the files lay when it was made; the wheel itself is the bill's subject, not one of its parts."""
    subject = bill["metadata"]["component"]
    parts = [part for part in bill["components"] if part["name"] != subject["name"]]
    for part in (subject, *parts):
        kept = [one for one in part.get("externalReferences", ()) if not one["url"].startswith("file:")]
        part.pop("externalReferences", None)
        if kept:
            part["externalReferences"] = kept
    return {**bill, "components": parts}


if __name__ == "__main__":
    main()
