"""A file of the school's settings changed on a page: who did it is kept before it is written, and what it may not say
is told beside the fields that say it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from complaints.toml_file import FileError
from complaints.words.catalogue import N_, Composed, Message
from desk.request import PageRequest
from starter.settings_text import SettingsText

LATEST = 20
"""Changes that a page shows; all are kept."""


@dataclass(frozen=True)
class Wrong:
    """What was typed and may not be said, in the reader's words."""

    fields: Mapping[str, str] = field(default_factory=dict)
    """By the names of the form's fields."""
    rest: str = ""
    """What is about no field of the form."""

    @property
    def sentence(self) -> str:
        """All of it."""
        return " ".join([*self.fields.values(), *filter(None, [self.rest])])

    def __bool__(self) -> bool:
        return bool(self.sentence)


NOTHING = Wrong()


async def keep_and_write(request: PageRequest, file: SettingsText, text: str) -> None:
    """Nothing where nothing differs. Raises Refused."""
    if text == file.text:
        return
    member = request.member
    await request.app_state.store.keep_settings_change(
        at=request.now, by=member.name, account=member.account, file=file.name, before=file.text, after=text
    )
    file.replaced(text)


def told_beside(request: PageRequest, error: FileError, field_of: Callable[[str], tuple[str, Message] | None]) -> Wrong:
    """What is wrong in the file, in the page's words: neither the file's name nor that of a field in it.

    `field_of`: what the form, and what the page, calls a field of the file; None for one that it does not show.
    """
    fields: dict[str, str] = {}
    rest: list[str] = []

    def told(problem: Message | Composed) -> Message | Composed:
        if not isinstance(problem, Message):
            return problem
        if {"file", "problem"} <= problem.values.keys():
            return told(problem.values["problem"])
        place = str(problem.values.get("field", ""))
        if (known := field_of(place.partition("[")[0])) is None:
            return problem
        return replace(problem, values={**problem.values, "field": N_("“{label}”", label=known[1])})

    for problem in error.problems:
        said = request.say(told(problem))
        known = next(filter(None, map(field_of, _fields_in(problem))), None)
        if known is None:
            rest.append(said)
        else:
            fields[known[0]] = f"{fields[known[0]]} {said}" if known[0] in fields else said
    return Wrong(fields, " ".join(rest))


def _fields_in(problem: object) -> Iterator[str]:
    """Which fields of the file a sentence is about: of `legal_limit.warn_on[1]`, `legal_limit.warn_on`."""
    if isinstance(problem, Message):
        for name, value in problem.values.items():
            if name == "field":
                yield str(value).partition("[")[0]
            yield from _fields_in(value)
