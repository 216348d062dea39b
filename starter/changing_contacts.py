"""contacts.toml changed on a page: a part at a time, checked as the file is, its comments and order kept (§3 to §7).

The file stays what it is: one that people may edit, and that every program reads again when it has changed.
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item

from complaints.contacts import Contacts, ContactsError, contacts_in
from complaints.rules.policy import Policy
from complaints.words.catalogue import N_
from starter.errors import Refused
from starter.private_files import write_private

_POST = ("name", "email", "phone")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "school": ("name", "ruc", "address", "website"),
    "intake": ("emails", "telephone"),
    "sender": ("name", "address"),
    "care_team": _POST,
    "quality": _POST,
    "people": _POST,
    "departments": ("name.es", "name.en", "head.name", "head.email", "head.phone"),
    "text_blocks": ("title.es", "title.en", "text.es", "text.en"),
}
"""What a page may change in each part; what else stands there, substitutes say, stays as it is."""

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

CHANGED_MEANWHILE = N_("Somebody changed these settings meanwhile: look at them, and save yours again.")


@dataclass(frozen=True)
class ContactsText:
    """The file as it stands."""

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> "ContactsText":
        """Raises ContactsError where it cannot be read."""
        try:
            return cls(path, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ContactsError(N_("{path} cannot be read ({why}).", path=path, why=type(error).__name__)) from error

    @property
    def seen(self) -> str:
        """Tells this text from any other."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def with_values(self, part: str, values: Mapping[str, str], *, policy: Policy) -> str:
        """The text with these values in that part (`school`, `departments.academic`); an empty one is taken out.

        Raises ContactsError, as the file does that says so.
        """
        try:
            document = tomlkit.parse(self.text)
        except TOMLKitError as error:
            raise ContactsError(N_("{file} is not TOML: {why}.", file=self.path.name, why=str(error))) from error
        group, _, key = part.partition(".")
        place = [group, key] if key else [group]
        for field, value in values.items():
            _put(document, [*place, *field.split(".")], field, value)
        if group in OPTIONAL and not any(values.values()):
            _drop(document, place)
        return self._checked(tomlkit.dumps(document), document.unwrap(), policy)

    def without(self, part: str, *, policy: Policy) -> str:
        """The text without that part. Raises ContactsError."""
        document = tomlkit.parse(self.text)
        _drop(document, part.split(".", 1))
        return self._checked(tomlkit.dumps(document), document.unwrap(), policy)

    def replaced(self, text: str) -> None:
        """Writes it in one step, with the mode that the file has. Raises Refused where that is not allowed."""
        path = self.path.resolve()
        try:
            write_private(path, text, mode=path.stat().st_mode & 0o777)
        except OSError as error:
            raise Refused(
                N_(
                    "{path} cannot be written ({why}): give this program the right to its folder.",
                    path=self.path,
                    why=error.strerror or type(error).__name__,
                )
            ) from error

    def _checked(self, text: str, meant: Any, policy: Policy) -> str:
        if tomllib.loads(text) != meant:  # never, and if it were, nothing would be written
            raise ContactsError(N_("{path} cannot be read ({why}).", path=self.path, why="TOML"))
        contacts_in(text, named=self.path.name).check(policy)
        return text


def values_of(contacts: Contacts, part: str) -> dict[str, str]:
    """What a part says, by field, as a form shows it; empty for one that is not there."""
    found: Any = contacts.model_dump(mode="json", by_alias=True)
    for step in part.split(".", 1):
        found = (found or {}).get(step)
    return {field: _shown(found, field) for field in FIELDS[part.partition(".")[0]]}


def differences(before: str, after: str) -> list[str]:
    """Which fields differ between two texts: `departments.systems.head.email`."""
    one, other = (dict(_flat(tomllib.loads(text))) for text in (before, after))
    return sorted(place for place in one.keys() | other.keys() if one.get(place) != other.get(place))


def _shown(found: Any, field: str) -> str:
    for step in field.split("."):
        found = (found or {}).get(step)
    return "\n".join(found) if isinstance(found, list) else str(found or "")


def _put(document: Any, place: list[str], field: str, value: str) -> None:
    *above, last = place
    table = document
    for step in above:
        if step not in table:
            if not value:
                return
            table[step] = tomlkit.table()
        table = table[step]
    if not value:
        table.pop(last, None)
    elif last not in table or _plain(table[last]) != _meant(field, value):
        table[last] = _item(field, value)


def _meant(field: str, value: str) -> Any:
    return [line.strip() for line in value.splitlines() if line.strip()] if field in LISTS else value


def _item(field: str, value: str) -> Item:
    meant = _meant(field, value)
    if isinstance(meant, list):
        return tomlkit.item(meant)
    return tomlkit.string(meant, multiline="\n" in meant)


def _plain(item: Any) -> Any:
    plain = item.unwrap() if hasattr(item, "unwrap") else item
    return plain.strip() if isinstance(plain, str) else plain


def _drop(document: Any, place: list[str]) -> None:
    *above, last = place
    table = document
    for step in above:
        table = table.get(step, {})
    table.pop(last, None)


def _flat(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value
