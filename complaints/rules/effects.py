"""What each fact does to a case once the table lets it (§4 to §8)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from complaints.rules import calls, clocks, joining, messages, notices
from complaints.rules.facts import (
    ActHeld,
    ActSentNow,
    ActWithdrawn,
    Assessed,
    Assigned,
    Called,
    ClosedByDecision,
    CustomerDissatisfied,
    CustomerSatisfied,
    DatePromised,
    DetailsReceived,
    DetailsRequested,
    Fact,
    Involved,
    LetterBounced,
    Merged,
    MessageReceived,
    MessagesRead,
    NotAComplaint,
    Noted,
    ReadingRejected,
    Replied,
    ResolutionCorrected,
    Resolved,
    RulesChanged,
    Separated,
    SurveyAnswered,
    Via,
    Withdrawn,
)  # fmt: skip
from complaints.rules.journal import as_json
from complaints.rules.letters import CARE_TEAM, COLLEAGUE, DEPARTMENT_HEAD, REPRESENTATIVE, LetterKind
from complaints.rules.new_rules import change_rules, no_new_rules
from complaints.rules.notices import tell, tell_customer
from complaints.rules.refusals import Refusal
from complaints.rules.rounds import Promise, Wait
from complaints.rules.stages import Stage
from complaints.rules.state import DONE, CaseState, PendingAct
from complaints.rules.turns import close, next_round


def objection(case: CaseState, fact: Fact) -> Refusal | None:
    """Why a fact that the table lets through still cannot apply; None if it can."""
    match fact:
        case Resolved() if case.stage is Stage.CONFIRMATION and case.round.explained_at is not None:
            return Refusal("resolved.explained")
        case Resolved() if case.stage is Stage.CONFIRMATION and not (fact.text or fact.told_in_call):
            return Refusal("resolved.unexplained")
        case ActWithdrawn() if case.pending_act is None or fact.row not in (None, case.pending_act.row):
            return Refusal("undo.none")
        case ActSentNow() if case.pending_act is None or fact.row not in (None, case.pending_act.row):
            return Refusal("send.none")
        case ResolutionCorrected() if case.round.explained_at is None:
            return Refusal("correct.unexplained")
        case DetailsRequested() if not (fact.missing or fact.question or case.missing_details):
            return Refusal("details.none-missing")
        case DatePromised() if case.calendar.closes(fact.date) <= case.as_of:
            return Refusal("day.over", {"day": fact.date.isoformat()})
        case DatePromised() if not case.calendar.is_business_day(fact.date):  # nobody is there to keep it
            return Refusal("day.closed", {"day": fact.date.isoformat(), "next": _next_open(case, fact.date)})
        case Involved() if fact.answer_by and not case.calendar.is_business_day(fact.answer_by):
            return Refusal("day.closed", {"day": fact.answer_by.isoformat(), "next": _next_open(case, fact.answer_by)})
        case Merged():
            return joining.no_merger(case, fact)
        case Separated():
            return joining.no_separation(case, fact)
        case DetailsReceived() if fact.occurred_on and fact.occurred_on > _today(case):
            return Refusal("day.future", field="occurred_on")
        case CustomerDissatisfied() if case.closed_at is not None and not _reopens(case):
            return Refusal("reopening.over", {"days": str(case.policy.reopening.within_days)})
        case SurveyAnswered() if any(
            row.what == SurveyAnswered.name and row.data.get("round") == case.round.number for row in case.rows
        ):
            return Refusal("survey.answered")
        case LetterBounced() if fact.permanent and notices.went_elsewhere(case, fact.key, fact.to):
            return Refusal("letter.elsewhere")
        case MessagesRead() if not any(fact.reads(row) for row in messages.unread_rows(case)):
            return Refusal("messages.none-new")
        case ReadingRejected() if not messages.is_read(case, fact):
            return Refusal("reading.none", field="field")
        case RulesChanged():
            return no_new_rules(case, fact.rules)
        case _:
            return None


def _assessed(case: CaseState, fact: Assessed) -> None:
    """§5.1; a later one corrects category and severity."""
    case.category = fact.category or case.category
    case.severity = fact.severity or case.severity
    case.round.assessed_at = case.round.assessed_at or case.as_of


def _details_requested(case: CaseState, fact: DetailsRequested) -> None:
    """§5.1: what is missing is asked for, and the windows stop counting while it is outstanding."""
    missing = fact.missing or tuple(detail.value for detail in case.missing_details)
    if (wait := case.details_outstanding) is not None:  # what was asked for before is still missing
        wait.received_at = case.as_of
        missing = tuple(dict.fromkeys((*wait.missing, *missing)))
    case.waits.append(Wait(requested_at=case.as_of, missing=missing, question=fact.question))
    tell_customer(case, LetterKind.DETAILS_REQUEST, f"details/{len(case.waits)}")


def _details_received(case: CaseState, fact: DetailsReceived) -> None:
    """§5.1: they are taken over, and who works on the case is told."""
    if fact.email and fact.email != case.received.customer.email:
        case.mail_failed = False
    given = {name: getattr(fact, name) for name in _DETAILS}
    messages.put(case, {name: value for name, value in given.items() if value})
    messages.take_over(case, fact.read)
    messages.settle_known(case)
    wait = case.details_outstanding
    if wait is not None and fact.still_missing:
        wait.missing = fact.still_missing
    elif wait is not None:
        wait.received_at = case.as_of
    messages.arrived(case, fact)
    _tell_of_customer(case, "details", fact.text)


_DETAILS = ("customer_name", "document", "phone", "email", "address", "occurred_on", "product")


def _assigned(case: CaseState, fact: Assigned) -> None:
    """§5.2; during the assessment it completes it. A second one hands the case on; its window goes on."""
    before = (case.department, case.representative)
    case.department = fact.department or case.department
    case.representative = fact.representative or case.representative
    case.round.assessed_at = case.round.assessed_at or case.as_of
    first = case.round.assigned_at is None
    case.round.assigned_at = case.round.assigned_at or case.as_of
    if not first and before == (case.department, case.representative):
        return
    times = sum(row.what == Assigned.name for row in case.rows)
    recipients = [DEPARTMENT_HEAD] if case.department else []
    recipients += [REPRESENTATIVE] if case.representative else []
    for recipient in recipients or [CARE_TEAM]:
        tell(case, LetterKind.ASSIGNMENT, f"assignment/{times}", recipient)


def _noted(case: CaseState, fact: Noted) -> None:
    """§5.3: kept; whoever an internal note calls is told of it, and a colleague's answer waits for whoever asked."""
    if fact.answers_request is not None:
        messages.help_answered(case, fact, fact.answers_request)
    times = sum(row.what == Noted.name for row in case.rows)
    for account in () if fact.for_customer else dict.fromkeys(fact.mentions):
        tell(
            case, LetterKind.MENTION, f"mention/{times}", f"{COLLEAGUE}{account}",
            question=fact.text, asked_by=fact.by,
        )  # fmt: skip


