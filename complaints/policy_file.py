"""policy.toml: the school's rules as a file, as it is now, and changes to them for a simulation."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from complaints.rules.policy import Policy, by_place
from complaints.toml_file import FileError, read_toml, stamp_of, tables_in, validated
from complaints.words.catalogue import N_

log = logging.getLogger("complaints.policy")

PolicyNow = Callable[[], Policy]
"""Gives the rules of this moment."""


class PolicyError(FileError):
    """The rules cannot be used: sentences that name the field, the reason and the value."""


def load_policy(path: Path | None = None) -> Policy:
    """The policy of the file at `path`; None: the one that comes with the program. Raises `PolicyError`."""
    data = read_toml(path, packaged="policy.toml", error=PolicyError)
    return validated(Policy, data, named=path.name if path else "policy.toml", error=PolicyError, show_values=True)


def policy_in(text: str, *, named: str) -> Policy:
    """The policy that the text of a file says. Raises `PolicyError`."""
    data = tables_in(text, named=named, error=PolicyError)
    return validated(Policy, data, named=named, error=PolicyError, show_values=True)


class PolicyFile:
    """The rules in a file, read again when it has changed; None: those that come with the program, which never do.

    A running case keeps its own: these are for complaints that begin, and for what is nobody's case.
    """

    def __init__(self, path: Path | None, *, fits: Callable[[Policy], None] = lambda _: None) -> None:
        """`fits` raises FileError for rules that do not go with the school's other files."""
        self._path, self._fits = path, fits
        self._stamp = stamp_of(path)
        self._read = self._usable()

    def now(self) -> Policy:
        """The rules of this moment. Of a file that somebody spoiled meanwhile, those from before: a complaint that
        comes in this minute must not wait until it is mended."""
        if (stamp := stamp_of(self._path)) != self._stamp:
            self._stamp = stamp
            try:
                self._read = self._usable()
            except FileError as error:
                log.error("The rules stay those of version %s until this is mended: %s", self._read.version, error)
        return self._read

    def _usable(self) -> Policy:
        policy = load_policy(self._path)
        self._fits(policy)
        return policy


def changed(policy: Policy, overrides: Mapping[str, Any]) -> Policy:
    """`policy` with changes, as `{"windows.assessment": 3}` or `{"windows": {"assessment": 3}}`. Raises `PolicyError`.

    A list is replaced as a whole. Only what is given changes: the version too, only if it is given.
    """
    data = _merged(policy.model_dump(), overrides)
    return validated(Policy, data, named=N_("The changed policy"), error=PolicyError, show_values=True)


def numbers_of(policy: Policy) -> dict[str, Any]:
    """Each by its place in the file, as JSON has it: `windows.assessment`."""
    return by_place(policy.model_dump(mode="json"))


def _merged(data: dict[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(data)
    for key, value in overrides.items():
        first, _, rest = key.partition(".")
        change = {rest: value} if rest else value
        below = merged.get(first)
        if isinstance(change, Mapping):
            merged[first] = _merged(below if isinstance(below, dict) else {}, change)
        else:
            merged[first] = change
    return merged
