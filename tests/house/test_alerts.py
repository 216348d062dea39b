"""The alert rules speak when they should and are silent a moment before; each says what to do; all is drawn as well."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARD = DEPLOY / "grafana" / "complaint-desk.json"


def rules() -> list[dict[str, Any]]:
    [group] = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return list(group["rules"])


def panels() -> list[dict[str, Any]]:
    return list(json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"])


def _promtool(*words: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("promtool") is None:
        if os.environ.get("CI"):
            pytest.fail("CI has Debian's promtool (prometheus)")
        pytest.skip("promtool is not on this machine")
    return subprocess.run(["promtool", *words], check=False, capture_output=True, text=True)


@pytest.mark.slow
def test_each_alert_speaks_when_it_should_and_not_before() -> None:
    done = _promtool("test", "rules", str(DEPLOY / "prometheus" / "alerts_test.yml"))
    assert done.returncode == 0, done.stdout + done.stderr
    checked = _promtool("check", "config", str(DEPLOY / "prometheus" / "prometheus.yml"))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_alert_is_tried_by_name() -> None:
    tried = (DEPLOY / "prometheus" / "alerts_test.yml").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in rules() if f'"{rule["alert"]}"' not in tried] == []


def test_every_alert_says_what_happened_what_to_do_and_to_whom() -> None:
    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
        assert set(rule["annotations"]) == {"summary", "action"}, rule["alert"]


def test_panels_do_not_lie_on_each_other() -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in panels():
        at = panel["gridPos"]
        for place in ((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])):
            assert place not in taken, (panel["title"], taken[place])
            taken[place] = panel["title"]
    assert max(x for x, _ in taken) == 23


def metrics_named() -> set[str]:
    """Every metric that an alert or a panel asks for."""
    asked = [rule["expr"] for rule in rules()] + [target["expr"] for panel in panels() for target in panel["targets"]]
    return set(re.findall(r"\b(?:complaints|temporal)_[a-z_]+", " ".join(asked)))


def test_what_is_alerted_is_drawn() -> None:
    """Whoever is woken by one looks at its curve first; what is only up or down is drawn by its product."""
    drawn = " ".join(target["expr"] for panel in panels() for target in panel["targets"])
    alerted = set(re.findall(r"\b(?:complaints|temporal)_[a-z_]+", " ".join(rule["expr"] for rule in rules())))
    assert {name for name in alerted if name not in drawn} == set()
