"""The periodic review (§10): on the first business day, the reviewer gets the figures of the month before."""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from complaints.rules.calendar import Calendar
    from complaints.rules.letters import CARE_TEAM, LetterOutcome, LetterState
    from complaints.rules.policy import Policy, Rules
    from complaints.rules.report.review import (
        REVIEWER,
        Month,
        MonthFigures,
        ReviewAsked,
        ReviewOpening,
        ReviewOrder,
        ReviewOutcome,
        review_due,
        review_order,
    )
    from complaints.rules.report.review_record import Opened
    from complaints.rules.requests import RulesRequest
    from workflows import names, options
    from workflows.schedules import ensure_schedules

__all__ = ["QualityReview", "ensure_schedules"]


@workflow.defn(name=names.QUALITY_REVIEW)
class QualityReview:
    """One month's review. The schedule `quality-review` starts it on the first of each month."""

    @workflow.run
    async def run(self, *asked: Any) -> ReviewOutcome:
        """§10. Takes nothing, or a ReviewAsked with the month."""
        wanted = _wanted(asked)
        rules = await self.rules()
        month = await self.month(wanted, rules)
        figures = await workflow.execute_activity(
            options.COMPILE_REVIEW,
            month,
            result_type=MonthFigures,
            **options.with_summary(options.REVIEW_OPTIONS, f"§10: {month.name}"),
        )
        opened = await self.opened(month)
        recipient, letter = await self.told(figures, opened, rules.policy)
        managers = await self.managers_told(figures, opened, rules.policy) if opened else {}
        return ReviewOutcome(
            month=month.name,
            state=letter.state.value,
            recipient=recipient,
            received=figures.received,
            open_at_end=figures.open_at_end,
            managers=managers,
            cases=opened.cases if opened else 0,
            carried=opened.carried if opened else 0,
        )

    async def opened(self, month: Month) -> Opened | None:
        """Its record, which lists each complaint closed in the month; None where this run is older than records."""
        if not workflow.patched("review-record"):
            return None
        opened: Opened = await workflow.execute_activity(
            options.OPEN_REVIEW,
            ReviewOpening(month=month, at=workflow.now()),
            result_type=Opened,
            **options.with_summary(options.REVIEW_OPTIONS, f"§10: {month.name}"),
        )
        return opened

    async def rules(self) -> Rules:
        """The policy in force and its closed days, from the month's first on, which the history keeps."""
        request = RulesRequest(received_at=workflow.info().start_time - timedelta(days=31))
        rules: Rules = await workflow.execute_local_activity(
            options.RULES_IN_FORCE, request, result_type=Rules, **options.RULES_OPTIONS
        )
        return rules

    async def month(self, wanted: ReviewAsked, rules: Rules) -> Month:
        """The month that was asked for, if it is over; else the one before, and not before its review is due."""
        calendar = rules.calendar
        today = calendar.local_date(workflow.info().start_time)
        timezone = calendar.hours.timezone
        if wanted.month:
            month = Month.named(wanted.month, timezone=timezone)
            if month.after > today:
                raise _refused(f"{wanted.month} is not over: its review can be asked for from {month.after} on")
            return month
        await self.first_business_day(calendar)
        return Month.before(today, timezone=timezone)

    async def first_business_day(self, calendar: Calendar) -> None:
        """Waits for it; a review that is started later waits for nothing."""
        due = review_due(calendar.local_date(workflow.info().start_time), calendar)
        wait = due - workflow.now()
        if wait > timedelta(0):
            await workflow.sleep(wait, summary=f"§10: {calendar.local(due):%Y-%m-%d %H:%M}")

    async def managers_told(self, figures: MonthFigures, opened: Opened, policy: Policy) -> dict[str, str]:
        """How the letter to each rung of the ladder ended; one that is refused for good does not hold up the others."""
        ended = {}
        before = [REVIEWER]
        for role in policy.escalation.levels:
            order = review_order(
                figures, recipient=role, language=policy.language, at=workflow.now(), opened=opened,
                told_too=tuple(before),
            )  # fmt: skip
            ended[role] = (await self.sent(order)).state.value
            before.append(role)
        return ended

    async def told(self, figures: MonthFigures, opened: Opened | None, policy: Policy) -> tuple[str, LetterOutcome]:
        """Who got it: the reviewer; where their mail is refused for good, the care team."""
        reason = ""
        for recipient in (REVIEWER, CARE_TEAM):
            order = review_order(
                figures, recipient=recipient, language=policy.language, at=workflow.now(), opened=opened
            )
            outcome = await self.sent(order)
            if outcome.state is not LetterState.FAILED:
                return recipient, outcome
            reason = outcome.reason or reason
        raise ApplicationError(
            f"The review of {figures.first:%Y-%m} was refused for good, by the reviewer's mail server and by the care "
            f"team's ({reason}): mend contacts.toml, and send the figures by hand.",
            type="ReviewRefused",
        )

    async def sent(self, order: ReviewOrder) -> LetterOutcome:
        """How sending ended; an address that cannot be used is a refusal too."""
        try:
            outcome: LetterOutcome = await workflow.execute_activity(
                options.SEND_REVIEW,
                order,
                result_type=LetterOutcome,
                **options.with_summary(options.SEND_REVIEW_OPTIONS, f"§10 → {order.recipient}"),
            )
        except ActivityError as error:
            if isinstance(error.cause, ApplicationError) and error.cause.non_retryable:
                return LetterOutcome(state=LetterState.FAILED, reason=error.cause.message)
            raise
        return outcome


def _wanted(asked: tuple[Any, ...]) -> ReviewAsked:
    """What was asked for; further arguments are ignored. Fails the run if it is no month."""
    if not asked or asked[0] is None:
        return ReviewAsked()
    try:
        return ReviewAsked.model_validate(asked[0])
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, problem["loc"])) or "input" for problem in error.errors())
        raise _refused(f'{fields}: give nothing, or a month like {{"month": "2026-07"}}') from None


def _refused(sentence: str) -> ApplicationError:
    return ApplicationError(sentence, type="NoSuchReview", non_retryable=True)
