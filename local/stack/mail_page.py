"""The small web page that shows caught mail. Whatever a message holds, the page only shows it."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from html import escape
from http import HTTPStatus
from zoneinfo import ZoneInfo

from complaints.words.catalogue import N_, NP_, catalogue, language_of
from local.stack.mail_folder import Caught, MailFolder

LIMA = ZoneInfo("America/Lima")

#: Messages on the list; older ones stay in the folder.
LISTED = 200

#: Seconds in which a browser has to say what it wants.
PATIENCE = 10.0

WORDS = {
    "title": N_("Caught mail"),
    "empty": N_("No messages yet."),
    "back": N_("All messages"),
    "raw": N_("As it came"),
    "from": N_("From"),
    "to": N_("To"),
    "date": NP_("a message", "Received"),
    "subject": N_("Subject"),
    "none": N_("(no subject)"),
    "unreadable": N_("(cannot be shown)"),
}

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .4rem .6rem; vertical-align: top }
tr + tr { border-top: 1px solid #ddd } pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f6f6f4;
padding: 1rem } iframe { width: 100%; height: 40rem; border: 1px solid #ddd } a { color: #0b5394 }
"""

#: Nothing is loaded but our own style and the frame; a message cannot run anything or call home.
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
FRAME_POLICY = f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

HOSTS = re.compile(r"(127\.0\.0\.1|localhost)(:\d+)?", re.IGNORECASE)
#: In escaped text, where `&` can only be `&amp;`; a full stop after it belongs to the sentence.
LINK = re.compile(r"https?://[^\s<>\"'&]+(?:&amp;[^\s<>\"'&]+)*(?<![.,;:!?)])")


@dataclass(frozen=True)
class Answer:
    """What a browser gets."""

    status: HTTPStatus
    body: str = ""
    kind: str = "text/html"
    policy: str = PAGE_POLICY
    headers: dict[str, str] = field(default_factory=dict)

    def as_bytes(self, *, with_body: bool) -> bytes:
        """The whole HTTP answer; the connection ends with it."""
        body = self.body.encode(errors="replace")
        headers = {
            "Content-Type": f"{self.kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            "Content-Security-Policy": self.policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "Connection": "close",
            **self.headers,
        }
        head = f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return head.encode() + b"\r\n" + (body if with_body else b"")


