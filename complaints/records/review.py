"""What §10's letter tells of a month: the figures of its report, few enough to travel through Temporal."""

from datetime import date

from complaints.records.report import Reports
from complaints.rules.report.report import NOBODY, Group, Period, Report
from complaints.rules.report.review import Escalations, MonthFigures, Satisfaction

__all__ = ["Escalations", "MonthFigures", "Review", "Satisfaction"]

UNASSIGNED = "unassigned"
"""How complaints without a department are counted."""


class Review(Reports):
    """The part of the store that counts a month."""

    async def month(self, first: date, after: date, timezone: str) -> MonthFigures:
        """The figures of the days from `first` up to, not including, `after`, as days begin in `timezone`."""
        return figures_of(await self.report(Period(first=first, after=after, timezone=timezone)))


def figures_of(report: Report) -> MonthFigures:
    """The report in few figures; both say the same."""
    medians = {one.step: one.median for one in report.times}
    survey = report.survey
    return MonthFigures(
        first=report.period.first,
        after=report.period.after,
        received=report.totals.received,
        by_channel=_received(report.groups["channel"]),
        by_department=_received(report.groups["department"]),
        closed=report.totals.closed,
        open_at_end=report.totals.open_at_end,
        unconfirmed=report.totals.unconfirmed,
        late={one.window: one.late for one in report.windows if one.late},
        escalations=report.escalations,
        median_hours_to_acknowledge=medians["acknowledge"],
        median_hours_to_assess=medians["assess"],
        median_hours_to_resolve=medians["resolve"],
        satisfaction=Satisfaction(answers=survey.answers, average=survey.average, scores=survey.scores),
        by_decision=report.totals.by_decision,
        dismissed=report.totals.dismissed,
    )


def _received(groups: tuple[Group, ...]) -> dict[str, int]:
    counted = {one.name if one.name != NOBODY else UNASSIGNED: one.received for one in groups if one.received}
    return dict(sorted(counted.items()))
