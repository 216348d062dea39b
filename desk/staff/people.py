"""Who may sign in, for the administrator: accounts made and changed by the same rules as on the command line."""

from dataclasses import dataclass

from starlette.responses import Response

from complaints.accounts import SPELLING, account_meant, email_meant
from complaints.passwords import generated
from complaints.records.errors import AccountTaken, IdentityTaken, UnknownAccount
from complaints.records.staff import Role
from complaints.rules.text import one_line
from complaints.words.catalogue import N_, Message, catalogue
from desk.request import PageRequest
from desk.roles import ROLE_NAMES
from desk.security_log import Event, told

Words = Message
"""Spanish, English."""


@dataclass(frozen=True)
class HandedOver:
    """A first password, shown once."""

    account: str
    password: str


class NotSo(Exception):
    """What was filled in cannot be done; the sentence says why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(catalogue("en").say(message))


async def people_page(request: PageRequest) -> Response:
    """Every account with its role, and what changes it."""
    return await _page(request, done=request.http.query_params.get("done", ""))


async def add(request: PageRequest) -> Response:
    """A new account, with a password for the first time where passwords are used."""
    assert request.form is not None
    typed = {name: one_line(str(request.form.get(name) or "")) for name in ("account", "name", "email", "role")}
    try:
        handed = await _added(request, typed)
    except NotSo as no:
        return await _page(request, status=422, sentence=no.message, typed=typed)
    except AccountTaken:
        taken = N_("There is an account with that identifier, name or email: choose another.")
        return await _page(request, status=409, sentence=taken, typed=typed)
    told(request, Event.ACCOUNT_CHANGED, about=f"{account_meant(typed['account'])}/add")
    return await _page(request, handed=handed) if handed else request.to("/people?done=add")


async def change(request: PageRequest) -> Response:
    """Role, email, another password, or no access any more; sessions of the account end."""
    assert request.form is not None
    account, what = request.http.path_params["account"], request.http.path_params["what"]
    try:
        handed = await _changed(request, account, what)
    except NotSo as no:
        return await _page(request, status=422, sentence=no.message)
    except UnknownAccount:
        return request.refusal(N_("There is no such account."), status=404)
    except IdentityTaken:
        return await _page(request, status=409, sentence=N_("Another has that email."))
    told(request, Event.ACCOUNT_CHANGED, about=f"{account}/{what}")  # both are known: the records had the one
    return await _page(request, handed=handed) if handed else request.to(f"/people?done={what}")


async def _added(request: PageRequest, typed: dict[str, str]) -> HandedOver | None:
    account = account_meant(typed["account"])
    if account is None:
        raise NotSo(N_("Account: {spelling}", spelling=SPELLING))
    if not typed["name"]:
        raise NotSo(N_("Name: is needed; it signs their acts."))
    email, role, password = _email(typed["email"]), _role(typed["role"]), generated()
    hashed = await request.app_state.passwords.hashed(password)
    await request.app_state.store.add_staff(account, name=typed["name"], role=role, password_hash=hashed, email=email)
    return HandedOver(account, password) if request.app_state.sign_in.passwords else None


async def _changed(request: PageRequest, account: str, what: str) -> HandedOver | None:
    assert request.form is not None
    store = request.app_state.store
    if account == request.member.account and what in ("role", "disable"):
        raise NotSo(
            N_("Your own account is changed by somebody else: so nobody locks themselves out."),
        )
    match what:
        case "role":
            await store.set_role(account, _role(str(request.form.get("role") or "")))
        case "email":
            await store.set_email(account, _email(str(request.form.get("email") or "")))
        case "department":
            department = str(request.form.get("department") or "")
            if department and department not in request.app_state.contacts().departments:
                raise NotSo(N_("Department: choose one of the list."))
            await store.set_department(account, department or None)
        case "second-factor":
            await store.drop_second_factor(account)
        case "disable":
            await store.disable_staff(account)
        case "reset":
            password = generated()
            await store.set_password(account, await request.app_state.passwords.hashed(password), temporary=True)
            return HandedOver(account, password) if request.app_state.sign_in.passwords else None
        case _:
            raise UnknownAccount(account)
    return None


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise NotSo(N_("Role: choose one of the list.")) from None


def _email(text: str) -> str | None:
    if not text.strip():
        return None
    if (email := email_meant(text)) is None:
        raise NotSo(N_("Email: is not an email address."))
    return email


async def _page(
    request: PageRequest,
    *,
    status: int = 200,
    sentence: Words | None = None,
    typed: dict[str, str] | None = None,
    handed: HandedOver | None = None,
    done: str = "",
) -> Response:
    return request.page(
        "people.html",
        status=status,
        staff=await request.app_state.store.staff(),
        roles=ROLE_NAMES,
        departments={key: one.named(request.language) for key, one in request.app_state.contacts().departments.items()},
        working={one.account: one for one in await request.app_state.store.colleagues()},
        today=request.words.day_of(request.now),
        sentence=request.say(sentence) if sentence else None,
        typed=typed or {},
        handed=handed,
        done=_DONE.get(done),
    )


_DONE: dict[str, Words] = {
    "add": N_("Account made."),
    "role": N_("Role changed; their sessions ended."),
    "email": N_("Email kept."),
    "department": N_("Department kept."),
    "second-factor": N_("Their second step is gone: a password is enough until they set it up anew."),
    "disable": N_("No access any more."),
    "reset": N_("Has access again."),
}
