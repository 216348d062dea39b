"""What does not hold together in the records, and what to do about it, in a sentence each (`complaints verify`)."""

from collections.abc import Mapping

from complaints.rules.faults import Fault
from complaints.rules.verification import LAGS, Verification
from complaints.words.catalogue import N_, Language, Message, catalogue

_RESTORE = N_("restore its rows from the last backup in which it was whole, and find out who wrote there")
_MEND = N_("the journal is the truth: `complaints verify --number {number} --mend` writes this anew from it")
_LETTER = N_("compare the ledger with the mail server's log, and restore the row from the last backup")

_SAID: Mapping[str, tuple[Message, Message]] = {
    "no-journal": (N_("it has no journal"), _RESTORE),
    "gap": (N_("row {row} of its journal is missing"), _RESTORE),
    "event-twice": (N_("row {row} of its journal tells the event of row {first} once more"), _RESTORE),
    "written-before": (N_("row {row} of its journal was written before the row ahead of it"), _RESTORE),
    "journal": (
        N_("row {row} ({what}) of its journal does not follow from the rows before it: {columns}"),
        _RESTORE,
    ),
    "cut-off": (N_("its journal breaks off: row {row} ({what}) is missing"), _RESTORE),
    "state": (N_("its present state is not what its journal tells: {columns}"), _MEND),
    "call": (N_("call {task} is not what its journal tells: {columns}"), _MEND),
    "call-missing": (N_("call {task}, of which its journal tells, is missing"), _MEND),
    "call-stray": (N_("call {task} is one of which its journal does not tell"), _RESTORE),
    "letter": (N_("letter {key} is not in the ledger as it was ordered and told: {columns}"), _LETTER),
    "letter-missing": (N_("letter {key}, of which row {row} tells ({what}), is not in the ledger"), _LETTER),
    "letter-stray": (N_("the ledger has a letter that the case never ordered: {key}"), _LETTER),
    "letter-untold": (
        N_("the ledger says of letter {key} that it is {state}, and its journal does not tell of it"),
        N_("see with `complaints doctor` that a worker runs; it tells of it with its next step"),
    ),
    "letter-of-nobody": (N_("the ledger has letter {key} of a complaint that is not there"), _RESTORE),
    "chain": (N_("{source} {key} is not what was written: {columns}"), _RESTORE),
    "chain-broken": (N_("its hash chain is broken at {source} {key}"), _RESTORE),
    "chain-lost": (N_("{source} {key} was written, and is not there any more"), _RESTORE),
    "unchained": (N_("{source} {key} was written past the hash chain"), _RESTORE),
    "file": (N_("a file that {source} {key} tells of is not what was given"), _RESTORE),
    "file-gone": (N_("a file that {source} {key} tells of is not there any more"), _RESTORE),
    "mail": (N_("the message {key} is not as it came, byte for byte"), _RESTORE),
    "not-erased": (
        N_("row {row} ({what}) of its journal still names a person, and its erasure is noted"),
        N_("erase it once more: `complaints privacy erase {number}`"),
    ),
    "early": (
        N_("row {row} ({what}) was written before what it tells of"),
        N_("set the clocks of the servers right (NTP), Postgres' and Temporal's; the row stays as it is"),
    ),
    "not-struck": (
        N_("its deadline {name} of {due} has passed, and nothing tells of it"),
        N_("see with `complaints doctor` that a worker runs and its tasks go through"),
    ),
    "no-run": (N_("it is open and has no run"), N_("`complaints doctor --mend` starts it again")),
    "task-failing": (
        N_("its workflow task fails again and again"),
        N_("see the worker's log; with a mended program it goes on by itself"),
    ),
}


def said(fault: Fault, language: Language) -> str:
    """What does not hold together: `su estado actual no es el que cuenta su historia: level`."""
    return _filled(_SAID[fault.check][0], fault, language)


def remedy(fault: Fault, language: Language) -> str:
    """What to do."""
    return _filled(_SAID[fault.check][1], fault, language)


def lags(result: Verification, language: Language) -> str:
    """How long after they were due deadlines left their row."""
    _ = catalogue(language).gettext
    if not result.real_time:
        return _("Time is skipped here: when deadlines struck proves nothing, and was not looked at.")
    struck = result.lags.struck
    if not struck:
        return _("No deadline has passed yet.")
    soon = sum(result.lags.counts[: LAGS.index(60.0) + 1])
    return _("Deadlines passed: {struck}; {soon} % were written within a minute, the slowest {longest} after.").format(
        struck=struck, soon=soon * 100 // struck, longest=_span(result.lags.longest, language)
    )


def head(result: Verification, language: Language) -> str:
    """The head of the hash chains, for a place where nobody who writes to this database can write."""
    return catalogue(language).gettext("Head of the hash chains, to be kept elsewhere: {head}").format(head=result.head)


def temporal(result: Verification, language: Language) -> str:
    """Whether Temporal was asked too."""
    _ = catalogue(language).gettext
    return {
        "asked": _("Temporal: open complaints were looked for, and whether their tasks go through."),
        "away": _("Temporal does not answer: whether every open complaint has its run was not looked at."),
        "not asked": _("Temporal was not asked."),
    }[result.temporal]


def _span(seconds: float, language: Language) -> str:
    _ = catalogue(language).gettext
    if seconds < 90:
        return _("{n} s").format(n=round(seconds))
    if seconds < 5_400:
        return _("{n} min").format(n=round(seconds / 60))
    return _("{n} h").format(n=round(seconds / 3_600))


def _filled(message: Message, fault: Fault, language: Language) -> str:
    values = dict.fromkeys(("row", "what", "columns"), "?") | {"number": fault.number} | fault.about
    return catalogue(language).say(message).format(**values)
