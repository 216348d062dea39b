"""What every page of the desk works with: the front desk, the records, the school's contacts and policy."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from complaints.contacts import Contacts
from complaints.passwords import Passwords
from complaints.policy_file import PolicyNow
from complaints.records.absences import Colleague
from complaints.records.staff import Role, StaffMember
from complaints.records.store import Store
from complaints.rules.policy import Policy
from complaints.settings import Settings
from complaints.sign_in import SignIn
from complaints.words.catalogue import Language
from desk.page_behind import TemporalPage
from desk.staff.identity import Provider
from starter.front_desk import FrontDesk


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class AppState:
    """The desk's place in the house."""

    front_desk: FrontDesk
    store: Store
    contacts: Callable[[], Contacts]
    """As they stand in the file now."""
    policy_now: PolicyNow
    """Gives the rules of the moment: those of complaints that begin now."""
    settings: Settings | None = None
    """Of the mail server, for letters that staff send by hand; without it they cannot."""
    language: Language = "es"
    """For whoever has not chosen one."""
    temporal_ui: Callable[[], str | None] = lambda: None
    """The address of a Temporal page elsewhere, which knows its own users."""
    temporal_page: TemporalPage = field(default_factory=TemporalPage)
    """The one that stands behind this desk."""
    namespace: str = "default"
    secure: bool = False
    """Whether browsers come by https: then the cookies travel by nothing else."""
    now: Callable[[], datetime] = utc_now
    passwords: Passwords = field(default_factory=Passwords)
    sign_in: SignIn = field(default_factory=SignIn)
    """By password or otherwise, and whose word on addresses counts."""
    provider: Provider | None = None
    """Who vouches for staff, where the settings name one."""

    @property
    def policy(self) -> Policy:
        """The rules as they stand in the file now; a running case has its own."""
        return self.policy_now()

    @property
    def file_scanner(self) -> str | None:
        """The command that looks at each file (FILE_SCANNER)."""
        return self.settings.file_scanner if self.settings else None

    def roles_of(self, member: StaffMember | Colleague) -> tuple[str, ...]:
        """Under which names cases are theirs: their own, and the rungs of the ladder that their role stands for."""
        levels = tuple(self.policy.escalation.levels)
        rungs = {Role.MANAGER: levels[:1], Role.DIRECTOR: levels[1:], Role.AGENT: ()}
        return (member.name, member.account, *filter(None, (member.email,)), *rungs.get(member.role, ()))
