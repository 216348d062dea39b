"""What each role may do at the desk: the table of docs/roles.md, which a test compares with this one."""

from enum import StrEnum

from complaints.records.staff import Role
from complaints.words.catalogue import N_


class Permission(StrEnum):
    """One row of the table."""

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
    PEOPLE = "people"
    """Make and change accounts, and programs' tokens."""


_ALL = frozenset(Role)
_STAFF = frozenset({Role.AGENT, Role.MANAGER, Role.DIRECTOR})

ALLOWED: dict[Permission, frozenset[Role]] = {
    Permission.LOOK: _ALL,
    Permission.TAKE_DOWN: _STAFF,
    Permission.NOTE: _STAFF | {Role.QUALITY},
    Permission.HANDLE: _STAFF,
    Permission.DECIDE: frozenset({Role.MANAGER, Role.DIRECTOR}),
    Permission.DOSSIER: _STAFF | {Role.QUALITY},
    Permission.EXPORT: frozenset({Role.MANAGER, Role.DIRECTOR, Role.QUALITY}),
    Permission.SIFT: _STAFF,
    Permission.REVIEW: frozenset({Role.MANAGER, Role.DIRECTOR, Role.QUALITY}),
    Permission.REPORTS: frozenset({Role.MANAGER, Role.DIRECTOR, Role.QUALITY}),
    Permission.PEOPLE: frozenset({Role.ADMIN}),
}

_OF_ACT = {"add_note": Permission.NOTE, "close_by_decision": Permission.DECIDE}

ROLE_NAMES = {
    Role.AGENT: N_("representative"),
    Role.MANAGER: N_("manager"),
    Role.DIRECTOR: N_("director"),
    Role.QUALITY: N_("quality"),
    Role.ADMIN: N_("administrator"),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether the table allows it."""
    return role in ALLOWED[permission]


def needed_for(act: str) -> Permission:
    """What an act on a case (an update of design §4) takes."""
    return _OF_ACT.get(act, Permission.HANDLE)
