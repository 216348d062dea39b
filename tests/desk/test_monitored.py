"""What a monitoring system meets: is it alive, is it ready, how do things stand; and nobody's name anywhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.verification import Verification
from desk.app import application
from desk.metrics import metrics_page
from desk.readiness import Readiness, readiness
from starter import host_state, last_copy
from starter.memory import Memory
from starter.private_files import write_private
from tests.desk_house import ADDRESS, House, house_of
from tests.story import Story


@pytest.fixture
async def house(story: Story) -> House:
    return house_of(story)


async def scraped(house: House) -> dict[str, float]:
    """Every sample of the page, by name; those with a label by name and value."""
    transport = httpx.ASGITransport(app=metrics_page(house.office))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as prometheus:
        answer = await prometheus.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/plain")
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_it_says_what_it_stands_on(house: House) -> None:
    async with house.visitor() as proxy:
        assert (await proxy.reads("/health")).text == "ok"
        ready = await proxy.reads("/ready")
    assert (ready.status_code, ready.json()) == (200, {"records": "ok", "temporal": "ok"})


async def test_without_records_nobody_is_sent_here_and_the_process_still_lives(house: House) -> None:
    await house.story.store.close()
    async with house.visitor() as proxy:
        assert (await proxy.reads("/health")).status_code == 200
        ready = await proxy.reads("/ready")
    assert (ready.status_code, ready.json()["records"]) == (503, "away")
    told = await scraped(house)
    assert told == {"complaints_records_up": 0, "complaints_temporal_up": 1}


async def test_without_temporal_the_desk_serves_and_says_so() -> None:
    assert (Readiness("ok", "away").ready, Readiness("another schema", "ok").ready) == (True, False)


async def test_another_schema_is_told_apart_from_none(house: House, empty_database: str) -> None:
    unmigrated = await Store.connect(empty_database)
    try:
        found = await readiness(replace(house.office, store=unmigrated))
    finally:
        await unmigrated.close()
    assert found == Readiness("another schema", "ok")


async def test_the_figures_are_those_of_the_board(house: House) -> None:
    before = await scraped(house)
    assert "complaints_verification_faults" not in before, "nothing is claimed that was not looked at"
    await house.opens(email="rosa@correo.example", name="Rosa Quispe", phone="+51 987 654 321")
    await house.story.store.keep_verification(
        Verification(at=datetime.now(UTC) - timedelta(hours=2), took=1.5, whole=True, found=3)
    )
    told = await scraped(house)
    assert told["complaints_records_up"] == told["complaints_temporal_up"] == 1
    assert told["complaints_open assessment"] == before["complaints_open assessment"] + 1
    assert told["complaints_open confirmation"] == 0, "a stage without a complaint is zero, not silent"
    assert (told["complaints_verification_faults"], told["complaints_verification_duration_seconds"]) == (3, 1.5)
    assert datetime.now(UTC).timestamp() - told["complaints_verification_timestamp_seconds"] >= 7200


async def test_the_age_of_the_last_copy_can_be_watched(house: House, tmp_path: Path) -> None:
    house.office = replace(house.office, settings=house.story.settings.model_copy(update={"home": tmp_path}))
    assert "complaints_backup_timestamp_seconds" not in await scraped(house)
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    made = last_copy.Made(at=at, path=tmp_path / "copy", bytes=1234, encrypted=True)
    write_private(tmp_path / last_copy.FILE, made.model_dump_json())
    told = await scraped(house)
    assert told["complaints_backup_timestamp_seconds"] == at.timestamp()
    assert told["complaints_backup_size_bytes"] == 1234


async def test_the_board_says_how_old_the_last_copy_is_and_that_disk_and_memory_fill(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.office = replace(house.office, settings=house.story.settings.model_copy(update={"home": tmp_path}))
    house.app = application(house.office)
    write_private(tmp_path / "settings.toml", "")
    monkeypatch.setattr(host_state, "DISK_IS_FULL_FROM", 2.0)
    monkeypatch.setattr(host_state, "memory_of", lambda home: Memory(4 * 10**9, 3 * 10**9))
    await house.employs("ana", Role.ADMIN)
    await house.employs("luis")
    async with house.signed_in("ana") as admin:
        page = (await admin.reads("/")).text
        assert ("nunca se hizo una copia" in page.lower(), "memoria" in page) == (True, False)
        made = last_copy.Made(at=house.office.now() - timedelta(hours=50), path=tmp_path, bytes=1, encrypted=True)
        write_private(tmp_path / last_copy.FILE, made.model_dump_json())
        monkeypatch.setattr(host_state, "DISK_IS_FULL_FROM", 0.0)
        monkeypatch.setattr(host_state, "memory_of", lambda home: Memory(4 * 10**9, 10**8))
        page = (await admin.reads("/")).text
    assert "es demasiado antigua" in page
    assert "El disco está lleno" in page
    assert "La memoria de esta máquina está llena al 98 %: quedan 0,1 GB" in page
    async with house.signed_in("luis") as agent:
        assert "disco" not in (await agent.reads("/")).text, "whoever may not see the proof has other things to do"


async def test_no_line_holds_anything_of_anybody(house: House) -> None:
    number = await house.opens(email="rosa@correo.example", name="Rosa Quispe", document="45678912")
    transport = httpx.ASGITransport(app=metrics_page(house.office))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as prometheus:
        page = (await prometheus.get("/metrics")).text
    for personal in (number, "Rosa", "rosa@", "45678912"):
        assert personal not in page
