"""What leaves the desk as a file: the dossier of one case, all complaints as a table."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.commands.base import at_records, number_meant
from cli.commands.options import By, Home, Number, day, os_user
from cli.late import read_when_used
from complaints.words.catalogue import N_, _
from starter.clock import utc_now
from starter.errors import Refused

with read_when_used():
    from complaints.reports import document as written
    from starter import exporting

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help=_("Where to keep it; `-` is standard output."),
    ),
]


def dossier(
    number: Number,
    html: Annotated[bool, typer.Option("--html", help=_("As a web page."))] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help=_("As PDF (the default)."))] = False,
    without_notes: Annotated[bool, typer.Option("--without-notes", help=_("Without internal notes."))] = False,
    out: Out = None,
    by: By = None,
    home: Home = None,
) -> None:
    if html and pdf:
        raise typer.BadParameter(_("choose --html or --pdf."))
    meant, now = number_meant(number), utc_now()

    async def asked(store: Any, place: Any) -> Any:
        contacts = place.contacts
        who, notes = by or os_user(), not without_notes
        return await exporting.dossier_of(
            store, meant, contacts=contacts, words=place.wording, by=who, at=now, with_notes=notes
        )

    document = at_records(home, asked)
    content = written.html_of(document).encode() if html else written.document_pdf(document, made_at=now)
    keep(content, out or Path(f"{meant}.{'html' if html else 'pdf'}"))


def export(
    since: Annotated[Any, typer.Option("--from", parser=day, metavar="DAY", help=_("Received from."))] = None,
    until: Annotated[Any, typer.Option("--to", parser=day, metavar="DAY", help=_("Up to, included."))] = None,
    out: Out = None,
    home: Home = None,
) -> None:
    async def asked(store: Any, place: Any) -> Any:
        found = await exporting.received_in(store, since, until, zone=place.wording.zone)
        return exporting.complaints_csv(found, place.wording)

    keep(at_records(home, asked).encode(), out or Path("-"))


def keep(content: bytes, out: Path) -> None:
    """On standard output, or in a file that only its owner reads: it holds personal data."""
    if out == Path("-"):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return

    try:
        out.touch(mode=0o600)
        out.write_bytes(content)
    except OSError as error:
        raise Refused(
            N_(
                "{out} could not be written ({strerror}): choose another place with --out.",
                out=out,
                strerror=error.strerror,
            ),
        ) from error
    print(_("Kept in {out}.").format(out=out), file=sys.stderr)
