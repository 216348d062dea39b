"""What the rules say no to, as the front desk's refusal: said to each reader, with the codes for other surfaces."""

from temporalio.exceptions import ApplicationError

from complaints.rules.refusals import NotNow, Refusal
from complaints.words.catalogue import Composed
from complaints.words.refusals import said
from starter.errors import Refused

_OPTIONS = {"details.none-missing": "--missing, --question"}
"""What a terminal calls the way out, by the code of a reason."""


def refused(answer: NotNow) -> Refused:
    """The refusal of a case, or of the rules before there is one."""
    plain = Composed(lambda language: said(answer, language))
    return Refused(plain, Composed(lambda language: said(answer, language, hints=_OPTIONS)), answer)


def not_fitting(code: str, field: str, **values: str) -> Refused:
    """One field of what was asked, before any case was."""
    return refused(NotNow(Refusal(code, values, field)))


def refused_by(error: BaseException | None) -> Refused:
    """What a running complaint answered: its codes are in the details; one of an older worker has the sentence only."""
    if answer := answer_in(error):
        return refused(answer)
    sentence = error.message if isinstance(error, ApplicationError) else str(error)
    return Refused(Composed(lambda _: sentence))


def answer_in(error: BaseException | None) -> NotNow | None:
    """The codes in the details of a failure of ours."""
    return NotNow.read(error.details[0]) if isinstance(error, ApplicationError) and error.details else None
