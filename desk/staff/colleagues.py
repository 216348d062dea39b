"""Who has what: everybody with their open cases, who is away and who stands in, and all of one's cases handed over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from starlette.responses import Response

from complaints.colleagues import load_of, posts_of, problem_with, replaced_by, standing_in
from complaints.records.absences import Absence, Colleague, Workload
from complaints.records.staff import Role, StaffMember
from complaints.rules.facts import Assigned, Fact, Via
from complaints.words.catalogue import N_, Message
from desk.request import PageRequest, address
from desk.roles import ROLE_NAMES, Permission, may
from desk.staff.days import day_ends
from desk.staff.many import MOST, each

_NOBODY = N_("There is no such account.")
_NO_TAKER = N_("Choose who takes the cases over.")

HANDLING = tuple(role for role in Role if may(role, Permission.HANDLE))
"""Whose cases may be."""


@dataclass(frozen=True)
class Row:
    """One colleague as the page shows them."""

    one: Colleague
    load: Workload
    stands_in: Colleague | None
    """Who does their work today, where they are away."""
    instead_of: Sequence[Colleague]
    """Whose work they do today."""
    posts: Sequence[str]
    """The posts of the contacts that are theirs, by name: their letters follow an absence too."""
    may_change: bool
    may_hand_over: bool

    @property
    def can_be_reached(self) -> bool:
        """Whether the account has an address."""
        return self.one.email is not None


async def team_page(request: PageRequest) -> Response:
    """Everybody, whoever has most first; `of`: whose absence and cases are asked for."""
    given = request.http.query_params
    return await _page(request, done=given.get("done", ""), asked=given.get("of"))


async def away(request: PageRequest) -> Response:
    """Keeps on which days a colleague is away, and who stands in; whose open cases they get too, if that is ticked."""
    assert request.form is not None
    account, colleagues = _account(request), await request.app_state.store.colleagues()
    known = {one.account: one for one in colleagues}
    if account not in known:
        return request.refusal(_NOBODY, status=404)
    with_cases = bool(request.form.get("cases"))
    if not may_change(request, account) or (with_cases and not _may_hand_over(request, known[account])):
        return request.not_allowed()
    absence = _absence(request, account)
    if absence is None:
        return await _page(request, sentence=N_("Say from which day to which day, and who stands in."), asked=account)
    if problem := problem_with(absence, colleagues, request.words.day_of(request.now)):
        return await _page(request, sentence=problem, asked=account)
    substitute = known[absence.substitute]
    if with_cases and substitute.role not in HANDLING:
        return await _page(request, sentence=_NO_TAKER, asked=account)
    await request.app_state.store.set_away(absence, by=request.member.name)
    if with_cases:
        return await _handed(request, known[account], substitute)
    return request.to(address("/team", done="away", of=account))


async def back(request: PageRequest) -> Response:
    """Forgets an absence: they are here."""
    account = _account(request)
    if account not in {one.account for one in await request.app_state.store.colleagues()}:
        return request.refusal(_NOBODY, status=404)
    if not may_change(request, account):
        return request.not_allowed()
    await request.app_state.store.set_back(account)
    return request.to("/team?done=back")


async def hand_over(request: PageRequest) -> Response:
    """Gives all open cases of one colleague to another, case by case, each told with what came of it."""
    assert request.form is not None
    colleagues = {one.account: one for one in await request.app_state.store.colleagues()}
    giving, taking = colleagues.get(_account(request)), colleagues.get(str(request.form.get("to") or ""))
    if giving is None:
        return request.refusal(_NOBODY, status=404)
    if not _may_hand_over(request, giving):
        return request.not_allowed()
    if taking is None or taking.role not in HANDLING or taking == giving:
        return await _page(request, sentence=_NO_TAKER, asked=giving.account)
    return await _handed(request, giving, taking)


async def _handed(request: PageRequest, giving: Colleague, taking: Colleague) -> Response:
    numbers = await request.app_state.store.open_of(giving.names, limit=MOST)
    left = numbers.total - len(numbers)

    def handed(event_id: str) -> Fact:
        return Assigned(representative=taking.name, by=request.member.name, via=Via.DESK, event_id=event_id)

    return await each(
        request, "assign", numbers, handed, back="/team", left=left,
        title=N_("Cases of {giving} for {taking}", giving=giving.name, taking=taking.name),
    )  # fmt: skip


def may_change(request: PageRequest, account: str) -> bool:
    """Whether the reader may say when that colleague is away: their own absence, or as who leads or keeps accounts."""
    return account == request.member.account or request.may("decide") or request.may("people")


def names_of(request: PageRequest, one: StaffMember | Colleague, colleagues: Sequence[Colleague]) -> tuple[str, ...]:
    """Under which names cases are theirs today: their own, and those of whoever they stand in for."""
    today = request.words.day_of(request.now)
    known = next((colleague for colleague in colleagues if colleague.account == one.account), None)
    others = replaced_by(known, colleagues, today) if known else []
    return tuple(name for each in (one, *others) for name in request.app_state.roles_of(each))


def choices(request: PageRequest, colleagues: Sequence[Colleague], open_cases: Mapping[str, int]) -> dict[str, str]:
    """Who may be given a case, by the name that cases keep: `Ana Torres · Sistemas · 4 abiertas · ausente …`."""
    contacts, today = request.app_state.contacts(), request.words.day_of(request.now)
    found = {}
    for one in colleagues:
        if one.role not in HANDLING:
            continue
        count = sum(open_cases.get(name, 0) for name in one.names)
        said = [one.name, request.say(ROLE_NAMES[one.role])]
        if one.department in contacts.departments:
            said.append(contacts.departments[one.department].named(request.language))
        said.append(request.ngettext("{n} open case", "{n} open cases", count).format(n=count))
        if one.absence and one.away_on(today):
            said.append(
                request.gettext("away until {day}: {substitute} stands in").format(
                    day=request.words.day(one.absence.until), substitute=standing_in(one, colleagues, today).name
                )
            )
        found[one.name] = " · ".join(said)
    return found | {post.name: post.name for post in contacts.representatives.values() if post.name not in found}


def _account(request: PageRequest) -> str:
    account: str = request.http.path_params["account"]
    return account


def _may_hand_over(request: PageRequest, one: Colleague) -> bool:
    return request.may("decide") or (one.account == request.member.account and request.may("handle"))


def _absence(request: PageRequest, account: str) -> Absence | None:
    assert request.form is not None
    try:
        since, until = (date.fromisoformat(str(request.form.get(name) or "")) for name in ("since", "until"))
    except ValueError:
        return None
    return Absence(account=account, since=since, until=until, substitute=str(request.form.get("substitute") or ""))


async def _page(
    request: PageRequest, *, sentence: Message | None = None, asked: str | None = None, done: str = ""
) -> Response:
    store, today = request.app_state.store, request.words.day_of(request.now)
    colleagues, loads = await store.colleagues(), await store.workload(day_ends=day_ends(request))
    contacts = request.app_state.contacts()

    def row(one: Colleague) -> Row:
        load = load_of(one, loads, roles=request.app_state.roles_of(one))
        stands_in = standing_in(one, colleagues, today)
        return Row(
            one, load, stands_in if stands_in != one else None, replaced_by(one, colleagues, today),
            [_post(request, field) for field in posts_of(one, contacts)],
            may_change(request, one.account), _may_hand_over(request, one) and load.open > 0,
        )  # fmt: skip

    rows = sorted(map(row, colleagues), key=lambda each: (-each.load.late, -each.load.open, each.one.name))
    nobodys = sum((load for (who, _), load in loads.items() if not who), Workload())
    return request.page(
        "team.html",
        status=422 if sentence else 200,
        rows=rows,
        nobodys=nobodys,
        role_names=ROLE_NAMES,
        departments={key: one.named(request.language) for key, one in contacts.departments.items()},
        takers=[one for one in colleagues if one.role in HANDLING],
        colleagues=colleagues,
        today=today,
        fresh_id=lambda: str(uuid4()),
        sentence=request.say(sentence) if sentence else None,
        asked=asked,
        done=_DONE.get(done),
        typed=request.form or {},
    )


def _post(request: PageRequest, field: str) -> str:
    """`people.general_director` as people call it."""
    place, _, rest = field.partition(".")
    if place == "departments":
        return request.app_state.contacts().departments[rest.removesuffix(".head")].named(request.language)
    return request.words.role(rest if place == "people" else place) if place != "representatives" else ""


_DONE: dict[str, Message] = {
    "away": N_("Kept: letters, calls and new cases go to whoever stands in."),
    "back": N_("Kept: everything comes to them again."),
}
