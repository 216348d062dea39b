"""Where letters to staff lead: to the case at the desk, and there to the very form. No command stands in a letter."""

from collections.abc import Callable

FORMS = {
    "assess": "assess",
    "assign": "assign",
    "request_details": "request_details",
    "note": "add_note",
    "reply": "reply",
    "involve": "involve",
    "promise_date": "promise_date",
    "resolve": "resolve",
    "record_call": "record_call",
    "satisfied": "confirm_satisfied",
    "dissatisfied": "dispute",
    "close": "close_by_decision",
}
"""The act whose form is opened, by the name that templates call it."""


def case_link(desk: str | None, number: str, form: str | None = None) -> str | None:
    """`https://…/cases/Q-7KF3-02M9D?act=resolve`; None where nobody said where the desk is."""
    if not desk:
        return None
    page = f"{desk.rstrip('/')}/cases/{number}"
    if not form:
        return page
    act = FORMS[form]
    return f"{page}?act={act}#{'reply' if act == 'reply' else f'act-{act}'}"  # the reply stands over the story


def links_of(desk: str | None, number: str) -> Callable[[str], str | None]:
    """What templates ask: `to("resolve")`, `to("case")`."""
    return lambda name: case_link(desk, number, None if name == "case" else name)
