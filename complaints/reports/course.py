"""How complaints went in the period: what would have prevented their escalations, what came and stayed, how long."""

from complaints.reports import words
from complaints.reports.charts import Chart, bars, lines, stacked
from complaints.reports.in_words import InWords
from complaints.reports.outline import Figure, Point, Section, Table
from complaints.reports.saying import NONE, begun
from complaints.rules.report.prevention import SHOWN
from complaints.rules.report.report import Kept, MonthBefore, Preventable


class Course(InWords):
    """The first half of a report."""

    # -- what would have prevented the escalations -------------------------------------------------------------------

    def prevention(self) -> Section:
        """Stands first (§10)."""
        found, _ = self.report.prevention, self.say.gettext
        title = _("What would have prevented the escalations")
        if not found.escalations:
            said = _("No complaint escalated in this period.")
            return Section("prevention", title, (said,))
        sentences = [
            _("Each escalation stands once, under its main cause: {escalations}.").format(
                escalations=self.say.ngettext("{n} escalation", "{n} escalations", found.escalations).format(
                    n=self.say.number(found.escalations)
                )
            )
        ]
        if found.spent:
            sentences.append(self._spent())
        return Section(
            "prevention", title, tuple(sentences),
            points=tuple(self._preventable(one) for one in found.causes),
        )  # fmt: skip

    def _preventable(self, one: Preventable) -> Point:
        cause = words.CAUSES[one.why]
        complaints = self.say.ngettext("{n} complaint", "{n} complaints", one.cases).format(
            n=self.say.number(one.cases)
        )
        told = f"{complaints} {self.say.say(cause.one if one.cases == 1 else cause.many)}"
        others = self.say.others(one.cases - len(one.numbers))
        return Point(text=f"{told}.", more=self.say.say(cause.instead), numbers=one.numbers, others=others)

    def _spent(self) -> str:
        ordered = sorted(self.report.prevention.spent.items(), key=lambda one: -one[1])
        parts = [f"{self.say.share(share)} {self.say.word(words.SPENT, step)}" for step, share in ordered]
        said = self.say.gettext("Of the time before the escalations by time: {parts}.")
        return said.format(parts=self.say.wording.joined(parts))

    # -- totals and months -------------------------------------------------------------------------------------------

    def totals(self) -> Section:
        """What came, went and stayed, beside the month before."""
        found, say = self.report.totals, self.say
        kept, answers = _together(self.report.windows), self.report.survey.answers
        figures = [
            Figure(say.pgettext("complaints", "Received"), say.number(found.received),
                   self._than(found.received, "received")),
            Figure(say.pgettext("complaints", "Closed"), say.number(found.closed_in_all),
                   self._than(found.closed_in_all, "closed")),
            Figure(say.gettext("Open at the end"), say.number(found.open_at_end),
                   self._than(found.open_at_end, "open_at_end")),
            Figure(say.gettext("Reopened"), say.number(found.reopened)),
            Figure(say.gettext("Escalations"), say.number(self.report.escalated),
                   self._than(self.report.escalated, "escalated")),
            Figure(say.gettext("Windows kept"), say.share(kept.share),
                   say.npgettext("deadlines", "{n} late", "{n} late", kept.late).format(n=say.number(kept.late)),
                   "bad" if kept.late else "good"),
            Figure(say.gettext("Past the legal limit"), say.number(found.past_legal_limit),
                   say.gettext("open, 15 business days"),
                   "bad" if found.past_legal_limit else "good"),
            Figure(say.gettext("Satisfaction"), self.average,
                   say.ngettext("{n} answer", "{n} answers", answers).format(n=say.number(answers))),
        ]  # fmt: skip
        rows = [(begun(say.wording.end(name)), say.number(cases)) for name, cases in found.closed.items()]
        table = Table(say.gettext("How they ended"), (say.gettext("End"), self.cases), tuple(rows))
        return Section(
            "totals",
            say.gettext("At a glance"),
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
                text=f"{say.say(said.name)}: {say.number(len(numbers))}", more=say.say(said.more),
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
            return self.say.gettext("as in {name}").format(name=name)
        more, fewer = self.say.gettext("{n} more than in {month}"), self.say.gettext("{n} fewer than in {month}")
        return (more if now > before else fewer).format(n=self.say.number(abs(now - before)), month=name)

    def months(self) -> Section:
        """Compared with the months before."""
        say, found = self.say, self.report.months
        names = say.month_names([one.month for one in found])
        first, last = say.months(found[0].month), say.months(found[-1].month)
        says = say.gettext("Received, closed, and open at the end of each month, from {first} to {last}.").format(
            first=first, last=last
        )
        title = say.gettext("Twelve months")
        received, closed = say.pgettext("complaints", "Received"), say.pgettext("complaints", "Closed")
        still = say.gettext("Open at the end")
        chart = lines("months", title, says, names, {
            received: [one.received for one in found],
            closed: [one.closed for one in found],
            still: [one.open_at_end for one in found],
        })  # fmt: skip
        head = (
            say.gettext("Month"), received, closed, say.gettext("Open"),
            say.gettext("Escalations"), say.gettext("Windows missed"),
            say.gettext("Legal limit"), say.gettext("To resolve (median)"),
            say.gettext("Survey"),
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
            say.gettext("The last month goes as far as the period."),
        )  # fmt: skip
        return Section("months", title, sentences, charts=(chart,), tables=(Table(says, head, rows),))

    # -- windows and times -------------------------------------------------------------------------------------------

    def windows(self) -> Section:
        """In time and late by stage."""
        say = self.say
        title = say.gettext("In time and late, by stage")
        found = [one for one in self.report.windows if one.late or one.in_time]
        if not found:
            return Section("windows", title, (say.gettext("No window ended."),))
        says = say.gettext("How many windows of each stage were kept and how many passed in the period.")
        in_time, late = say.gettext("In time"), say.pgettext("deadlines", "Late")
        charted = [one for one in found if one.in_time is not None]
        chart = stacked("windows", title, says, [self._window(one) for one in charted],
                        {in_time: [one.in_time for one in charted], late: [one.late for one in charted]})  # fmt: skip
        head = (say.gettext("Window"), in_time, late, say.gettext("Kept"))
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
        title = say.gettext("How long each step took")
        said = say.gettext(
            "From receipt, in hours and days by the clock (calendar, not business days). Nine in ten took no "
            "longer than the second figure."
        )
        head = (say.gettext("Step"), self.cases, say.gettext("Median"), say.gettext("9 in 10"),
                *(say.say(name) for name in words.BUCKETS))  # fmt: skip
        rows = tuple(
            (
                say.word(words.STEPS, one.step), say.number(one.cases), say.hours(one.median), say.hours(one.ninetieth),
                *(say.number(count) for count in one.buckets),
            )
            for one in found
        )  # fmt: skip
        charts = tuple(self._distribution(step) for step in ("resolve",))
        caption = say.gettext("How many complaints took up to each limit")
        return Section(
            "times", title, (said,), charts=charts if found[-1].cases else (), tables=(Table(caption, head, rows),)
        )

    def _distribution(self, step: str) -> Chart:
        one = next(one for one in self.report.times if one.step == step)
        says = self.say.gettext(
            "How many complaints were resolved in what time: half of them in {hours} or less."
        ).format(hours=self.say.hours(one.median))
        title = self.say.gettext("From receipt to resolution")
        labels = [self.say.say(name) for name in words.BUCKETS]
        return bars(step, title, says, labels, {self.cases: list(one.buckets)})


def _together(windows: tuple[Kept, ...]) -> Kept:
    """All windows of the procedure as one; calls apart."""
    own = [one for one in windows if one.in_time is not None]
    return Kept(window="", in_time=sum(one.in_time or 0 for one in own), late=sum(one.late for one in own))
