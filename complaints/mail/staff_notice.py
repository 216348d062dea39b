"""A letter to a member of staff that belongs to no case: a review, a digest, an alarm, a message in the quarantine."""

from email.utils import format_datetime
from zoneinfo import ZoneInfo

from complaints.contacts import Contacts, Person
from complaints.mail import headers
from complaints.mail.letters import Attachment, Letter
from complaints.mail.templating import Rendered
from complaints.rules.letters import Order
from complaints.words.page_links import shown
from complaints.words.vocabulary import Language


def staff_notice(
    order: Order,
    person: Person,
    *,
    title: str,
    parts: Rendered,
    contacts: Contacts,
    timezone: str,
    language: Language,
    attachments: tuple[Attachment, ...] = (),
) -> Letter:
    """The letter, from the school's sender; answers go to the care team. Raises AddressUnusable."""
    sender = headers.address(contacts.sender.address, name=contacts.sender.name, role="sender")
    return Letter(
        to=(headers.address(person.email, name=person.name, role=order.recipient),),
        sender=sender,
        subject=headers.safe_header(title),
        text=shown(parts.text, language),
        html=shown(parts.html, language),
        message_id=headers.message_id(order.number, order.key, domain=sender.domain),
        headers=(
            ("Date", format_datetime(order.at.astimezone(ZoneInfo(timezone)))),
            ("Reply-To", str(headers.address(contacts.care_team.email, role="care team"))),
            *headers.automatic(order.number, order.kind, in_reply_to=None),
        ),
        language=language,
        recipient_name=person.name,
        attachments=attachments,
    )
