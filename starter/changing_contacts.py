"""contacts.toml changed on a page: a part at a time, checked as the file is, its comments and order kept (§3 to §7).

The file stays what it is: one that people may edit, and that every program reads again when it has changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

import tomlkit
from tomlkit.items import Item

from complaints.contacts import Contacts, ContactsError, contacts_in
from complaints.records.settings_changes import SettingsFile
from complaints.rules.policy import Policy
from complaints.toml_file import FileError
from complaints.words.catalogue import N_
from starter.settings_text import SettingsText

_POST = ("name", "email", "phone", "substitutes")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "school": ("name", "ruc", "address", "website"),
    "intake": ("emails", "telephone"),
    "sender": ("name", "address"),
    "care_team": _POST,
    "quality": _POST,
    "people": _POST,
    "departments": ("name.es", "name.en", "head.name", "head.email", "head.phone", "head.substitutes"),
    "text_blocks": ("title.es", "title.en", "text.es", "text.en"),
}
"""What a page may change in each part; what else stands there, a language say, stays as it is."""

KEYED = frozenset({"people", "departments", "text_blocks"})
"""Of these there are several, each with a key."""

NEW = frozenset({"departments", "text_blocks"})
"""Of these a page may add one. Levels of the ladder are the policy's to add."""

REMOVABLE = frozenset({"text_blocks"})
"""Of these a page may take one away: complaints go on that a department has."""

OPTIONAL = frozenset({"quality"})
"""What is not there at all where nothing is filled in."""

LISTS = frozenset({"emails"})
"""Fields of several lines, an item each."""

SUBSTITUTES = frozenset({"substitutes", "head.substitutes"})
"""Fields of several lines, each who stands in: name, email, from, until."""

NOT_A_SUBSTITUTE = N_(
    "{field} must have in each line a name, an email and two days, such as: Ana Torres, ana@escuela.example, "
    "2026-01-05, 2026-01-16"
)


@dataclass(frozen=True)
class ContactsText(SettingsText):
    """The file as it stands."""

    error: ClassVar[type[FileError]] = ContactsError
    name: ClassVar[SettingsFile] = "contacts.toml"

    def with_values(self, part: str, values: Mapping[str, str], *, policy: Policy) -> str:
        """The text with these values in that part (`school`, `departments.academic`); an empty one is taken out.

        Raises ContactsError, as the file does that says so.
        """
        group, _, key = part.partition(".")
        place = [group, key] if key else [group]

        def edit(document: Any) -> None:
            for field, value in values.items():
                _put(document, [*place, *field.split(".")], field, value)
            if group in OPTIONAL and not any(values.values()):
                _drop(document, place)

        return self.edited(edit, check=self._against(policy))

    def without(self, part: str, *, policy: Policy) -> str:
        """The text without that part. Raises ContactsError."""
        return self.edited(lambda document: _drop(document, part.split(".", 1)), check=self._against(policy))

    def instead(self, text: str, *, policy: Policy) -> str:
        """Another file's text as it would stand in this one's place. Raises ContactsError."""
        self._against(policy)(text)
        return text

    def _against(self, policy: Policy) -> Callable[[str], None]:
        return lambda text: contacts_in(text, named=self.path.name).check(policy)


def values_of(contacts: Contacts, part: str) -> dict[str, str]:
    """What a part says, by field, as a form shows it; empty for one that is not there."""
    found: Any = contacts.model_dump(mode="json", by_alias=True)
    for step in part.split(".", 1):
        found = (found or {}).get(step)
    return {field: _shown(found, field) for field in FIELDS[part.partition(".")[0]]}


def _shown(found: Any, field: str) -> str:
    for step in field.split("."):
        found = (found or {}).get(step)
    if field in SUBSTITUTES:
        return "\n".join(map(_line, found or ()))
    return "\n".join(found) if isinstance(found, list) else str(found or "")


def _line(substitute: Mapping[str, Any]) -> str:
    return ", ".join(str(substitute.get(name)) for name in ("name", "email", "from", "until"))


def _put(document: Any, place: list[str], field: str, value: str) -> None:
    *above, last = place
    table = document
    for step in above:
        if step not in table:
            if not value:
                return
            table[step] = tomlkit.table()
        table = table[step]
    if field in SUBSTITUTES:
        _put_substitutes(table, ".".join(place), value)
    elif not value:
        table.pop(last, None)
    elif last not in table or _plain(table[last]) != _meant(field, value):
        table[last] = _item(field, value)


def _put_substitutes(table: Any, place: str, value: str) -> None:
    """Those whose line is as it was keep what else is said of them, such as a telephone. Raises ContactsError."""
    last = place.rpartition(".")[2]
    known = {_line(one): one for one in _unwrapped(table.get(last)) or ()}
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    if lines == list(known):
        return
    table.pop(last, None)
    if lines:
        array = tomlkit.array()
        for line in lines:
            one = tomlkit.inline_table()
            one.update(known.get(line) or _substitute(line, place))
            array.append(one)
        table[last] = array


def _substitute(line: str, place: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.rsplit(",", 3)]
    try:
        name, email, since, until = parts
        return {"name": name, "email": email, "from": date.fromisoformat(since), "until": date.fromisoformat(until)}
    except ValueError:
        raise ContactsError(replace(NOT_A_SUBSTITUTE, values={"field": place})) from None


def _meant(field: str, value: str) -> Any:
    return [line.strip() for line in value.splitlines() if line.strip()] if field in LISTS else value


def _item(field: str, value: str) -> Item:
    meant = _meant(field, value)
    if isinstance(meant, list):
        return tomlkit.item(meant)
    return tomlkit.string(meant, multiline="\n" in meant)


def _unwrapped(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


def _plain(item: Any) -> Any:
    plain = _unwrapped(item)
    return plain.strip() if isinstance(plain, str) else plain


def _drop(document: Any, place: list[str]) -> None:
    *above, last = place
    table = document
    for step in above:
        table = table.get(step, {})
    table.pop(last, None)
