"""Forms that people fill in on our pages, kept as mail is: a message any mail program opens, its files beside it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from complaints.mail.attachments import Attachment
from complaints.mail.kinds import Evidence, Kind
from complaints.records.messages import FileToKeep, MailToKeep
from complaints.records.store import Store
from complaints.scanning import LookedAt


def as_message(headers: Mapping[str, str], lines: Sequence[str], files: Sequence[Attachment]) -> bytes:
    """The form; its files are named, their bytes are kept beside it. Sent twice, it is the same to the byte."""
    message = EmailMessage(policy=SMTP)
    for name, value in headers.items():
        message[name] = value
    named = [f"[{file.name}, {file.type}, {file.size} bytes, sha256 {file.digest}]" for file in files]
    message.set_content("\n\n".join(line for line in (*lines, *named) if line), cte="quoted-printable")
    return bytes(message)


async def keep_form(
    store: Store,
    raw: bytes,
    files: Sequence[LookedAt],
    *,
    mailbox: str,
    source_key: str,
    received_at: datetime,
    evidence: Evidence,
) -> None:
    """Keeps it as evidence, under what makes it unique. Without a sender: nobody has proven that it is theirs.

    Args:
        mailbox: which form it was; it stands beside the mailboxes of mail.
        evidence: what it is taken for, and why.
    """
    await store.keep_mail(
        MailToKeep(
            raw=raw,
            mailbox=mailbox,
            received_at=received_at,
            message_id=None,
            source_key=source_key,
            sender=None,
            kind=Kind(evidence.says).value,
            score=evidence.weight,
            evidence=(evidence.record,),
            files=tuple(FileToKeep.model_validate(file, from_attributes=True) for file in files),
        )
    )
