"""A file of the school's settings, taken home and taken in (§3 to §8): what it would change is shown before it is kept.

The pages change these files in parts; here one goes out as it stands, and another comes in as a whole, checked as the
page's own changes are: to keep a copy, to compare, or to bring the settings of one installation to another.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from complaints.toml_file import FileError
from complaints.words.catalogue import N_
from desk.request import PageRequest
from desk.staff.rules import changes_between, is_writable, policy_text, today
from desk.staff.settings import contacts_text, is_a_file
from desk.staff.settings_changes import NOTHING, Wrong, keep_and_write
from starter.changing_contacts import ContactsText
from starter.changing_policy import PolicyText
from starter.errors import Refused
from starter.scanning import handed_out
from starter.settings_text import CHANGED_MEANWHILE, SettingsText, differences

LONGEST = 200_000
"""Bytes of a file that is taken in; ours have some thousands."""

_TOO_LONG = N_("That file is too large to be such settings: up to {kilobytes} kB.", kilobytes=LONGEST // 1000)
_NONE_CHOSEN = N_("Choose the file.")


@dataclass(frozen=True)
class Kept:
    """One of the two files, as its page knows it."""

    page: str
    read: Callable[[PageRequest], SettingsText]
    """Raises FileError, and Refused where the installation has none of its own."""
    is_own: Callable[[PageRequest], bool]
    """Whether the installation names one of its own."""
    instead: Callable[[PageRequest, Any, str], str]
    """The text as it would be kept. Raises FileError."""
    told: Callable[[PageRequest, str, str], Iterator[str]]
    """What differs between two texts, in the page's words."""


def _contacts_instead(request: PageRequest, file: ContactsText, text: str) -> str:
    return file.instead(text, policy=request.app_state.policy)


def _policy_instead(request: PageRequest, file: PolicyText, text: str) -> str:
    return file.instead(text, contacts=request.app_state.contacts(), today=today(request))


def _fields(_: PageRequest, before: str, after: str) -> Iterator[str]:
    for place, (old, new) in differences(before, after).items():
        yield f"{place}: {_shown(old)} → {_shown(new)}"


def _shown(value: Any) -> str:
    match value:
        case None:
            return "–"
        case list():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)


FILES = {
    ContactsText.name: Kept("/settings", contacts_text, is_a_file, _contacts_instead, _fields),
    PolicyText.name: Kept("/settings/rules", policy_text, is_writable, _policy_instead, changes_between),
}


async def download(request: PageRequest) -> Response:
    """The file as it stands; the packaged one where the installation has none of its own."""
    name = _name(request)
    if name not in FILES:
        return request.refusal(N_("There is no page here."), status=404)
    kept = FILES[name]
    text = kept.read(request).text if kept.is_own(request) else (files("complaints") / name).read_text(encoding="utf-8")
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="application/toml", headers=headers)


async def take_in(request: PageRequest) -> Response:
    """Shows what a chosen file would change; then, sent once more from that page, keeps and writes it."""
    assert request.form is not None
    name = _name(request)
    if name not in FILES:
        return request.refusal(N_("There is no page here."), status=404)
    kept, chosen = FILES[name], request.form.get("file")
    try:
        file = kept.read(request)
        given = await _text_of(request, chosen, name) if isinstance(chosen, UploadFile) else _sent_again(request)
        text = kept.instead(request, file, given)
        if chosen is not None:
            return _page(request, kept, file, text)
        if request.form.get("seen") != file.seen:
            return _page(request, kept, file, text, wrong=Wrong(rest=request.say(CHANGED_MEANWHILE)), status=409)
        await keep_and_write(request, file, text)
    except FileError as error:
        return _page(request, kept, wrong=Wrong(rest=error.said(request.language)), status=422)
    except Refused as error:
        return _page(request, kept, wrong=Wrong(rest=request.told(error)), status=409)
    return request.to(f"{kept.page}?done=1")


def _name(request: PageRequest) -> str:
    return f"{request.http.path_params['file']}.toml"


async def _text_of(request: PageRequest, upload: UploadFile, name: str) -> str:
    """What was chosen, as text. Raises FileError, and Refused."""
    if not upload.filename:
        raise Refused(_NONE_CHOSEN)
    if request.too_much or (upload.size or 0) > LONGEST:
        raise Refused(_TOO_LONG)
    try:
        data = await handed_out(request.app_state.file_scanner, await upload.read())
        text = data.decode("utf-8-sig")  # some editors begin with a mark of it
    except UnicodeDecodeError as error:
        raise FileError(N_("{file} is not UTF-8 text: save it as UTF-8.", file=name)) from error
    return _with_our_line_ends(text)


def _sent_again(request: PageRequest) -> str:
    """What the page before showed."""
    assert request.form is not None
    return _with_our_line_ends(str(request.form.get("text") or ""))


def _with_our_line_ends(text: str) -> str:
    """As we write them: browsers change those of what they send."""
    return text.replace("\r\n", "\n")


def _page(
    request: PageRequest,
    kept: Kept,
    file: SettingsText | None = None,
    text: str = "",
    *,
    wrong: Wrong = NOTHING,
    status: int = 200,
) -> Response:
    told = list(kept.told(request, file.text, text)) if file else []
    return request.page(
        "settings_file.html", status=status, wrong=wrong, name=_name(request), back=kept.page, text=text, told=told,
        same=file is not None and text == file.text, seen=file.seen if file else "",
    )  # fmt: skip
