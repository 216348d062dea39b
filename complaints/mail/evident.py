"""How sure a detail is that a text tells of: evident, a correction of what was understood before, or denied (§4).

Evident is what can mean nothing else where it stands: a labelled number, the one date that the text names and that is
no payment's or enrolment's, a telephone that is said to be one's own, a course by its name. A false reading is worse
than none: everything else is for people.
"""

import re
from collections.abc import Sequence

BEFORE, AFTER = 45, 30
"""Characters around a detail that say what it is of."""

_DENIED = re.compile(
    r"(?:\b(?:no|not|ni|nor|isn't|wasn't)|\ben vez del?|\ben lugar del?|\binstead of|\brather than)[ \n]+"
    r"(?:(?:es|era|fue|is|was|el|la|los|las|mi|de|del|un|una|en|on|the|my|in|curso|dni|documento|d[ií]a)[ \n]+){0,4}$",
    re.IGNORECASE,
)
_CORRECTING = re.compile(
    r"\bcorrij|\bcorrecci[oó]n|\bcorregi[rd]|\brectific|\bme equivoqu|\bequivocad|\ben realidad\b"
    r"|\bpor error (?:puse|escrib)"
    r"|\bel correcto|\blo correcto|\bno es correcto|\best[aá] mal\b|\bactually\b|\bcorrection\b|\bwrong\b|\bshould be\b"
    r"|\bi made a mistake|\bcorrect (?:one|date|number|id)\b",
    re.IGNORECASE,
)
_THEN_DENIED = re.compile(
    r"^[\s,;.(]{1,4}(?:y |and )?(?:no|not)[ ]+(?:es |el |la |en |on |the )?(?=[\dA-ZÁÉÍÓÚ\"«“])", re.IGNORECASE
)
_OF_ANOTHER_DAY = re.compile(
    r"(?:pagu|pago|abon|compr|adquir|matricul|inscrib|inscrip|inici|empez|empiez|empec|comenz|comienz|contrat|dep[oó]sit"
    r"|transfer|factur|boleta|voucher|vigen|paid|pay|bought|purchas|enrol|sign(?:ed)? up|regist|start|begin|began"
    r"|factura|invoice|carta|correo|mensaje|e-?mail|llam|escrib|habl|called|wrote|letter|nac[ií]|cumplea)\w*"
    r"(?:[ ,]+[^\s.;,]+){0,4}[ ,]*$",
    re.IGNORECASE,
)
_THEN_ANOTHER = re.compile(
    r"[^.;\n]{0,30}?\b(?:pagu|abon|compr[eéó]|adquir|(?:me |nos )?(?:matricul|inscrib)|inici|empez|empiez|comenz"
    r"|comienz|deposit|transfer|paid|bought|enrol|signed up|start|begins"
    r"|(?:me|nos|les?|lo) (?:escrib|respond|contest|llam|habl|envi|mand)"
    r"|(?:she|he|they|i|you) (?:wrote|called|replied|told))",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\b(?:escribi[oó]|wrote|schrieb)\b[^\n]{0,3}:|^[ >*]*(?:date|sent|fecha|enviado(?: el)?)\*?:", re.IGNORECASE
)
_OF_THE_PROBLEM = re.compile(
    r"(?:\bfue|\bera|\bocurri[oó]|\bsucedi[oó]|\bpas[oó](?! de)|\bhappened|\bwas|\boccurred|\bincidente|\bproblema)"
    r"(?:[ ]+(?:el|on|d[ií]a|the|del|de|todo|esto|it|este|problema|desde|since|hechos?)){0,4}[ ]*$",
    re.IGNORECASE,
)
_OWN_PHONE = re.compile(
    r"(?:\bmis?[ ]+(?:n[uú]mero|celular|cel|tel[eé]fono|telf?|fono|whatsapp|m[oó]vil|contacto|datos)"
    r"|\bmy[ ]+(?:number|phone|mobile|cell|whatsapp)|\bll[aá]men?me|\bllam\w{1,4}me"
    r"|\bme (?:pueden )?(?:llam|ubic|contact)\w*|\bcont[aá]ct\w*|\bcomun[ií]qu\w*"
    r"|\bcall me|\breach me|\bcontact me|\bcel(?:ular)?|\btel[eé]?f?(?:ono)?|\bwhatsapp|\bwsp|\bphone|\bmobile)"
    r"\.?[ :]*(?:[^\s.;,\d]+[ :]+){0,3}\(?\+?$",
    re.IGNORECASE,
)
_ANOTHERS_PHONE = re.compile(
    r"(?:\bsu(?:s)?\b|\bustedes|\bvuestr|\btu\b|\byour?\b|\basesor|\bvendedor|\bdocente|\bprofesor|\bsecretar|\bacad[eé]mic"
    r"|\bllam[eéoó]\b|\bllam[aá](?:ron|mos|ba|do)|\bmarqu|\bescrib[ií]|\bdesde el|\bdel n[uú]mero"
    r"|\bcalled|\bdialed|\bdialled|\bescuela|\bschool)[^.\n]*$",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    r"\b(?:no|not) (?:es|era|fue|is|was)\b[^.\n]{1,30}[,;]? ?(?:sino|si no|es|fue|but|it'?s|it was)\b[^.\n]{0,12}$",
    re.IGNORECASE,
)
_NO_COURSE = re.compile(r"^(?:(?:m[oó]dulo|clase|sesi[oó]n|class|module|\d+|[ivx]+)\b\W*)+$", re.IGNORECASE)


