"""How long the command line takes to start, and which part of it is whose. Figures, not tests.

Each line is a whole process, started again and again: the processor's seconds, of which a busy machine takes none away,
and those on the clock. The parts are interpreters that do nothing but import one thing.
"""

import os
import resource
import statistics
import subprocess
import sys
import time

from rich.console import Console
from rich.table import Table

RUNS = 9

COMMANDS = {
    "complaints --version": ["-m", "cli.main", "--version"],
    "complaints --help": ["-m", "cli.main", "--help"],
    "complaints status --help": ["-m", "cli.main", "status", "--help"],
    "complaints status, where nothing runs": ["-m", "cli.main", "status", "Q-7KF3-02M9D", "--home", os.devnull],
}
"""With a stack, `status` adds what its parts below need, and the answer itself."""

PARTS = {
    "Python itself": "pass",
    "Typer": "import typer",
    "Pydantic": "import pydantic; pydantic.BaseModel",
    "a status, as a model": "import complaints.rules.status",
    "the records' store": "import complaints.records.store",
    "Temporal's client": "import temporalio.client",
    "… of which its service, in `temporalio/__init__.py`": "import temporalio.service",
    "all that `status` asks and shows with": "import starter.reaching, cli.show; import rich.console, rich.table",
}


def measured(arguments: list[str]) -> tuple[float, float]:
    """Medians of the processor's seconds, and of those on the clock."""
    environ = {**os.environ, "LANGUAGE": "en"}
    spent, passed = [], []
    for _ in range(RUNS + 1):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([sys.executable, *arguments], env=environ, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        passed.append(time.perf_counter() - began)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent[1:]), statistics.median(passed[1:])  # the first may still compile


def main() -> None:
    table = Table("whole process", "processor, s", "clock, s", box=None)
    for name, arguments in COMMANDS.items():
        table.add_row(name, *(f"{seconds:.2f}" for seconds in measured(arguments)))
    table.add_section()
    for name, code in PARTS.items():
        table.add_row(name, *(f"{seconds:.2f}" for seconds in measured(["-c", code])))
    Console().print(table)


if __name__ == "__main__":
    main()
