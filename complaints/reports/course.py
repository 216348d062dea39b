"""How complaints went in the period: what would have prevented their escalations, what came and stayed, how long."""

from complaints.reports import words
from complaints.reports.charts import Chart, bars, lines, stacked
from complaints.reports.in_words import InWords
from complaints.reports.outline import Figure, Point, Section, Table
from complaints.reports.saying import NONE, begun
from complaints.rules.prevention import SHOWN
from complaints.rules.report import Kept, MonthBefore, Preventable


class Course(InWords):
    """The first half of a report."""

    # -- what would have prevented the escalations -------------------------------------------------------------------

    def prevention(self) -> Section:
        """Stands first (§10)."""
        found, of = self.report.prevention, self.say.of
        title = of("Qué habría evitado los escalamientos", "What would have prevented the escalations")
        if not found.escalations:
            said = of("En este período no escaló ninguna queja.", "No complaint escalated in this period.")
            return Section("prevention", title, (said,))
        sentences = [
            of(
                "Cada escalamiento está una vez, bajo su causa principal: ",
                "Each escalation stands once, under its main cause: ",
            )
            + self.say.counted(found.escalations, *_ESCALATIONS)
            + "."
        ]
        if found.spent:
            sentences.append(self._spent())
        return Section(
            "prevention", title, tuple(sentences),
            points=tuple(self._preventable(one) for one in found.causes),
        )  # fmt: skip

    def _preventable(self, one: Preventable) -> Point:
        cause = words.CAUSES[one.why]
        told = (
            f"{self.say.counted(one.cases, *_COMPLAINTS)} {self.say.of(*(cause.one if one.cases == 1 else cause.many))}"
        )
        others = self.say.others(one.cases - len(one.numbers))
        return Point(text=f"{told}.", more=self.say.of(*cause.instead), numbers=one.numbers, others=others)

    def _spent(self) -> str:
        ordered = sorted(self.report.prevention.spent.items(), key=lambda one: -one[1])
        parts = [f"{self.say.share(share)} {self.say.word(words.SPENT, step)}" for step, share in ordered]
        return self.say.of(
            "Del tiempo que pasó antes de los escalamientos por plazo: ", "Of the time before the escalations by time: "
        ) + f"{self.say.wording.joined(parts)}."  # fmt: skip

    # -- totals and months -------------------------------------------------------------------------------------------

    def totals(self) -> Section:
        """What came, went and stayed, beside the month before."""
        found, say = self.report.totals, self.say
        kept = _together(self.report.windows)
        figures = [
            Figure(say.of("Recibidas", "Received"), say.number(found.received),
                   self._than(found.received, "received")),
            Figure(say.of("Cerradas", "Closed"), say.number(found.closed_in_all),
                   self._than(found.closed_in_all, "closed")),
            Figure(say.of("Abiertas al final", "Open at the end"), say.number(found.open_at_end),
                   self._than(found.open_at_end, "open_at_end")),
            Figure(say.of("Reabiertas", "Reopened"), say.number(found.reopened)),
            Figure(say.of("Escalamientos", "Escalations"), say.number(self.report.escalated),
                   self._than(self.report.escalated, "escalated")),
            Figure(say.of("Plazos cumplidos", "Windows kept"), say.share(kept.share),
                   say.counted(kept.late, ("vencido", "late"), ("vencidos", "late")), "bad" if kept.late else "good"),
            Figure(say.of("Fuera del plazo legal", "Past the legal limit"), say.number(found.past_legal_limit),
                   say.of("abiertas, 15 días hábiles", "open, 15 business days"),
                   "bad" if found.past_legal_limit else "good"),
            Figure(say.of("Satisfacción", "Satisfaction"), self.average,
                   say.counted(self.report.survey.answers, ("respuesta", "answer"), ("respuestas", "answers"))),
        ]  # fmt: skip
        rows = [(begun(say.wording.end(name)), say.number(cases)) for name, cases in found.closed.items()]
        table = Table(say.of("Cómo terminaron", "How they ended"), (say.of("Final", "End"), self.cases), tuple(rows))
        return Section(
            "totals",
            say.of("De un vistazo", "At a glance"),
            figures=tuple(figures),
            tables=(table,) if rows else (),
            points=self._one_by_one(),
        )

    def _one_by_one(self) -> tuple[Point, ...]:
        """What no figure tells enough of: each is looked at by itself."""
        found, say = self.report.totals, self.say
        lists = (
            (found.unconfirmed, words.SILENT),
            (found.by_decision, words.BY_DECISION),
            (found.dismissed, words.DISMISSED),
        )
        return tuple(
            Point(
                text=f"{say.of(*said.name)}: {say.number(len(numbers))}", more=say.of(*said.more),
                numbers=numbers[:SHOWN], others=say.others(len(numbers) - SHOWN),
            )
            for numbers, said in lists
            if numbers
        )  # fmt: skip

    def _month_before(self) -> MonthBefore | None:
        return self.report.months[-2] if self.report.period.is_month and len(self.report.months) > 1 else None

    def _than(self, now: int, what: str) -> str:
        """`4 más que en junio`; nothing where there is no month before."""
        month = self._month_before()
        if month is None:
            return ""
        before: int = getattr(month, what)
        name = self.say.months(month.month).split()[0]
        if now == before:
            return self.say.of(f"igual que en {name}", f"as in {name}")
        more = ("más", "more") if now > before else ("menos", "fewer")
        return f"{self.say.number(abs(now - before))} {self.say.of(*more)} {self.say.of('que en', 'than in')} {name}"

    def months(self) -> Section:
        """Compared with the months before."""
        say, found = self.say, self.report.months
        names = say.month_names([one.month for one in found])
        first, last = say.months(found[0].month), say.months(found[-1].month)
        says = say.of(
            f"Recibidas, cerradas y abiertas al final de cada mes, de {first} a {last}.",
            f"Received, closed, and open at the end of each month, from {first} to {last}.",
        )
        title = say.of("Doce meses", "Twelve months")
        received, closed, still = (say.of(*pair) for pair in (
            ("Recibidas", "Received"), ("Cerradas", "Closed"), ("Abiertas al final", "Open at the end")))  # fmt: skip
        chart = lines("months", title, says, names, {
            received: [one.received for one in found],
            closed: [one.closed for one in found],
            still: [one.open_at_end for one in found],
        })  # fmt: skip
        head = (
            say.of("Mes", "Month"), received, closed, say.of("Abiertas", "Open"),
            say.of("Escalamientos", "Escalations"), say.of("Plazos vencidos", "Windows missed"),
            say.of("Plazo legal", "Legal limit"), say.of("Resolver (mediana)", "To resolve (median)"),
            say.of("Encuesta", "Survey"),
        )  # fmt: skip
        rows = tuple(
            (
                begun(say.months(one.month)), say.number(one.received), say.number(one.closed),
                say.number(one.open_at_end), say.number(one.escalated), say.number(one.late),
                say.number(one.past_legal_limit), say.hours(one.median_hours_to_resolve),
                NONE if one.average_score is None else say.decimal(one.average_score),
            )
            for one in found
        )  # fmt: skip
        sentences = () if self.report.period.is_month else (
            say.of("El último mes llega hasta donde termina el período.", "The last month goes as far as the period."),
        )  # fmt: skip
        return Section("months", title, sentences, charts=(chart,), tables=(Table(says, head, rows),))

    # -- windows and times -------------------------------------------------------------------------------------------

    def windows(self) -> Section:
        """In time and late by stage."""
        say = self.say
        title = say.of("A tiempo y tarde, por etapa", "In time and late, by stage")
        found = [one for one in self.report.windows if one.late or one.in_time]
        if not found:
            return Section("windows", title, (say.of("Ningún plazo terminó en este período.", "No window ended."),))
        says = say.of(
            "Cuántos plazos de cada etapa se cumplieron y cuántos vencieron en el período.",
            "How many windows of each stage were kept and how many passed in the period.",
        )
        in_time, late = say.of("A tiempo", "In time"), say.of("Vencidos", "Late")
        charted = [one for one in found if one.in_time is not None]
        chart = stacked("windows", title, says, [self._window(one) for one in charted],
                        {in_time: [one.in_time for one in charted], late: [one.late for one in charted]})  # fmt: skip
        head = (say.of("Plazo", "Window"), in_time, late, say.of("Cumplidos", "Kept"))
        rows = tuple(
            (
                begun(self._window(one)), NONE if one.in_time is None else say.number(one.in_time),
                say.number(one.late), say.share(one.share),
            )
            for one in found
        )  # fmt: skip
        return Section("windows", title, charts=(chart,) if charted else (), tables=(Table(says, head, rows),))

    def _window(self, one: Kept) -> str:
        return self.say.wording.window(one.window)

    def times(self) -> Section:
        """How long each step took."""
        say, found = self.say, self.report.times
        title = say.of("Cuánto tardó cada paso", "How long each step took")
        said = say.of(
            "Desde la recepción, en horas y días de reloj (de calendario, no hábiles). Nueve de cada diez no tardaron "
            "más que la segunda cifra.",
            "From receipt, in hours and days by the clock (calendar, not business days). Nine in ten took no longer "
            "than the second figure.",
        )
        head = (say.of("Paso", "Step"), self.cases, say.of("Mediana", "Median"), say.of("9 de cada 10", "9 in 10"),
                *(say.of(*name) for name in words.BUCKETS))  # fmt: skip
        rows = tuple(
            (
                say.word(words.STEPS, one.step), say.number(one.cases), say.hours(one.median), say.hours(one.ninetieth),
                *(say.number(count) for count in one.buckets),
            )
            for one in found
        )  # fmt: skip
        charts = tuple(self._distribution(step) for step in ("resolve",))
        caption = say.of("Cuántas quejas tardaron hasta cada límite", "How many complaints took up to each limit")
        return Section(
            "times", title, (said,), charts=charts if found[-1].cases else (), tables=(Table(caption, head, rows),)
        )

    def _distribution(self, step: str) -> Chart:
        one = next(one for one in self.report.times if one.step == step)
        says = self.say.of(
            f"Cuántas quejas se resolvieron en cuánto tiempo: la mitad en {self.say.hours(one.median)} o menos.",
            f"How many complaints were resolved in what time: half of them in {self.say.hours(one.median)} or less.",
        )
        title = self.say.of("De la recepción a la resolución", "From receipt to resolution")
        labels = [self.say.of(*name) for name in words.BUCKETS]
        return bars(step, title, says, labels, {self.cases: list(one.buckets)})


_COMPLAINTS = (("queja", "complaint"), ("quejas", "complaints"))
_ESCALATIONS = (("escalamiento", "escalation"), ("escalamientos", "escalations"))


def _together(windows: tuple[Kept, ...]) -> Kept:
    """All windows of the procedure as one; calls apart."""
    own = [one for one in windows if one.in_time is not None]
    return Kept(window="", in_time=sum(one.in_time or 0 for one in own), late=sum(one.late for one in own))