def _involved(case: CaseState, fact: Involved) -> None:
    """§5.3."""
    times = sum(row.what == Involved.name for row in case.rows)
    answer_by = case.calendar.closes(fact.answer_by) if fact.answer_by else None
    tell(
        case,
        LetterKind.INVOLVEMENT,
        f"involved/{times}",
        fact.whom,
        question=fact.question,
        due=answer_by,
        asked_by=fact.by,
    )


def _date_promised(case: CaseState, fact: DatePromised) -> None:
    """§5.4: told with the next update; what was missed before is told there too."""
    case.promise = Promise(date=fact.date, due=case.calendar.closes(fact.date), made_at=case.as_of)


def _replied(case: CaseState, fact: Replied) -> None:
    """§5.4: a word to the customer, after which the 3 days begin anew."""
    tell_customer(case, LetterKind.REPLY, f"reply/{len(case.rows)}", words=fact.text, files=fact.files or None)


def _resolved(case: CaseState, fact: Resolved) -> None:
    """§5.3, §6; earlier stages are implied, and before an assignment the sender is the representative."""
    current = case.round
    if current.assigned_at is None and current.number == 1:
        case.representative = case.representative or fact.representative or fact.by
    case.representative = fact.representative or case.representative
    current.assessed_at = current.assessed_at or case.as_of
    current.assigned_at = current.assigned_at or case.as_of
    current.resolved_at = current.resolved_at or case.as_of
    current.resolved_by = fact.by or current.resolved_by
    current.resolution = fact.text or current.resolution
    current.outcome = fact.outcome.value if fact.outcome else current.outcome
    current.cause = fact.cause or current.cause
    current.corrective_actions = fact.corrective_actions or current.corrective_actions
    current.files = fact.files or current.files
    if case.details_outstanding:
        case.waits[-1].received_at = case.as_of
    if fact.told_in_call:
        calls.told(case)
    elif fact.text:
        current.explained_at = case.as_of
        tell_customer(case, LetterKind.RESOLUTION, "resolution")
    else:
        tell_customer(case, LetterKind.RESOLUTION_DECIDED, "decided")
        tell(case, LetterKind.EXPLAIN, "explain/0", case.explainer)
    if case.held is not None:
        held = CustomerSatisfied.model_validate(case.held)
        case.held = None
        _customer_satisfied(case, held)


