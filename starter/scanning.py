"""The file scanner as the front desk's doors ask it: what it does not let through is refused with a sentence."""

from collections.abc import Iterable

from complaints.mail.attachments import Attachment
from complaints.scanning import Clean, Condemned, LookedAt, NotLookedAt, clean, looked_at
from complaints.words.catalogue import N_
from starter.errors import Away, Refused


class FileRefused(Refused):
    """The scanner refused the file: nobody gets it here."""


async def handed_out(command: str | None, data: bytes) -> Clean:
    """Bytes that somebody asked for. Raises FileRefused; and Away where nobody could look at them."""
    try:
        return await clean(command, data)
    except Condemned as error:
        raise FileRefused(N_("The file scanner refused this file: nobody gets it here.")) from error
    except NotLookedAt as error:
        raise Away(
            N_("The file scanner does not answer: the file was not handed on. Try again in a few minutes.")
        ) from error


async def taken(command: str | None, files: Iterable[Attachment]) -> tuple[LookedAt, ...]:
    """Files that somebody chose to send. Raises FileRefused with the file's name; and Away."""
    found = []
    for file in files:
        try:
            found.append(await looked_at(command, file))
        except Condemned as error:
            raise FileRefused(N_("Our scanner refused the file {name}: leave it out.", name=file.name)) from error
        except NotLookedAt as error:
            raise Away(N_("We cannot check files at the moment: send your words now, the files later.")) from error
    return tuple(found)
