"""A report in words: section by section, what would have prevented the escalations first (§10)."""

from collections.abc import Iterator

from complaints.contacts import Contacts
from complaints.reports.course import Course
from complaints.reports.outcome import Outcome
from complaints.reports.outline import Outline, Section
from complaints.reports.saying import Saying
from complaints.rules.report.report import Report
from complaints.words.vocabulary import Language


def outline_of(report: Report, *, contacts: Contacts, language: Language) -> Outline:
    """The report in the words of that language."""
    say = Saying(language, contacts, report.period.timezone)
    only = say.only(report.only)
    return Outline(
        language=language,
        title=say.gettext("Complaints report: ") + say.period(report.period),
        school=contacts.school.name,
        about=only or say.gettext("All complaints"),
        sections=tuple(_sections(report, say)),
        foot=say.gettext(
            "The figures come from the records of complaints and are the same whenever they are asked for. "
            "They count what happened in the period, whenever a complaint was received. No customer is named."
        ),
        labels={
            "table": say.gettext("The figures in a table"),
            "page": say.gettext("Page"),
            "of": say.gettext("of"),
        },
    )


def _sections(report: Report, say: Saying) -> Iterator[Section]:
    """In the order in which they are read."""
    course, outcome = Course(report, say), Outcome(report, say)
    yield course.prevention()  # §10: stands first
    yield course.totals()
    yield course.months()
    yield course.windows()
    yield course.times()
    yield outcome.escalations()
    yield outcome.survey()
    yield outcome.groups()
    yield outcome.improvement()
    yield outcome.lessons()
