"""A file of the school's settings changed on a page: who did it is kept before it is written."""

from collections.abc import Callable
from dataclasses import replace

from complaints.toml_file import FileError
from complaints.words.catalogue import N_, Composed, Message
from desk.request import PageRequest
from starter.settings_text import SettingsText

LATEST = 20
"""Changes that a page shows; all are kept."""


async def keep_and_write(request: PageRequest, file: SettingsText, text: str) -> None:
    """Nothing where nothing differs. Raises Refused."""
    if text == file.text:
        return
    member = request.member
    await request.app_state.store.keep_settings_change(
        at=request.now, by=member.name, account=member.account, file=file.name, before=file.text, after=text
    )
    file.replaced(text)


def told_by_labels(request: PageRequest, error: FileError, label: Callable[[str], Message | None]) -> str:
    """What is wrong in the file, in the page's words: neither the file's name nor that of a field in it.

    `label`: what the page calls a field of the file; None for one that it does not show.
    """

    def told(problem: Message | Composed) -> Message | Composed:
        if not isinstance(problem, Message):
            return problem
        if {"file", "problem"} <= problem.values.keys():
            return told(problem.values["problem"])
        field = str(problem.values.get("field", ""))
        if (called := label(field.partition("[")[0])) is None:
            return problem
        return replace(problem, values={**problem.values, "field": N_("“{label}”", label=called)})

    return " ".join(request.say(told(problem)) for problem in error.problems)
