"""Tries whether a `temporal` command can serve us, by using it: once for each version of the file."""

import asyncio
import json
import tempfile
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from complaints.words.catalogue import N_, _
from local.stack.temporal_program import Cli
from local.stack.temporal_ready import NotReady
from local.stack.temporal_run import Settings, run_temporal
from local.stack.voice import Say

#: Seconds for the whole probe.
LIMIT = 30.0

PROBED = SearchAttributeKey.for_keyword("ComplaintProbe")


async def good_enough(cli: Cli, cache: Path, *, say: Say, time_skipping: bool) -> bool:
    """Whether the command starts a server with what we need; remembered as long as the file is the same."""
    known = _remembered(cache)
    key = _identity(cli.path, time_skipping=time_skipping)
    if key not in known:
        say(_("Trying the `temporal` command at {path} …").format(path=cli.path))
        known[key] = await _fault(cli, time_skipping=time_skipping)
        partial = (cache / "probes.json").with_suffix(".partial")
        partial.write_text(json.dumps(known, indent=1), encoding="utf-8")
        partial.replace(cache / "probes.json")
    if known[key]:
        say(_("The `temporal` command at {path} is not used: {why}").format(path=cli.path, why=_(known[key])))
    return not known[key]


def _remembered(cache: Path) -> dict[str, str]:
    try:
        found = json.loads((cache / "probes.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _identity(path: Path, *, time_skipping: bool) -> str:
    """The file by what changes with it, and what it was tried for."""
    stat = path.resolve().stat()
    return f"{path.resolve()} {stat.st_size} {stat.st_mtime_ns}{' time-skipping' if time_skipping else ''}"


async def _fault(cli: Cli, *, time_skipping: bool) -> str:
    """What is wrong with it, in English, as it is remembered for other processes; empty when nothing is."""
    try:
        async with asyncio.timeout(LIMIT):
            await _try(cli, time_skipping=time_skipping)
    except TimeoutError:
        return N_("it did not serve us within half a minute.").english
    except (NotReady, RPCError, OSError, RuntimeError) as error:
        return f"{error}"
    return ""


async def _try(cli: Cli, *, time_skipping: bool) -> None:
    settings = Settings(time_skipping=time_skipping, attributes=[PROBED])
    with tempfile.TemporaryDirectory(prefix="complaint-desk-probe-") as folder:
        async with run_temporal(cli, Path(folder), settings) as server:
            if time_skipping:
                await _skip_a_day(server.client)


async def _skip_a_day(client: Client) -> None:
    """A workflow that starts in an hour has started a day later; there is no worker, so it can only wait."""
    skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
    handle = await skipper.client.start_workflow("Probe", id="probe", task_queue="probe", start_delay=timedelta(days=2))
    before = await skipper.get_current_time(handle)
    async with asyncio.timeout(10):
        await skipper.fast_forward(handle, timedelta(days=1))
    if await skipper.get_current_time(handle) - before < timedelta(hours=23):
        raise NotReady(N_("its clock does not go forward.").english)
