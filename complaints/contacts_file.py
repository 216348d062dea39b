"""The contacts as they are now: read again when the file has changed, because people may change while cases run."""

from pathlib import Path

from complaints.contacts import Contacts, load_contacts
from complaints.rules.policy import Policy
from complaints.toml_file import Stamp, stamp_of


class ContactsFile:
    """The contacts in a file; None: those that come with the program, which never change."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read: Contacts | None = None
        self._stamp: Stamp = None

    def now(self) -> Contacts:
        """The contacts of this moment. Raises ContactsError, as long as the file cannot be used."""
        stamp = stamp_of(self._path)
        if self._read is None or stamp != self._stamp:
            self._read = load_contacts(self._path)
            self._stamp = stamp
        return self._read

    def check(self, policy: Policy) -> None:
        """Raises ContactsError where these contacts do not go with those rules."""
        self.now().check(policy)
