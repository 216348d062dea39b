"""How sure a detail is that a text tells of: evident, a correction of what was understood before, or denied (§4).

Evident is what can mean nothing else where it stands: a labelled number, the one date that the text names and that is
no payment's or enrolment's, a telephone that is said to be one's own, a course by its name. A false reading is worse
than none: everything else is for people.
"""

import re
from collections.abc import Sequence

BEFORE, AFTER = 45, 30
"""Characters around a detail that say what it is of."""

# These are searched in small letters: without a flag for that, Python's patterns are tried several times faster.
_DENIED = re.compile(
    r"(?:\b(?:no|not|ni|nor|isn't|wasn't)|\ben vez del?|\ben lugar del?|\binstead of|\brather than)[ \n]+"
    r"(?:(?:es|era|fue|is|was|el|la|los|las|mi|de|del|un|una|en|on|the|my|in|curso|dni|documento|d[ií]a)[ \n]+){0,4}$"
)
_BLANKS = frozenset(" \n")
_DENYING = ("no", "ni", "sn't", "vez", "lugar", "instead", "rather")
"""What no denial is without."""

_CORRECTING = re.compile(
    r"\bcorrij|\bcorrecci[oó]n|\bcorregi[rd]|\brectific|\bme equivoqu|\bequivocad|\ben realidad\b"
    r"|\bpor error (?:puse|escrib)"
    r"|\bel correcto|\blo correcto|\bno es correcto|\best[aá] mal\b|\bactually\b|\bcorrection\b|\bwrong\b|\bshould be\b"
    r"|\bi made a mistake|\bcorrect (?:one|date|number|id)\b"
)
_THEN_DENIED = re.compile(
    r"^[\s,;.(]{1,4}(?:y |and )?(?:no|not)[ ]+(?:es |el |la |en |on |the )?(?=[\dA-ZÁÉÍÓÚ\"«“])", re.IGNORECASE
)
_OF_ANOTHER_DAY = re.compile(
    r"(?:pagu|pago|abon|compr|adquir|matricul|inscrib|inscrip|inici|empez|empiez|empec|comenz|comienz|contrat|dep[oó]sit"
    r"|transfer|factur|boleta|voucher|vigen|paid|pay|bought|purchas|enrol|sign(?:ed)? up|regist|start|begin|began"
    r"|factura|invoice|carta|correo|mensaje|e-?mail|llam|escrib|habl|called|wrote|letter|nac[ií]|cumplea)\w*"
    r"(?:[ ,]+[^\s.;,]+){0,4}[ ,]*$"
    r"|\b(?:fecha|date|d[ií]a) (?:de |del |of |the |la |el )*"
    r"(?:pag|compr|matr|inscri|inici|emisi|caduc|vencim|entreg|nacim"
    r"|payment|purchase|enrol|start|issue|due|birth|cobro|dep[oó]sito|contrat)\w*[^\n\d]{0,20}:[^\n\d]{0,6}$"
)
_OF_A_LETTER = re.compile(
    r"\s*[A-ZÁÉÍÓÚÑ][^\W\d_]+(?: [^\W\d_]+){0,3}, (?:a |el )?(?:[a-zé]{5,9},? )?"
    r"\d{1,2} (?:de )?[^\W\d_]{3,10} (?:del? )?\d{4}[.\s]*"
)
"""`Lima, 20 de julio de 2026`: when it was written."""

