"""Programs with a token for the intake API, for the administrator: given, looked at, taken away."""

from datetime import timedelta

from starlette.responses import Response

from complaints.bearer import NAME, digest_of, generated
from complaints.records.errors import ProgramTaken, UnknownProgram
from complaints.records.programs import Scope
from complaints.words.catalogue import N_, Message
from desk.request import PageRequest
from desk.security_log import Event, told

SCOPES: dict[Scope, Message] = {
    Scope.INTAKE: N_("take in complaints and messages"),
    Scope.READ: N_("look at cases"),
    Scope.FIND: N_("find cases by what was written"),
    Scope.ACTS: N_("act on cases"),
    Scope.DECIDE: N_("close by decision"),
}
"""What each allows, as people say it."""

LIFETIMES = (90, 365, 1095)
"""Days to choose from; none: until it is revoked."""


async def programs_page(request: PageRequest) -> Response:
    """Every program that has, or had, a token."""
    return await _page(request)


async def add(request: PageRequest) -> Response:
    """A token for a program, shown once."""
    assert request.form is not None
    name = str(request.form.get("name") or "").strip()
    asked, days = {str(one) for one in request.form.getlist("scope")}, str(request.form.get("days") or "")
    scopes = tuple(scope for scope in SCOPES if scope.value in asked)
    sentence = None
    if not NAME.fullmatch(name):
        sentence = N_("Name: small letters, digits and . _ -, up to 40.")
    elif not scopes:
        sentence = N_("Say what it may do: choose at least one thing.")
    if sentence:
        return await _page(request, status=422, sentence=sentence, name=name, asked=asked)
    token = generated()
    lasts = timedelta(days=int(days)) if days in map(str, LIFETIMES) else None
    try:
        await request.app_state.store.add_program(
            name, digest=digest_of(token), scopes=scopes, made_by=request.member.account, lasts=lasts
        )
    except ProgramTaken:
        taken = N_("{name} has a token already: take it away first, or choose another name.", name=name)
        return await _page(request, status=409, sentence=taken, name=name, asked=asked)
    told(request, Event.PROGRAM_CHANGED, about=f"{name}/add")
    return await _page(request, made=(name, token))


async def revoke(request: PageRequest) -> Response:
    """Its token is worth nothing any more."""
    name = request.http.path_params["name"]
    try:
        await request.app_state.store.revoke_program(name)
    except UnknownProgram:
        return request.refusal(N_("That program has no token."), status=404)
    told(request, Event.PROGRAM_CHANGED, about=f"{name}/revoke")
    return request.to("/programs")


async def _page(
    request: PageRequest,
    *,
    status: int = 200,
    sentence: Message | None = None,
    name: str = "",
    asked: set[str] | None = None,
    made: tuple[str, str] | None = None,
) -> Response:
    return request.page(
        "programs.html",
        status=status,
        programs=await request.app_state.store.programs(),
        scopes=SCOPES,
        lifetimes=LIFETIMES,
        sentence=request.say(sentence) if sentence else None,
        name=name,
        asked=asked if asked is not None else {Scope.INTAKE.value},
        made=made,
    )
