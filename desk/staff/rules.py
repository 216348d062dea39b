"""The school's rules as numbers, set on a page by an administrator (§4 to §8): policy.toml, all of it in one form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.responses import Response

from complaints.policy_file import numbers_of
from complaints.rules.text import cleaned, one_line
from complaints.toml_file import FileError
from complaints.words.catalogue import N_, Message
from complaints.words.policy import MEANINGS, NUMBERS, TABLES, UNITS, VALUES
from complaints.words.vocabulary import ROLES
from desk.request import PageRequest
from desk.staff.settings_changes import LATEST, NOTHING, Wrong, keep_and_write, told_beside
from starter.changing_policy import FIXED, OPTIONS, Kind, PolicyText, kind_of, values_of
from starter.errors import Refused
from starter.settings_text import CHANGED_MEANWHILE, differences

NO_FILE = N_("These are the rules that come with the program: name a file of your own in COMPLAINTS_POLICY.")

LEVELS = "escalation.levels"


@dataclass(frozen=True)
class Row:
    """One number of the page."""

    place: str
    """In the file, `windows.assessment`."""
    kind: Kind | None
    """How it is typed; None: it is shown only."""
    section: str
    label: str
    meaning: str
    unit: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    """The values that there are, and what they are called."""
    wrong: str = ""
    """Why what was typed is not taken."""


async def rules_page(request: PageRequest) -> Response:
    """Every number with its section, and who changed which."""
    return await _page(request, done=request.http.query_params.get("done") == "1")


async def save(request: PageRequest) -> Response:
    """Writes what differs, under another version; whatever is refused stands in the form again."""
    assert request.form is not None
    typed = _typed(request)
    try:
        file = policy_text(request)
        if request.form.get("seen") != file.seen:
            raise Refused(CHANGED_MEANWHILE)
        text = file.with_numbers(typed, contacts=request.app_state.contacts(), today=today(request))
        await keep_and_write(request, file, text)
    except FileError as error:
        return await _page(request, typed=typed, wrong=told_beside(request, error, _field))
    except Refused as error:
        return await _page(request, typed=typed, wrong=Wrong(rest=request.told(error)), status=409)
    return request.to("/settings/rules?done=1")


# -- for both pages of rules -----------------------------------------------------------------------------------------


def policy_text(request: PageRequest) -> PolicyText:
    """The file as it stands. Raises PolicyError, and Refused where the installation names none."""
    settings = request.app_state.settings
    if settings is None or settings.policy_file is None:
        raise Refused(NO_FILE)
    return PolicyText.read(settings.policy_file)


def is_writable(request: PageRequest) -> bool:
    """Whether the installation names a file of its own; the packaged one is nobody's to change."""
    settings = request.app_state.settings
    return settings is not None and settings.policy_file is not None


def today(request: PageRequest) -> date:
    """The school's day."""
    return request.words.day_of(request.now)


# -- the form --------------------------------------------------------------------------------------------------------


async def _page(
    request: PageRequest,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Wrong = NOTHING,
    done: bool = False,
    status: int = 422,
) -> Response:
    policy, store, writable = request.app_state.policy, request.app_state.store, is_writable(request)
    _, others = await store.open_under_others(policy.version, limit=1)
    latest = await store.settings_changes(PolicyText.name, limit=LATEST)
    changes = [(one, list(changes_between(request, one.before, one.after))) for one in latest]
    return request.page(
        "rules.html", status=status if wrong else 200, wrong=wrong, done=done, writable=writable,
        tables=_tables(request, typed or {}, wrong.fields), version=policy.version, others=others, changes=changes,
        changes_in_all=latest.total, kinds=Kind, seen=policy_text(request).seen if writable else "",
    )  # fmt: skip


def _tables(
    request: PageRequest, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> list[tuple[str, str, str, list[Row]]]:
    numbers, shown = numbers_of(request.app_state.policy), values_of(request.app_state.policy)
    return [
        (table, section, request.say(title), [
            _row(request, place, value, typed.get(place, shown[place]), wrong=wrong.get(place, ""))
            for place, value in numbers.items()
            if _table_of(place) == table and place != "version"
        ])
        for table, (section, title) in TABLES.items()
    ]  # fmt: skip


def _row(request: PageRequest, place: str, value: Any, shown: str, *, wrong: str) -> Row:
    section, words = NUMBERS.get(place, ("", place))
    label, unit, meaning = request.say(words), UNITS.get(place), MEANINGS.get(place)
    said = request.say(unit) if unit else ""
    return Row(
        place=place,
        kind=None if place in FIXED else kind_of(place, value),
        section="" if section == "–" else section,
        label=label,
        meaning=request.say(meaning) if meaning else "",
        unit="" if said.casefold() in label.casefold() else said,
        value=shown,
        options=tuple(_options(request, place).items()),
        wrong=wrong,
    )


def _options(request: PageRequest, place: str) -> dict[str, str]:
    """The values that there are, and what each is called; of the ladder those that stand there first, in order."""
    if place != LEVELS:
        return {option: request.say(VALUES[option]) for option in OPTIONS.get(place, ())}
    people = request.app_state.contacts().people
    keys = dict.fromkeys((*request.app_state.policy.escalation.levels, *people))
    return {key: _person(request, key) for key in keys}


def _person(request: PageRequest, key: str) -> str:
    """The role and whoever has it, in the reader's words; a key that is nobody's as it stands."""
    people = request.app_state.contacts().people
    role = request.say(ROLES[key]) if key in ROLES else key
    return f"{role}: {people[key].name}" if key in people else role


def _typed(request: PageRequest) -> dict[str, str]:
    """Every number as it was typed; ticks in another order than the file's are the file's."""
    assert request.form is not None
    policy, form = request.app_state.policy, request.form
    values, typed = numbers_of(policy), {}
    for place, shown in values_of(policy).items():
        if place in FIXED:
            continue
        kind = kind_of(place, values[place])
        if kind is Kind.SOME_OF:
            ticks = [str(one) for one in form.getlist(place) if str(one) in _options(request, place)]
            typed[place] = shown if set(ticks) == set(shown.splitlines()) else "\n".join(ticks)
        else:
            given = str(form.get(place) or "")
            typed[place] = cleaned(given).strip() if kind is Kind.DAYS else one_line(given)
    return typed


def changes_between(request: PageRequest, before: str, after: str) -> Iterator[str]:
    """`Evaluar en: 2 → 3`, for each number that differs between two texts."""
    for place, (old, new) in differences(before, after).items():
        words = NUMBERS.get(place, ("", place))[1]
        yield f"{request.say(words)}: {_said(request, old)} → {_said(request, new)}"


def _said(request: PageRequest, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join("-".join(one) if isinstance(one, list) else _said(request, one) for one in value) or "–"
    if value is None or isinstance(value, bool):
        return {None: "–", True: request.gettext("yes"), False: request.gettext("no")}[value]
    return request.say(VALUES[value]) if isinstance(value, str) and value in VALUES else str(value)


def _table_of(place: str) -> str:
    return place.partition(".")[0] if "." in place else ""


def _field(place: str) -> tuple[str, Message] | None:
    """A number is called in the form as it is in the file."""
    return (place, NUMBERS[place][1]) if place in NUMBERS else None
