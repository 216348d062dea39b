"""The contacts as they are now: read again when the file has changed, because people may change while cases run."""

from pathlib import Path

from complaints.contacts import Contacts, load_contacts


class ContactsFile:
    """The contacts in a file; None: those that come with the program, which never change."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read: Contacts | None = None
        self._stamp: tuple[int, int] | None = None

    def now(self) -> Contacts:
        """The contacts of this moment. Raises ContactsError, as long as the file cannot be used."""
        stamp = self._stamped()
        if self._read is None or stamp != self._stamp:
            self._read = load_contacts(self._path)
            self._stamp = stamp
        return self._read

    def _stamped(self) -> tuple[int, int] | None:
        if self._path is None or not self._path.exists():
            return None
        found = self._path.stat()
        return found.st_mtime_ns, found.st_size
