"""Who stands in an address header, and whose address it is: a person's, the school's, a robot's, nobody's.

Own code, not the library's: up to Python 3.12.1 `parseaddr` reads `a@x)b@y<c@z>` as a@x (CVE-2023-27043), and it
raises on what real mail has. Each character is looked at once.
"""

import re
from dataclasses import dataclass

from complaints.mail import parts

_NOT_PLAIN = "\x00"
"""Stands behind a quoted local part that is no plain one: no address holds it."""

LONGEST = 1_000
"""Characters of an address header that are looked at: more is no name and address."""

_PLAIN = r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\x9f]{1,250}"
_ADDRESS = re.compile(f"{_PLAIN}@{_PLAIN}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""What is copied along from a page, and no address has."""

_VIA = re.compile(r"['\"‘“]?(.{2,120}?)['\"’”]?\s+(?:via|vía|a través de|por)\s+.{2,120}", re.IGNORECASE)

_NO_REPLY = re.compile(
    r"(?:.*[-_.+])?(?:no[-_.]?reply|do[-_.]?not[-_.]?(?:reply|respond)|dont[-_.]?reply|no[-_.]?respond(?:er|a|as)?"
    r"|no[-_.]?responda[-_.]?.*|nao[-_.]?respond[ae]r?|noresponse|no[-_.]?contestar|ne[-_.]?pas[-_.]?repondre|unattended)"
    r"(?:[-_.+].*)?"
)
_ROBOT = re.compile(
    r"(?:root|cron|crond|daemon|www-data|apache|nginx|nagios|zabbix|nobody|monit|backup|robot|bot|system|sysadmin-alerts"
    r"|listserv|majordomo|mailman|sympa|listproc|ezmlm|wordpress|jira|confluence|moodle|mantis|redmine|jenkins|gitlab|sentry|grafana|alertmanager)"
)
_OF_A_FORM = re.compile(
    r"(?:web|website|webmaster|sitio|sitioweb|paginaweb|pagina|portal|hosting|cpanel"
    r"|(?:web[-_.]?)?(?:forms?|formularios?|mailer|submissions?|responses?)(?:[-_.].*)?"
    r"|(?:.*[-_.])?(?:form|formulario|submission|webform)s?|contact[-_.]?form|contacto[-_.]?web)"
)
_SERVICES_OF_FORMS = """
123formbuilder.com 123formbuilder.io 123formbuilder.net cognitoforms.com elementor.com emailjs.com emailmeform.com
formcarry.com formkeep.com formsite.com formspark.io formspree.io formspree.com formstack.com formsubmit.co
formsubmit.io getform.io hsforms.com hubspotforms.com jotform.com jotform.email jotforms.com mailerlite.com
netlify.com netlify.app ninjaforms.com paperform.co squarespace.info squarespace.com staticforms.xyz tally.so
typeform.com usebasin.com un-static.com web3forms.com webflow.com wix.com wix-forms.com wixforms.com wufoo.com
weebly.com zohoforms.com
"""
_FORM_SERVICES = frozenset(_SERVICES_OF_FORMS.split())
"""Services that mail what visitors typed into a form, from an address of their own."""

_OF_EVERYBODY = """
gmail.com googlemail.com hotmail.com hotmail.es hotmail.com.pe outlook.com outlook.es outlook.com.pe live.com live.es
msn.com yahoo.com yahoo.es yahoo.com.pe yahoo.com.mx ymail.com rocketmail.com icloud.com me.com mac.com aol.com
proton.me protonmail.com pm.me gmx.com gmx.es gmx.net mail.com zoho.com yandex.com terra.com.pe speedy.com.pe
latinmail.com hushmail.com fastmail.com tutanota.com tuta.io
"""
_PUBLIC = frozenset(_OF_EVERYBODY.split())
"""Where anybody has an address: that the school's own is there tells nothing of the others."""


@dataclass(frozen=True)
class Person:
    """One mailbox of an address header: its name, and its address."""

    name: str
    """As they write it; empty where there is none. Never an address."""
    address: str
    """As letters go there; empty where none is plainly one."""

    def __bool__(self) -> bool:
        return bool(self.address)


NOBODY = Person("", "")


def first_mailbox(raw: str) -> Person:
    """The first mailbox of a header; where none has an address, what stands there for a name."""
    found = mailboxes_in(raw)
    return next((one for one in found if one), found[0] if found else NOBODY)


def mailboxes_in(raw: str) -> list[Person]:
    """The mailboxes of a header, as they stand there, their encoded words still encoded (RFC 5322 §3.4).

    A name is the phrase before the address, a comment only where there is no phrase.
    """
    people: list[Person] = []
    before: list[str] = []
    comments: list[str] = []
    for phrase, comment, inside in _mailboxes(" ".join(raw.replace("\x00", "").split())[:LONGEST]):
        address = _plain(inside) if inside is not None else ""
        if not address and inside is None:
            found = _ADDRESS.search(phrase)
            address, phrase = (_plain(found[0]), phrase.replace(found[0], " ")) if found else ("", phrase)
        # A comma that nobody quoted: `Quispe, Rosa <rosa@…>` is one person.
        before += [phrase.strip()] if phrase.strip() else []
        comments += [comment.strip()] if comment.strip() else []
        if address:
            people.append(Person(_name(", ".join(before) or " ".join(comments)), address))
            before, comments = [], []
    return people or [Person(_name(", ".join(before) or " ".join(comments)), "")]


def addresses_in(text: str) -> list[str]:
    """Every plain address of a text, in order."""
    return [address for one in _ADDRESS.findall(text) if (address := _plain(one))]


def is_public(domain: str) -> bool:
    """Whether anybody may have an address there."""
    return domain.lower() in _PUBLIC


def is_silent(address: str) -> bool:
    """Whether it says itself that nobody reads what is sent there, or a robot's name stands before the @."""
    local = address.lower().partition("@")[0]
    return is_no_reply(local) or is_robot(local)


def is_no_reply(local: str) -> bool:
    """`no-reply`, `no-responder`, `forms-receipts-noreply` …"""
    return _NO_REPLY.fullmatch(local) is not None


def is_robot(local: str) -> bool:
    """`wordpress`, `cron`, `jenkins` …"""
    return _ROBOT.fullmatch(local) is not None


def is_of_a_form(address: str) -> bool:
    """Whether a web form, or a service for forms, writes from there."""
    local, _, domain = address.lower().partition("@")
    labels = domain.split(".")
    within = {".".join(labels[place:]) for place in range(len(labels) - 1)}
    return _OF_A_FORM.fullmatch(local) is not None or not within.isdisjoint(_FORM_SERVICES)


def behind_via(name: str) -> str:
    """`Delia Quiroz` of `'Delia Quiroz' via Soporte`, as groups rewrite a name (DMARC); empty for any other."""
    found = _VIA.fullmatch(name.strip())
    return found[1].strip(" '\"") if found else ""


def _plain(text: str) -> str:
    """An address that a letter can be written to; one dot at the end of a domain goes (RFC 1034 §3.1), no more."""
    text = text.strip()
    text = text[7:] if text[:7].lower() == "mailto:" else text
    if text[:1] == "@":  # a route, which nobody travels any more (RFC 5322 §4.4)
        text = text.partition(":")[2]
    text = _INVISIBLE.sub("", text)
    if "=?" in text or not _ADDRESS.fullmatch(text):  # an encoded word is no address (RFC 2047 §5)
        return ""
    text = text.removesuffix(".")
    domain = text.partition("@")[2]
    return "" if ".." in domain or domain.startswith(".") or domain.endswith(".") else text


def _mailboxes(raw: str) -> "list[tuple[str, str, str | None]]":
    """Phrase, comment and what stands between angles (None: no angles) of each mailbox."""
    found: list[tuple[str, str, str | None]] = []
    phrase, comment, inside = "", "", None
    quoted, depth, angle = False, 0, False
    place = 0
    while place < len(raw):
        character = raw[place]
        if character == "\\" and (quoted or depth) and place + 1 < len(raw):
            place += 1
            phrase, comment = (phrase + raw[place], comment) if quoted else (phrase, comment + raw[place])
        elif quoted:
            quoted = character != '"'
            if not quoted and raw[place + 1 : place + 2] == "@" and not re.fullmatch(_PLAIN, phrase.strip()):
                phrase += _NOT_PLAIN  # `"ana rios"@…`: another than `rios@…`, and none that we write to
            phrase += character if quoted else ""
        elif depth:
            depth += (character == "(") - (character == ")")
            comment += character if depth else ""
        elif angle:
            angle = character != ">"
            inside = (inside or "") + (character if angle else "")
        elif character == '"':
            quoted = True
        elif character == "(":
            depth = 1
            comment += " "
        elif character == "<" and inside is None:
            angle, inside = True, ""
        elif character in ",;":
            found.append((phrase, comment, inside))
            phrase, comment, inside = "", "", None
        elif character == ":" and inside is None and "@" not in phrase:
            phrase = ""  # the name of a group
        else:
            phrase += character
        place += 1
    return [*found, (phrase, comment, inside)]


def _name(raw: str) -> str:
    name = parts.words_decoded(raw)
    name = _ADDRESS.sub(" ", name)
    name = " ".join(word for word in name.replace(_NOT_PLAIN, "").split() if "@" not in word).strip(" \"'<>[],;")
    if name.count("(") != name.count(")") or re.fullmatch(r"\([^()]*\)", name):
        name = name.strip("() ")
    return name if re.search(r"\w", name) else ""
