"""The command lines that staff letters offer: what to do next, ready to be copied into a terminal."""

from complaints.words.catalogue import Language, catalogue

COMMANDS = {
    "assess": "assess {number} --category … --severity …",
    "assign": "assign {number} --department … --representative …",
    "request_details": "request-details {number} --missing …",
    "note": "note {number} --for-customer --text …",
    "note_internal": "note {number} --text …",
    "involve": "involve {number} --whom … --question …",
    "promise_date": "promise-date {number} --date {day}",
    "resolve": "resolve {number} --outcome upheld|partly|not --text …",
    "explain": "resolve {number} --text …",
    "take_call": "calls take {number}",
    "call_reached": "calls done {number} --reached --notes …",
    "call_not_reached": "calls done {number} --not-reached --notes …",
    "reached": "call {number} --reached --notes …",
    "not_reached": "call {number} --not-reached --notes …",
    "read": "mark-read {number}",
    "satisfied": "satisfied {number} --words …",
    "dissatisfied": "dissatisfied {number} --reason …",
    "close": "close {number} --reason …",
    "status": "status {number}",
    "timeline": "timeline {number}",
}
"""Every command by the name that templates call it; the CLI's own tests parse each of them."""


def command(name: str, number: str, language: Language = "es") -> str:
    """`complaints assign Q-7KF3-02M9D --department …`."""
    day = catalogue(language).gettext("YYYY-MM-DD")
    return f"complaints {COMMANDS[name].format(number=number, day=day)}"
