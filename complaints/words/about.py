"""What a complaint is about in a line: its subject, or the first words that say something."""

import re

LONGEST = 90

_PREFIX = re.compile(r"^(?:(?:re|rv|fw|fwd|reenv|enc|res)\s*(?:\[\d+\])?\s*:\s*|\[[^\]]{1,40}\]\s*)+", re.IGNORECASE)
# Both languages, whatever the reader's: these are the words of customers.
_SAYS_NOTHING = re.compile(
    r"(?:mi |una? |the |a |my |nueva? |new |muy )*"
    r"(?:quejas?|reclamos?|reclamaci[oó]n(?:es)?|consultas?|problemas?|urgentes?|ayuda|hola"
    r"|buen[oa]s (?:d[ií]as|tardes|noches)|importante|sin asunto|asunto"
    r"|complaints?|problems?|urgent|help|hello|hi|question|no subject|\W|\d)*",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:\s*(?:hola|estimad[oa]s?(?:\s*/?\s*[ao]s?)?|buen[oa]s?(?: d[ií]as| tardes| noches)?|buen d[ií]a"
    r"|saludos(?: cordiales)?|se[ñn]or(?:es|a|as)?|sr(?:es|a|as)?\.?|a quien corresponda|muy"
    r"|de mi (?:mayor )?consideraci[oó]n|cordiales saludos"
    r"|dear|or|and|hello|hi|good (?:morning|afternoon|evening)|sirs?|madam|team|to whom it may concern"
    r"|atenci[oó]n al cliente|equipo|school|escuela)\b[\s,.:;!¡]*)+",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s|\n")


def about(subject: str | None, description: str, *, longest: int = LONGEST) -> str:
    """The subject without what mail programs put before it; where it says nothing, how the description begins.

    A subject says nothing if it only calls itself a complaint; a description begins after its greeting. `longest`: of
    a subject, in characters.
    """
    said = _PREFIX.sub("", " ".join((subject or "").split())).strip(" -–:.")
    if said and not _SAYS_NOTHING.fullmatch(said):
        return _short(said, longest)
    text = (
        _GREETING.sub("", description.strip(), count=1) if _GREETING.match(description.strip()) else description.strip()
    )
    for sentence in _SENTENCE.split(text):
        first = " ".join(sentence.split())
        if first and not _SAYS_NOTHING.fullmatch(first) and len(first) > 3:
            return _short(first[0].upper() + first[1:])
    return _short(said or " ".join(description.split()))


def _short(text: str, longest: int = LONGEST) -> str:
    text = text.rstrip(".")
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[longest // 2 :] else cut}…"
