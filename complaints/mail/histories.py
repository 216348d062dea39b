"""What a mail program quotes, and the evidence that it is ours: attributions, header blocks, separators.

A customer tells what a teacher wrote, pastes another mail, labels lines `De:` and `Asunto:`, begins lines with `>`. All
that is theirs. History is what names us, follows a program's attribution with `>`, or stands in the letter answered.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from complaints.mail.phrases import unaccented
from complaints.rules.number import numbers_in

LONGEST_LINE = 1_000
"""Characters of a line that are looked at."""

WRAPPED = 4
"""Lines over which a mail program breaks `On … wrote:`."""

IN_THE_LETTER = 0.7
"""The share of a line's pairs of words that must stand in our letter: programs break lines and add links."""

_WROTE = (
    r"(?:wrote|writes|escribi[oó]|escreveu|schrieb|a [eé]crit|ha scritto|schreef|skrev|napisa[lł]\(?a?\)?"
    r"|escribiu|va escriure|a scris|napsal|yazdı|kirjoitti|írta|έγραψε|пише[тш]?|написал)"
)
_BEGINS = re.compile(
    r"\s*(?:on|el|em|am|le|il|op|den|dne|a las|\d{4}[-/]\d"
    r"|(?:lun|mar|mi[eé]|jue|vie|s[aá]b|dom|mon|tue|wed|thu|fri|sat|sun)\b)"
    r"|.{0,120}<[^<>\s]{3,120}@[^<>\s]{3,120}>|.{0,80}\b" + _WROTE,
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    rf".{{4,300}}\b{_WROTE}\b.{{0,80}}[:：]\s*|.{{6,200}}<[^<>\s]{{3,120}}@[^<>\s]{{3,120}}>\s*[:：]\s*", re.IGNORECASE
)
_OF_ANY_LANGUAGE = re.compile(r".{0,200}[<(][^<>()\s]{3,120}@[^<>()\s]{3,120}[>)].{0,80}[:：]\s*")
"""An address and a moment before a colon, whatever the words: believed only where `>` follows, or our own letter."""

_AT_A_MOMENT = re.compile(r"(?=.*\d[:.h時시] ?\d{2})(?=.*(?<!\d)(?:\d{4}(?!\d)|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}))")
"""A year, and a time of the day: no person tells both beside an address."""

_BY_A_PROGRAM = re.compile(
    r"@|\b\d{1,2}[:.h]\d{2}\b|\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b"
    r"|\d{1,2}[시時]|\d{4}[년年]"
    r"|\b\d{1,2}\.? (?:de )?[a-zéû]{3,10}\.?,? (?:de )?\d{4}\b|\b[a-z]{3,10}\.? \d{1,2},? \d{4}\b",
    re.IGNORECASE,
)
"""What a program writes of the moment: with the year or the time of day. People write "el 20 de octubre"."""

_TOLD = re.compile(
    r"\b(?:me|nos|le|les|te|se)(?: lo)? (?:escribi|contest|respond)|\bwrote (?:to )?(?:me|us)\b", re.IGNORECASE
)
_RUNS_ON = re.compile(
    rf"\s*(?:on|el|em|am|le)\b[^<>\n]{{6,120}}<[^<>\s]{{3,120}}@[^<>\s]{{3,120}}>\s*{_WROTE}\s*:\s", re.IGNORECASE
)
"""Yahoo's on a telephone: what is quoted begins on the same line."""

_RUN_TOGETHER = re.compile(
    r"\s*-{4,} ?(?:mensaje original|original message|mensagem original) ?-{4,}\s*(?:de|from): ?[^:]{0,200}@",
    re.IGNORECASE,
)
"""Samsung's, when its lines are lost: separator and header block are one line."""

_SENT = (
    "sent|enviados?(?: el)?|enviada(?: em)?|gesendet|envoyé|inviato|verzonden|skickat|sendt|wysłano"
    "|gönderildi|отправлено|发送时间|發送時間|送信日時"
)
_TO = "to|para|an|à|a|aan|till|til|do|kime|кому|收件人|宛先"
_ABOUT = "subject|asunto|assunto|betreff|objet|oggetto|onderwerp|ämne|emne|temat|konu|тема|主题|主題|件名"
_DATE_FIRST = re.compile(
    rf"[\s>*]*(?:date|fecha|data|datum|{_SENT}|{_ABOUT})\s*\*?\s?[:：]",
    re.IGNORECASE,
)
_DASHED = re.compile(
    r"\s*[-_*=]{2,}\s*(?:original message|original appointment|mensaje original|mensagem original|message d'origine"
    r"|ursprüngliche nachricht|urspr.ngliche nachricht|messaggio originale|oorspronkelijk bericht|reply message"
    r"|respuesta a mensaje|reply to message|mensaje citado|quoted message"
    r"|原始邮件"
    r"|mensaje anterior|original-nachricht|message original|forwarded message|mensaje reenviado|mensagem encaminhada"
    r"|weitergeleitete nachricht|message transféré|messaggio inoltrato|doorgestuurd bericht"
    rf"|(?:on|en|el|em|am|le)\b.{{6,120}}@.{{3,80}}\b{_WROTE})\s*[-_*=]{{2,}}\s*",
    re.IGNORECASE,
)
_SENDER = "from|de|von|da|van|fra|från|od|kimden|expéditeur|remitente|от|发件人|寄件者|差出人"
_FROM_BARE = re.compile(r"[\s>*]*(?:from|de|von|da)\s+(\S[^:]*@[^:]*)", re.IGNORECASE)
"""As eM Client has it, and only below a program's separator."""

