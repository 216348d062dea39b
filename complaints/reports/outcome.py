"""What came of complaints in the period: escalations, what customers said, who it concerned, what is to be learned."""

from complaints.reports import words
from complaints.reports.charts import Chart, bars, stacked
from complaints.reports.in_words import InWords
from complaints.reports.outline import Point, Section, Table
from complaints.reports.saying import begun
from complaints.rules.report import DIMENSIONS, NOBODY, OTHERS, CorrectiveAction, Group, Lesson


class Outcome(InWords):
    """The second half of a report."""

    # -- escalations, survey -----------------------------------------------------------------------------------------

    def escalations(self) -> Section:
        """Why, to which level; those on schedule apart."""
        say, found = self.say, self.report.escalations
        title = say.of("Escalamientos y por qué", "Escalations and why")
        if not found:
            return Section("escalations", title, (say.of("Ninguno.", "None."),))
        apart = self.report.escalated_on_schedule
        sentences = (
            say.of(
                f"De ellos, {say.number(apart)} con todos los plazos cumplidos: los 5 días de §7 llegaron antes.",
                f"Of these, {say.number(apart)} with every window of its stage kept: the 5 days of §7 came first.",
            ),
        )
        head = (
            say.of("Nivel y razón", "Level and reason"),
            self.cases,
            say.of("Con plazos cumplidos", "Windows kept"),
        )
        rows = tuple(
            (
                f"{say.of('Nivel', 'Level')} {one.level}: {say.wording.escalation_reason(one.reason)}",
                say.number(one.cases), say.number(one.on_schedule),
            )
            for one in found
        )  # fmt: skip
        return Section("escalations", title, sentences if apart else (), tables=(Table(title, head, rows),))

    def survey(self) -> Section:
        """What customers said."""
        say, found = self.say, self.report.survey
        title = say.of("Lo que dijeron los clientes", "What customers said")
        rows = (
            (say.of("Confirmaron la resolución", "Confirmed the resolution"), say.number(found.confirmed)),
            (say.of("Conformidad anotada por quien resolvió (aparte)", "Confirmation noted by who resolved (apart)"),
             say.number(found.confirmed_by_resolver)),
            (say.of("No aceptaron la resolución", "Did not accept the resolution"), say.number(found.disputed)),
        )  # fmt: skip
        tables = [
            Table(say.of("Conformidad (§8)", "Confirmation (§8)"), (say.of("Respuesta", "Answer"), self.cases), rows)
        ]
        if not found.answers:
            nobody = say.of("Nadie contestó la encuesta en este período.", "Nobody answered the survey in this period.")
            return Section("survey", title, (nobody,), tables=tuple(tables))
        says = say.of(
            f"Puntajes de la encuesta, de 1 a 5: promedio {self.average} con {found.answers} respuestas.",
            f"Scores of the survey, 1 to 5: {self.average} on average, {found.answers} answers.",
        )
        answers = say.of("Respuestas", "Answers")
        chart = bars("scores", say.of("Encuesta de satisfacción", "Satisfaction survey"), says, list("12345"),
                     {answers: [found.scores.get(score, 0) for score in range(1, 6)]})  # fmt: skip
        scores = tuple((str(score), say.number(found.scores.get(score, 0))) for score in range(5, 0, -1))
        tables.append(Table(chart.title, (say.of("Puntaje", "Score"), answers), scores))
        return Section("survey", title, (says,), charts=(chart,), tables=tuple(tables))

    # -- groups, improvement, lessons --------------------------------------------------------------------------------

    def groups(self) -> Section:
        """By department, product, category, channel, severity."""
        say = self.say
        found = {name: [one for one in self.report.groups[name] if _is_told(one)] for name in DIMENSIONS}
        tables = tuple(self._group_table(name, groups) for name, groups in found.items() if _tells(groups))
        charts: tuple[Chart, ...] = ()
        if len(departments := [one for one in found["department"] if one.received]) > 1:
            says = say.of("Quejas recibidas por área.", "Complaints received by department.")
            charts = (stacked("departments", say.word(words.DIMENSIONS, "department"), says,
                              [say.group("department", one.name) for one in departments],
                              {say.of("Recibidas", "Received"): [one.received for one in departments]}),)  # fmt: skip
        title = say.of(
            "Por área, producto, categoría, canal y gravedad", "By department, product, category, channel and severity"
        )
        if not tables:
            return Section("groups", title, (say.of("No hubo quejas.", "There were no complaints."),))
        return Section("groups", title, charts=charts, tables=tables)

    def _group_table(self, dimension: str, groups: list[Group]) -> Table:
        say = self.say
        head = (
            say.word(words.SINGULAR, dimension), say.of("Recibidas", "Received"), say.of("Cerradas", "Closed"),
            say.of("Plazos vencidos", "Windows missed"), say.of("Escalamientos", "Escalations"),
            say.of("Resolver (mediana)", "To resolve (median)"),
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
        title = say.of("Causas y acciones correctivas", "Causes and corrective actions")
        tables = []
        if self.report.causes:
            rows = tuple((one.words, say.number(one.cases)) for one in self.report.causes)
            tables.append(
                Table(
                    say.of("Causas más frecuentes", "Most frequent causes"),
                    (say.of("Causa", "Cause"), self.cases),
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
            say.of("Ninguna resolución registró una acción correctiva.", "No resolution recorded a corrective action."),
        )  # fmt: skip
        return Section("improvement", title, sentences, points=points, tables=tuple(tables))

    def _waited(self, lesson: Lesson) -> str:
        if lesson.waited_hours is None:
            return ""
        hours = self.say.hours(lesson.waited_hours)
        if lesson.resolved:
            return self.say.of(f" ({hours} hasta la resolución)", f" ({hours} until resolved)")
        return self.say.of(f" ({hours} sin resolución todavía)", f" ({hours} and no resolution yet)")

    def _how_often(self, action: CorrectiveAction) -> str:
        day = self.say.wording.day(action.last_at)
        if action.cases == 1:
            return self.say.of(f"Decidida el {day}.", f"Decided on {day}.")
        return self.say.of(
            f"En {self.say.number(action.cases)} quejas; la última vez, el {day}.",
            f"In {self.say.number(action.cases)} complaints; last on {day}.",
        )

    def lessons(self) -> Section:
        """A short list, and why each is on it."""
        say = self.say
        title = say.of("Casos que enseñan algo", "Cases that teach something")
        points = []
        for one in self.report.lessons:
            why = begun(", ".join(say.word(words.LESSONS, name) for name in one.why)) + self._waited(one)
            quote = f"{one.score} / 5: «{one.said}»" if one.said else ""
            points.append(Point(text=why, more=say.department(one.department) if one.department else "",
                                numbers=(one.number,), quote=quote))  # fmt: skip
        none = (say.of("Ninguno destaca en este período.", "None stands out in this period."),)
        return Section("lessons", title, () if points else none, points=tuple(points))


def _is_told(group: Group) -> bool:
    return bool(group.received or group.closed or group.late or group.escalated)


def _tells(groups: list[Group]) -> bool:
    """A table whose only row says that nothing was said tells nothing."""
    return any(group.name not in (NOBODY, OTHERS) for group in groups)
