"""One review on a terminal: its complaints, findings and actions."""

from complaints.rules.review_record import KINDS, ReviewAction, ReviewCase, ReviewRecord
from complaints.rules.wording import Wording
from starter import show
from starter.language import say


def tell(record: ReviewRecord, words: Wording) -> None:
    """The whole of it."""
    one = record.summary
    state = say(f"{one.waiting} por revisar", f"{one.waiting} to review")
    if one.signed_off_at is not None:
        state = say("cerrada por ", "signed off by ") + show.plain(one.signed_off_by or "")
    show.line(f"{one.month} · {one.ticked}/{one.cases} · {state}", "bold")
    for case in record.cases:
        show.line(_case(case, words), show.QUIET if not case.waits else "")
    _heading(say("Seguimiento", "Follow-up"), bool(record.earlier))
    for action in record.earlier:
        show.line(_action(action, words))
    _heading(say("Hallazgos", "Findings"), bool(record.findings))
    for finding in record.findings:
        show.line(f"  {finding.finding}. {show.plain(finding.words)} ({show.plain(finding.by)})")
    _heading(say("Acciones", "Actions"), bool(record.actions))
    for action in record.actions:
        show.line(_action(action, words))


def _heading(text: str, shown: bool) -> None:
    if shown:
        show.line(text, "bold")


def _case(case: ReviewCase, words: Wording) -> str:
    mark = "✓" if case.ticked_at else "→" if case.carried_to else "○"
    more = [words.end(case.outcome), words.day(case.closed_at)]
    if case.level:
        more.append(say(f"nivel {case.level}", f"level {case.level}"))
    if case.carried_from:
        more.append(say(f"viene de {case.carried_from}", f"left over from {case.carried_from}"))
    return f"  {mark} {case.number}  {show.plain(' · '.join(more))}"


def _action(action: ReviewAction, words: Wording) -> str:
    kind = say(*KINDS[action.kind])
    until = say("hasta el ", "by ") + words.day(action.due)
    if action.done_at is not None:
        until = say("hecha: ", "done: ") + show.plain(action.result or "")
    where = f"{action.month}/{action.action}"
    return f"  {where}  [{kind}] {show.plain(action.words)} · {show.plain(action.owner)} · {until}"
