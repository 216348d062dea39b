"""The report of a period (§10): for the terminal, as HTML, PDF, CSV or JSON."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import sys
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.commands.base import at_records
from cli.commands.exporting import keep
from cli.commands.options import Home, day
from cli.late import read_when_used
from complaints.words.catalogue import N_, Message, _, say, spoken
from starter.clock import utc_now

with read_when_used():
    from complaints.reports import plain
    from complaints.reports import report as written
    from complaints.rules.report import report as counted
    from starter import place as places

if TYPE_CHECKING:
    from complaints.rules.report.report import Period, Report
    from starter.place import Place


class Form(StrEnum):
    """How the report is written."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"
    CSV = "csv"
    JSON = "json"


def _flag(form: str, what: Message) -> Any:
    return typer.Option(f"--{form}", help=say(what))


def report(
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help=_("The month, such as 2026-10."))] = None,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=day, metavar="DATE", help=_("The first day.")),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option("--to", parser=day, metavar="DATE", help=_("The last day, too.")),
    ] = None,
    department: Annotated[str | None, typer.Option(help=_("Only this department."))] = None,
    product: Annotated[str | None, typer.Option(help=_("Only this product."))] = None,
    category: Annotated[str | None, typer.Option(help=_("Only this category."))] = None,
    channel: Annotated[str | None, typer.Option(help=_("Only email, phone, web."))] = None,
    severity: Annotated[str | None, typer.Option(help=_("Only this severity."))] = None,
    html: Annotated[bool, _flag("html", N_("A page to open or mail."))] = False,
    pdf: Annotated[bool, _flag("pdf", N_("A PDF to print."))] = False,
    csv: Annotated[bool, _flag("csv", N_("The figures, for a sheet."))] = False,
    as_json: Annotated[bool, _flag("json", N_("The figures, for a program."))] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help=_("Where to keep it; `-` is standard output."),
        ),
    ] = None,
    home: Home = None,
) -> None:
    form = _form(html=html, pdf=pdf, csv=csv, json=as_json)
    place = places.place_of(home)
    period = _period(month, first, last, place)
    only = counted.Only(
        department=_key(department, place), product=product, category=category, channel=channel, severity=severity
    )
    _refuse_binary(form, out)
    found = at_records(home, lambda store, _: store.report(period, only))
    content = _written(found, form, place)
    if out is None and form in (Form.TEXT, Form.JSON):
        print(content.decode(), end="")  # as the terminal writes letters
    else:
        keep(content, out or Path("-"))


def _form(**asked: bool) -> Form:
    wanted = [Form(name) for name, given in asked.items() if given]
    if len(wanted) > 1:
        raise typer.BadParameter(_("Choose one form only."), param_hint="--html")
    return wanted[0] if wanted else Form.TEXT


def _period(month: str | None, first: date | None, last: date | None, place: Place) -> Period:
    zone = place.policy.calendar.timezone
    if month is not None:
        if first or last:
            raise typer.BadParameter(_("Give a month, or --from and --to."))
        return _month(month, zone)
    if first is None and last is None:
        return counted.Period.last_month(utc_now(), timezone=zone)
    if first is None or last is None or last < first:
        raise typer.BadParameter(_("Give --from and --to, the second not before the first."))
    return counted.Period(first=first, after=last + timedelta(days=1), timezone=zone)


def _month(name: str, zone: str) -> Period:
    try:
        return counted.Period.month(name, timezone=zone)
    except ValueError:
        raise typer.BadParameter(
            _("{name!r} is no month such as 2026-10.").format(name=name), param_hint="--month"
        ) from None


def _key(department: str | None, place: Place) -> str | None:
    """A department is found by its key or its name. Raises UnknownDepartment."""
    return place.contacts.department(department).key if department else None


def _written(found: Report, form: Form, place: Place) -> bytes:
    contacts, language = place.contacts, spoken()
    match form:
        case Form.HTML:
            return written.report_html(found, contacts=contacts, language=language).encode()
        case Form.PDF:
            return written.report_pdf(found, contacts=contacts, language=language, made_at=utc_now())
        case Form.CSV:
            return written.report_csv(found).encode()
        case Form.JSON:
            return f"{written.report_json(found)}\n".encode()
        case Form.TEXT:
            return plain.report_text(found, contacts=contacts, language=language).encode()


def _refuse_binary(form: Form, out: Path | None) -> None:
    if form is Form.PDF and out is None and sys.stdout.isatty():
        raise typer.BadParameter(
            _("A PDF is not read here: give --out report.pdf."),
            param_hint="--out",
        )
