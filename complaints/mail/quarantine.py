"""The letters about a message in the quarantine: the notice to the care team (§4), and the answer to its writer (§3).

The notice says how to find the message and none of its words; the answer is what a person of ours typed.
"""

from datetime import datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from complaints.contacts import Contacts
from complaints.mail import headers
from complaints.mail.letters import PLAIN, Letter, OwnAddresses
from complaints.mail.recipients import People
from complaints.mail.saying import Saying
from complaints.mail.staff_notice import staff_notice
from complaints.mail.templating import rendered
from complaints.mail.tokens import bounce_address
from complaints.rules.letters import Contents
from complaints.rules.quarantine import QuarantineAnswer, QuarantineNotice
from complaints.words.catalogue import catalogue
from complaints.words.page_links import shown
from complaints.words.wording import Wording


def render_notice(
    order: QuarantineNotice,
    received_at: datetime,
    *,
    contacts: Contacts,
    timezone: str,
    waiting: int = 0,
    desk_url: str | None = None,
) -> Letter:
    """The letter that was ordered; `waiting`: how many items of a flood wait, which it is about then.
    `desk_url`: where staff open the desk.

    Raises AddressUnusable: such a letter can never be sent.
    """
    at = order.at.astimezone(ZoneInfo(timezone))
    person = contacts.care_team.on(at.date())
    language = person.language or order.language
    _ = catalogue(language).gettext
    if waiting:
        title = _("Too much mail comes at once: it waits in the quarantine")
        footer = _("Internal, one notice for all of them.")
    else:
        title = _("A message waits in the quarantine: {item}").format(item=order.item)
        footer = _("Internal, one notice a message.")
    context = {
        "language": language,
        "school": contacts.school,
        "title": title,
        "person": person,
        "item": order.item,
        "received": Wording(language, timezone, at.date()).at(received_at),
        "signature": _("Complaint Desk"),
        "footer": [footer],
        "count": waiting,
        "desk": f"{desk_url.rstrip('/')}/quarantine{'' if waiting else '/' + order.item}" if desk_url else None,
    }
    parts = rendered(f"quarantine/{'flood.' if waiting else ''}{language}", context)
    return staff_notice(
        order,
        person,
        title=title,
        parts=parts,
        contacts=contacts,
        timezone=timezone,
        language=language,
    )


def render_answer(order: QuarantineAnswer, *, contacts: Contacts, timezone: str, own: OwnAddresses = PLAIN) -> Letter:
    """The answer that was ordered, marked as automatic so that no program answers it.

    It is of no case: what comes back to it is read like any other mail. Raises AddressUnusable.
    """
    at = order.at.astimezone(ZoneInfo(timezone))
    say = Saying(
        Wording(order.language, timezone, at.date()), People(contacts, Contents(), at.date()), Contents(), True
    )
    title = say.wording.letter(order.kind)
    context = {
        "language": order.language,
        "school": contacts.school,
        "title": title,
        "received": say.wording.at(order.received_at),
        "words": order.words,
        "of_case": order.of_case,
        "phone": contacts.intake.telephone,
        "signature": say.signature,
        "footer": say.footer,
    }
    parts = rendered(f"quarantine/answer.{order.language}", context)
    sender = headers.address(contacts.sender.address, name=contacts.sender.name, role="sender")
    message_id = headers.message_id(order.number, order.key, domain=sender.domain, secret=own.secret)
    return Letter(
        to=(headers.address(order.to_email, role=order.recipient),),
        sender=sender,
        subject=headers.safe_header(title),
        text=shown(parts.text, order.language),
        html=shown(parts.html, order.language),
        message_id=message_id,
        headers=(
            ("Date", format_datetime(at)),
            ("Reply-To", str(headers.address(contacts.intake.emails[0], role="intake"))),
            *headers.answering(order.in_reply_to),
            *headers.automatic(order.number, order.kind, in_reply_to=order.in_reply_to),
        ),
        language=order.language,
        comes_back_to=bounce_address(own.bounces, message_id, keys=own.keys) if own.bounces else None,
    )
