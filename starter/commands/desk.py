"""The desk in the browser, and who may sign in there."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from complaints.words.catalogue import _, say
from starter.commands.groups import ListByDefault
from starter.commands.options import AsJson, Home

if TYPE_CHECKING:
    from pathlib import Path

    from complaints.records.store import Store
    from starter.place import Place

app = typer.Typer()
staff = typer.Typer(
    name="staff",
    cls=ListByDefault,
    help=_("Who may sign in at the desk (§5)."),
)
app.add_typer(staff)

RoleName = Literal["agent", "manager", "director", "quality", "admin"]
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help=_("What they type to sign in."))]
FromStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help=_("Read the password from stdin, else make one."),
    ),
]


@app.command(help=_("Serve the desk to browsers (§3 to §8)."))
def desk(
    home: Home = None,
    host: Annotated[str, typer.Option(help=_("Address to listen on."))] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help=_("Port."))] = 8600,
) -> None:
    import asyncio
    import logging

    from starter.place import place_of

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(_serve(place_of(home), host, port))


async def _serve(place: "Place", host: str, port: int) -> None:
    import os
    import signal

    import uvicorn

    from complaints.contacts_file import ContactsFile
    from complaints.sign_in import SignIn
    from desk.app import application
    from desk.identity import Provider
    from desk.office import Office
    from desk.own_host import OwnHost
    from starter.sending_by_hand import all_ended

    sign_in = SignIn.from_env(os.environ, public_url=place.settings.public_url)
    settings, contacts = place.settings, ContactsFile(place.settings.contacts_file)
    async with place.front_desk(lazy=True, connections=10) as front_desk:
        office = Office(
            front_desk=front_desk,
            store=_records_of(front_desk.store),
            contacts=contacts.now,
            policy=place.policy,
            settings=settings,
            language=settings.language,
            temporal_ui=lambda: settings.temporal_ui or _ui_of_stack(place.home),
            secure=(settings.public_url or "").startswith("https://"),
            sign_in=sign_in,
            provider=Provider(sign_in.oidc) if sign_in.oidc else None,
        )
        app = OwnHost(application(office), settings.public_url)
        # No access log: addresses hold what people look for.
        config = uvicorn.Config(
            app, host=host, port=port, access_log=False, log_config=None, server_header=False,
            lifespan="off", timeout_graceful_shutdown=3, proxy_headers=False,
        )  # fmt: skip
        # Once everything is closed uvicorn raises the signal again: to be told to stop is no failure.
        signal.signal(signal.SIGTERM, lambda *_: None)
        await uvicorn.Server(config).serve()
        await all_ended()


def _records_of(store: "Store | None") -> "Store":
    from complaints.settings import SettingsError

    if store is None:
        raise SettingsError(
            "DATABASE_URL is not set: the desk needs the records, postgresql://user:password@host/name."
        )
    return store


def _ui_of_stack(home: "Path") -> str | None:
    """Temporal's page, where `complaints up` runs it."""
    from local.addresses import find_stack

    stack = find_stack(home)
    return stack.temporal_ui if stack else None


@staff.command("list", help=_("Show the accounts (§5)."))
def list_(home: Home = None, as_json: AsJson = False) -> None:
    from starter import show
    from starter.commands.base import at_records

    found = at_records(home, lambda store, place: store.staff())
    if as_json:
        show.json_of(found)
        return
    for one in found:
        state = _("disabled") if one.disabled_at else ""
        show.line(f"{one.account:<20} {one.role.value:<9} {show.plain(one.name)} {state}".rstrip())
    if not found:
        show.line(_("No accounts: `complaints staff add`."))


@staff.command(help=_("Make an account (§5)."))
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
    from complaints.passwords import Passwords
    from complaints.records.staff import Role
    from complaints.rules.text import one_line
    from starter.commands.base import at_records

    account, name = _account(account), one_line(name).strip()
    if not name:
        raise typer.BadParameter(_("say a name with --name."))
    password, address = _password(account, password_stdin), _email(email) if email else None

    async def made(store: "Store", place: "Place") -> None:
        hashed = await Passwords().hashed(password)
        await store.add_staff(account, name=name, role=Role(role), password_hash=hashed, email=address)

    at_records(home, made)
    _tell(account, None if password_stdin else password, as_json=as_json)


@staff.command(help=_("Take access away, and end the sessions (§5)."))
def disable(account: Account, home: Home = None, as_json: AsJson = False) -> None:
    from starter.commands.base import at_records

    account = _account(account)
    at_records(home, lambda store, place: store.disable_staff(account))
    _tell(account, None, as_json=as_json)


@staff.command(help=_("Change the role (§5)."))
def role(
    account: Account,
    role: Annotated[RoleName, typer.Argument(metavar="ROLE", help="agent, manager, director, quality, admin")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    from complaints.records.staff import Role
    from starter.commands.base import at_records

    account = _account(account)
    at_records(home, lambda store, place: store.set_role(account, Role(role)))
    _tell(account, None, as_json=as_json)


@staff.command(help=_("Say who they are at the identity provider, by email or subject (§5)."))
def link(
    account: Account,
    email: Annotated[str | None, typer.Option(help=_("Email; empty removes it."))] = None,
    subject: Annotated[str | None, typer.Option(help=_("Their subject (sub) at OIDC_ISSUER."))] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    import os

    from complaints.settings import SettingsError, address_from
    from starter.commands.base import at_records

    account = _account(account)
    if (email is None) == (subject is None):
        raise typer.BadParameter(_("say --email or --subject."))
    address = _email(email) if email else None
    issuer = address_from("OIDC_ISSUER", os.environ.get("OIDC_ISSUER") or None)
    if subject and issuer is None:
        raise SettingsError("OIDC_ISSUER is not set: a subject is somebody at one identity provider only.")

    async def linked(store: "Store", place: "Place") -> None:
        if subject is not None and issuer is not None:
            await store.link_staff(account, issuer=issuer, subject=subject)
        else:
            await store.set_email(account, address)

    at_records(home, linked)
    _tell(account, None, as_json=as_json)


@staff.command(help=_("Give another password, and unlock (§5)."))
def reset(account: Account, password_stdin: FromStdin = False, home: Home = None, as_json: AsJson = False) -> None:
    from complaints.passwords import Passwords
    from starter.commands.base import at_records

    account = _account(account)
    password = _password(account, password_stdin)

    async def changed(store: "Store", place: "Place") -> None:
        await store.set_password(account, await Passwords().hashed(password), temporary=True)

    at_records(home, changed)
    _tell(account, None if password_stdin else password, as_json=as_json)


def _account(text: str) -> str:
    from complaints.accounts import SPELLING, account_meant

    if (account := account_meant(text)) is None:
        raise typer.BadParameter(say(SPELLING))
    return account


def _email(text: str) -> str:
    from complaints.accounts import email_meant

    if (email := email_meant(text)) is None:
        raise typer.BadParameter(_("is not an email address."))
    return email


def _password(account: str, from_stdin: bool) -> str:
    from complaints.passwords import generated, too_weak

    if not from_stdin:
        return generated()
    password = sys.stdin.readline().rstrip("\r\n")
    if weak := too_weak(password, account):
        raise typer.BadParameter(say(weak))
    return password


def _tell(account: str, password: str | None, *, as_json: bool) -> None:
    from starter import show

    if as_json:
        show.json_of({"account": account} | ({"password": password} if password else {}))
        return
    show.line(_("{account}: done.").format(account=account))
    if password:
        show.line(_("Password for the first time: ") + password, "bold")
        show.line(_("Shown only now; changed at sign-in."), show.QUIET)
