"""The signs in what a message says: subjects and phrases of programs, and the words of people who complain."""

import re
from collections.abc import Iterator

from complaints.mail import parts
from complaints.mail.bodies import links
from complaints.mail.examined import Subject
from complaints.mail.kinds import AUTOMATIC, HUMAN, Evidence, Kind
from complaints.mail.phrases import LOOKED_AT, begins_with, cited, is_forwarded, is_passed_on, unaccented
from complaints.words.catalogue import N_

SHORT = 1_500
"""Characters: programs are brief when they speak of an absence or a receipt."""

ONCE_MORE = 0.1
"""The weight of a phrase in the text that only repeats the subject: it is no second witness."""

IN_ANSWER = 1.3
"""The weight of a program's label at the head of the subject of an answer."""

_MAIL_PROGRAM = re.compile(
    r"thunderbird|iphone mail|ipad mail|apple mail|outlook express|microsoft outlook|microsoft windows (?:live )?mail"
    r"|k-9|fairemail|aquamail|bluemail|android|evolution|kmail|mutt|claws|sylpheed|roundcube|squirrelmail"
    r"|webmail|yahoomail|lotus notes|groupwise|eudora|the bat|zimbra|horde|mailspring|open-xchange"
)
_SMTP_CODE = re.compile(r"\b(?:5\d\d[ -#]+5\.\d{1,3}\.\d{1,3}|4\d\d[ -#]+4\.\d{1,3}\.\d{1,3}|55[0-4][ -]\S)")
_TICKET = re.compile(
    r"\W{0,2}\[(?:[a-z]{2,10}[ -]?)?#\d{3,}\]"
    r"|\W{0,3}(?:ticket|caso|case|request|solicitud|chamado|incidente?|requerimiento)\b[ :#]{0,3}"
    r"(?:n(?:ro|um|umero|umber|o|°|º)?\.?|id)?[ :#.°º]{0,3}\d{3,}\W"
)
_PASSED_ON = re.compile(r"(?:re|rv|fwd?|aw)\s?:")
"""As some programs have it: `Out of office Re: …`. No person writes that."""

LABELLED = 1.0
"""The weight of a label before a subject of ours, a complaint's number in it, where nobody complains below."""

_OF_OURS = re.compile(r"\bq-\w{4}-\w{5}\b")

DECLARED = 1.0
"""The weight of a sentence that says of its own message that a program wrote it."""

_DECLARING = re.compile(r"(?:est[aeo]s?|this|essa|isto|dies|ceci|cet?|mensaje|correo|message|mensagem|notificacion)\b")
_SENTENCES = re.compile(r"[.!?:\n]+\s*")
_NO_ANSWER = re.compile(r"\b(?:no|nao|not|don't|nicht|ne)\b.*(?:repl|respon|contest|antwort|repond)")
"""That nobody reads answers is a second thing that a program says, beside that it is one."""


def of_words(about: Subject, *, share: float) -> Iterator[Evidence]:
    """`share`: how much the words of a bounce count; people's parcels and certificates are not delivered either."""
    titled = _of_subject(about, share)
    if titled:
        yield titled[0]
    phrase = titled[1] if titled else ""
    yield from _of_bounce(about, share)
    yield from _of_absence(about, phrase)
    yield from _of_automatic(about, phrase)
    yield from _of_receipt(about)
    yield from _of_person(about)


def _of_subject(about: Subject, share: float) -> tuple[Evidence, str] | None:
    """What programs write there, and the phrase."""
    subject = unaccented(about.subject)
    if is_passed_on(about.subject):
        return None
    if found := begins_with("bounce_subject", subject):
        return Evidence(N_("subject {words}", words=f"“{found}”"), round(0.9 * share, 2), Kind.BOUNCE), found
    if found := begins_with("automatic_subject", subject):
        # `Auto reply: …` in a conversation: people who speak of such an answer answer it (`Re:`), or begin anew.
        rest = subject.lstrip(" \"'*[(").removeprefix(found.rstrip(":")).lstrip()
        passed_on = _PASSED_ON.match(rest) is not None
        labelled = rest.startswith(":")
        of_ours = labelled and _OF_OURS.search(rest) is not None and not about.phrases.get("complaint")
        weight = IN_ANSWER if passed_on or (labelled and _answers(about)) else LABELLED if of_ours else 0.8
        return Evidence(N_("subject {words}", words=f"“{found}”"), weight, Kind.AUTO_REPLY), found
    return None


def _answers(about: Subject) -> bool:
    return any(parts.message_ids(about.message, name) for name in ("In-Reply-To", "References"))


def _of_bounce(about: Subject, share: float) -> Iterator[Evidence]:
    if bounces := about.cited_too.get("bounce"):
        weight = round(min(0.4 + 0.15 * len(bounces), 0.8) * share, 2)
        yield Evidence(N_("text {words}", words=cited(bounces[:3])), weight, Kind.BOUNCE)
        if code := _SMTP_CODE.search(about.own[:8_000]):
            yield Evidence(N_("a mail server's code, {code}", code=code[0][:12]), 0.15, Kind.BOUNCE)


