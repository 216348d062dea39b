"""Which files begin first where tests are spread over processes, and which go together.

A file stays in one process. Left to itself xdist begins with the files of many tests, and ends with those of few: among
them the one test that runs a whole stack for half a minute, while the other processes have nothing left to do. So the
long files begin first, and the rest comes in random order.
"""

from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

WAITING = (
    *("starter/test_doctor_tasks", "mailbox/test_imap", "cli/test_privacy", "stories/test_outages"),
    *("cli/test_naughty", "mail/test_outgoing", "mail/test_sending_stopped", "mail/test_long_running"),
    *("cli/test_mailbox", "cli/test_verify", "cli/test_init_asked", "local/test_temporal_server"),
    *("local/test_find", "local/test_temporal_ports", "local/test_part", "local/test_guard"),
    *("local/test_copies", "stories/test_retention", "house/test_upstream"),
)
"""Files that mostly wait: for a mail server that answers late, a lease that ends, a program that starts or does not.
One process does them first, one after the other, for which a quarter of a processor is enough; the rest is for the
other processes (docs/decisions.md, 625 and 658)."""

TOGETHER = (
    WAITING,
    (
        *("house/test_rooms", "house/test_steady", "house/test_docs", "house/test_statements"),
        "house/test_file_doors",
        *("words/test_words", "words/test_one_home", "words/test_refusals_in_words"),
    ),
    (
        "mail/test_letters",
        "mail/test_letters_alike",
        "mail/test_letters_golden",
        "mail/test_octets",
        "words/test_not_shown",
    ),
)
"""Files that stay in one process: those that wait, and those that share what is dear, the trees of all sources and
every letter there is (587)."""

LONG_FILES = (
    *("stories/test_stopping", "chaos/test_chaos_worker", "chaos/test_chaos_clocks", "chaos/test_chaos_records"),
    *("chaos/test_chaos_temporal", "rules/test_case_machine", "cli/test_running", "cli/test_upgrade"),
    *(
        "house/test_image",
        "desk/test_naughty_doors",
        "house/test_recipes",
        "cli/test_served_for_real",
        "rules/test_hostile",
    ),
    *("cli/test_up", "cli/test_host", "local/test_nobody_elsewhere", "mailbox/test_mail_brake"),
    *WAITING,
    *("house/test_compose_native", "local/test_supervisor", "cli/test_what_if", "cli/test_simulate", "local/test_demo"),
    *("desk/test_links_seen", "desk/test_customer_acts", "local/test_what_if", "desk/test_identity"),
    *("local/test_simulate", "stories/test_uncached", "mail/test_incoming_hostile", "local/test_postgres"),
    *("house/test_packaging", "house/test_integration_doc", "desk/test_roles", "local/test_build"),
    *("stories/test_route", "stories/test_merging_whole", "rules/test_case_explored"),
    *("starter/test_front_desk", "starter/test_changing_rules", "house/test_rooms"),
)
"""Those of a minute and more in the slow set and in the fault matrix, then of the README's set those that wait longest,
for half a minute and more, and those that take most of a processor; each longest first (docs/decisions.md, 224, 338,
555 and 625)."""

ROOT = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-randomly, which comes first of all."""
    places = {ROOT / f"{name}.py": place for place, name in enumerate(LONG_FILES)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


class _Together(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """A file in one process, and those of `TOGETHER` in one as well."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        name = file.removeprefix("tests/").removesuffix(".py")
        return str(next((files[0] for files in TOGETHER if name in files), file))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Together | None:
    return _Together(config, log) if config.getoption("dist") == "loadfile" else None
