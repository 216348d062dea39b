"""Catalogues made ready to be read: a `.po`, which people write, as the `.mo` that gettext reads in a millisecond."""

import contextlib
import io
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def compiled_catalogue(source: Path) -> bytes:
    """The `.mo` of a `.po`. ValueError where it is not one."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.stem, abort_invalid=True)
    # Babel writes the moment of compiling into the header; the same sentences are the same bytes on any day.
    catalogue.creation_date = catalogue.revision_date = UNDATED
    octets = io.BytesIO()
    write_mo(octets, catalogue)
    return octets.getvalue()


def keep(octets: bytes, place: Path) -> None:
    """Whole or not at all, for others may be reading it; where the folder is not ours, nothing is kept."""
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(octets)
            Path(name).chmod(0o644)
            Path(name).replace(place)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
