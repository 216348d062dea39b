"""email.policy.default raises on headers that strangers send, so that a whole message cannot be read; and parseaddr.

`compat32` reads them all. Before Python 3.12.2 and 3.11.10 `email.utils.parseaddr` finds an address that nobody wrote
(CVE-2023-27043). The standard library alone.
"""

from email import message_from_bytes
from email.policy import default
from email.utils import parseaddr

HEADERS = ['To: "', "From: a@[", "To: a:;b:", "From: <", "Message-ID: <", "Message-ID: <>"]

wrong = 0
for header in HEADERS:
    try:
        message_from_bytes(f"{header}\n\nHello".encode(), policy=default).items()
    except Exception as error:
        print(f"{header!r} raises {type(error).__name__}: {error}")
        wrong += 1
if (found := parseaddr("a@x)b@y<c@z>")[1]) not in {"", "c@z"}:
    print(f"parseaddr found {found!r}")
    wrong += 1
print("still there" if wrong else "mended")
