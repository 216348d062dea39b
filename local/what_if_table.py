"""What other rules would have changed, as tables on a terminal: the totals first, then case by case."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from complaints.language import Language
from complaints.rules.text import one_line
from complaints.rules.wording import Wording
from local.telling import Telling
from local.what_if import CaseUnder, Difference, WhatIf
from local.what_if_control import Unlike

NOT_TOLD = 10
"""Cases that could not be compared, of which so many are named."""

_ORDER = ("late", "escalated", "calls", "letters", "closed", "open")
_WITHIN = {
    "late": ("acknowledgement", "assessment", "assignment", "investigation", "promise", "call", "legal"),
    "escalated": ("time", "on-schedule", "dissatisfied", "reopened"),
    "letters": ("customer", "staff"),
}
_GRAVE = frozenset({"late", "escalated", "closed"})
"""What a reader looks for first; deadlines that only moved come after."""


def show_what_if(answer: WhatIf, *, console: Console, language: Language, cases: int) -> None:
    """The totals, then at most so many of the cases that differ, then those that could not be compared."""
    telling = Telling(Wording(language=language, timezone=answer.timezone))
    console.print(Text(_rules(answer, telling), style="bold"))
    console.print(Text(_about(answer, telling), style="dim"))
    if answer.counted:
        console.print(_totals(answer, telling))
    differ = [case for case in answer.cases if case.differences and case.counts]
    differ.sort(key=lambda case: not _is_grave(case))
    if differ:
        console.print(_differences(differ[:cases], telling))
    if len(differ) > cases:
        more = len(differ) - cases
        console.print(
            Text(telling.say(f"… y {more} más: --cases {len(differ)}", f"… {more} more: --cases {len(differ)}"))
        )
    for line in _not_compared(answer.cases, telling):
        console.print(Text(line, style="yellow"))


def _is_grave(case: CaseUnder) -> bool:
    return any(each.kind in _GRAVE and (each.before is None or each.after is None) for each in case.differences)


def _rules(answer: WhatIf, telling: Telling) -> str:
    changes = [
        f"{name} {_toml(old)} → {_toml(new)}" for name, (old, new) in answer.changes.items() if name != "version"
    ]
    said = " · ".join(changes) or telling.say("ningún número cambia", "no number changes")
    return telling.say(
        f"Con las reglas {answer.policy_version}: {said}", f"Under the rules {answer.policy_version}: {said}"
    )


def _toml(value: object) -> str:
    return "–" if value is None else str(value).replace("'", '"')


def _about(answer: WhatIf, telling: Telling) -> str:
    total, counted = len(answer.cases), answer.counted
    differ = sum(bool(case.differences) for case in answer.cases if case.counts)
    grave = sum(_is_grave(case) for case in answer.cases if case.counts)
    return telling.say(
        f"{total} quejas; {counted} se comparan, {differ} cambian, {grave} en más que fechas y cartas · "
        f"{answer.seconds:.0f} s",
        f"{total} complaints; {counted} are compared, {differ} change, {grave} in more than dates and letters · "
        f"{answer.seconds:.0f} s",
    )


def _totals(answer: WhatIf, telling: Telling) -> Table:
    table = _table(telling, telling.say("En total", "In total"))
    table.add_column(telling.say("Diferencia", "Difference"), justify="right", no_wrap=True)
    for name in sorted(answer.totals, key=_place):
        before, after = answer.totals[name]
        if not (before or after):
            continue
        change = Text(f"{after - before:+d}" if after != before else "", style=_style(name, after - before))
        table.add_row(_figure(name, telling), str(before), str(after), change)
    return table


def _place(name: str) -> tuple[int, int]:
    kind, _, rest = name.partition("/")
    within = _WITHIN.get(kind, ())
    return _ORDER.index(kind), within.index(rest) if rest in within else len(within)


def _style(name: str, change: int) -> str:
    if not change or name.startswith(("closed", "open", "letters")):
        return "bold" if change else ""
    return "bold red" if change > 0 else "bold green"


def _figure(name: str, telling: Telling) -> str:
    kind, _, rest = name.partition("/")
    words = telling.wording
    match kind, rest:
        case "late", _:
            return telling.say(f"Fuera de plazo: {words.window(rest)}", f"Late: {words.window(rest)}")
        case "escalated", "on-schedule":
            return telling.say("… de ellas, estando a tiempo", "… of these, though on schedule")
        case "escalated", _:
            reason = words.escalation_reason(rest)
            return telling.say(f"Escaladas: {reason}", f"Escalated: {reason}")
        case "letters", _:
            return telling.say(*_LETTERS[rest])
        case "closed", _:
            return _capital(words.end(rest))
        case "calls", _:
            return telling.say("Llamadas por hacer", "Calls to make")
        case _:
            return telling.say("Siguen abiertas", "Still open")


_LETTERS = {
    "customer": ("Cartas al cliente", "Letters to the customer"),
    "staff": ("Cartas al personal", "Letters to staff"),
}


def _differences(cases: Sequence[CaseUnder], telling: Telling) -> Table:
    table = _table(telling, telling.say("Qué", "What"), first=telling.say("Queja", "Complaint"))
    for case in cases:
        named = False
        for what, before, after, style in _lines(case, telling):
            table.add_row("" if named else case.number, what, before, after, style=style)
            named = True
    return table


def _lines(case: CaseUnder, telling: Telling) -> Iterator[tuple[str, str, str, str]]:
    """What, before, after, style. A breach that there is both times only moved with its deadline."""
    for each in case.differences:
        if each.kind == "letters" or (each.kind == "late" and each.before and each.after):
            continue
        values = _value(each, each.before, telling), _value(each, each.after, telling)
        style = (
            "" if each.kind not in _GRAVE else "green" if each.after is None else "red" if each.before is None else ""
        )
        yield _what(each, telling), *values, style
    if case.before and case.after:
        before, after = case.before.figures, case.after.figures
        for audience, words in _LETTERS.items():
            if (old := before[f"letters/{audience}"]) != (new := after[f"letters/{audience}"]):
                yield telling.say(*words), str(old), str(new), ""


def _what(each: Difference, telling: Telling) -> str:
    words, name = telling.wording, each.name
    title = telling.say("plazo legal", "legal limit") if name == "legal" else words.window(name)
    first, _, rest = name.partition("/")
    round_ = telling.say(f" (ronda {first})", f" (round {first})") if first.isdigit() and int(first) > 1 else ""
    match each.kind:
        case "late":
            return telling.say(f"Fuera de plazo: {title}", f"Late: {title}") + round_
        case "escalated":
            reason = words.escalation_reason(rest)
            return telling.say(f"Escalada al nivel {first}: {reason}", f"Escalated to level {first}: {reason}")
        case "deadline":
            return telling.say(f"Vence: {title}", f"Due: {title}") + round_
        case "calls":
            return telling.say("Llamadas por hacer", "Calls to make")
        case _:
            return telling.say("Cierre", "Closing")


def _value(each: Difference, value: object, telling: Telling) -> str:
    if value is None:
        return telling.say("abierta", "open") if each.kind == "closed" else "–"
    if isinstance(value, datetime):
        return telling.short(value)
    return telling.wording.end(value) if isinstance(value, str) else str(value)


def _not_compared(cases: Sequence[CaseUnder], telling: Telling) -> Iterator[str]:
    """What was left out, and why: honest figures say what they are not about."""
    unlike = [case for case in cases if case.unlike and case.why_not is None]
    if unlike:
        yield telling.say(
            f"{len(unlike)} quejas no se repitieron como fueron y no cuentan:",
            f"{len(unlike)} cases could not be replayed as they were, and do not count:",
        )
        for case in unlike[:NOT_TOLD]:
            yield f"  {case.number}: {_unlike(case.unlike[0], telling)}{_others(len(case.unlike) - 1, telling)}"
    broken = [case for case in cases if case.why_not is not None]
    if broken:
        yield telling.say(f"{len(broken)} quejas no se pudieron jugar:", f"{len(broken)} cases could not be played:")
        yield from (f"  {one_line(case.why_not or '')}" for case in broken[:NOT_TOLD])
    if rest := max(0, len(unlike) - NOT_TOLD) + max(0, len(broken) - NOT_TOLD):
        yield telling.say(f"  … y {rest} más: --json las nombra.", f"  … {rest} more: --json names them.")
    if ignored := sum(case.ignored for case in cases):
        yield telling.say(
            f"{ignored} avisos que entonces no correspondían no se probaron otra vez: no se guarda qué decían.",
            f"{ignored} facts that did not fit then were not tried again: what they said is not kept.",
        )


def _unlike(each: Unlike, telling: Telling) -> str:
    what, at = one_line(telling.wording.happened(each.what)), telling.short(each.at)
    match each.kind:
        case "missing":
            return telling.say(f"falta «{what}», {at}", f"“{what}” of {at} is missing")
        case "new":
            return telling.say(f"aparece «{what}», {at}", f"“{what}” of {at} was not there")
        case _:
            again = telling.short(each.told_at or each.at)
            return telling.say(f"«{what}», {at}, sale {again}", f"“{what}” of {at} comes out {again}")


def _others(count: int, telling: Telling) -> str:
    return telling.say(f" (y {count} más)", f" (and {count} more)") if count else ""


def _table(telling: Telling, what: str, *, first: str | None = None) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    if first:
        table.add_column(first, no_wrap=True)
    table.add_column(what, ratio=1)
    table.add_column(telling.say("Como fue", "As it was"), no_wrap=True, justify="right")
    table.add_column(telling.say("Con las otras", "Under these"), no_wrap=True, justify="right")
    return table


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
