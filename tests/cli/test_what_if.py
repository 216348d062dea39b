"""`complaints what-if` as people call it: on a stage of its own, reading the records and nothing else."""

import asyncio
import json
import re
import signal
import time
from pathlib import Path

import pytest

from complaints.records.store import Store
from complaints.rules.number import complaint_number
from tests.on_stage import Running, running, tripwires
from tests.past_september import is_kept

PAGE = Path(__file__).parents[2] / "docs" / "what-if.md"


def read_only(dsn: str) -> str:
    """The same database, where Postgres itself refuses whoever writes."""
    return f"{dsn}{'&' if '?' in dsn else '?'}default_transaction_read_only=on"


def example(language: str) -> str:
    """A block of the page."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def without_the_time(text: str) -> list[str]:
    return [" ".join(re.sub(r"· \d+ s", "· … s", line).split()) for line in text.splitlines() if line.strip()]


async def test_the_pages_example_is_what_it_prints(store: Store, fresh_database: str, tmp_path: Path) -> None:
    await is_kept(store)
    (tmp_path / "seven.toml").write_text(example("toml"), encoding="utf-8")
    command = re.search(r"\$ complaints (what-if .*)\n", example("text"))
    assert command is not None
    words = command[1].replace("seven.toml", str(tmp_path / "seven.toml")).split()
    with tripwires() as wires:
        others = {name: wire for name, wire in wires.items() if not name.startswith("PG")}  # the database is meant
        environment = others | {"DATABASE_URL": read_only(fresh_database), "LANGUAGE": "en", "COLUMNS": "120"}
        async with running(words, temporary=tmp_path / "t", **environment) as ran:
            assert await ran.ends() == 0, ran.text
            assert ran.left_behind() == []
    printed = without_the_time(ran.text)
    assert printed == without_the_time(example("text").partition("\n")[2])


async def test_it_prints_json_for_one_case(store: Store, fresh_database: str, tmp_path: Path) -> None:
    await is_kept(store)
    (tmp_path / "seven.toml").write_text(example("toml"), encoding="utf-8")
    number = complaint_number("september/0/a_day_too_long")
    words = ["what-if", "--policy", str(tmp_path / "seven.toml"), "--case", number.lower(), "--json"]
    async with running(words, temporary=tmp_path / "t", DATABASE_URL=read_only(fresh_database)) as ran:
        assert await ran.ends() == 0, ran.text
    told = json.loads(ran.said[-1])
    (case,) = told["cases"]
    assert (case["number"], case["unlike"], case["why_not"]) == (number, [], None)
    escalated = next(one for one in case["differences"] if one["kind"] == "escalated")
    assert escalated == {"kind": "escalated", "name": "1/time", "before": "2025-09-10T23:00:00Z", "after": None}
    assert told["totals"]["escalated/time"] == [1, 0]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
async def test_stopped_in_the_middle_it_leaves_nothing_of_anybody_behind(
    store: Store, fresh_database: str, tmp_path: Path, number: signal.Signals
) -> None:
    await is_kept(store, times=40)
    (tmp_path / "seven.toml").write_text(example("toml"), encoding="utf-8")
    words = ["what-if", "--policy", str(tmp_path / "seven.toml"), "--from", "2025-09-01", "--to", "2025-09-30"]
    async with running(words, temporary=tmp_path / "t", DATABASE_URL=fresh_database, LANGUAGE="en") as ran:
        await ran.says("of 120 complaints")
        assert [file for file in written_to(ran) if "Rosa" in file.read_text(errors="replace")] == []
        ran.stop(number)
        ran.stop(number)  # impatience changes nothing
        assert await ran.ends() == 128 + number
        assert ran.left_behind() == []
        assert "Traceback" not in ran.text


def written_to(ran: Running) -> list[Path]:
    """Every file of the stage."""
    return [file for file in ran.temporary.rglob("*") if file.is_file()]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--policy", "no/such.toml", "--from", "2025-09-01"], 1, "There is no file"),
        (["--from", "2025-09-01"], 2, "--policy"),
        (["--policy", "{policy}"], 2, "--from and --to"),
        (["--policy", "{policy}", "--from", "September"], 2, "no date such as"),
        (["--policy", "{policy}", "--from", "2001-01-01", "--to", "2001-02-01"], 1, "No complaint was received"),
        (["--policy", "{policy}", "--case", "Q-0000-00000"], 1, "There is no complaint"),
    ],
)
async def test_a_wrong_call_is_refused_before_anything_starts(
    fresh_database: str, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    (tmp_path / "seven.toml").write_text(example("toml"), encoding="utf-8")
    words = ["what-if", *(word.replace("{policy}", str(tmp_path / "seven.toml")) for word in words)]
    began = time.monotonic()
    async with running(words, temporary=tmp_path / "t", DATABASE_URL=fresh_database, LANGUAGE="en") as ran:
        assert await asyncio.wait_for(ran.ends(), 60) == code
    assert said in " ".join(ran.text.split()), ran.text
    assert "Temporal" not in ran.text
    assert time.monotonic() - began < 60
