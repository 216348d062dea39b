"""Mail, looked at: what a message would be taken for, and why (§3)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import show
from cli.commands.options import AsJson
from cli.late import read_when_used
from cli.quarantine_words import said_of
from complaints.words.catalogue import _, spoken

with read_when_used():
    from complaints import contacts_file
    from complaints import settings as environment
    from starter.mailbox import explained as explained_mail


def explain(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help=_("Files or folders of mail.")),
    ],
    mailbox: Annotated[
        str | None,
        typer.Option(
            "--mailbox",
            metavar="ADDRESS",
            help=_("Where they came in (else as in contacts)."),
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    address = mailbox or _support_address()
    found = [
        explained_mail.explained(name, raw, mailbox_address=address, language="en" if as_json else spoken())
        for name, raw in explained_mail.messages_in(files)
    ]
    if as_json:
        show.json_of(found)
    else:
        for one in found:
            _told(one)
    if not all(path.exists() for path in files):
        raise typer.Exit(1)


def _support_address() -> str:
    """The intake's first address; without usable contacts this still works, knowing no mailbox of ours."""
    try:
        return (
            contacts_file.ContactsFile(environment.Settings.from_env(os.environ).contacts_file).now().intake.emails[0]
        )
    except Exception:  # whatever is wrong with the settings: nothing is done here but reading
        return ""


def _told(one: dict[str, Any]) -> None:
    show.line(f"{one['file']}: {said_of(one['kind'])} ({one['score']:g})")
    show.line(f"  {one['from'] or '—'} · {one['subject'] or '—'}")
    if one["held"]:
        proposed = f"{one['customer_name'] or ''} {one['customer'] or '—'}".strip()
        show.line(
            "  "
            + _("held: {why}; proposed as the customer: {customer}").format(why=said_of(one["held"]), customer=proposed)
        )
    elif one["answered"] and one["answered"] != one["from"]:
        show.line("  " + _("letters go to {address}").format(address=one["answered"]))
    for sign in one["evidence"]:
        show.line(f"  {sign['weight']:+.2f} {said_of(sign['says'])}: {sign['what']}")
    for name, field in one["fields"].items():
        show.line(f"  {name} = {field['value']}  « {field['source']} »")
    for attachment in one["attachments"]:
        show.line(f"  + {attachment['name']} ({attachment['type']}, {attachment['size']} B)")
