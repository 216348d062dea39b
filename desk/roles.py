"""What each role may do at the desk: the table of docs/roles.md, which a test compares with this one."""

from complaints.records.staff import Role
from complaints.words.catalogue import N_
from starter.permissions import Permission

__all__ = ["ALLOWED", "ROLE_NAMES", "Permission", "may"]


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
    Permission.PROOF: frozenset({Role.MANAGER, Role.DIRECTOR, Role.ADMIN}),
    Permission.RUNS: frozenset({Role.MANAGER, Role.DIRECTOR, Role.ADMIN}),
    Permission.PEOPLE: frozenset({Role.ADMIN}),
    Permission.SETTINGS: frozenset({Role.ADMIN}),
}

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
