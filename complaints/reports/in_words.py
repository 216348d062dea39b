"""What every section of a report is said from: the figures, and the reader's language."""

from dataclasses import dataclass

from complaints.reports.saying import NONE, Saying
from complaints.rules.report.report import Report


@dataclass(frozen=True)
class InWords:
    """A report for one reader."""

    report: Report
    say: Saying

    @property
    def cases(self) -> str:
        """The head of a column that counts complaints."""
        return self.say.gettext("Complaints")

    @property
    def average(self) -> str:
        """The survey's average score: `4.2 / 5`."""
        average = self.report.survey.average
        return NONE if average is None else f"{self.say.decimal(average)} / 5"
