"""What came of complaints in the period: escalations, what customers said, who it concerned, what is to be learned."""

from complaints.reports import words
from complaints.reports.charts import Chart, bars, stacked
from complaints.reports.in_words import InWords
from complaints.reports.outline import Point, Section, Table
from complaints.reports.saying import begun
from complaints.rules.report.report import DIMENSIONS, NOBODY, OTHERS, CorrectiveAction, Group, Lesson


class Outcome(InWords):
    """The second half of a report."""

    # -- escalations, survey -----------------------------------------------------------------------------------------

    def escalations(self) -> Section:
        """Why, to which level; those on schedule apart."""
        say, found = self.say, self.report.escalations
        title = say.gettext("Escalations and why")
        if not found:
            return Section("escalations", title, (say.gettext("None."),))
        apart = self.report.escalated_on_schedule
        sentences = (
            say.gettext("Of these, {number} with every window of its stage kept: nothing was late yet.").format(
                number=say.number(apart)
            ),
        )
        head = (
            say.gettext("To whom, and why"),
            self.cases,
            say.gettext("Windows kept"),
        )
        rows = tuple(
            (
                f"{say.wording.level(one.level)}: {say.wording.escalation_reason(one.reason)}",
                say.number(one.cases), say.number(one.on_schedule),
            )
            for one in found
        )  # fmt: skip
        return Section("escalations", title, sentences if apart else (), tables=(Table(title, head, rows),))

    def survey(self) -> Section:
        """What customers said."""
        say, found = self.say, self.report.survey
        title = say.gettext("What customers said")
        rows = (
            (say.gettext("Confirmed the resolution"), say.number(found.confirmed)),
            (say.gettext("Confirmation noted by who resolved (apart)"),
             say.number(found.confirmed_by_resolver)),
            (say.gettext("Did not accept the resolution"), say.number(found.disputed)),
        )  # fmt: skip
        tables = [Table(say.gettext("Confirmation"), (say.gettext("Answer"), self.cases), rows)]
        if not found.answers:
            nobody = say.gettext("Nobody answered the survey in this period.")
            return Section("survey", title, (nobody,), tables=tuple(tables))
        says = say.gettext("Scores of the survey, 1 to 5: {average} on average, {answers} answers.").format(
            average=self.average, answers=found.answers
        )
        answers = say.gettext("Answers")
        chart = bars("scores", say.gettext("Satisfaction survey"), says, list("12345"),
                     {answers: [found.scores.get(score, 0) for score in range(1, 6)]})  # fmt: skip
        scores = tuple((str(score), say.number(found.scores.get(score, 0))) for score in range(5, 0, -1))
        tables.append(Table(chart.title, (say.gettext("Score"), answers), scores))
        return Section("survey", title, (says,), charts=(chart,), tables=tuple(tables))

    # -- groups, improvement, lessons --------------------------------------------------------------------------------

    def groups(self) -> Section:
        """By department, product, category, channel, severity."""
        say = self.say
        found = {name: [one for one in self.report.groups[name] if _is_told(one)] for name in DIMENSIONS}
        tables = tuple(self._group_table(name, groups) for name, groups in found.items() if _tells(groups))
        charts: tuple[Chart, ...] = ()
        if len(departments := [one for one in found["department"] if one.received]) > 1:
            says = say.gettext("Complaints received by department.")
            received = say.pgettext("complaints", "Received")
            charts = (stacked("departments", say.word(words.DIMENSIONS, "department"), says,
                              [say.group("department", one.name) for one in departments],
                              {received: [one.received for one in departments]}),)  # fmt: skip
        title = say.gettext("By department, product, category, channel and severity")
        if not tables:
            return Section("groups", title, (say.gettext("There were no complaints."),))
        return Section("groups", title, charts=charts, tables=tables)

    def _group_table(self, dimension: str, groups: list[Group]) -> Table:
        say = self.say
        head = (
            say.word(words.SINGULAR, dimension), say.pgettext("complaints", "Received"),
            say.pgettext("complaints", "Closed"),
            say.gettext("Windows missed"), say.gettext("Escalations"),
            say.gettext("To resolve (median)"),
        )  # fmt: skip
        rows = tuple(
            (
                say.group(dimension, one.name), say.number(one.received), say.number(one.closed), say.number(one.late),
                say.number(one.escalated), say.hours(one.median_hours_to_resolve),
            )
            for one in groups
        )  # fmt: skip
        return Table(say.word(words.DIMENSIONS, dimension), head, rows)

    def improvement(self) -> Section:
        """Causes and corrective actions, as they stand with the resolutions."""
        say = self.say
        title = say.gettext("Causes and corrective actions")
        tables = []
        if self.report.causes:
            rows = tuple((one.words, say.number(one.cases)) for one in self.report.causes)
            tables.append(
                Table(
                    say.gettext("Most frequent causes"),
                    (say.gettext("Cause"), self.cases),
                    rows,
                )
            )
        points = tuple(
            Point(
                text=one.words, more=self._how_often(one), numbers=one.numbers,
                others=say.others(one.cases - len(one.numbers)),
            )
            for one in self.report.actions
        )  # fmt: skip
        sentences = () if points else (
            say.gettext("No resolution recorded a corrective action."),
        )  # fmt: skip
        return Section("improvement", title, sentences, points=points, tables=tuple(tables))

    def _waited(self, lesson: Lesson) -> str:
        if lesson.waited_hours is None:
            return ""
        hours = self.say.hours(lesson.waited_hours)
        if lesson.resolved:
            return self.say.gettext(" ({hours} until resolved)").format(hours=hours)
        return self.say.gettext(" ({hours} and no resolution yet)").format(hours=hours)

    def _how_often(self, action: CorrectiveAction) -> str:
        day = self.say.wording.day(action.last_at)
        if action.cases == 1:
            return self.say.gettext("Decided on {day}.").format(day=day)
        return self.say.gettext("In {number} complaints; last on {day}.").format(
            number=self.say.number(action.cases), day=day
        )

    def lessons(self) -> Section:
        """A short list, and why each is on it."""
        say = self.say
        title = say.gettext("Cases that teach something")
        points = []
        for one in self.report.lessons:
            why = begun(", ".join(say.word(words.LESSONS, name) for name in one.why)) + self._waited(one)
            quote = f"{one.score} / 5: «{one.said}»" if one.said else ""
            points.append(Point(text=why, more=say.department(one.department) if one.department else "",
                                numbers=(one.number,), quote=quote))  # fmt: skip
        none = (say.gettext("None stands out in this period."),)
        return Section("lessons", title, () if points else none, points=tuple(points))


def _is_told(group: Group) -> bool:
    return bool(group.received or group.closed or group.late or group.escalated)


def _tells(groups: list[Group]) -> bool:
    """A table whose only row says that nothing was said tells nothing."""
    return any(group.name not in (NOBODY, OTHERS) for group in groups)
