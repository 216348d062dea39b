"""What other rules would have changed, as tables on a terminal: the totals first, then case by case."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from complaints.rules.text import one_line
from complaints.words.catalogue import N_, Language
from complaints.words.wording import Wording
from local.stories.telling import Telling
from local.stories.what_if import CaseUnder, Difference, WhatIf
from local.stories.what_if_control import Unlike

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
        console.print(Text(telling.gettext("… {more} more: --cases {n}").format(more=more, n=len(differ))))
    for line in _not_compared(answer.cases, telling):
        console.print(Text(line, style="yellow"))


def _is_grave(case: CaseUnder) -> bool:
    return any(each.kind in _GRAVE and (each.before is None or each.after is None) for each in case.differences)


def _rules(answer: WhatIf, telling: Telling) -> str:
    changes = [
        f"{name} {_toml(old)} → {_toml(new)}" for name, (old, new) in answer.changes.items() if name != "version"
    ]
    said = " · ".join(changes) or telling.gettext("no number changes")
    return telling.gettext("Under the rules {policy_version}: {said}").format(
        policy_version=answer.policy_version, said=said
    )


def _toml(value: object) -> str:
    return "–" if value is None else str(value).replace("'", '"')


def _about(answer: WhatIf, telling: Telling) -> str:
    total, counted = len(answer.cases), answer.counted
    differ = sum(bool(case.differences) for case in answer.cases if case.counts)
    grave = sum(_is_grave(case) for case in answer.cases if case.counts)
    return telling.gettext(
        "{total} complaints; {counted} are compared, {differ} change, {grave} in more than dates and "
        "letters · {seconds:.0f} s"
    ).format(total=total, counted=counted, differ=differ, grave=grave, seconds=answer.seconds)


def _totals(answer: WhatIf, telling: Telling) -> Table:
    table = _table(telling, telling.gettext("In total"))
    table.add_column(telling.gettext("Difference"), justify="right", no_wrap=True)
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
            return telling.gettext("Late: {window}").format(window=words.window(rest))
        case "escalated", "on-schedule":
            return telling.gettext("… of these, though on schedule")
        case "escalated", _:
            reason = words.escalation_reason(rest)
            return telling.gettext("Escalated: {reason}").format(reason=reason)
        case "letters", _:
            return telling.say(_LETTERS[rest])
        case "closed", _:
            return _capital(words.end(rest))
        case "calls", _:
            return telling.gettext("Calls to make")
        case _:
            return telling.gettext("Still open")


_LETTERS = {
    "customer": N_("Letters to the customer"),
    "staff": N_("Letters to staff"),
}


def _differences(cases: Sequence[CaseUnder], telling: Telling) -> Table:
    table = _table(telling, telling.gettext("What"), first=telling.gettext("Complaint"))
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
                yield telling.say(words), str(old), str(new), ""


def _what(each: Difference, telling: Telling) -> str:
    words, name = telling.wording, each.name
    title = telling.gettext("legal limit") if name == "legal" else words.window(name)
    first, _, rest = name.partition("/")
    round_ = telling.gettext(" (round {first})").format(first=first) if first.isdigit() and int(first) > 1 else ""
    match each.kind:
        case "late":
            return telling.gettext("Late: {title}").format(title=title) + round_
        case "escalated":
            reason = words.escalation_reason(rest)
            return telling.gettext("Escalated to {whom}: {reason}").format(whom=words.level(int(first)), reason=reason)
        case "deadline":
            return telling.gettext("Due: {title}").format(title=title) + round_
        case "calls":
            return telling.gettext("Calls to make")
        case _:
            return telling.gettext("Closing")


def _value(each: Difference, value: object, telling: Telling) -> str:
    if value is None:
        return telling.gettext("open") if each.kind == "closed" else "–"
    if isinstance(value, datetime):
        return telling.short(value)
    return telling.wording.end(value) if isinstance(value, str) else str(value)


def _not_compared(cases: Sequence[CaseUnder], telling: Telling) -> Iterator[str]:
    """What was left out, and why: honest figures say what they are not about."""
    unlike = [case for case in cases if case.unlike and case.why_not is None]
    if unlike:
        yield telling.gettext("{n} cases could not be replayed as they were, and do not count:").format(n=len(unlike))
        for case in unlike[:NOT_TOLD]:
            yield f"  {case.number}: {_unlike(case.unlike[0], telling)}{_others(len(case.unlike) - 1, telling)}"
    broken = [case for case in cases if case.why_not is not None]
    if broken:
        yield telling.gettext("{n} cases could not be played:").format(n=len(broken))
        yield from (f"  {one_line(case.why_not or '')}" for case in broken[:NOT_TOLD])
    if rest := max(0, len(unlike) - NOT_TOLD) + max(0, len(broken) - NOT_TOLD):
        yield telling.gettext("  … {rest} more: --json names them.").format(rest=rest)
    if ignored := sum(case.ignored for case in cases):
        yield telling.gettext(
            "{ignored} facts that did not fit then were not tried again: what they said is not kept."
        ).format(ignored=ignored)


def _unlike(each: Unlike, telling: Telling) -> str:
    what, at = one_line(telling.wording.happened(each.what)), telling.short(each.at)
    match each.kind:
        case "missing":
            return telling.gettext("“{what}” of {at} is missing").format(what=what, at=at)
        case "new":
            return telling.gettext("“{what}” of {at} was not there").format(what=what, at=at)
        case _:
            again = telling.short(each.told_at or each.at)
            return telling.gettext("“{what}” of {at} comes out {again}").format(what=what, at=at, again=again)


def _others(count: int, telling: Telling) -> str:
    return telling.gettext(" (and {count} more)").format(count=count) if count else ""


def _table(telling: Telling, what: str, *, first: str | None = None) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    if first:
        table.add_column(first, no_wrap=True)
    table.add_column(what, ratio=1)
    table.add_column(telling.gettext("As it was"), no_wrap=True, justify="right")
    table.add_column(telling.gettext("Under these"), no_wrap=True, justify="right")
    return table


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