def _resolution_corrected(case: CaseState, fact: ResolutionCorrected) -> None:
    """§6: the customer is told the right answer and asked anew; a first one that has not gone out does not any more."""
    current = case.round
    current.resolution = fact.text
    current.outcome = fact.outcome.value if fact.outcome else current.outcome
    if fact.corrective_actions is not None:
        current.corrective_actions = fact.corrective_actions
    if fact.files is not None:
        current.files = fact.files
    current.corrected_at = case.as_of
    current.reminders, current.unconfirmed = 0, False
    tell_customer(case, LetterKind.CORRECTION, f"correction/{len(case.rows)}")


def _act_held(case: CaseState, fact: ActHeld) -> None:
    """§5, §6: nothing is done yet; its clock does it, or whatever happens before (`Case.do_pending`)."""
    row = len(case.rows)
    case.pending_act = PendingAct(
        row=row,
        act=fact.act,
        said=fact.said,
        at=case.as_of,
        until=case.as_of + timedelta(seconds=case.policy.letters.undo_seconds),
        by=fact.by,
        via=fact.via,
        done_id=f"{DONE}{fact.event_id or row}"[:200],
    )


def _act_withdrawn(case: CaseState, fact: ActWithdrawn) -> None:
    """Drops the act that waits; its row and this one stay in the journal."""
    case.pending_act = None


def _act_sent_now(case: CaseState, fact: ActSentNow) -> None:
    """Its minute is over: what it was follows in the next row, as after its clock."""
    case.do_pending()


def _customer_satisfied(case: CaseState, fact: CustomerSatisfied) -> None:
    """§8: closed. Said by who resolved it, it is allowed, marked and reported apart (design §2)."""
    by_resolver = fact.by is not None and fact.by == case.round.resolved_by
    case.satisfied_by_resolver = by_resolver and fact.via is not Via.REPLY  # the customer's own words are the evidence
    told_in_call = fact.via is Via.CALL and not case.mail_works
    close(case, "satisfied", None if told_in_call else LetterKind.CLOSING)


def _customer_dissatisfied(case: CaseState, fact: CustomerDissatisfied) -> None:
    """§7: escalated at once and a new round; before a resolution nothing can be disputed, and the owner hears it."""
    if case.stage is Stage.CLOSED:
        case.journal("reopened", via=fact.via, by=fact.by)
        next_round(case, "reopened", fact.reason)
    elif case.stage is Stage.CONFIRMATION:
        next_round(case, "dissatisfied", fact.reason)
    else:
        case.held = None
        messages.arrived(case, fact)
        _tell_of_customer(case, "dissatisfied", fact.reason)


def _called(case: CaseState, fact: Called) -> None:
    calls.record_call(case, fact)
    if fact.reached and fact.notes and fact.direction == "inbound":
        _tell_of_customer(case, "call", fact.notes)


def _message_received(case: CaseState, fact: MessageReceived) -> None:
    messages.take_over(case, fact.read, proven=fact.sender_proven)
    messages.arrived(case, fact)
    _tell_of_customer(case, "message", fact.text, proven=fact.sender_proven)


