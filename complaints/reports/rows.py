"""A report's figures one by one, as a spreadsheet takes them: section, what, figure, value."""

from collections.abc import Iterator

from complaints.reports.csv import Cell
from complaints.rules.report.report import BUCKETS, Report

Row = tuple[str, str, str, Cell]


def rows_of(report: Report) -> Iterator[Row]:
    """Every figure of the report, in its order; hours by the clock, shares from 0 to 1."""
    yield "period", "", "first", report.period.first.isoformat()
    yield "period", "", "after", report.period.after.isoformat()
    for name, value in report.only.given.items():
        yield "only", name, "name", value
    yield from _prevention(report)
    yield from _totals(report)
    yield from _course(report)
    yield from _groups(report)
    yield from _words(report)
    yield from _months(report)


def _prevention(report: Report) -> Iterator[Row]:
    for one in report.prevention.causes:
        yield "prevention", one.why, "cases", one.cases
    for step, share in report.prevention.spent.items():
        yield "spent", step, "share", share


def _totals(report: Report) -> Iterator[Row]:
    for name, value in report.totals.model_dump(exclude={"closed"}).items():
        yield "totals", name, "cases", len(value) if isinstance(value, tuple) else value
    for outcome, cases in report.totals.closed.items():
        yield "closed", outcome, "cases", cases


def _course(report: Report) -> Iterator[Row]:
    for kept in report.windows:
        if kept.in_time is not None:
            yield "windows", kept.window, "in_time", kept.in_time
        yield "windows", kept.window, "late", kept.late
    for took in report.times:
        yield "times", took.step, "cases", took.cases
        yield "times", took.step, "median_hours", took.median
        yield "times", took.step, "ninetieth_hours", took.ninetieth
        for end, cases in zip((*BUCKETS, "more"), took.buckets, strict=True):
            yield "times", took.step, f"hours_to_{end}", cases
    for one in report.escalations:
        yield "escalations", f"level {one.level}, {one.reason}", "cases", one.cases
        yield "escalations", f"level {one.level}, {one.reason}", "on_schedule", one.on_schedule
    for name, value in report.survey.model_dump(exclude={"scores"}).items():
        yield "survey", name, "average" if name == "average" else "cases", value
    for score, answers in report.survey.scores.items():
        yield "survey", f"score {score}", "answers", answers


def _groups(report: Report) -> Iterator[Row]:
    for dimension, groups in report.groups.items():
        for group in groups:
            for name, value in group.model_dump(exclude={"name"}).items():
                yield dimension, group.name, name, value


def _words(report: Report) -> Iterator[Row]:
    for cause in report.causes:
        yield "causes", cause.words, "cases", cause.cases
    for action in report.actions:
        yield "actions", action.words, "cases", action.cases
    for lesson in report.lessons:
        yield "lessons", lesson.number, "why", ", ".join(lesson.why)


def _months(report: Report) -> Iterator[Row]:
    for month in report.months:
        for name, value in month.model_dump(exclude={"month"}).items():
            yield "months", f"{month.month:%Y-%m}", name, value
