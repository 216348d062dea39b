"""The desk in the browser, and who may sign in there."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli import show
from cli.commands.base import account_meant, at_records, email_meant, log_to_stderr
from cli.commands.options import AsJson, Home
from cli.late import read_when_used
from complaints.words.catalogue import _, say

with read_when_used():
    from complaints import contacts_file, passwords, policy_file
    from complaints import serving as listening
    from complaints import settings as environment
    from complaints import sign_in as signing_in
    from complaints.records import staff as accounts_kept
    from complaints.rules import text as texts
    from desk import app as web
    from desk import app_state as app_states
    from desk import metrics, own_host, serving
    from desk import page_behind as temporal_pages
    from desk.staff import identity
    from starter import host_settings, page_behind, reaching, sending_by_hand
    from starter import place as places

if TYPE_CHECKING:
    from complaints.records.store import Store
    from starter.place import Place

RoleName = Literal["agent", "manager", "director", "quality", "admin"]
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help=_("What they type to sign in."))]


FromStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help=_("Read the password from stdin, else make one."),
    ),
]


def desk(
    home: Home = None,
    host: Annotated[str, typer.Option(help=_("Address to listen on."))] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help=_("Port."))] = 8600,
) -> None:
    log_to_stderr(home)
    asyncio.run(_serve(places.place_of(home), host, port))


async def _serve(place: Place, host: str, port: int) -> None:
    said = host_settings.environment_of(place.home, os.environ)
    sign_in = signing_in.SignIn.from_env(said, public_url=place.settings.public_url)
    how = listening.Serving.from_env(said, public_url=place.settings.public_url)
    settings, contacts = place.settings, contacts_file.ContactsFile(place.settings.contacts_file)
    named = settings.temporal_ui_behind
    temporal_page = temporal_pages.TemporalPage(lambda: page_behind.page_behind(place.home, named))
    async with (
        reaching.front_desk_of(place, lazy=True, connections=10) as front_desk,
        contextlib.aclosing(temporal_page),
    ):
        app_state = app_states.AppState(
            front_desk=front_desk,
            store=_records_of(front_desk.store),
            contacts=contacts.now,
            policy_now=policy_file.PolicyFile(place.settings.policy_file).now,
            settings=settings,
            language=settings.language,
            temporal_ui=lambda: settings.temporal_ui,
            temporal_page=temporal_page,
            secure=(settings.public_url or "").startswith("https://"),
            sign_in=sign_in,
            provider=identity.Provider(sign_in.oidc) if sign_in.oidc else None,
        )
        app = own_host.OwnHost(web.application(app_state), settings.public_url, settings.customer_url)
        # Once everything is closed uvicorn raises the signal again: to be told to stop is no failure.
        signal.signal(signal.SIGTERM, lambda *_: None)
        at = how.listen or listening.At(host, port)
        await serving.serve(app, at, how, public_url=settings.public_url, metrics=metrics.metrics_page(app_state))
        await sending_by_hand.all_ended()


def _records_of(store: Store | None) -> Store:
    if store is None:
        raise environment.SettingsError(
            "DATABASE_URL is not set: the desk needs the records, postgresql://user:password@host/name."
        )
    return store


def list_(home: Home = None, as_json: AsJson = False) -> None:
    found = at_records(home, lambda store, place: store.staff())
    if as_json:
        show.json_of(found)
        return
    for one in found:
        state = _("disabled") if one.disabled_at else ""
        show.line(f"{one.account:<20} {one.role.value:<9} {show.plain(one.name)} {state}".rstrip())
    if not found:
        show.line(_("No accounts: `complaints staff add`."))


def add(
    account: Account,
    name: Annotated[str, typer.Option(help=_("The name that acts are signed with."))],
    role: Annotated[RoleName, typer.Option(help=_("Role; see docs/roles.md."))] = "agent",
    email: Annotated[
        str | None,
        typer.Option(help=_("Email by which OpenID Connect knows them.")),
    ] = None,
    password_stdin: FromStdin = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    account, name = account_meant(account), texts.one_line(name).strip()
    if not name:
        raise typer.BadParameter(_("say a name with --name."))
    password, address = _password(account, password_stdin), email_meant(email) if email else None

    async def made(store: Store, place: Place) -> str | None:
        hashed = await passwords.Passwords().hashed(password)
        await store.add_staff(account, name=name, role=accounts_kept.Role(role), password_hash=hashed, email=address)
        return place.settings.public_url or (place.stack.desk if place.stack else None)

    desk = at_records(home, made)
    _tell(account, None if password_stdin else password, as_json=as_json)
    if desk and not as_json:
        show.line(_("Sign in at {desk}").format(desk=desk))


def disable(account: Account, home: Home = None, as_json: AsJson = False) -> None:
    account = account_meant(account)
    at_records(home, lambda store, place: store.disable_staff(account))
    _tell(account, None, as_json=as_json)


def role(
    account: Account,
    role: Annotated[RoleName, typer.Argument(metavar="ROLE", help="agent, manager, director, quality, admin")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    account = account_meant(account)
    at_records(home, lambda store, place: store.set_role(account, accounts_kept.Role(role)))
    _tell(account, None, as_json=as_json)


def link(
    account: Account,
    email: Annotated[str | None, typer.Option(help=_("Email; empty removes it."))] = None,
    subject: Annotated[str | None, typer.Option(help=_("Their subject (sub) at OIDC_ISSUER."))] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    account = account_meant(account)
    if (email is None) == (subject is None):
        raise typer.BadParameter(_("say --email or --subject."))
    address = email_meant(email) if email else None
    issuer = environment.address_from("OIDC_ISSUER", os.environ.get("OIDC_ISSUER") or None)
    if subject and issuer is None:
        raise environment.SettingsError("OIDC_ISSUER is not set: a subject is somebody at one identity provider only.")

    async def linked(store: Store, place: Place) -> None:
        if subject is not None and issuer is not None:
            await store.link_staff(account, issuer=issuer, subject=subject)
        else:
            await store.set_email(account, address)

    at_records(home, linked)
    _tell(account, None, as_json=as_json)


def reset(account: Account, password_stdin: FromStdin = False, home: Home = None, as_json: AsJson = False) -> None:
    account = account_meant(account)
    password = _password(account, password_stdin)

    async def changed(store: Store, place: Place) -> None:
        await store.set_password(account, await passwords.Passwords().hashed(password), temporary=True)

    at_records(home, changed)
    _tell(account, None if password_stdin else password, as_json=as_json)


def second_factor(account: Account, home: Home = None, as_json: AsJson = False) -> None:
    account = account_meant(account)
    at_records(home, lambda store, place: store.drop_second_factor(account))
    _tell(account, None, as_json=as_json)


def _password(account: str, from_stdin: bool) -> str:
    if not from_stdin:
        return passwords.generated()
    password = sys.stdin.readline().rstrip("\r\n")
    if weak := passwords.too_weak(password, account):
        raise typer.BadParameter(say(weak))
    return password


def _tell(account: str, password: str | None, *, as_json: bool) -> None:
    if as_json:
        show.json_of({"account": account} | ({"password": password} if password else {}))
        return
    show.line(_("{account}: done.").format(account=account))
    if password:
        show.line(_("Password for the first time: ") + password, "bold")
        show.line(_("Shown only now; changed at sign-in."), show.QUIET)
