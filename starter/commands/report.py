"""The report of a period (§10): for the terminal, as HTML, PDF, CSV or JSON."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from complaints.words.catalogue import N_, Message, _, say
from starter.commands.options import Home, day

if TYPE_CHECKING:
    from complaints.rules.report import Period, Report
    from starter.place import Place

app = typer.Typer()


class Form(StrEnum):
    """How the report is written."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"
    CSV = "csv"
    JSON = "json"


def _flag(form: str, what: Message) -> Any:
    return typer.Option(f"--{form}", help=say(what))


@app.command(help=_("The complaints report of a month or a period (§10); without options, of last month."))
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
    from complaints.rules.report import Only
    from starter.commands.base import at_records
    from starter.commands.exporting import keep
    from starter.place import place_of

    form = _form(html=html, pdf=pdf, csv=csv, json=as_json)
    place = place_of(home)
    period = _period(month, first, last, place)
    only = Only(
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


def _period(month: str | None, first: date | None, last: date | None, place: "Place") -> "Period":
    from datetime import timedelta

    from complaints.rules.report import Period
    from starter.front_desk import utc_now

    zone = place.policy.calendar.timezone
    if month is not None:
        if first or last:
            raise typer.BadParameter(_("Give a month, or --from and --to."))
        return _month(month, zone)
    if first is None and last is None:
        return Period.last_month(utc_now(), timezone=zone)
    if first is None or last is None or last < first:
        raise typer.BadParameter(_("Give --from and --to, the second not before the first."))
    return Period(first=first, after=last + timedelta(days=1), timezone=zone)


def _month(name: str, zone: str) -> "Period":
    from complaints.rules.report import Period

    try:
        return Period.month(name, timezone=zone)
    except ValueError:
        raise typer.BadParameter(
            _("{name!r} is no month such as 2026-10.").format(name=name), param_hint="--month"
        ) from None


def _key(department: str | None, place: "Place") -> str | None:
    """A department is found by its key or its name. Raises UnknownDepartment."""
    from complaints.contacts_file import ContactsFile

    return ContactsFile(place.settings.contacts_file).now().department(department).key if department else None


def _written(found: "Report", form: Form, place: "Place") -> bytes:
    from complaints.contacts_file import ContactsFile
    from complaints.reports.plain import report_text
    from complaints.reports.report import report_csv, report_html, report_json, report_pdf
    from complaints.words.catalogue import spoken
    from starter.front_desk import utc_now

    contacts, language = ContactsFile(place.settings.contacts_file).now(), spoken()
    match form:
        case Form.HTML:
            return report_html(found, contacts=contacts, language=language).encode()
        case Form.PDF:
            return report_pdf(found, contacts=contacts, language=language, made_at=utc_now())
        case Form.CSV:
            return report_csv(found).encode()
        case Form.JSON:
            return f"{report_json(found)}\n".encode()
        case Form.TEXT:
            return report_text(found, contacts=contacts, language=language).encode()


def _refuse_binary(form: Form, out: Path | None) -> None:
    if form is Form.PDF and out is None and sys.stdout.isatty():
        raise typer.BadParameter(
            _("A PDF is not read here: give --out report.pdf."),
            param_hint="--out",
        )
