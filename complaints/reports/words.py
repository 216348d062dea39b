"""What a report says: its causes, its lessons, and the names of what it counts."""

from typing import NamedTuple

from complaints.words.catalogue import N_, NP_, Message
from complaints.words.vocabulary import Words


class Cause(NamedTuple):
    """A main cause of escalations, as told of one complaint and of several, and what would have prevented them."""

    one: Message
    many: Message
    """After the number and the noun: `3 quejas escalaron …`."""
    instead: Message


CAUSES: dict[str, Cause] = {
    "not-assessed": Cause(
        N_("escalated before anybody had assessed it"),
        N_("escalated before anybody had assessed them"),
        N_("Assess every complaint within its 1 to 2 business days: let somebody own the list of the unassessed."),
    ),
    "not-assigned": Cause(
        N_("escalated assessed, but assigned to no department"),
        NP_("several", "escalated assessed, but assigned to no department"),
        N_("Assign in the same act as the assessment."),
    ),
    "late-assessment": Cause(
        N_("was assessed late, which left too little to investigate"),
        N_("were assessed late, which left too little to investigate"),
        N_("Keep the window of the assessment: each day lost there is missing in the investigation."),
    ),
    "late-assignment": Cause(
        N_("was assigned late, which left too little to investigate"),
        N_("were assigned late, which left too little to investigate"),
        N_("Assign within its business day, and agree who receives complaints when a head is away."),
    ),
    "details-outstanding": Cause(
        N_("escalated while waiting for the customer's details"),
        N_("escalated while waiting for the customers' details"),
        N_("Ask for exactly what is missing at the first contact, and call when the mail is not answered."),
    ),
    "promise-broken": Cause(
        N_("passed the date promised to the customer"),
        NP_("several", "passed the date promised to the customer"),
        N_("Promise only dates agreed with the department, and speak up before they pass."),
    ),
    "untouched": Cause(
        N_("went up again without anybody touching it at the level before"),
        N_("went up again without anybody touching them at the level before"),
        N_("Whoever receives an escalation acts the same day: assigns, calls or sets a date."),
    ),
    "long-investigation": Cause(
        N_("was investigated for longer than there was time"),
        N_("were investigated for longer than there was time"),
        N_("Involve others at the beginning, with a date to answer by, not when the window ends."),
    ),
    "on-schedule": Cause(
        N_("escalated though every window was kept: the 5 days count from receipt"),
        NP_("several", "escalated though every window was kept: the 5 days count from receipt"),
        N_("Nobody was late: assess and assign on the first day, or review from when the policy counts."),
    ),
    "unexplained": Cause(
        N_("was disputed before the resolution was explained"),
        N_("were disputed before the resolution was explained"),
        N_("Tell the resolution with its reasons, not only that it is decided."),
    ),
    "rejected": Cause(
        N_("was disputed because the complaint was not upheld"),
        N_("were disputed because they were not upheld"),
        N_("Call before rejecting a complaint: explain why, and offer what can be done."),
    ),
    "no-corrective-action": Cause(
        N_("was disputed: its resolution had no corrective action on record"),
        N_("were disputed: their resolutions had no corrective action on record"),
        N_("Say in the resolution what will be done, by whom and when."),
    ),
    "remedy-refused": Cause(
        N_("was disputed because the remedy was not enough"),
        N_("were disputed because the remedy was not enough"),
        N_("Ask what solution the customer expects when taking the complaint down, and answer that."),
    ),
    "reopened": Cause(
        N_("was reopened after it had closed"),
        N_("were reopened after they had closed"),
        N_("Check that what was offered was done before closing."),
    ),
}


class Listed(NamedTuple):
    """Complaints that are looked at one by one, and how the figures count them."""

    name: Message
    more: Message


SILENT = Listed(
    N_("Resolved and open: the customer is silent"),
    N_("They count among the open ones."),
)
BY_DECISION = Listed(
    N_("Closed by decision, not confirmed by the customer"),
    N_("They never count as satisfied."),
)
DISMISSED = Listed(
    N_("Not complaints"),
    N_("They are in no other figure."),
)

LESSONS: Words = {
    "reopened": N_("reopened"),
    "escalated-twice": N_("escalated more than once"),
    "legal": N_("passed the legal limit"),
    "disputed": N_("the customer did not accept the resolution"),
    "low-score": N_("a low score, with words"),
    "worst-wait": N_("among the longest waits"),
}

STEPS: Words = {
    "acknowledge": N_("Acknowledgement"),
    "assess": N_("Initial assessment"),
    "assign": N_("Assignment"),
    "resolve": N_("Resolution"),
}
"""From receipt to these."""

SPENT: Words = {
    "assessment": N_("not assessed"),
    "assignment": N_("not assigned"),
    "investigation": N_("in investigation"),
    "waiting": N_("waiting for the customer's details"),
}

DIMENSIONS: Words = {
    "department": N_("By department"),
    "product": N_("By product or service"),
    "category": N_("By category"),
    "channel": N_("By channel"),
    "severity": N_("By severity"),
}
SINGULAR: Words = {
    "department": N_("Department"),
    "product": N_("Product or service"),
    "category": N_("Category"),
    "channel": N_("Channel"),
    "severity": N_("Severity"),
}
NOTHING_SAID: Words = {
    "department": N_("Not assigned"),
    "product": N_("Not given"),
    "category": N_("No category"),
    "channel": N_("Not given"),
    "severity": N_("Not given"),
}
CHANNELS: Words = {
    "email": N_("Email"),
    "phone": N_("Telephone"),
    "web": N_("Web page"),
}
BUCKETS = (
    N_("to 1 h"), N_("4 h"), N_("1 day"), N_("2 days"), N_("3 days"),
    N_("5 days"), N_("10 days"), N_("15 days"), N_("more"),
)  # fmt: skip
"""The names of `complaints.rules.report.report.BUCKETS`: calendar days from receipt."""
