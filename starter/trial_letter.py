"""A letter that shows whether letters go out: asked for by `complaints setup --test-letter ADDRESS`."""

from datetime import UTC, datetime
from email.utils import format_datetime, make_msgid

from complaints.contacts_file import ContactsFile
from complaints.mail import headers
from complaints.mail.outgoing import NotAccepted, Uncertain
from complaints.mailer import mailer_of
from complaints.settings import Settings
from complaints.words.catalogue import N_, _
from starter.errors import Refused


async def send(settings: Settings, to: str) -> None:
    """Hands it to the mail server. Raises Refused with the server's reason."""
    mailer = mailer_of(settings)
    try:
        recipient = headers.address(to)
        contacts = ContactsFile(settings.contacts_file).now()
        sender = headers.address(contacts.sender.address, name=contacts.sender.name, role="sender")
        message = headers.empty_message(utf8=headers.needs_smtputf8([recipient, sender]))
        message["From"], message["To"] = sender, recipient
        message["Subject"] = _("Test letter of Complaint Desk")
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = make_msgid(domain=sender.domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_("If you read this, letters go out.\n"))
        await mailer.send(message.as_bytes(), sender=sender.addr_spec, to=[recipient.addr_spec])
    except (NotAccepted, Uncertain, headers.AddressUnusable) as error:
        raise Refused(
            N_("The test letter did not go out: {error}. Check SMTP_URL.", error=getattr(error, "message", str(error))),
        ) from error
    finally:
        await mailer.close()
