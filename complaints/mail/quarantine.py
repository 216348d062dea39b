"""The notice to the care team about a message that nobody has looked at (§4): how to find it, none of its words."""

from datetime import datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from complaints.contacts import Contacts
from complaints.mail import headers
from complaints.mail.letters import Letter
from complaints.mail.templating import rendered
from complaints.rules.quarantine import QuarantineNotice
from complaints.rules.wording import Wording


def render_notice(order: QuarantineNotice, received_at: datetime, *, contacts: Contacts, timezone: str) -> Letter:
    """The letter that was ordered. Raises AddressUnusable: such a letter can never be sent."""
    at = order.at.astimezone(ZoneInfo(timezone))
    person = contacts.care_team
    language = person.language or order.language
    title = f"Un correo espera en la cuarentena: {order.item}"
    if language == "en":
        title = f"A message waits in the quarantine: {order.item}"
    context = {
        "language": language,
        "school": contacts.school,
        "title": title,
        "person": person,
        "item": order.item,
        "received": Wording(language, timezone, at.date()).at(received_at),
        "signature": "Sistema de quejas" if language == "es" else "Complaint Desk",
        "footer": [
            "Aviso interno, uno por mensaje." if language == "es" else "Internal, one notice a message.",
        ],
    }
    parts = rendered(f"quarantine/{language}", context)
    sender = headers.address(contacts.sender.address, name=contacts.sender.name, role="sender")
    return Letter(
        to=(headers.address(person.email, name=person.name, role=order.recipient),),
        sender=sender,
        subject=headers.safe_header(title),
        text=parts.text,
        html=parts.html,
        message_id=headers.message_id(order.number, order.key, domain=sender.domain),
        headers=(
            ("Date", format_datetime(at)),
            ("Reply-To", str(headers.address(person.email, role="care team"))),
            *headers.automatic(order.number, order.kind, in_reply_to=None),
        ),
        language=language,
        recipient_name=person.name,
    )
