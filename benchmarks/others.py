"""What the programs of desk, mail and report say, gathered: each is a benchmark by itself (`make bench`)."""

import asyncio
import sys
import time

PROGRAMS = ("acknowledgement", "deadlines", "sandbox", "intake", "reading", "sending", "large_mail", "desk", "report")
"""Some minutes each at most. Finding, digests, what-if, verify and the small host take longer: `make bench`."""

QUICK = ("deadlines", "sandbox")


async def said_by(programs: tuple[str, ...]) -> dict[str, str]:
    """Each line of figures, by the program and the line's beginning."""
    found = {}
    for program in programs:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", f"benchmarks.{program}"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        said, _ = await process.communicate()
        for line in said.decode(errors="replace").splitlines():
            name, _, figure = line.strip().partition(":")
            if figure.strip():
                found[f"{program}: {name}"] = figure.strip().replace("|", "/")
        found[f"{program}: ended"] = f"{process.returncode} after {time.perf_counter() - began:.0f} s"
    return found