_THEN_ANOTHER = re.compile(
    r"[^.;\n]{0,30}?\b(?:pagu|abon|compr[eéó]|adquir|(?:me |nos )?(?:matricul|inscrib)|inici|empez|empiez|comenz"
    r"|comienz|deposit|transfer|paid|bought|enrol|signed up|start|begins"
    r"|(?:me|nos|les?|lo) (?:escrib|respond|contest|llam|habl|envi|mand)"
    r"|(?:she|he|they|i|you) (?:wrote|called|replied|told))"
)
_WROTE = re.compile(r"\b(?:escribi[oó]|wrote|schrieb)\b[^\n]{0,3}:")
_HEADER = re.compile(r"[ >*]*(?:date|sent|fecha|enviado(?: el)?)\*?:")
_OF_THE_PROBLEM = re.compile(
    r"(?:\bfue|\bera|\bocurri[oó]|\bsucedi[oó]|\bpas[oó](?! de)|\bhappened|\bwas|\boccurred|\bincidente|\bproblema)"
    r"(?:[ ]+(?:el|on|d[ií]a|the|del|de|todo|esto|it|este|problema|desde|since|hechos?)){0,4}[ ]*$"
)
_OWN_PHONE = re.compile(
    r"(?:\bmis?[ ]+(?:nuevo |nueva |otro )?"
    r"(?:n[uú]mero|nro|n[°º]|#|celular|cel|tel[eé]fono|telf?|fono|whatsapp|m[oó]vil|contacto|datos)"
    r"|\bmy[ ]+(?:number|phone|mobile|cell|whatsapp)|\bll[aá]men?me|\bllam\w{1,4}me"
    r"|\bme (?:pueden )?(?:llam|ubic|contact)\w*|\bcont[aá]ct\w*|\bcomun[ií]quen?(?:se|me)?\b|\bcomunicarse"
    r"|\bespero (?:su|la|una|vuestra) (?:pronta )?(?:llamada|respuesta|comunicaci[oó]n)|\bestoy al?\b|[📱📞☎]"
    r"|\bg?[uw]?as[aá]p|\bwsap|\bwpp|\bwhats\b|\brp[cm]\b|\bcelu\b"
    r"|\bescr[ií]b\w{1,4}me\b"
    r"|\bcall me|\breach me|\bcontact me|\bcel(?:ular)?|\btel[eé]?f?(?:ono)?|\btlf|\bwhatsapp|\bwsp|\bphone|\bmobile)"
    r"\.?[ :]*(?:[^\s.;,\d]+[ :]+){0,3}\(?\+?$"
)
_THEN_OWN_PHONE = re.compile(
    r"[ ,]{1,2}(?:que )?(?:es|is) (?:el )?(?:mi|my) "
    r"(?:n[uú]mero|nro|cel|tel|m[oó]vil|whats|wsp|fono|number|phone|mobile)",
    re.IGNORECASE,
)
_ANOTHERS_PHONE = re.compile(
    r"(?:\bsu(?:s)?\b(?! (?:pronta )?(?:llamada|respuesta|comunicaci[oó]n|mensaje))|\bme comuniqu[eé]\b|\bcontactamos\b"
    r"|\bcontact[eé] (?:al?|con)\b|\bcomunicarme\b"
    r"|\bustedes|\bvuestr|\btu\b|\byour?\b|\basesor|\bvendedor|\bdocente|\bprofesor|\bsecretar|\bacad[eé]mic"
    r"|\bllam[eéoó]\b|\bllam[aá](?:ron|mos|ba|do)|\bmarqu|\bescrib[ií]\b|\bdesde el|\bdel n[uú]mero"
    r"|\bcalled|\bdialed|\bdialled|\bescuela|\bschool)[^.\n]*$"
)
_DENIED_BEFORE = re.compile(
    r"\b(?:no|not) (?:es|era|fue|is|was)\b[^.\n]{1,30}[,;]? ?(?:sino|si no|es|fue|but|it'?s|it was)\b[^.\n]{0,12}$"
)
_NO_COURSE = re.compile(r"^(?:(?:m[oó]dulo|clase|sesi[oó]n|class|module|\d+|[ivx]+)\b\W*)+$", re.IGNORECASE)


def is_denied(text: str, start: int) -> bool:
    """Whether what stands there is said not to be so: `no el 10/11`, `not AutoCAD`."""
    before = text[max(0, start - BEFORE) : start].lower()
    return before[-1:] in _BLANKS and any(no in before for no in _DENYING) and _DENIED.search(before) is not None


def is_correction(text: str, start: int, end: int) -> bool:
    """Whether the words around say that something else was understood or written before."""
    if _THEN_DENIED.search(text[end : end + AFTER]):
        return True
    around = text[max(0, start - BEFORE) : end + AFTER].lower()
    return _CORRECTING.search(around) is not None or _denied_just_before(text, start)


def is_evident_day(text: str, spans: Sequence[tuple[str, int]], day: str, start: int) -> bool:
    """Whether this day is that of the problem: said to be, or the one day that the text names and of nothing else.

    `spans`: every day that was found, with its place.
    """
    if _OF_THE_PROBLEM.search(_before(text, start)):
        return True
    if any(other != day for other, _ in spans):
        return False
    line = text[text.rfind("\n", 0, start) + 1 : _end_of_line(text, start)]
    if "@" in line or _heads_a_message(line):  # the head of a message that is passed on
        return False
    if _OF_A_LETTER.fullmatch(line):
        return False
    after = text[start : start + BEFORE + AFTER].lower()
    return not (_OF_ANOTHER_DAY.search(_before(text, start)) or _THEN_ANOTHER.match(after))


def is_evident_phone(text: str, numbers: Sequence[str], start: int, end: int) -> bool:
    """Whether this is the writer's own telephone: said to be, or alone on its line, and the only one."""
    before = _before(text, start)
    if len({re.sub(r"\D", "", number)[-9:] for number in numbers}) != 1 or _ANOTHERS_PHONE.search(before):
        return False
    line = text[text.rfind("\n", 0, start) + 1 : start].strip(" :-–|*•")
    rest = text[end : _end_of_line(text, end)].strip(" .|")
    own = _OWN_PHONE.search(before) or _THEN_OWN_PHONE.match(text, end)
    return own is not None or not (line or rest)


def is_evident_product(source: str, value: str, names: Sequence[str]) -> bool:
    """Whether this is the course, by its own name: the only one that is named."""
    named = not _NO_COURSE.match(value) and re.search(r"[^\W\d]{3}", value) is not None
    return named and not _NO_COURSE.match(source.split(" ")[0]) and len({name.casefold() for name in names}) == 1


def _heads_a_message(line: str) -> bool:
    small = line.lower()
    if ":" not in small:
        return False
    return _HEADER.match(small) is not None or (
        any(word in small for word in ("escribi", "wrote", "schrieb")) and _WROTE.search(small) is not None
    )


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _before(text: str, start: int) -> str:
    line = text.rfind("\n\n", 0, start) + 1
    return text[max(line, start - BEFORE, 0) : start].replace("\n", " ").lower()


def _denied_just_before(text: str, start: int) -> bool:
    """`no es 44556677, es 45678912`: the one before it in the sentence is denied."""
    return _DENIED_BEFORE.search(text[max(0, start - 70) : start].lower()) is not None