_FROM = re.compile(rf"[\s>*]*(?:{_SENDER})\s*\*?\s?[:：]\*?\s*(\S.*)", re.IGNORECASE)
_SUBJECT = re.compile(rf"[\s>*]*(?:{_ABOUT})\s*\*?\s?[:：]\*?\s*(.*)", re.IGNORECASE)
_OTHER_HEADER = re.compile(
    rf"[\s>*]*(?:{_SENT}|{_TO}|{_ABOUT}|date|fecha|data|datum|cc|reply-to|responder a)\s*\*?\s?[:：]",
    re.IGNORECASE,
)
_BARE = re.compile(r"\s*(?:mensaje original|original message|mensaje reenviado|forwarded message)\s*", re.IGNORECASE)
_RULE = re.compile(r"\s*[_\-=*]{5,}\s*|\s*")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']{1,100}@[^\s<>()\[\],;:\"'*]{3,150}")
_WRAPPED_ADDRESSES = re.compile(r"@|;\s*$|^\s{2,}\S")
_PASSED_ON = re.compile(
    r"^\s*(?:(?:re|rv|fw|fwd|aw|sv|res|antw)\s*(?:\[\d+\])?\s*:\s*|\[[^\]]{0,30}\]\s*)+", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_LINK = re.compile(r"<(?:https?|mailto|tel):[^<>]*>|https?://\S+")


@dataclass(frozen=True)
class Ours:
    """What tells our own letters in a history."""

    addresses: frozenset[str] = frozenset()
    """Where we write from and are written to, in small letters."""
    domains: frozenset[str] = frozenset()
    """Of the school alone: never that of a public mail service."""
    names: tuple[str, ...] = ()
    """As their mail program calls us."""
    subject: str = ""
    """Of the message that is read: a program repeats that of the letter it answers."""
    letter: str | None = None
    """The text of the letter that is answered, where it is known."""
    writer: str = ""
    """The name of whoever writes, as it stands in From."""

    def wrote(self, text: str) -> bool | None:
        """Whether we are who is named there: by address, else by name; None where nobody is to be told."""
        found = [one.rstrip(".>").lower() for one in _ADDRESS.findall(text[:LONGEST_LINE])]
        if found:
            return any(one in self.addresses or one.rpartition("@")[2] in self.domains for one in found)
        return True if self._is_our_name(text) else None

    def _is_our_name(self, text: str) -> bool:
        plain = unaccented(text)
        words = [word for word in _WORD.findall(plain) if len(word) > 3]
        if not words:
            return False
        spelt = " ".join([*(one.replace("+", " ") for one in self.addresses), *self.domains])
        return any(name and name in plain for name in map(unaccented, self.names)) or all(
            word in spelt for word in words
        )

    def is_subject(self, text: str) -> bool:
        """Whether it is what is answered: the same words, whatever a program put before them, or a number of ours."""
        theirs, answered = (unaccented(_PASSED_ON.sub("", one)) for one in (text, self.subject))
        return bool(numbers_in(text)) or (bool(theirs) and theirs == answered)

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        words = _words(self.letter or "")
        return frozenset(pairwise(words))

    @cached_property
    def _single(self) -> frozenset[str]:
        return frozenset(_words(self.letter or ""))

    def has_said(self, line: str) -> bool:
        """Whether the line stands in our letter."""
        words = _words(line[:LONGEST_LINE])
        if not self.letter or not words:
            return False
        if len(words) < 3:
            return all(word in self._single for word in words)
        pairs = list(pairwise(words))
        return sum(pair in self._pairs for pair in pairs) >= IN_THE_LETTER * len(pairs)

    def has_said_most(self, lines: Sequence[str]) -> bool:
        """Whether at least half of the lines with words stand in our letter."""
        written = [line for line in lines if _WORD.search(line)]
        return bool(written) and 2 * sum(self.has_said(line) for line in written) >= len(written)

    def ends_with_the_letter(self, lines: Sequence[str]) -> bool:
        """Whether these lines are our letter, more or less whole: some telephones quote without any sign."""
        if not self.letter or not self.has_said_most(lines):
            return False
        return 2 * len({word for line in lines for word in _words(line)} & self._single) >= len(self._single)


NOBODY = Ours()


@dataclass(frozen=True)
class Header:
    """The block of a mail's headers that Outlook and forwards write out."""

    start: int
    length: int
    sender: str
    """What stands behind `De:`."""
    subject: str | None = None

    def is_ours(self, ours: Ours) -> bool:
        """Whether it heads a letter of ours. A name that we do not know is ours if the subject is the answered one."""
        wrote = ours.wrote(self.sender)
        return wrote if wrote is not None else self.subject is not None and ours.is_subject(self.subject)


def attribution(lines: Sequence[str], at: int, *, with_quote: bool = False) -> int:
    """How many lines `On … wrote:` takes here; 0 where no program wrote such a thing.

    `with_quote`: also in a language that is not known, because what follows is quoted.
    """
    first = lines[at][:LONGEST_LINE]
    if not first.strip() or not ("@" in first if with_quote else _BEGINS.match(first)):
        return 0
    joined = ""
    for length, line in enumerate(lines[at : at + WRAPPED], start=1):
        if not line.strip() or line.lstrip().startswith(">"):
            return 0
        joined = f"{joined} {line.strip()}"[:LONGEST_LINE]
        if joined.endswith((":", "：")):
            by_a_program = _BY_A_PROGRAM.search(joined) and not _TOLD.search(joined)
            if not by_a_program:
                return 0
            if _ATTRIBUTION.fullmatch(joined):
                return length
            return length if with_quote and _AT_A_MOMENT.search(joined) and _OF_ANY_LANGUAGE.fullmatch(joined) else 0
    return 0


def runs_on(line: str) -> bool:
    """Whether an attribution, or a separator, and what belongs below it are one line."""
    return (_RUNS_ON.match(line[:LONGEST_LINE]) or _RUN_TOGETHER.match(line[:LONGEST_LINE])) is not None


def is_dashed(line: str) -> bool:
    """Whether a program drew this line between an answer and what it answers, or before what is passed on."""
    return _DASHED.fullmatch(line[:LONGEST_LINE]) is not None


def header_at(lines: Sequence[str], at: int) -> Header | None:
    """The header block that begins with this line; None where none does."""
    first = lines[at][:LONGEST_LINE]
    if _DATE_FIRST.match(first):
        # A customer may label a day and who it is about, too: here the next line has an address.
        below = next((place for place in range(at + 1, min(at + 4, len(lines))) if lines[place].strip()), None)
        if below is not None and "@" in lines[below][:LONGEST_LINE] and (found := header_at(lines, below)):
            return Header(at, below - at + found.length, found.sender, found.subject)
        return None
    sender = _FROM.match(first)
    if not sender:
        return None
    others = list(_headers_below(lines, at))
    if len(others) < 2:
        return None
    subject = next((named[1].strip() for _, line in others if (named := _SUBJECT.match(line))), None)
    return Header(at, others[-1][0] + 1, sender[1], subject)


def _headers_below(lines: Sequence[str], at: int) -> Iterator[tuple[int, str]]:
    """The other headers of the block, by how far below they stand; ended by another `De:` or by a text."""
    for place, line in enumerate(lines[at + 1 : at + 12], start=1):
        line = line[:LONGEST_LINE]
        if _OTHER_HEADER.match(line):
            yield place, line
        elif _FROM.match(line) or (line.strip() and not _WRAPPED_ADDRESSES.search(line)):
            return


def header_after(lines: Sequence[str], at: int) -> Header | None:
    """What follows a program's separator: a header block, however short; None where there is none."""
    near = [(place, line) for place, line in enumerate(lines[at + 1 : at + 8], start=at + 1) if line.strip()][:4]
    for place, line in near:
        if whole := header_at(lines, place):
            return whole
        if found := _FROM.match(line[:LONGEST_LINE]) or _FROM_BARE.match(line[:LONGEST_LINE]):
            subject = next((one[1] for _, other in near if (one := _SUBJECT.match(other[:LONGEST_LINE]))), None)
            return Header(place, 1, found[1], subject)
    return None


def is_sender(line: str) -> bool:
    """Whether it is the header that says from whom, as programs write it out."""
    return _FROM.match(line[:LONGEST_LINE]) is not None


def is_other_header(line: str) -> bool:
    """Whether it is a header that stands below the sender's."""
    return _OTHER_HEADER.match(line[:LONGEST_LINE]) is not None


def without_marks(subject: str) -> str:
    """A subject without what programs put before it: `Fwd:`, `RV:`, a list's name in brackets."""
    return _PASSED_ON.sub("", subject)


def is_rule(line: str) -> bool:
    """Whether the line is nothing but what a program draws above the history."""
    return (_RULE.fullmatch(line[:LONGEST_LINE]) or _BARE.fullmatch(line[:LONGEST_LINE])) is not None


def _words(text: str) -> list[str]:
    if len(text) > 4_000:
        return [word for piece in text.split("\n") for word in _words(piece[:4_000])]
    return _WORD.findall(unaccented(_LINK.sub(" ", text)))