def is_denied(text: str, start: int) -> bool:
    """Whether what stands there is said not to be so: `no el 10/11`, `not AutoCAD`."""
    return _DENIED.search(text[max(0, start - BEFORE) : start]) is not None


def is_correction(text: str, start: int, end: int) -> bool:
    """Whether the words around say that something else was understood or written before."""
    if _THEN_DENIED.search(text[end : end + AFTER]):
        return True
    around = text[max(0, start - BEFORE) : end + AFTER]
    return _CORRECTING.search(around) is not None or _denied_just_before(text, start)


def is_evident_day(text: str, spans: Sequence[tuple[str, int]], day: str, start: int) -> bool:
    """Whether this day is that of the problem: said to be, or the one day that the text names and of nothing else.

    `spans`: every day that was found, with its place.
    """
    if _OF_THE_PROBLEM.search(_before(text, start)):
        return True
    line = text[text.rfind("\n", 0, start) + 1 : (text + "\n").find("\n", start)]
    if "@" in line or _WROTE.search(line):  # the head of a message that is passed on
        return False
    after = text[start : start + BEFORE + AFTER]
    of_another = _OF_ANOTHER_DAY.search(_before(text, start)) or _THEN_ANOTHER.match(after)
    return len({other for other, _ in spans}) == 1 and not of_another


def is_evident_phone(text: str, numbers: Sequence[str], start: int, end: int) -> bool:
    """Whether this is the writer's own telephone: said to be, or alone on its line, and the only one."""
    before = _before(text, start)
    if len({re.sub(r"\D", "", number)[-9:] for number in numbers}) != 1 or _ANOTHERS_PHONE.search(before):
        return False
    line = text[text.rfind("\n", 0, start) + 1 : start].strip(" :-–|*•")
    rest = text[end : (text + "\n").find("\n", end)].strip(" .|")
    return _OWN_PHONE.search(before) is not None or not (line or rest)


def is_evident_product(source: str, value: str, names: Sequence[str]) -> bool:
    """Whether this is the course, by its own name: the only one that is named."""
    named = not _NO_COURSE.match(value) and re.search(r"[^\W\d]{3}", value) is not None
    return named and not _NO_COURSE.match(source.split(" ")[0]) and len({name.casefold() for name in names}) == 1


def _before(text: str, start: int) -> str:
    line = text.rfind("\n\n", 0, start) + 1
    return text[max(line, start - BEFORE, 0) : start].replace("\n", " ")


def _denied_just_before(text: str, start: int) -> bool:
    """`no es 44556677, es 45678912`: the one before it in the sentence is denied."""
    return _DENIED_BEFORE.search(text[max(0, start - 70) : start]) is not None
