"""The signs of what is sent to many: newsletters and offers, by their words and by how they are built, and spam."""

import re
from collections.abc import Iterator
from itertools import islice

from complaints.mail import parts
from complaints.mail.bodies import links
from complaints.mail.examined import Subject
from complaints.mail.kinds import HUMAN, Evidence, Kind
from complaints.mail.phrases import cited, phrases_in, unaccented
from complaints.words.catalogue import N_, Message

MANY_LINKS = 12
"""A person's mail has fewer, quoted history included."""

DOZENS_OF_LINKS = 40
"""No person's mail has so many: as good as words about how to leave a list."""

MOST_BY_LOOKS = 0.6
"""How much the build of its HTML may count: companies' signatures have pictures, links and tracking, too."""

WITHOUT_LEAVING = 0.9
"""The most for a mail that does not say how to leave its list: a person may have written that offer."""

PICTURES, TABLES = 3, 5
"""From so many on a page looks made."""

MOST_ADDRESSES = 2_000
"""Links and pictures that are looked at."""

_FILTER_SAYS_SPAM = (
    ("X-Spam-Flag", re.compile(r"yes|true", re.IGNORECASE)),
    ("X-Spam-Status", re.compile(r"yes", re.IGNORECASE)),
    ("X-Spam", re.compile(r"yes|true", re.IGNORECASE)),
    ("X-Spam-Level", re.compile(r"\*{6,}")),
    ("X-Spam-Action", re.compile(r"reject|add header|quarantine", re.IGNORECASE)),
    ("X-Rspamd-Action", re.compile(r"reject|add header|quarantine", re.IGNORECASE)),
    ("X-MS-Exchange-Organization-SCL", re.compile(r"[6-9]$")),
    ("X-Forefront-Antispam-Report", re.compile(r".*\bSCL:[6-9]\b|.*\bSFV:SPM\b")),
    ("X-Barracuda-Spam-Flag", re.compile(r"yes", re.IGNORECASE)),
    ("X-YahooFilteredBulk", re.compile(r"\S")),
    ("X-Bogosity", re.compile(r"spam|yes", re.IGNORECASE)),
    ("X-DSPAM-Result", re.compile(r"spam|blacklisted|virus", re.IGNORECASE)),
    ("X-CRM114-Status", re.compile(r"spam", re.IGNORECASE)),
    ("X-Spam-Result", re.compile(r"spam|yes", re.IGNORECASE)),
)
_COUNTING = re.compile(rb"<img\b[^<>]{0,800}\b(?:width|height)\s*[=:]\s*[\"']?\s*[01](?:px)?\b")
_ADDRESSES = re.compile(rb"\b(href|src)\s*=\s*[\"']?([^\"'<>\s]{1,2000})")
_LEAVES = re.compile(rb"unsub|opt-?out|desuscri|cancelar-?sus|/baja|subscription|preferenc|remove")
_COUNTED = re.compile(rb"\butm_(?:source|medium|campaign)=")
_BY_HAND = (
    *(b"gmail_quote", b"gmail_default", b"gmail_signature", b"gmail_attr", b"gmail_extra", b"msonormal"),
    *(b"divtagdefaultwrapper", b"elementtoproof", b"applemail", b"apple-mail", b"yahoo-style", b"yahoo_quoted"),
    *(b"moz-cite", b"moz-forward", b"moz-signature", b"protonmail_", b"zimbra"),
)
"""What people's mail programs leave in their HTML."""


