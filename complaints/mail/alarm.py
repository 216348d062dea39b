"""The alarm about complaints that lost their run: what happened, and the one command that mends it."""

from complaints.contacts import Contacts
from complaints.mail.letters import Letter
from complaints.mail.staff_notice import staff_notice
from complaints.mail.templating import rendered
from complaints.rules.verify import AlarmOrder
from complaints.words.catalogue import catalogue
from complaints.words.vocabulary import Language


def render_alarm(order: AlarmOrder, *, contacts: Contacts, timezone: str, language: Language) -> Letter:
    """The letter to the care team. Raises AddressUnusable: such a letter can never be sent."""
    person = contacts.care_team
    language = person.language or language
    _ = catalogue(language).gettext
    title = (
        catalogue(language)
        .ngettext("{n} open complaint that nobody follows", "{n} open complaints that nobody follows", order.count)
        .format(n=order.count)
    )
    context = {
        "language": language,
        "title": title,
        "school": contacts.school,
        "person": person,
        "lost": order.lost,
        "left": order.count - len(order.lost),
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
