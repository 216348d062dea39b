"""email.policy: what is set is not what is written. The standard library alone.

A long Message-ID in References is written as encoded words, where no program looks for one (RFC 2047 §5 forbids it).
What only looks like an encoded word comes back otherwise. Python 3.13.0 puts a blank
too many into a long display name; before 3.11.10 and 3.12.5 a subject can end the headers (CVE-2024-6923).
"""

from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default

NAME = "María Fernández de los Ríos y Quispe Ñahui Asociación de Padres de Familia"
CASES = {
    "References": f"<{'a' * 100}@mail.example>",
    "Subject": "=?utf-8?B?SGkNCg0KPGgxPmV2aWw8L2gxPg==?=",
    "To": Address(display_name=NAME, username="rosa", domain="mail.example"),
}

wrong = 0
for name, value in CASES.items():
    letter = EmailMessage(policy=SMTP)
    letter[name] = value
    written = letter.as_bytes()
    read = str(message_from_bytes(written, policy=default)[name])
    # An id must stand in the letter as it is; the others must be read as they were set.
    fine = (
        str(value).encode() in written if name == "References" else read == str(value) and b"\r\n\r\n<" not in written
    )
    print(f"{name}: {'as it was set' if fine else written.partition(b'MIME-Version')[0].decode()}")
    wrong += not fine
print("still there" if wrong else "mended")
