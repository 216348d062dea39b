"""Running it all: the whole stack on this machine, the worker, the database's schema, what to set up, what is wrong."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import show
from cli.commands.base import at_desk, log_to_stderr, number_meant, tell_status
from cli.commands.options import AsJson, Home, Number, span_of
from cli.late import read_when_used
from complaints.words.catalogue import N_, _

with read_when_used():
    import worker as complaints_worker
    from complaints import contacts_file, long_running, policy_file
    from complaints import serving as listening
    from complaints import settings as environment
    from complaints.records import migrate as schema
    from local.host import restoring
    from local.stack import plan as stack_plan
    from local.stack import supervisor
    from starter import core_log, errors, homes, host_settings, reaching, scheduling, started_as, trial_letter
    from starter import doctor as examining
    from starter import forward as skipping
    from starter import pending as waiting
    from starter import place as places
    from starter import setup as attributes
    from workflows import names, schedules

if TYPE_CHECKING:
    from local.host.restoring import Restored
    from local.stack.plan import Program
    from starter.doctor import Finding
    from starter.place import Place
    from starter.stack_addresses import Addresses

PENDING_STOPS_WITHIN = 2.0
"""Seconds that starting something pending may still take when the worker stops; else the next worker does it."""

SMALL_HOST_CASES = "50"
"""How many cases the worker of a small host keeps in memory: of 500 open ones some dozens move on a day."""

Port = Annotated[
    int | None,
    typer.Option(min=1, max=65535, metavar="PORT", help=_("Else a free one.")),
]


def up(
    home: Home = None,
    as_json: AsJson = False,
    time_skipping: Annotated[
        bool,
        typer.Option(
            "--time-skipping",
            help=_("For trying things: time can be skipped with `complaints forward`."),
        ),
    ] = False,
    temporal_port: Port = None,
    database_port: Port = None,
    smtp_port: Port = None,
    mailbox_port: Port = None,
    desk_port: Port = None,
) -> None:
    core_log.forward_core_log()
    folder = homes.home_folder(home)
    host = host_settings.settings_of(folder, os.environ)
    named = {name: value for name, value in os.environ.items() if name.startswith("COMPLAINTS_")} | (host or {})
    settings = environment.Settings.from_env(named)
    where = settings.smtp_server.host if host is not None else None
    copied = restoring.restored_from(folder, now=datetime.now(UTC))
    serving = listening.Serving.from_env(host or {}, public_url=settings.public_url)
    contacts = contacts_file.ContactsFile(settings.contacts_file).now()
    contacts.check(policy_file.load_policy(settings.policy_file))  # a wrong file is refused before anything starts
    parts = supervisor.Parts(
        programs=(stack_plan.WORKER, stack_plan.DESK, *_mailbox_reader(copied, host, os.environ), *_nightly(host)),
        beside=(*_set_up_elsewhere(os.environ), *_taken_up_again(copied)),
        attributes=names.SEARCH_ATTRIBUTES,
        intake=contacts.intake.emails,
        catches=host is None,
        one_database=host_settings.one_database(host),
        two_roles=True,
        temporal_address=os.environ.get("TEMPORAL_ADDRESS") or None,
        env=_for_all(host) | ({"COMPLAINTS_SIMULATION": "1"} if time_skipping else {}),
    )
    ports = supervisor.Ports(
        temporal=temporal_port,
        database=database_port,
        smtp=smtp_port,
        mailbox=mailbox_port,
        desk=desk_port or (serving.listen.port if serving.listen else None),
    )
    first = not (folder / "postgres").exists()

    def ready(addresses: Addresses) -> None:
        if as_json:
            _ready_in_json(addresses)
        else:
            _ready_in_words(addresses, contacts.intake.emails, where, settings.public_url if host else None)
        if first and host is None and not as_json:
            how_to_begin(home)

    asyncio.run(
        supervisor.run_until_stopped(folder, time_skipping=time_skipping, ports=ports, parts=parts, on_ready=ready)
    )


def _for_all(host: Mapping[str, str] | None) -> dict[str, str]:
    """What every program of a real host sees; where mail comes in only its reader does."""
    small = {"CASES_IN_MEMORY": SMALL_HOST_CASES} if host is not None else {}
    return small | {name: value for name, value in (host or {}).items() if name not in host_settings.MAIL_IN}


def _nightly(host: Mapping[str, str] | None) -> tuple[Program, ...]:
    """The copy of each night, where the settings say where to."""
    if not (host or {}).get("BACKUP_DIR"):
        return ()
    others = (*stack_plan.SENDS, *stack_plan.SIGNS_IN)
    return (stack_plan.Program("backup", [*stack_plan.ours("backup"), "--nightly"], without=others),)


def _set_up_elsewhere(environ: Mapping[str, str]) -> tuple[list[str], ...]:
    """A Temporal that is not ours has our search attributes only after `complaints setup`; ours is begun with them."""
    return (stack_plan.ours("setup"),) if environ.get("TEMPORAL_ADDRESS") else ()


def _taken_up_again(copied: Restored | None) -> tuple[list[str], ...]:
    """After a restore: each open case goes on from its journal."""
    return ([sys.executable, "-m", "local.host.taking_up"],) if copied else ()


def _mailbox_reader(
    copied: Restored | None, host: Mapping[str, str] | None, environ: Mapping[str, str]
) -> tuple[Program, ...]:
    """A reader of the mailbox, where the host's settings name one. Raises Refused where answers would stay here."""
    named = {name: value for name, value in (environ if host is None else host).items() if value}
    named = {name: value for name, value in named.items() if name in host_settings.MAIL_IN}
    named_box = sorted(named.keys() & {"IMAP_URL", "IMAP_URL_FILE", "LMTP_LISTEN"})
    if not named_box:
        return ()
    if host is None:
        raise errors.Refused(
            N_(
                "{variable} names a real mailbox, but this home is for trying: it would keep every answer to itself. "
                "`complaints init` makes a home that serves for real; or unset {variable}.",
                variable=named_box[0],
            )
        )
    again = ["--since", copied.at.isoformat()] if copied else []
    others = (*stack_plan.SENDS, *stack_plan.SIGNS_IN, *stack_plan.COPIES)
    command = [*stack_plan.ours("mailbox"), *again]
    return (stack_plan.Program("mailbox", command, env=named, without=others, grace=stack_plan.GRACE),)


