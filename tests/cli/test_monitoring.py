"""A stack that is watched: every metric that an alert or a panel asks for is there once a complaint has lived."""

import json
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from local.stack.ports import free_ports
from tests.cli.test_up import up
from tests.house.test_alerts import metrics_named
from tests.terminal import as_process

pytestmark = pytest.mark.slow

FROM_SOMEWHERE_ELSE = {"complaints_backup_timestamp_seconds"}
"""Of a home that serves for real: tests/desk/test_monitored.py."""

ONLY_AFTER_A_FAILURE = {"temporal_activity_execution_failed_total", "temporal_workflow_task_execution_failed_total"}


async def _names(port: int) -> set[str]:
    async with httpx.AsyncClient() as prometheus:
        page = await prometheus.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
    assert page.status_code == 200
    return {sample.name for family in text_string_to_metric_families(page.text) for sample in family.samples}


async def test_what_is_watched_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    in_home = ("--home", str(home), "--json")
    desk, worker = free_ports(2)
    told = {"DESK_METRICS_LISTEN": f"127.0.0.1:{desk}", "WORKER_METRICS_LISTEN": f"127.0.0.1:{worker}"}
    async with up(home, env={**told, "LOG_FORMAT": "json"}):
        opened = await as_process(
            "open",
            "--email",
            "rosa@correo.example",
            "--description",
            "Faltan horas",
            "--home",
            str(home),
            "--json",
            env={},
        )
        assert opened.code == 0, opened.err
        verified = await as_process("verify", *in_home, env={})
        assert verified.code == 0, verified.out
        found = await _names(desk) | await _names(worker)
        log = (home / "logs" / "worker.log").read_text(encoding="utf-8").splitlines()
    lines = [json.loads(line) for line in log if line != "ready"]  # said on standard output, to whoever started it
    assert metrics_named() - found - FROM_SOMEWHERE_ELSE - ONLY_AFTER_A_FAILURE == set()
    assert [line["message"] for line in lines if "ready" in line["message"]] != []
    assert {line["time"][-1] for line in lines} == {"Z"}
