"""What the periodic review asks for (§10): figures, a record, and letters with the report. Safe to repeat."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.letters import LetterActivities
from complaints.colleagues import contacts_at
from complaints.contacts import Contacts, UnknownRole
from complaints.contacts_file import ContactsFile
from complaints.mail.headers import AddressUnusable, UnsafeLetter
from complaints.mail.letters import Attachment
from complaints.mail.review import Enclosed, render_review, reviewer
from complaints.records.store import Store
from complaints.reports.pdf import PdfFailed
from complaints.reports.report import report_pdf
from complaints.reports.sections import outline_of
from complaints.rules.letters import LetterOutcome, LetterState
from complaints.rules.report.report import Period, Report
from complaints.rules.report.review import Month, MonthFigures, ReviewOpening, ReviewOrder
from complaints.rules.report.review_record import Opened
from complaints.words.catalogue import catalogue
from complaints.words.vocabulary import Language

log = logging.getLogger("complaints.review")


class ReviewActivities:
    """Activities of the monthly review; worker.py gives them store, contacts and the sender of letters."""

    def __init__(
        self,
        store: Store,
        contacts: ContactsFile,
        letters: LetterActivities,
        *,
        timezone: str,
        public_url: str | None = None,
    ) -> None:
        self._store = store
        self._contacts = contacts
        self._letters = letters
        self._timezone = timezone
        self._public_url = public_url

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.compile_review, self.open_review, self.send_review]

    @activity.defn
    async def compile_review(self, month: Month) -> MonthFigures:
        """The month's figures, from the journal; the same whenever they are asked for."""
        return await self._store.month(month.first, month.after, month.timezone)

    @activity.defn
    async def open_review(self, opening: ReviewOpening) -> Opened:
        """The month's record: every complaint that closed in it, and what the reviews before left over."""
        return await self._store.open_review(opening.month, at=opening.at)

    @activity.defn
    async def send_review(self, order: ReviewOrder) -> LetterOutcome:
        """One letter to one reader, with the report. Raises what is worth repeating; everything else is an outcome."""
        contacts = await contacts_at(self._contacts, self._store, order.at, timezone=self._timezone)
        try:
            if self._told_already(order, contacts):
                return LetterOutcome(state=LetterState.SUPERSEDED, reason="the same person is told in another role")
            enclosed = await self._enclosed(order, contacts)
            letter = render_review(
                order, contacts=contacts, timezone=self._timezone, enclosed=enclosed, desk_url=self._public_url
            )
        except (AddressUnusable, UnknownRole, UnsafeLetter) as error:
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error
        return await self._letters.delivered(order, letter)

    def _told_already(self, order: ReviewOrder, contacts: Contacts) -> bool:
        if activity.info().attempt > 1:
            return False  # begun already: it is for the ledger to say how it ended
        day = order.at.astimezone(ZoneInfo(self._timezone)).date()
        mine = reviewer(order.recipient, contacts, day).email.casefold()
        return any(reviewer(role, contacts, day).email.casefold() == mine for role in order.told_too)

    async def _enclosed(self, order: ReviewOrder, contacts: Contacts) -> Enclosed:
        """The report in the reader's language; where no PDF can be made the letter goes without it."""
        day = order.at.astimezone(ZoneInfo(self._timezone)).date()
        language: Language = reviewer(order.recipient, contacts, day).language or order.language
        period = Period(first=order.figures.first, after=order.figures.after, timezone=self._timezone)
        report = await self._store.report(period)
        outline = outline_of(report, contacts=contacts, language=language)
        first = next(section for section in outline.sections if section.key == "prevention")
        points = tuple(f"{point.text} {point.more}".strip() for point in first.points)
        try:
            pdf = await asyncio.to_thread(_pdf, report, contacts, language, order.at, self._public_url)
        except PdfFailed:
            log.exception("The PDF of the review %s could not be made; its letter goes without.", period.name)
            return Enclosed(title=first.title, sentences=first.sentences, points=points)
        kind = catalogue(language).gettext("report")
        file = Attachment(f"{kind}-{period.name}.pdf", "application/pdf", pdf)
        return Enclosed(title=first.title, sentences=first.sentences, points=points, file=file)


def _pdf(report: Report, contacts: Contacts, language: Language, at: datetime, links: str | None) -> bytes:
    return report_pdf(report, contacts=contacts, language=language, made_at=at, links=links)
