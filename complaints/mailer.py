"""Outgoing mail as the settings want it: for the worker, and for the command line when it sends by itself."""

from complaints.mail.letters import OwnAddresses
from complaints.mail.outgoing import Mailer, SmtpAddress
from complaints.settings import Settings


def mailer_of(settings: Settings) -> Mailer:
    """The mailer. Raises SettingsError where no mail server is named."""
    server = settings.smtp_server
    address = SmtpAddress(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password.get_secret_value() if server.password else None,
        tls=server.tls.value,
    )
    return Mailer(address, connections=settings.mail_connections, per_minute=settings.mail_per_minute)


def own_addresses(settings: Settings) -> OwnAddresses:
    """Which of our addresses carry a token."""
    return OwnAddresses(
        keys=settings.secret_keys,
        replies=settings.mail_reply_tokens,
        bounces=settings.mail_bounce_address,
        link_days=settings.link_days,
    )
