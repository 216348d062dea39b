"""What somebody may be allowed to do; which role may do what, the desk decides (docs/roles.md)."""

from enum import StrEnum


class Permission(StrEnum):
    """One row of the table of roles."""

    LOOK = "look"
    """See the board, every case with its letters, and find one."""
    TAKE_DOWN = "take down"
    """Take a complaint down by telephone (§3)."""
    NOTE = "note"
    """Add a note to a case (§5.3)."""
    HANDLE = "handle"
    """Everything from assessing to what the customer said (§5 to §8)."""
    DECIDE = "decide"
    """Close a case by decision (§7)."""
    DOSSIER = "dossier"
    """Take the dossier of a case as a file; the case remembers who did."""
    EXPORT = "export"
    """Take all complaints as a table."""
    SIFT = "sift"
    """Decide about mail in the quarantine (§3)."""
    REVIEW = "review"
    """Work through the monthly review, and sign it off (§10)."""
    REPORTS = "reports"
    """See the reports, and take them as a file (§10)."""
    PROOF = "proof"
    """See what came of the last look at whether the records hold together."""
    RUNS = "runs"
    """See in Temporal's page how a case runs, with all that it holds."""
    PEOPLE = "people"
    """Make and change accounts, and programs' tokens."""
