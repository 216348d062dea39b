"""How a case is told to staff: what a row of the timeline says beside its heading, through what, why a day counts."""

import re
from collections.abc import Iterator

from complaints.rules.calendar import DayKind, DerivedDay
from complaints.rules.status import TimelineEntry
from complaints.rules.vocabulary import Language
from complaints.rules.wording import Wording

_THROUGH = {
    "desk": ("en la web", "at the desk"),
    "cli": ("en la terminal", "on the command line"),
    "link": ("por su enlace", "by their link"),
    "reply": ("por correo", "by email"),
    "call": ("por teléfono", "by telephone"),
    "signal": ("por un programa", "by a program"),
}
_WORDS = ("text", "note", "question", "reason", "words", "notes", "comment")
"""Fields of a row that hold somebody's words, whole."""
_LABELLED = {
    "category": ("De qué trata", "About"),
    "severity": ("Gravedad", "Severity"),
    "representative": ("Representante", "Representative"),
    "whom": ("A", "To"),
    "cause": ("Causa", "Cause"),
    "with": ("Con", "With"),
    "score": ("Puntaje", "Score"),
    "into": ("En", "Into"),
}


def particulars(entry: TimelineEntry, words: Wording) -> Iterator[str]:
    """What was said, line by line; what the heading tells already is left out."""
    if entry.what.partition("/")[0] in ("late", "warned", "escalated") or entry.what.startswith("letter-"):
        return
    which = 0 if words.language == "es" else 1
    for name, label in _LABELLED.items():
        if value := entry.data.get(name):
            yield f"{label[which]}: {value}"
    if missing := entry.data.get("missing"):
        items = [words.missing(str(item)) for item in missing] if isinstance(missing, list) else [str(missing)]
        yield f"{('Falta', 'Missing')[which]}: {'; '.join(items)}"
    for name in _WORDS:
        if value := entry.data.get(name):
            yield str(value)
    for action in entry.data.get("corrective_actions") or ():
        yield f"{('Acción correctiva', 'Corrective action')[which]}: {action}"


def through(via: str, language: Language) -> str:
    """`por teléfono`."""
    pair = _THROUGH.get(via, (via, via))
    return pair[0] if language == "es" else pair[1]


def arrived(channel: str, language: Language) -> str:
    """How a complaint came in (§3): `por correo`. Its first row knows only what started its case."""
    pair = {
        "email": ("por correo", "by email"),
        "phone": ("por teléfono", "by telephone"),
        "web": ("por la web o un programa", "by the web or a program"),
    }.get(channel, (channel, channel))
    return pair[0] if language == "es" else pair[1]


def budget(text: str, language: Language) -> str:
    """A deadline's length that is not business days: the rules say it in English."""
    if language == "en":
        return text
    for english, spanish in _BUDGETS:
        if match := re.fullmatch(english, text):
            return match.expand(spanish)
    return text


_BUDGETS = (
    (r"(\d+) hours", r"\1 horas"),
    (r"(\d+) days", r"\1 días"),
    (r"until (\S+)", r"hasta el \1"),
    (r"office hours", r"horas de oficina"),
)


def why(day: DerivedDay, language: Language) -> str:
    """Why a day does not count."""
    reasons = {
        DayKind.WEEKEND: ("no se atiende", "no work day"),
        DayKind.HOLIDAY: ("feriado", "holiday"),
        DayKind.EXTRA_CLOSED: ("cerrado", "closed"),
        DayKind.PAUSED: ("faltan datos del cliente", "details are outstanding"),
    }
    pair = reasons.get(day.kind, (day.kind.value, day.kind.value))
    said = pair[0] if language == "es" else pair[1]
    return f"{said}: {day.name}" if day.name and day.kind is DayKind.HOLIDAY else said


def deadline_name(name: str, words: Wording) -> str:
    """`investigación y resolución`; what only warns of it says so."""
    kind, _, rest = name.partition("/")
    if kind == "warning":
        return f"{'aviso' if words.language == 'es' else 'warning'}: {words.window(rest)}"
    if kind == "legal":
        return f"{words.window(kind)}: {'día' if words.language == 'es' else 'day'} {rest}"
    return words.window(name)
