"""One review on a terminal: its complaints, findings and actions."""

from cli import show
from complaints.rules.report.review_record import ReviewAction, ReviewCase, ReviewRecord
from complaints.words.catalogue import _, say
from complaints.words.vocabulary import REVIEW_ACTIONS
from complaints.words.wording import Wording


def tell(record: ReviewRecord, words: Wording) -> None:
    """Prints a review: its cases, findings and actions."""
    one = record.summary
    state = _("{waiting} to review").format(waiting=one.waiting)
    if one.signed_off_at is not None:
        state = _("signed off by ") + show.plain(one.signed_off_by or "")
    show.line(f"{one.month} · {one.ticked}/{one.cases} · {state}", "bold")
    for case in record.cases:
        show.line(_case(case, words), show.QUIET if not case.waits else "")
    _heading(_("Follow-up"), bool(record.earlier))
    for action in record.earlier:
        show.line(_action(action, words))
    _heading(_("Findings"), bool(record.findings))
    for finding in record.findings:
        show.line(f"  {finding.finding}. {show.plain(finding.words)} ({show.plain(finding.by)})")
    _heading(_("Actions"), bool(record.actions))
    for action in record.actions:
        show.line(_action(action, words))


def _heading(text: str, shown: bool) -> None:
    if shown:
        show.line(text, "bold")


def _case(case: ReviewCase, words: Wording) -> str:
    mark = "✓" if case.ticked_at else "→" if case.carried_to else "○"
    more = [words.end(case.outcome), words.day(case.closed_at)]
    if case.level:
        more.append(words.level(case.level))
    if case.carried_from:
        more.append(_("left over from {carried_from}").format(carried_from=case.carried_from))
    return f"  {mark} {case.number}  {show.plain(' · '.join(more))}"


def _action(action: ReviewAction, words: Wording) -> str:
    kind = say(REVIEW_ACTIONS[action.kind])
    until = _("by ") + words.day(action.due)
    if action.done_at is not None:
        until = _("done: ") + show.plain(action.result or "")
    where = f"{action.month}/{action.action}"
    return f"  {where}  [{kind}] {show.plain(action.words)} · {show.plain(action.owner)} · {until}"
