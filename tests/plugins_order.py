"""Which files begin first where tests are spread over processes.

A file stays in one process. Left to itself xdist begins with the files of many tests, and ends with those of few: among
them the one test that runs a whole stack for half a minute, while the other processes have nothing left to do. So the
long files begin first, and the rest comes in random order.
"""

from pathlib import Path

import pytest

LONG_FILES = (
    *("cli/test_running", "cli/test_upgrade", "rules/test_case_machine", "house/test_recipes", "stories/test_stopping"),
    *("cli/test_up", "cli/test_host", "local/test_nobody_elsewhere", "mailbox/test_mail_brake"),
    *("house/test_compose_native", "local/test_supervisor", "cli/test_what_if", "cli/test_simulate", "local/test_demo"),
    *("desk/test_links_seen", "desk/test_customer_acts", "local/test_what_if", "desk/test_identity"),
    *("local/test_simulate", "stories/test_uncached", "mail/test_incoming_hostile", "local/test_postgres"),
    *("house/test_packaging", "house/test_integration_doc", "desk/test_roles", "local/test_build"),
    *("stories/test_route", "local/test_temporal_server", "stories/test_merging_whole", "rules/test_case_explored"),
    *("starter/test_front_desk", "starter/test_doctor_tasks", "local/test_copies", "local/test_find"),
    *("cli/test_privacy", "starter/test_changing_rules", "house/test_rooms"),
)
"""Those of a minute and more in the slow set, then those that take most of a processor in the README's set, each set's
longest first (docs/decisions.md, 224, 338 and 555)."""

ROOT = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-randomly, which comes first of all."""
    places = {ROOT / f"{name}.py": place for place, name in enumerate(LONG_FILES)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
