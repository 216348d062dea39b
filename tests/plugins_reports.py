"""What the processes of a run tell the one that spreads the tests: what it shows, and nothing else.

xdist sends six messages a test, which are written, sent, read and handed round in turn. Of a set-up or tear-down that
passed in a moment without a word nothing is shown; nor of the begin and the end, but where `-v` writes a line for each.
"""

from typing import Any

import pytest

SHOWN = 0.5
"""Seconds from which a set-up or tear-down is told: among the longest of a run (`--durations`) there are none below."""


@pytest.hookimpl(tryfirst=True)  # before the first message
def pytest_sessionstart(session: pytest.Session) -> None:
    option = session.config.option
    if not hasattr(session.config, "workerinput") or option.verbose > 0 or option.xmlpath:
        return
    for plugin in session.config.pluginmanager.get_plugins():
        if type(plugin).__name__ == "WorkerInteractor":
            _with_less_to_say(plugin)


def _with_less_to_say(worker: Any) -> None:
    send = worker.sendevent

    def sendevent(name: str, **said: Any) -> None:
        if name not in ("logstart", "logfinish") and not (name == "testreport" and is_nothing(said["data"])):
            send(name, **said)

    worker.sendevent = sendevent


def is_nothing(report: dict[str, Any]) -> bool:
    """Whether nobody would see anything of this report."""
    return bool(
        report["outcome"] == "passed"
        and report["when"] != "call"
        and report["duration"] < SHOWN
        and not report["sections"]
        and not report["user_properties"]
    )
