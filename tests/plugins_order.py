"""Which files begin first where tests are spread over processes.

A file stays in one process. Left to itself xdist begins with the files of many tests, and ends with those of few: among
them the one test that runs a whole stack for half a minute, while the other processes have nothing left to do. So the
long files begin first, and the rest comes in random order.
"""

from pathlib import Path

import pytest

LONG_FILES = (
    *("house/test_recipes", "stories/test_stopping", "rules/test_case_machine", "cli/test_running"),
    *("local/test_supervisor", "cli/test_up", "cli/test_host", "house/test_compose_native"),
    *("cli/test_what_if", "cli/test_simulate", "local/test_demo", "local/test_simulate", "local/test_what_if"),
    *("local/test_postgres", "desk/test_links_seen", "desk/test_customer_acts", "starter/test_front_desk"),
    *("local/test_find", "local/test_temporal_server", "starter/test_changing_rules"),
    *("rules/test_calendar_oracle", "starter/test_doctor_tasks", "house/test_rooms"),
)
"""Those that took more than 15 s (docs/decisions.md, 224 and 338), the slow set's first, each set's longest first."""

ROOT = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-randomly, which comes first of all."""
    places = {ROOT / f"{name}.py": place for place, name in enumerate(LONG_FILES)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
