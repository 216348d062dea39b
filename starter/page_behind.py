"""Where the desk reaches Temporal's page, which stands behind it and answers nobody else's browser."""

from pathlib import Path
from typing import NamedTuple

from starter.stack_addresses import find_stack


class Behind(NamedTuple):
    """Temporal's page, as the desk reaches it."""

    url: str
    trust: Path | None = None
    """Its own certificate, where nobody else vouches for it; made anew at each of its starts."""


def page_behind(home: Path, named: str | None) -> Behind | None:
    """The one that the settings name (COMPLAINTS_TEMPORAL_UI_BEHIND), else the one of the stack in this home."""
    if named is not None:
        return Behind(named)
    stack = find_stack(home)
    if stack is None or stack.page_behind is None:
        return None
    return Behind(stack.page_behind, Path(stack.page_trust) if stack.page_trust else None)