def _reading_rejected(case: CaseState, fact: ReadingRejected) -> None:
    messages.rejected(case, fact)


def _letter_bounced(case: CaseState, fact: LetterBounced) -> None:
    notices.bounced(case, fact.key, permanent=fact.permanent)


def _withdrawn(case: CaseState, fact: Withdrawn) -> None:
    close(case, "withdrawn", LetterKind.WITHDRAWAL)


def _not_a_complaint(case: CaseState, fact: NotAComplaint) -> None:
    close(case, "not-a-complaint", LetterKind.NOT_A_COMPLAINT, reason=fact.reason)


def _closed_by_decision(case: CaseState, fact: ClosedByDecision) -> None:
    """A manager's decision with a written reason: recorded as such, never as satisfied."""
    close(case, "decision", LetterKind.DECISION, reason=fact.reason)


def _rules_changed(case: CaseState, fact: RulesChanged) -> None:
    """§5: the row says what is different and which deadlines moved; what is over by now passes with it."""
    said = change_rules(case, fact.rules)
    case.rows[-1] = case.rows[-1].model_copy(update={"data": {**case.rows[-1].data, **as_json(said)}})
    clocks.settle(case, case.as_of, inclusive=False)  # nothing that lies before a case's time is ever still to come


def _recorded(case: CaseState, fact: Fact) -> None:
    """Its row in the journal is all it does."""


def _survey_answered(case: CaseState, fact: SurveyAnswered) -> None:
    """§8: once a round; the row says which."""
    case.rows[-1] = case.rows[-1].model_copy(update={"data": {**case.rows[-1].data, "round": case.round.number}})


def _tell_of_customer(case: CaseState, occasion: str, words: str | None, *, proven: bool = True) -> None:
    """Whoever has the case hears what the customer said; so does who works on it."""
    times = sum(notice.kind is LetterKind.CUSTOMER_SAID for notice in case.notices)
    unproven = {} if proven else {"sender_proven": False}
    for recipient in dict.fromkeys([case.owner, case.assignee]):
        tell(case, LetterKind.CUSTOMER_SAID, f"{occasion}/{times + 1}", recipient, words=words, **unproven)


def _reopens(case: CaseState) -> bool:
    """§8, design §2: within 30 days, the last of them to its end as letters name it, and not where another case or
    nobody's complaint is meant."""
    if case.closed_at is None or case.outcome in {"merged", "not-a-complaint"}:
        return False
    until = case.closed_at + timedelta(days=case.policy.reopening.within_days)
    return case.calendar.local_date(case.as_of) <= case.calendar.local_date(until)


def _next_open(case: CaseState, day: date) -> str:
    return case.calendar.local_date(case.calendar.office_time_after(case.calendar.closes(day))).isoformat()


def _today(case: CaseState) -> date:
    return case.calendar.local_date(case.as_of)


EFFECTS: dict[str, Callable[[CaseState, Any], None]] = {
    "assessed": _assessed,
    "details-requested": _details_requested,
    "details-received": _details_received,
    "assigned": _assigned,
    "noted": _noted,
    "involved": _involved,
    "date-promised": _date_promised,
    "resolved": _resolved,
    "customer-satisfied": _customer_satisfied,
    "customer-dissatisfied": _customer_dissatisfied,
    "called": _called,
    "message-received": _message_received,
    "letter-bounced": _letter_bounced,
    "feedback-given": _recorded,
    "survey-answered": _survey_answered,
    "withdrawn": _withdrawn,
    "not-a-complaint": _not_a_complaint,
    "merged": joining.merge,
    "separated": joining.separate,
    "closed-by-decision": _closed_by_decision,
    "rules-changed": _rules_changed,
    "messages-read": _recorded,
    "reading-rejected": _reading_rejected,
    "resolution-corrected": _resolution_corrected,
    "replied": _replied,
    "act-held": _act_held,
    "act-withdrawn": _act_withdrawn,
    "act-sent-now": _act_sent_now,
}
"""By the fact's name."""