def of_newsletters(about: Subject) -> Iterator[Evidence]:
    """Newsletters and offers, also of those that set no header of a list."""
    said = about.phrases
    leaving = said.get("unsubscribe", [])
    found: list[Evidence] = []
    if leaving:
        weight = 0.5 if len(leaving) == 1 else 0.7
        found.append(Evidence(N_("text {words}", words=cited(leaving[:2])), weight, Kind.BULK))
    if (many := links(about.message)) >= MANY_LINKS:
        found.append(Evidence(N_("{many} links", many=many), 0.3 if many < 2 * MANY_LINKS else 0.5, Kind.BULK))
    found += _of_looks(about)
    if footer := said.get("footer"):
        found.append(Evidence(N_("text {words}", words=cited(footer[:2])), min(0.15 * len(footer), 0.3), Kind.BULK))
    if selling := said.get("selling"):
        weight = round(min(0.15 * len(selling), 0.6), 2)
        found.append(Evidence(N_("text {words}", words=cited(selling[:3])), weight, Kind.BULK))
    if re.match(r"\W{0,3}(?:publicidad|advertisement|adv)\s*[:\-–\]]", unaccented(about.subject)):
        found.append(Evidence(N_("subject marked as advertising (Ley 28493)"), 0.7, Kind.BULK))
    yield from found if leaving or many >= DOZENS_OF_LINKS else _at_most(WITHOUT_LEAVING, found)
    if any(mark in about.html for mark in _BY_HAND):
        yield Evidence(N_("HTML of a person's mail program"), -0.2, HUMAN)


def _of_looks(about: Subject) -> list[Evidence]:
    seen = sorted(_looks(about.html), key=lambda one: (one[0], one[1].english), reverse=True) if about.html else []
    if not seen:
        return []
    weight = round(min(sum(weight for weight, _ in seen), MOST_BY_LOOKS), 2)
    return [Evidence(N_("HTML with {looks}", looks=tuple(look for _, look in seen[:3])), weight, Kind.BULK)]


def _looks(html: bytes) -> Iterator[tuple[float, Message]]:
    pointing = b"href" in html or b"src" in html
    found = islice(_ADDRESSES.finditer(html), MOST_ADDRESSES) if pointing else ()
    addresses = [(one[1], one[2]) for one in found]
    links = [address for name, address in addresses if name == b"href"]
    if b"<img" in html and _COUNTING.search(html):
        yield 0.3, N_("a counting picture")
    if any(_COUNTED.search(link) for link in links):
        yield 0.3, N_("links that count who came")
    if any(_LEAVES.search(link) for link in links):
        yield 0.3, N_("a link to leave")
    if b"display" in html and b"display:none" in html.replace(b" ", b""):
        yield 0.2, N_("hidden words")
    if sum(name == b"src" and address.startswith(b"http") for name, address in addresses) >= PICTURES:
        yield 0.2, N_("pictures from elsewhere")
    if html.count(b"<table") >= TABLES:
        yield 0.2, N_("a page of tables")
    if b"@media" in html:
        yield 0.15, N_("a page for every screen")


def _at_most(most: float, signs: list[Evidence]) -> Iterator[Evidence]:
    left = most
    for sign in signs:
        weight = round(min(sign.weight, left), 2)
        left -= weight
        if weight > 0:
            yield Evidence(sign.sign, weight, sign.says)


def of_spam(about: Subject) -> Iterator[Evidence]:
    """What a filter before us marked, and what is about several of the things that only spam is about."""
    names = {name.lower() for name, _ in about.message.raw_items()}
    for name, pattern in _FILTER_SAYS_SPAM:
        if name.lower() in names and pattern.match(next(iter(parts.headers(about.message, name)), "")):
            yield Evidence(N_("{header} of the mail filter", header=name), 1.2, Kind.SPAM_LIKE)
            break
    if re.match(r"[\[({*]\W{0,4}spam\b\W", about.subject, re.IGNORECASE):
        yield Evidence(N_("subject marked as spam by a filter"), 1.0, Kind.SPAM_LIKE)
    titled, said = phrases_in(unaccented(about.subject)), about.phrases
    families = sorted(name for name in {*titled, *said} if name.startswith("spam/"))
    phrases = [one for name in families for one in dict.fromkeys([*titled.get(name, ()), *said.get(name, ())])]
    if len(phrases) >= 2:
        weight = 0.3 * len(families) + 0.2 * (len(phrases) - len(families))
        yield Evidence(N_("text {words}", words=cited(phrases[:4])), round(min(weight, 1.2), 2), Kind.SPAM_LIKE)
