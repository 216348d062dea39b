"""What a case answers to a request that does not fit, as the front desk's refusal."""

from complaints.rules.reasons import in_spanish
from complaints.words.catalogue import Both
from starter.errors import Refused


def refused(sentence: str) -> Refused:
    """The refusal of a case, in both languages."""
    return Refused(Both(in_spanish(sentence), sentence))
