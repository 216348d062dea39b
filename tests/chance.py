"""Names that nobody had before, for tests: of letters, because digits say something.

Eight digits are somebody's identity document, nine a telephone, and a part of a number finds a complaint: one name in
forty of eight hexadecimal figures is nothing but digits, and reads as what it is not.
"""

import uuid

from complaints.rules.number import complaint_number

_LETTERS = str.maketrans("0123456789", "ghjkmnpqrs")


def new_name(length: int = 8) -> str:
    """So many small letters, at most 32."""
    return uuid.uuid4().hex[:length].translate(_LETTERS)


def new_key(prefix: str) -> str:
    """A source key that begins so, of a complaint in whose number no digit stands."""
    while True:
        key = f"{prefix}/{new_name(32)}"
        if not any(character.isdigit() for character in complaint_number(key)):
            return key
