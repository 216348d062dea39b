"""The alarm about complaints that lost their run or do not hold together: what was found, and what to run."""

from zoneinfo import ZoneInfo

from complaints.contacts import Contacts
from complaints.mail.letters import Letter
from complaints.mail.staff_notice import staff_notice
from complaints.mail.templating import rendered
from complaints.rules.verify import AlarmOrder
from complaints.words.catalogue import Catalogue, catalogue
from complaints.words.faults import said
from complaints.words.vocabulary import Language


def render_alarm(order: AlarmOrder, *, contacts: Contacts, timezone: str, language: Language) -> Letter:
    """The letter to the care team. Raises AddressUnusable: such a letter can never be sent."""
    person = contacts.care_team.on(order.at.astimezone(ZoneInfo(timezone)).date())
    language = person.language or language
    words = catalogue(language)
    _ = words.gettext
    title = _title(order, words)
    context = {
        "language": language,
        "title": title,
        "school": contacts.school,
        "person": person,
        "lost": order.lost,
        "faults": [f"{fault.number}: {said(fault, language)}" for fault in order.faults],
        "left": order.count - len(order.lost) - len(order.faults),
        "signature": _("Complaint Desk"),
        "footer": [_("Internal, only when something is wrong.")],
    }
    parts = rendered(f"alarm/{language}", context)
    return staff_notice(
        order,
        person,
        title=title,
        parts=parts,
        contacts=contacts,
        timezone=timezone,
        language=language,
    )


def _title(order: AlarmOrder, words: Catalogue) -> str:
    if order.faults:
        many = words.ngettext(
            "{n} thing in the records does not hold together", "{n} things in the records do not hold together",
            order.count,
        )  # fmt: skip
    else:
        many = words.ngettext(
            "{n} open complaint that nobody follows", "{n} open complaints that nobody follows", order.count
        )
    return many.format(n=order.count)
