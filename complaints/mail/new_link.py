"""The letter with a new link to the customer's page: sent only to the address on record, because somebody asked."""

from datetime import date
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from complaints.contacts import Contacts
from complaints.mail import headers
from complaints.mail.letters import PLAIN, Letter, OwnAddresses
from complaints.mail.recipients import People
from complaints.mail.saying import Saying
from complaints.mail.subjects import subject
from complaints.mail.templating import rendered
from complaints.mail.tokens import bounce_address, reply_address
from complaints.rules.letters import CUSTOMER, Contents, Order
from complaints.rules.number import in_groups
from complaints.rules.page_links import PLACE
from complaints.words.wording import Wording

NEW_LINK = "new-link"
"""The kind of this letter; a case never orders one."""


def render_new_link(
    order: Order,
    *,
    to_email: str,
    until: date,
    contacts: Contacts,
    timezone: str,
    own: OwnAddresses = PLAIN,
) -> Letter:
    """The letter with the place for that link. Raises AddressUnusable: such a letter can never be sent."""
    at = order.at.astimezone(ZoneInfo(timezone))
    people = People(contacts, Contents(), at.date())
    say = Saying(Wording(order.language, timezone, at.date()), people, Contents(), to_customer=True)
    title = say.wording.letter(order.kind)
    context = {
        "language": order.language,
        "school": contacts.school,
        "title": title,
        "n": order.number,
        "groups": in_groups(order.number),
        "link": PLACE,
        "page": say.page,
        "until": say.wording.day(until),
        "phone": contacts.intake.telephone,
        "signature": say.signature,
        "footer": say.footer,
    }
    parts = rendered(f"link/{order.language}", context)
    sender = headers.address(contacts.sender.address, name=contacts.sender.name, role="sender")
    message_id = headers.message_id(order.number, order.key, domain=sender.domain, secret=own.secret)
    intake = contacts.intake.emails[0]
    reply_to = reply_address(intake, order.number, keys=own.keys) if own.replies else intake
    return Letter(
        to=(headers.address(to_email, role=CUSTOMER),),
        sender=sender,
        subject=headers.safe_header(subject(order.number, title)),
        text=parts.text,
        html=parts.html,
        message_id=message_id,
        headers=(
            ("Date", format_datetime(at)),
            ("Reply-To", str(headers.address(reply_to, role="intake"))),
            *headers.threading(
                order.number,
                order.key,
                to_customer=True,
                in_reply_to=None,
                domain=sender.domain,
                secret=own.secret,
            ),
            *headers.automatic(order.number, order.kind, in_reply_to=None),
        ),
        language=order.language,
        comes_back_to=bounce_address(own.bounces, message_id, keys=own.keys) if own.bounces else None,
    )
