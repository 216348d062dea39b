"""How a case is told to staff: what a row of the timeline says beside its heading, through what, why a day counts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from complaints.rules.calendar import DayKind, DerivedDay
from complaints.rules.channels import PUBLIC_FORM
from complaints.rules.given_files import files_in
from complaints.rules.status import DeadlineExplained, TimelineEntry
from complaints.words.catalogue import N_, NP_, Language, catalogue
from complaints.words.labels import label
from complaints.words.recorded import journalled
from complaints.words.wording import Wording

_THROUGH = {
    "desk": N_("at the desk"),
    "cli": N_("on the command line"),
    "link": N_("by their link"),
    "reply": N_("by email"),
    "call": N_("by telephone"),
    "signal": N_("by another system"),
}
_WORDS = ("text", "note", "question", "reason", "words", "notes", "comment")
"""Fields of a row that hold somebody's words, whole."""
_LABELLED = ("category", "severity", "representative", "whom", "cause", "with", "score", "into", "absorbed", "of")
"""Fields that are told under their labels."""


def particulars(entry: TimelineEntry, words: Wording, departments: Mapping[str, str] | None = None) -> Iterator[str]:
    """What was said, line by line; what the heading tells already is left out. `departments`: their names by key."""
    if entry.what.partition("/")[0] in ("late", "warned", "escalated") or entry.what.startswith("letter-"):
        return
    _ = words.gettext
    files = files_in(entry.data)  # of what waits or was taken back there are none to be told
    if entry.what == "act-held":
        yield words.happened(str(entry.data.get("act")), entry.data.get("said") or {})
        entry = entry.model_copy(update={"what": str(entry.data.get("act")), "data": entry.data.get("said") or {}})
    for name in _LABELLED:
        if value := entry.data.get(name):
            yield f"{label(name, words.language)}: {(departments or {}).get(value, value) if name == 'whom' else value}"
    if missing := entry.data.get("missing"):
        items = [words.missing(str(item)) for item in missing] if isinstance(missing, list) else [str(missing)]
        yield f"{_('Missing')}: {'; '.join(items)}"
    for name in _WORDS:
        if (entry.what, entry.data.get(name)) == ("reopened", "separated"):  # the row before says so
            continue
        if value := entry.data.get(name):
            yield journalled(str(value), words.language) if (entry.what, name) == ("ignored", "reason") else str(value)
    if entry.data.get("in_clear"):
        yield _("It came unencrypted: whoever reads Temporal's database reads it there, too.")
    for action in entry.data.get("corrective_actions") or ():
        yield f"{_('Corrective action')}: {action}"
    for action in entry.data.get("internal_actions") or ():
        yield f"{_('Internal measure')}: {action}"
    if files:
        yield f"{label('files', words.language)}: {', '.join(file.name for file in files)}"


def through(via: str, language: Language) -> str:
    """`por teléfono`."""
    return catalogue(language).say(_THROUGH.get(via, via))


def arrived(channel: str, language: Language, *, source_key: str | None = None) -> str:
    """How a complaint came in (§3): `por correo`. Its first row knows only what started its case."""
    if (source_key or "").startswith(PUBLIC_FORM):
        return catalogue(language).say(N_("by the form on the web"))
    how = {
        "email": N_("by email"),
        "phone": N_("by telephone"),
        "web": N_("by the web or a program"),
    }.get(channel, channel)
    return catalogue(language).say(how)


def budget(text: str, language: Language) -> str:
    """A deadline's length that is not business days: the rules give it as `24 hours`, `15 days`, `office hours`."""
    for pattern, message in _BUDGETS:
        if match := re.fullmatch(pattern, text):
            return catalogue(language).say(message).format(**match.groupdict())
    return text


_BUDGETS = (
    (r"(?P<n>\d+) hours", N_("{n} hours")),
    (r"(?P<n>\d+) days", N_("{n} days")),
    (r"until (?P<day>\S+)", N_("until {day}")),
    (r"office hours", N_("office hours")),
)


def why(day: DerivedDay, language: Language) -> str:
    """Why a day does not count."""
    reasons = {
        DayKind.WEEKEND: N_("no work day"),
        DayKind.HOLIDAY: N_("holiday"),
        DayKind.EXTRA_CLOSED: NP_("a day", "closed"),
        DayKind.PAUSED: N_("details are outstanding"),
    }
    said = catalogue(language).say(reasons.get(day.kind, day.kind.value))
    return f"{said}: {day.name}" if day.name and day.kind is DayKind.HOLIDAY else said


@dataclass(frozen=True)
class Deadlines:
    """The deadlines of a case as people ask for them: what is late, what comes next, the rest; the calendar once."""

    late: tuple[DeadlineExplained, ...]
    next: DeadlineExplained | None
    rest: tuple[DeadlineExplained, ...]
    calendar: tuple[DerivedDay, ...]
    """Every day that any of them counted or skipped, once. A day that the school closes and the law counts is told as
    closed."""


def arranged(deadlines: Sequence[DeadlineExplained]) -> Deadlines:
    """In the order in which they are read; warnings only among the rest."""
    late = tuple(one for one in deadlines if one.late)
    coming = [one for one in deadlines if not one.late]
    first = next((one for one in coming if not one.name.startswith("warning/")), None)
    days: dict[date, DerivedDay] = {}
    for one in deadlines:
        for day in one.days.days if one.days else ():
            if day.day not in days or days[day.day].kind is DayKind.COUNTED:
                days[day.day] = day
    rest = tuple(one for one in coming if one is not first)
    return Deadlines(late, first, rest, tuple(days[day] for day in sorted(days)))


def deadline_name(name: str, words: Wording) -> str:
    """`investigación y resolución`; what only warns of it says so."""
    kind, _, rest = name.partition("/")
    if kind == "warning":
        return f"{words.gettext('warning')}: {words.window(rest)}"
    if kind == "legal":
        return f"{words.window(kind)}: {words.gettext('day')} {rest}"
    return words.window(name)
