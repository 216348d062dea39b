"""The mailbox reader: what customers write becomes complaints and answers (§3)."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

from typing import Annotated

import typer

from complaints.words.catalogue import _
from starter.commands.options import Home

app = typer.Typer()


@app.command(help=_("Read the complaints' mailbox (§3): IMAP_URL, LMTP_LISTEN, or both."))
def mailbox(
    once: Annotated[bool, typer.Option("--once", help=_("Only what is there now."))] = False,
    home: Home = None,
) -> None:
    import asyncio
    import logging

    from starter.place import place_of
    from starter.reading_mail import read_mail

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    all_taken = asyncio.run(read_mail(place_of(home), once=once, ready=lambda: print("ready", flush=True)))
    if not all_taken:
        raise typer.Exit(1)
