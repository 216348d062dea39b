"""The alarm about complaints that lost their run: what happened, and the one command that mends it."""

from complaints.contacts import Contacts
from complaints.mail.letters import Letter
from complaints.mail.staff_notice import staff_notice
from complaints.mail.templating import rendered
from complaints.rules.verify import AlarmOrder
from complaints.rules.vocabulary import Language


def render_alarm(order: AlarmOrder, *, contacts: Contacts, timezone: str, language: Language) -> Letter:
    """The letter to the care team. Raises AddressUnusable: such a letter can never be sent."""
    person = contacts.care_team
    language = person.language or language
    es, one = language == "es", order.count == 1
    title = f"{order.count} {'queja abierta' if one else 'quejas abiertas'} sin seguimiento"
    if not es:
        title = f"{order.count} open {'complaint' if one else 'complaints'} that nobody follows"
    context = {
        "language": language,
        "title": title,
        "school": contacts.school,
        "person": person,
        "lost": order.lost,
        "left": order.count - len(order.lost),
        "signature": "Sistema de quejas" if es else "Complaint Desk",
        "footer": ["Aviso interno, solo cuando algo anda mal." if es else "Internal, only when something is wrong."],
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
