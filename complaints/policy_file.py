"""policy.toml: the school's rules as a file, and changes to them for a simulation."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from complaints.rules.policy import Policy
from complaints.toml_file import FileError, read_toml, validated
from complaints.words.catalogue import N_


class PolicyError(FileError):
    """The rules cannot be used: sentences that name the field, the reason and the value."""


def load_policy(path: Path | None = None) -> Policy:
    """The policy of the file at `path`; None: the one that comes with the program. Raises `PolicyError`."""
    data = read_toml(path, packaged="policy.toml", error=PolicyError)
    return validated(Policy, data, named=path.name if path else "policy.toml", error=PolicyError, show_values=True)


def changed(policy: Policy, overrides: Mapping[str, Any]) -> Policy:
    """`policy` with changes, as `{"windows.assessment": 3}` or `{"windows": {"assessment": 3}}`. Raises `PolicyError`.

    A list is replaced as a whole. Only what is given changes: the version too, only if it is given.
    """
    data = _merged(policy.model_dump(), overrides)
    return validated(Policy, data, named=N_("The changed policy"), error=PolicyError, show_values=True)


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
