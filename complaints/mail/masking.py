"""What identifies or reaches a person is taken out of words that a department reads (§5.3): one rule for every kind.

What a telephone or a document is, is read where it is read everywhere: `telephones` and `documents`.
"""

import re

from complaints.mail.documents import places_of_numbers
from complaints.telephones import places_of_telephones

_MASK = "[…]"
_EMAIL = re.compile(r"[^\s@<>()\[\],;:]{1,100}@[^\s@<>()\[\],;:]{1,200}")


def without_identifiers(text: str) -> str:
    """`text` without what identifies or reaches a person: addresses, telephones, DNI, CE, passport, RUC.

    Dates, amounts, our own numbers and those of payments stay: a department needs them.
    """
    for places in (places_of_numbers, places_of_telephones):
        for start, end in reversed(list(places(text))):
            text = f"{text[:start]}{_MASK}{text[end:]}"
    return _EMAIL.sub(_MASK, text)
