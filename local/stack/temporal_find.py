"""Finds a Temporal server program for this machine, or makes one: the first of the ways that works."""

import os
import shutil
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from complaints.words.catalogue import _
from local.stack.cache import cache_folder
from local.stack.making import Making
from local.stack.temporal_build import BuildFailed, build, built_already
from local.stack.temporal_download import download
from local.stack.temporal_probe import good_enough
from local.stack.temporal_program import Cli, FromSource, TemporalProgram
from local.stack.voice import Say


class TemporalMissing(RuntimeError):
    """There is no Temporal server here and none could be made; the message says what to install."""


def address_in(environ: Mapping[str, str] = os.environ) -> str | None:
    """The address of a server that the environment names, for callers that may use one that is not ours."""
    return environ.get("TEMPORAL_ADDRESS") or None


async def find_temporal(
    *,
    say: Say,
    time_skipping: bool = False,
    cache: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    fetch: Callable[..., Awaitable[Path | None]] = download,
) -> TemporalProgram:
    """`temporal` on PATH if a probe finds it good enough, else the SDK's download of it, else built from source.

    A build that is in the cache already is taken before anything is downloaded.

    Raises:
        TemporalMissing: none of them works.
    """
    cache = cache or cache_folder()
    on_path = shutil.which("temporal", path=environ.get("PATH"))
    if on_path and await good_enough(Cli(Path(on_path)), cache, say=say, time_skipping=time_skipping):
        return Cli(Path(on_path))
    if built := built_already(cache):
        return FromSource(built.server, built.ui, built.tool)
    making = Making(say, cache)
    making.begins()
    program = await _made(making, cache, time_skipping=time_skipping, environ=environ, fetch=fetch)
    making.ends()
    return program


async def find_beside_records(
    *, say: Say, cache: Path | None = None, environ: Mapping[str, str] = os.environ
) -> FromSource:
    """A server that can keep its data in our Postgres, and the tool that makes its tables there; built if missing.

    The `temporal` command cannot: its server keeps its data in a file, whatever else it is good for.

    Raises:
        TemporalMissing: it could not be built; the message says what is missing.
    """
    cache = cache or cache_folder()
    built = built_already(cache)
    if built is None or built.tool is None:
        making = Making(say, cache)
        making.begins()
        try:
            built = await build(say=making, cache=cache, environ=environ)
        except BuildFailed as failure:
            raise TemporalMissing(
                _(
                    "One database for Temporal and the records needs temporal-server and temporal-sql-tool, which "
                    "could not be built: {why} Put Go 1.26 or newer on PATH. The `temporal` command alone keeps its "
                    "data in a file of its own."
                ).format(why=failure.why)
            ) from failure
        making.ends()
    return FromSource(built.server, built.ui, built.tool)


async def _made(
    say: Say,
    cache: Path,
    *,
    time_skipping: bool,
    environ: Mapping[str, str],
    fetch: Callable[..., Awaitable[Path | None]],
) -> TemporalProgram:
    fetched = await fetch(cache, say=say)
    if fetched and await good_enough(Cli(fetched), cache, say=say, time_skipping=time_skipping):
        return Cli(fetched)
    try:
        built = await build(say=say, cache=cache, environ=environ)
    except BuildFailed as failure:
        raise TemporalMissing(str(failure)) from failure
    return FromSource(built.server, built.ui, built.tool)
