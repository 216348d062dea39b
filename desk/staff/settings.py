"""Who is who, and what is answered often, set on a page by an administrator (§3, §5, §7): contacts.toml, in parts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from complaints.contacts import Contacts, ContactsError
from complaints.rules.text import cleaned, one_line
from complaints.words.catalogue import N_, Message
from complaints.words.vocabulary import ROLES
from desk.request import PageRequest
from desk.staff.settings_changes import LATEST, NOTHING, Wrong, keep_and_write, told_beside
from starter.changing_contacts import (
    FIELDS,
    KEYED,
    LISTS,
    NEW,
    REMOVABLE,
    SUBSTITUTES,
    ContactsText,
    values_of,
)
from starter.errors import Refused
from starter.settings_text import CHANGED_MEANWHILE, differences

NEW_KEY = "new"
"""Of a part that is being added."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")

TITLES: Mapping[str, Message] = {
    "school": N_("The school"),
    "intake": N_("Where customers complain"),
    "sender": N_("What letters to customers come from"),
    "people": N_("The ladder"),
    "care_team": N_("The care team"),
    "quality": N_("Who reads the monthly review"),
    "departments": N_("Departments and their heads"),
    "text_blocks": N_("What is answered often"),
}
LABELS: Mapping[str, Message] = {
    "name": N_("Name"),
    "ruc": N_("RUC, 11 digits"),
    "address": N_("Address"),
    "website": N_("Website"),
    "emails": N_("Email addresses, one a line"),
    "telephone": N_("Telephone"),
    "email": N_("Email"),
    "phone": N_("Telephone"),
    "name.es": N_("Name in Spanish"),
    "name.en": N_("Name in English"),
    "substitutes": N_("Who stands in, one a line: name, email, first day, last day"),
    "head.name": N_("Head: name"),
    "head.email": N_("Head: email"),
    "head.phone": N_("Head: telephone"),
    "head.substitutes": N_("Who stands in for the head, one a line: name, email, first day, last day"),
    "title.es": N_("Title in Spanish"),
    "title.en": N_("Title in English"),
    "text.es": N_("Text in Spanish"),
    "text.en": N_("Text in English"),
}
PLACES: Mapping[str, Message] = {
    "customer": N_("the customer's name"),
    "number": N_("the complaint's number"),
    "received": N_("the day it came in"),
    "today": N_("today's date"),
    "promised": N_("the day of the answer that was promised"),
    "agent": N_("whoever writes"),
    "school": N_("the school"),
    "telephone": N_("the school's telephone"),
}
"""What may stand in braces in a text block, and what is filled in for it."""
LONG = frozenset({"emails", "text.es", "text.en"}) | SUBSTITUTES
"""Fields of several lines."""


@dataclass(frozen=True)
class Part:
    """One form of the page."""

    name: str
    """`school`, `departments.academic`; `departments.new` is the one to be added."""
    title: str
    values: Mapping[str, str]
    key: str | None = None
    """What somebody typed as the key of a new one."""
    removable: bool = False

    @property
    def is_new(self) -> bool:
        """Whether there is no such part yet."""
        return self.name.endswith(f".{NEW_KEY}")


async def settings_page(request: PageRequest) -> Response:
    """All of it, each part with its form, and who changed what."""
    return await _page(request, done=request.http.query_params.get("done") == "1")


async def change(request: PageRequest) -> Response:
    """Saves one part, or takes it away; whatever is refused stands in its form again."""
    assert request.form is not None
    part = request.http.path_params["part"]
    group, _, key = part.partition(".")
    if group not in FIELDS or (group in KEYED) is not bool(key):
        return request.refusal(N_("There is no page here."), status=404)
    typed = {field: _given(request, field) for field in FIELDS[group]}
    new_key = one_line(str(request.form.get("key") or ""))
    try:
        await _saved(request, part, typed, new_key)
    except ContactsError as error:
        wrong = told_beside(request, error, lambda field: _field_in(part, field))
        return await _page(request, refused=part, wrong=wrong, typed=typed, key=new_key)
    except NoKey as error:
        wrong = Wrong({"key": request.told(error)})
        return await _page(request, refused=part, wrong=wrong, typed=typed, key=new_key, status=409)
    except Refused as error:
        wrong = Wrong(rest=request.told(error))
        return await _page(request, refused=part, wrong=wrong, typed=typed, key=new_key, status=409)
    return request.to(f"/settings?done=1#{group}")


class NoKey(Refused):
    """What was typed as the key of a new part is none, or another's."""


def _field_in(part: str, field: str) -> tuple[str, Message] | None:
    """What the form of that part, and the page, call a field of the file, such as `departments.systems.head.email`."""
    group, _, key = part.partition(".")
    inside = field.removeprefix(f"{group}.")
    name = inside.partition(".")[2] if key else inside
    return (name, LABELS[name]) if name in LABELS else None


