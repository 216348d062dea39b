"""A TOML file of the school's settings that a page changes: its comments, order and mode kept, written in one step."""

import hashlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import tomlkit
from tomlkit.exceptions import TOMLKitError

from complaints.records.settings_changes import SettingsFile
from complaints.rules.policy import by_place
from complaints.toml_file import FileError
from complaints.words.catalogue import N_
from starter.errors import Refused
from starter.private_files import write_private

CHANGED_MEANWHILE = N_("Somebody changed these settings meanwhile: look at them, and save yours again.")


@dataclass(frozen=True)
class SettingsText:
    """The file as it stands."""

    path: Path
    text: str

    error: ClassVar[type[FileError]] = FileError
    """What is raised for a file that cannot be used."""
    name: ClassVar[SettingsFile]
    """What the records call it, whatever the school's own is called."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises `error` where it cannot be read."""
        try:
            return cls(path, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise cls.error(N_("{path} cannot be read ({why}).", path=path, why=type(error).__name__)) from error

    @property
    def seen(self) -> str:
        """Tells this text from any other."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def edited(self, edit: Callable[[tomlkit.TOMLDocument], None], *, check: Callable[[str], None]) -> str:
        """The text after that edit. `check` raises `error` for what the file may not say; so does this."""
        try:
            document = tomlkit.parse(self.text)
        except (TOMLKitError, RecursionError) as error:
            raise self.error(N_("{file} is not TOML: {why}.", file=self.path.name, why=str(error))) from error
        edit(document)
        text = tomlkit.dumps(document)
        if tomllib.loads(text) != document.unwrap():  # never, and if it were, nothing would be written
            raise self.error(N_("{path} cannot be read ({why}).", path=self.path, why="TOML"))
        check(text)
        return text

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


def differences(before: str, after: str) -> dict[str, tuple[Any, Any]]:
    """Which fields differ between two texts, before and after: `departments.systems.head.email`; None: absent."""
    one, other = (by_place(tomllib.loads(text)) for text in (before, after))
    return {
        place: (one.get(place), other.get(place))
        for place in sorted(one.keys() | other.keys())
        if one.get(place) != other.get(place)
    }