def _ready_in_json(addresses: Addresses) -> None:
    print(addresses.model_dump_json(), flush=True)


def how_to_begin(home: Path | None) -> None:
    """What a newcomer types next: a fresh folder has no account for the desk."""
    there = f" --home {shlex.quote(str(home))}" if home else ""
    who = _("First and last name")
    begin = _("To enter the desk, make the first account")
    print(f'{begin}:\n  {started_as.ours()} staff add admin --name "{who}" --role admin{there}', flush=True)


def _ready_in_words(
    addresses: Addresses, intake: Sequence[str], goes_out_by: str | None, public_url: str | None
) -> None:
    parts = [
        *([(_("desk"), public_url or addresses.desk)] if addresses.desk else []),
        ("Temporal", addresses.temporal_ui or addresses.temporal),
        *([(_("mail"), addresses.mailbox), ("SMTP", addresses.smtp)] if addresses.smtp else []),
    ]
    widest = max(len(name) for name, _address in parts)
    # A line each: in a terminal of 80 columns four in one are broken, and a broken address cannot be clicked.
    print("\n".join([_("Ready: ").strip(), *(f"  {name:<{widest}}  {where}" for name, where in parts)]), flush=True)
    if goes_out_by is not None:
        print(_("Letters go out to people, by {host}.").format(host=goes_out_by), flush=True)
        return
    print(
        _("For trying: no letter leaves this machine; they lie at {page}.").format(page=addresses.mailbox), flush=True
    )
    become = _("What that SMTP takes for {} becomes a complaint.")
    print(become.format(" · ".join(intake)), flush=True)


def worker(home: Home = None) -> None:
    log_to_stderr(home)
    environ = host_settings.environment_of(homes.home_folder(home), os.environ)
    core_log.forward_core_log(listening.at_from("WORKER_METRICS_LISTEN", environ))
    long_running.run(_work(places.place_of(home)))


async def _work(place: Place) -> None:
    if place.stack is not None:  # found by its home: the worker reads Temporal's address from the environment
        for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
            del os.environ[name]
        os.environ |= {"TEMPORAL_ADDRESS": place.stack.temporal, "TEMPORAL_NAMESPACE": place.stack.namespace}
        os.environ["TEMPORAL_CONFIG_FILE"] = os.devnull
    stop = asyncio.Event()
    pending = asyncio.create_task(waiting.keep_starting(place, stop))
    try:
        await scheduling.schedules_ensured(place)
        await complaints_worker.run(place.settings)
    finally:
        stop.set()
        await asyncio.wait([pending], timeout=PENDING_STOPS_WITHIN)


def migrate(home: Home = None, as_json: AsJson = False) -> None:
    done = asyncio.run(schema.migrate(places.place_of(home).owner_dsn))
    if as_json:
        show.json_of(done)
    elif done.changed:
        show.line(_("The database has schema {after}.").format(after=done.after))
    else:
        show.line(_("There was nothing to do."))


def setup(
    test_letter: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help=_("Send a test letter there.")),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    done = asyncio.run(_set_up(places.place_of(home), test_letter))
    if as_json:
        show.json_of(done)
        return
    added = ", ".join(done["search_attributes"]) or _("there already")
    show.line(_("Database: schema {schema}.").format(schema=done["schema"]))
    show.line(_("Search attributes: ") + added)
    show.line(_("Scheduled: the monthly review (§10), the daily digest, the daily check."))
    if test_letter:
        show.line(_("Test letter: accepted."))


async def _set_up(place: Place, test_letter: str | None) -> dict[str, Any]:
    done = await schema.migrate(place.owner_dsn)
    client = await reaching.client_of(place)
    added = await attributes.ensure_search_attributes(client)
    await schedules.ensure_schedules(
        client, timezone=place.policy.calendar.timezone, task_queue=place.settings.task_queue
    )
    if test_letter:
        await trial_letter.send(place.settings, test_letter)
    return {"schema": done.after, "search_attributes": added, "schedules": list(names.SCHEDULES)}


def doctor(
    mend: Annotated[
        bool,
        typer.Option("--mend", help=_("Start what is pending, restart what was lost.")),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    found = asyncio.run(_examined(places.place_of(home), mend=mend, tell=not as_json))
    if as_json:
        show.json_of(found)
    if any(finding.health == "bad" for finding in found):
        raise typer.Exit(1)


async def _examined(place: Place, *, mend: bool, tell: bool) -> list[Finding]:
    found = []
    async for finding in examining.findings(place, mend=mend):
        found.append(finding)
        if tell:
            style = {"ok": "green", "warn": "yellow", "bad": show.LATE}[finding.health]
            show.finding(finding.health, style, finding.title, finding.message)
    return found


def forward(
    number: Number,
    span: Annotated[str, typer.Argument(metavar="SPAN", help=_("Such as 3d, 36h, 90m."))],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    length = span_of(span)
    status = at_desk(home, lambda desk, place: skipping.forwarded(desk, place, number_meant(number), length))
    tell_status(status, home, as_json=as_json)