class MailPage:
    """Answers browsers with the list of messages or with one of them."""

    def __init__(self, mail: MailFolder, language: str) -> None:
        self.mail = mail
        self.language = language_of(language)
        self.words = {key: catalogue(self.language).say(word) for key, word in WORDS.items()}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one question."""
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(PATIENCE):
                question = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method = question.partition(" ")[0]
            answer = await asyncio.to_thread(self.answer_to, question)
            writer.write(answer.as_bytes(with_body=method != "HEAD"))
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    def answer_to(self, question: str) -> Answer:
        """The answer to the head of an HTTP request."""
        first, *lines = question.split("\r\n")
        method, _, rest = first.partition(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        # A page elsewhere could have its own name resolve to this machine and read along: it is told by that name.
        if not HOSTS.fullmatch(headers.get("host", "")):
            return Answer(HTTPStatus.MISDIRECTED_REQUEST)
        if method not in ("GET", "HEAD"):
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"})
        path = rest.partition(" ")[0].partition("?")[0]
        if path == "/":
            return Answer(HTTPStatus.OK, self.listing())
        found = re.fullmatch(r"/message/([0-9-]+)(/html|/raw)?", path)
        caught = self.mail.named(found[1]) if found else None
        if found is None or caught is None:
            return Answer(HTTPStatus.NOT_FOUND)
        if found[2] == "/raw":
            return Answer(HTTPStatus.OK, caught.raw.decode(errors="replace"), "text/plain")
        if found[2] == "/html":
            return Answer(HTTPStatus.OK, self.frame(caught), policy=FRAME_POLICY)
        return Answer(HTTPStatus.OK, self.one(caught))

    def listing(self) -> str:
        """The newest messages first."""
        newest = list(self.mail)[: -LISTED - 1 : -1]
        rows = "".join(self.row(caught) for caught in newest)
        heads = "".join(f"<th>{self.words[key]}</th>" for key in ("date", "to", "subject"))
        table = f"<table><tr>{heads}</tr>{rows}</table>" if rows else f"<p>{self.words['empty']}</p>"
        return self.page(f"<h1>{self.words['title']}</h1>{table}", refresh=True)

    def row(self, caught: Caught) -> str:
        """One message on the list; only its head is read."""
        head = BytesHeaderParser(policy=policy.default).parsebytes(caught.raw)
        subject = self.shown(lambda: str(head["subject"] or self.words["none"]))
        to = self.shown(lambda: ", ".join(caught.recipients))
        link = f'<a href="/message/{caught.name}">{escape(subject)}</a>'
        return f"<tr><td>{self.when(caught)}</td><td>{escape(to)}</td><td>{link}</td></tr>"

    def one(self, caught: Caught) -> str:
        """One message: its head, its text, and its HTML in a frame."""
        message = caught.message
        rows = {
            "date": self.when(caught),
            "from": escape(self.shown(lambda: str(message["from"]))),
            "to": escape(self.shown(lambda: ", ".join(caught.recipients))),
            "subject": escape(self.shown(lambda: str(message["subject"] or self.words["none"]))),
        }
        table = "".join(f"<tr><th>{self.words[key]}</th><td>{value}</td></tr>" for key, value in rows.items())
        raw = f'<a href="/message/{caught.name}/raw">{self.words["raw"]}</a>'
        links = f'<p><a href="/">{self.words["back"]}</a> · {raw}</p>'
        body = f"<table>{table}</table>{self.text_of(message)}"
        if part_of(message, "html") is not None:
            body += f'<iframe src="/message/{caught.name}/html" sandbox="{SANDBOX}" title="HTML"></iframe>'
        return self.page(links + body)

    def text_of(self, message: EmailMessage) -> str:
        """Its text part, with links that can be followed."""
        part = part_of(message, "plain")
        if part is None:
            return ""
        text = escape(self.shown(lambda: str(part.get_content())))
        linked = LINK.sub(lambda link: f'<a href="{link[0]}" target="_blank" rel="noopener">{link[0]}</a>', text)
        return f"<pre>{linked}</pre>"

    def frame(self, caught: Caught) -> str:
        """Its HTML part as it is; the frame's sandbox and policy keep it harmless."""
        part = part_of(caught.message, "html")
        return '<base target="_blank">' + (self.shown(lambda: str(part.get_content())) if part is not None else "")

    def shown(self, read: Callable[[], str]) -> str:
        """What a message says, or that it cannot be read: real mail has unknown alphabets and worse."""
        try:
            return read()
        except (LookupError, ValueError, AttributeError, TypeError):
            return self.words["unreadable"]

    def when(self, caught: Caught) -> str:
        """In Lima's time."""
        return f"{caught.received_at.astimezone(LIMA):%Y-%m-%d %H:%M:%S}"

    def page(self, body: str, *, refresh: bool = False) -> str:
        """A whole page; the list renews itself every five seconds."""
        again = '<meta http-equiv="refresh" content="5">' if refresh else ""
        head = f'<meta charset="utf-8"><title>{self.words["title"]}</title>{again}<style>{STYLE}</style>'
        return f'<!doctype html><html lang="{self.language}"><head>{head}</head><body>{body}</body></html>'


def part_of(message: EmailMessage, kind: str) -> EmailMessage | None:
    """The part that a reader would see as `plain` or `html`; None if there is none or it cannot be found."""
    try:
        part = message.get_body((kind,))
    except (LookupError, ValueError, AttributeError, TypeError):
        return None
    return part if isinstance(part, EmailMessage) else None
