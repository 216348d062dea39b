"""The daily digest: at the opening of each business day everybody for whom something waits gets a mail (§5, §7)."""

from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from complaints.rules.digest import DigestAsked, DigestDay, DigestOutcome, digest_order
    from complaints.rules.policy import Rules
    from complaints.rules.requests import RulesRequest
    from workflows import names, options


@workflow.defn(name=names.DAILY_DIGEST)
class DailyDigest:
    """One day's digests. The schedule `daily-digest` starts it as each day begins; it waits for the office to open."""

    @workflow.run
    async def run(self, *asked: Any) -> DigestOutcome:
        """Sends the day's digests; none on a closed day or once the office has closed: tomorrow's tells of it."""
        self.offset = _wanted(asked).clock_offset
        rules = await self.rules()
        calendar, today = rules.calendar, rules.calendar.local_date(self.now())
        if not calendar.is_business_day(today):
            return DigestOutcome(day=today, none_because="closed")
        if self.now() >= calendar.closes(today):
            return DigestOutcome(day=today, none_because="over")
        await self.opening(calendar.opens(today))
        day = DigestDay.of(today, calendar, at=self.now())
        told = await self.told(day, rules, until=calendar.closes(today))
        return DigestOutcome(day=today, told=told)

    def now(self) -> datetime:
        """The business clock."""
        return workflow.now() + self.offset

    async def rules(self) -> Rules:
        """The policy in force and its closed days, which the history keeps."""
        request = RulesRequest(received_at=self.now(), clock_offset=self.offset)
        rules: Rules = await workflow.execute_local_activity(
            options.RULES_IN_FORCE, request, result_type=Rules, **options.RULES_OPTIONS
        )
        return rules

    async def opening(self, opens: datetime) -> None:
        """Waits until the office opens; a run that is started later waits for nothing."""
        wait = opens - self.now()
        if wait > timedelta(0):
            await workflow.sleep(wait, summary=f"{opens.isoformat(timespec='minutes')}")

    async def told(self, day: DigestDay, rules: Rules, *, until: datetime) -> dict[str, str]:
        """Sends all digests concurrently, so that a mailbox that does not answer delays no other; each one's
        outcome."""
        whom: list[str] = await workflow.execute_activity(
            options.WHOM_TO_TELL, day, result_type=list[str], **options.REVIEW_OPTIONS
        )
        limited = options.until(options.SEND_DIGEST_OPTIONS, until - self.now())
        sending = [
            (
                key,
                workflow.start_activity(
                    options.SEND_DIGEST,
                    digest_order(key, day, language=rules.policy.language),
                    result_type=str,
                    **options.with_summary(limited, f"→ {key}"),
                ),
            )
            for key in whom
        ]
        ended = {}
        for key, handle in sending:
            try:
                ended[key] = await handle
            except ActivityError as error:
                ended[key] = "failed" if isinstance(error.cause, ApplicationError) else "not today"
        return ended


def _wanted(asked: tuple[Any, ...]) -> DigestAsked:
    """What was asked for; further arguments are ignored. Fails the run where it is no such thing."""
    if not asked or asked[0] is None:
        return DigestAsked()
    try:
        return DigestAsked.model_validate(asked[0])
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, problem["loc"])) or "input" for problem in error.errors())
        raise ApplicationError(f"{fields}: give nothing", type="NoSuchDigest", non_retryable=True) from None