def _of_absence(about: Subject, titled: str) -> Iterator[Evidence]:
    said = about.phrases
    absence = said.get("absence")
    if len(about.own) > SHORT:
        return
    if not absence:
        if titled and (until := said.get("until")) and not said.get("complaint"):
            yield Evidence(N_("text {words}", words=cited(until[:2])), 0.2, Kind.AUTO_REPLY)
        return
    further = [*absence[1:], *said.get("until", ()), *said.get("received", ())]
    repeats = titled.strip(":") in absence[0] and bool(titled) and not further
    yield Evidence(N_("text {words}", words=cited(absence[:1])), ONCE_MORE if repeats else 0.6, Kind.AUTO_REPLY)
    if further and not said.get("complaint"):  # people mention holidays, or somebody's absence, while they complain
        more = round(min(0.2 * len(further), 0.4), 2)
        yield Evidence(N_("text {words}", words=cited(further[:3])), more, Kind.AUTO_REPLY)


def _of_automatic(about: Subject, titled: str) -> Iterator[Evidence]:
    """What says of itself that a program wrote it, or asks whether a person did."""
    said = about.phrases
    if challenges := said.get("challenge"):
        linked = links(about.message) > 0 or "http" in about.own
        yield Evidence(N_("text {words}", words=cited(challenges[:2])), 1.0 if linked else 0.8, Kind.AUTO_REPLY)
    automatic = _apart(said.get("automatic", ()))
    if not automatic:
        return
    repeats = bool(titled) and titled.strip(":") in automatic[0] and len(automatic) == 1
    weight = DECLARED if _declares(about, automatic) else ONCE_MORE if repeats else 0.7
    yield Evidence(N_("text {words}", words=cited(automatic[:1])), weight, AUTOMATIC)
    others = [one for one in automatic[1:] if bool(_NO_ANSWER.search(one)) != bool(_NO_ANSWER.search(automatic[0]))]
    if others and not said.get("complaint"):
        yield Evidence(N_("text {words}", words=cited(others[:1])), 0.3, AUTOMATIC)


def _declares(about: Subject, automatic: list[str]) -> bool:
    """Whether a sentence begins so: `Este es un mensaje automático`, and not `Me llega que este es un mensaje …`."""
    declaring = tuple(one for one in automatic if _DECLARING.match(one) and not _NO_ANSWER.search(one))
    if not declaring or about.phrases.get("complaint"):
        return False
    sentences = _SENTENCES.split(about.own[:LOOKED_AT])
    return any(unaccented(one).lstrip("*_-–—( ").startswith(declaring) for one in sentences)


def _of_receipt(about: Subject) -> Iterator[Evidence]:
    """Confirmations: that a message was read, or that it was received by somebody's desk."""
    said = about.phrases
    if read := said.get("receipt"):
        yield Evidence(N_("text {words}", words=cited(read[:2])), 0.5 if len(read) == 1 else 0.8, Kind.AUTO_REPLY)
    received = said.get("received")
    if not received or said.get("absence"):
        return
    desk = len(said.get("desk", ()))  # what its program alone says, not who answers kindly
    weight = min(0.25 * (len(received) + desk), 0.75 if desk else 0.5)
    yield Evidence(N_("text {words}", words=cited(received[:2])), weight, Kind.AUTO_REPLY)
    subject = unaccented(about.subject)
    if is_forwarded(about.subject):
        return
    if found := begins_with("received_subject", subject):
        others = [one for one in received if one not in found]
        yield Evidence(N_("subject {words}", words=f"“{found}”"), 0.5 if others else ONCE_MORE, Kind.AUTO_REPLY)
    elif _TICKET.match(subject) and not is_passed_on(about.subject):
        yield Evidence(N_("subject {words}", words=f"“{about.subject[:30]}”"), 0.3, Kind.AUTO_REPLY)


def _of_person(about: Subject) -> Iterator[Evidence]:
    headers = (parts.header(about.message, name) for name in ("User-Agent", "X-Mailer"))
    program = " ".join(headers).lower()[:200]
    if found := _MAIL_PROGRAM.search(program):
        yield Evidence(N_("written in {program}", program=found[0]), -0.2, HUMAN)
    if about.labelled:
        yield Evidence(N_("{many} labelled details", many=about.labelled), -0.15 * min(about.labelled, 2), HUMAN)
    if words := about.phrases.get("complaint"):
        yield Evidence(N_("text {words}", words=cited(words[:2])), -0.1 * min(len(words), 3), HUMAN)


def _apart(phrases: "list[str] | tuple[str, ...]") -> list[str]:
    """Without those that are part of another one."""
    return [one for one in phrases if not any(one != other and one in other for other in phrases)]
