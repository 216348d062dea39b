"""How a story is told on a terminal: each thing that happened as a line in the procedure's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from complaints.rules.text import one_line
from complaints.words.catalogue import N_, Language, Speaker
from complaints.words.recorded import journalled
from complaints.words.vocabulary import ROLES
from complaints.words.wording import Wording

_MARKS = {"received": "●", "escalated": "▲", "reopened": "▲", "closed": "✔", "customer-satisfied": "✔"}
_STYLES = {
    "received": "bold",
    "escalated": "bold magenta",
    "reopened": "bold magenta",
    "customer-dissatisfied": "magenta",
    "closed": "bold green",
    "customer-satisfied": "green",
    "resolved": "bold",
}
_QUOTED = ("words", "text", "reason", "notes", "question", "comment")
"""Fields of a fact that are somebody's own words."""

_OWN_WORDS = {
    "mail-server/down": N_("The mail server stops answering"),
    "mail-server/up": N_("The mail server is back"),
}


_ASSIGNED = N_("It was assigned")
"""`assigned`, bare: no department is named."""

_CALL_ENDS = {
    "reached": N_("the customer was reached"),
    "overtaken": N_("no longer needed"),
    "given-up": N_("the customer was not reached"),
}


@dataclass(frozen=True)
class Telling(Speaker):
    """One language, one calendar, and the names by which people are known."""

    wording: Wording
    people: Mapping[str, str] = field(default_factory=dict)
    """Names of those who act under an address or a key."""

    @property
    def language(self) -> Language:
        """In which it is told."""
        return self.wording.language

    def mark(self, what: str) -> str:
        """A sign at the line's head, so that it can be read without colours."""
        if what.startswith("late/"):
            return "!"
        if what.startswith(("warned/", "mail-server/")):
            return "△"
        return "✉" if what.startswith("letter-") else _MARKS.get(what, "·")

    def style(self, what: str) -> str:
        """Its colour, for who can see it."""
        if what.startswith("late/"):
            return "bold red"
        if what.startswith(("warned/", "mail-server/")):
            return "yellow"
        return "cyan" if what.startswith("letter-") else _STYLES.get(what, "")

    def line(self, what: str, data: Mapping[str, Any], *, by: str | None = None) -> str:
        """What happened, and who did it."""
        if what in _OWN_WORDS:
            return self.say(_OWN_WORDS[what])
        if what.startswith("letter-") and "kind" in data:
            return self._letter(what, data)
        if data.get("department") in self.people:
            data = {**data, "department": self.people[data["department"]]}
        bare = what == "assigned" and not data.get("department")
        said = self.say(_ASSIGNED) if bare else one_line(self.wording.happened(what, data))
        said += self._particulars(what, data)
        return f"{said} — {self.who(by)}" if by and by != "customer" else said

    def _particulars(self, what: str, data: Mapping[str, Any]) -> str:
        """What the journal's words leave open: whether a call reached anybody, why something was not applied."""
        if what == "called" and not data.get("reached"):
            return self.gettext(" (no answer)")
        if what == "call-done" and data.get("outcome") in _CALL_ENDS:
            return f" ({self.say(_CALL_ENDS[data['outcome']])})"
        if what == "ignored" and data.get("reason"):
            return f" ({journalled(str(data['reason']), self.language)})"
        return self.gettext(" (kept for later)") if data.get("effect") == "held" else ""

    def quote(self, data: Mapping[str, Any]) -> str | None:
        """The words that came with it, if any."""
        words = next((str(data[name]) for name in _QUOTED if data.get(name)), None)
        if words is None or "fact" in data or self.wording.escalation_reason(words) != words:
            return None
        return f"«{one_line(words)}»"

    def who(self, by: str) -> str:
        """A person by name, or by role; of an address whose owner we do not know, what stands before the @."""
        named = self.people.get(by)
        return named or (self.wording.role(by) if by in ROLES else by.partition("@")[0])

    def recipient(self, role: str) -> str:
        """Who got a letter: a role's own words, else the department or person that was meant."""
        return self.wording.role(role) if role in ROLES else self.who(role)

    def _letter(self, what: str, data: Mapping[str, Any]) -> str:
        window = str(data["key"]).split("/")[-2] if data.get("key") else None
        about = self.wording.letter(data["kind"], window=window)
        if what == "letter-sent":
            return f"{about} → {self.recipient(str(data.get('recipient', '')))}"
        state = one_line(self.wording.happened(what, {}))
        return f"{state}: {about}"

    def day(self, at: datetime) -> str:
        """`miércoles 22 de julio`."""
        return self.wording.day(at)

    def hour(self, at: datetime) -> str:
        """`09:05`."""
        return at.astimezone(self.wording.zone).strftime("%H:%M")

    def short(self, at: datetime) -> str:
        """`mié 22 jul 09:05`, for tables."""
        local = at.astimezone(self.wording.zone)
        parts = self.wording.day(at).replace(" de ", " ").split()
        return f"{parts[0][:3]} {parts[1]:>2} {parts[2][:3]} {local:%H:%M}"

    def span(self, late: timedelta) -> str:
        """`3 d 15 h`, `4 h`, `25 min`."""
        minutes = int(late.total_seconds() // 60)
        days, hours = divmod(minutes // 60, 24)
        if days:
            return f"{days} d {hours} h" if hours else f"{days} d"
        return f"{hours} h" if hours else f"{max(minutes, 1)} min"