async def _saved(request: PageRequest, part: str, typed: Mapping[str, str], new_key: str) -> None:
    """Raises ContactsError, and Refused."""
    assert request.form is not None
    file, policy = contacts_text(request), request.app_state.policy
    if request.form.get("seen") != file.seen:
        raise Refused(CHANGED_MEANWHILE)
    group, _, key = part.partition(".")
    known = _keys(request.app_state.contacts(), group)
    if request.form.get("remove"):
        if group not in REMOVABLE or key not in known:
            raise Refused(CHANGED_MEANWHILE)
        text = file.without(part, policy=policy)
    else:
        if key == NEW_KEY:
            if group not in NEW or not _KEY.fullmatch(new_key) or new_key == NEW_KEY or new_key in known:
                raise NoKey(N_("Give it a key of its own: small letters, digits and _, such as virtual_classroom."))
            part = f"{group}.{new_key}"
        elif key and key not in known:
            raise Refused(CHANGED_MEANWHILE)
        text = file.with_values(part, typed, policy=policy)
    await keep_and_write(request, file, text)


async def _page(
    request: PageRequest,
    *,
    refused: str = "",
    wrong: Wrong = NOTHING,
    typed: Mapping[str, str] | None = None,
    key: str = "",
    done: bool = False,
    status: int = 422,
) -> Response:
    contacts, writable = request.app_state.contacts(), is_a_file(request)
    sections = [
        (group, request.say(title), [
            part if part.name != refused else Part(part.name, part.title, typed or {}, key, part.removable)
            for part in _parts(request, contacts, group, writable=writable)
        ])
        for group, title in TITLES.items()
    ]  # fmt: skip
    latest = await request.app_state.store.settings_changes(ContactsText.name, limit=LATEST)
    changes = [
        (one, [_called(request, contacts, field) for field in differences(one.before, one.after)]) for one in latest
    ]
    return request.page(
        "settings.html", status=status if wrong else 200, sections=sections, refused_part=refused, wrong=wrong,
        done=done, writable=writable, seen=contacts_text(request).seen if writable else "", changes=changes,
        changes_in_all=latest.total,
        labels={field: request.say(label) for field, label in LABELS.items()}, long=LONG,
        lists=LISTS | SUBSTITUTES, fields=FIELDS, places=PLACES,
    )  # fmt: skip


def _called(request: PageRequest, contacts: Contacts, field: str) -> str:
    """`Sistemas · Jefatura: correo`, as the page calls `departments.systems.head.email`."""
    group, _, inside = field.partition(".")
    title = request.say(TITLES[group]) if group in TITLES else group
    if group in KEYED:
        key, _, inside = inside.partition(".")
        parts = _parts(request, contacts, group, writable=False)
        title = next((part.title for part in parts if part.name == f"{group}.{key}"), title)
    return f"{title} · {request.say(LABELS[inside])}" if inside in LABELS else title


def _parts(request: PageRequest, contacts: Contacts, group: str, *, writable: bool) -> list[Part]:
    if group not in KEYED:
        return [Part(group, request.say(TITLES[group]), values_of(contacts, group))]
    found = []
    for key in _keys(contacts, group):
        values = values_of(contacts, f"{group}.{key}")
        role = request.say(ROLES[key]) if key in ROLES else key
        name = values.get(f"name.{request.language}") or values.get(f"title.{request.language}") or role
        found.append(Part(f"{group}.{key}", name, values, removable=group in REMOVABLE))
    if group in NEW and writable:
        found.append(Part(f"{group}.{NEW_KEY}", request.gettext("Add one"), {}))
    return found


def _keys(contacts: Contacts, group: str) -> tuple[str, ...]:
    return tuple(getattr(contacts, group)) if group in KEYED else ()


def _given(request: PageRequest, field: str) -> str:
    assert request.form is not None
    value = request.form.get(field)
    text = value if isinstance(value, str) else ""
    return cleaned(text) if field in LONG else one_line(text)


def is_a_file(request: PageRequest) -> bool:
    """Whether the installation names a file of its own; the packaged one is nobody's to change."""
    settings = request.app_state.settings
    return settings is not None and settings.contacts_file is not None


def contacts_text(request: PageRequest) -> ContactsText:
    """The file as it stands. Raises ContactsError, and Refused where the installation names none."""
    settings = request.app_state.settings
    if settings is None or settings.contacts_file is None:
        raise Refused(
            N_("These are the contacts that come with the program: name a file of your own in COMPLAINTS_CONTACTS.")
        )
    return ContactsText.read(settings.contacts_file)
