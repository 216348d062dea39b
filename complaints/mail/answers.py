"""What a customer's answer seems to say: satisfied, not satisfied, withdrawn; with the words that speak for it.

A proposal to people, who do it with one click or do not. It is made only where the words leave nothing open: a doubt, a
question, a condition, a "but", or words for two things, and there is none.
"""

import re
from collections.abc import Iterator
from unicodedata import combining, normalize

from complaints.mail.agreeing import agreed_in, is_negated, speaks_of_agreeing
from complaints.mail.evident import BEFORE
from complaints.rules.readings import Says, Seems
from complaints.rules.text import LONGEST_LINE, one_line

LOOKED_AT = 2_000
"""Characters of an answer that are read."""

SHORT = 500
"""Characters of an answer that says yes: who writes more has something else to say."""

_GREETING = re.compile(
    r"^\W*(?:hola|buen[oa]s?(?: (?:tardes|dias|noches|dia))?|estimad[oa]s?(?: (?:senor\w*|sr\w*|equipo))?"
    r"|hi|hello|dear \w+|good (?:morning|afternoon|evening))\b\W*"
)
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]*")
_BROKEN = re.compile(
    r"([^\n]{40}[\w,]|\b(?:la|el|los|las|lo|con|de|del|que|y|su|mi|en|muy|the|with|your|my|of|to|and|this"
    r"|very))\n(?=\w)"
)
"""Where a mail program broke a line in the midst of a sentence."""

_EDGES = " \t\n.,;:!¡"
_COMPLAINT = (
    r"(?:mi |la |el |esta |este |the |my |this )?(?:queja|reclamo|reclamacion|caso|complaint|claim|case"
    r"|(?:solicitud|request)(?! (?:del?|for) (?!queja|reclamo)))"
)
_CONTENT = r"(?:conforme|satisfech[oa]|content[oa]|de acuerdo)"
_ONLY = r"(?=[ ](?:la|el|lo|su|sus|esa|esta|este|eso|esto|tal|dicha|que|con|the|your|this|that|it|with)\b|\W*$)"
"""What goes on about the answer, not about a telephone call."""

_WHERE = r"(?:entrar|ingresar|acceder|ver|abrir|descargar|usar|access|log in|enter|open|get|see|use|download)"
_THINGS = (
    r"(?:certificado|diploma|constancia|dinero|plata|reembolso|devolucion|deposito|acceso|respuesta|solucion"
    r"|clases?|curso|aula"
    r"|certificate|refund|money|access|answer|reply|solution|diploma)"
)
_NOT_SATISFIED = (
    r"\b(?:no|tampoco|ni|nunca|imposible|dificilmente)\b (?:(?:me|nos|estoy|quedo|quede|estamos|quedamos|siento"
    r"|sentimos|encuentro"
    r"|encontramos|puedo|podemos|podria|estar|quedar|sentirme|quedarme|nada|para|del|todo|tan|muy|ya|bien|totalmente"
    rf"|completamente|en absoluto|realmente|la verdad)[ ]){{1,6}}{_CONTENT}",
    rf"^\W*(?:\w+\W+){{0,2}}?(?:no|nada|cero|poco) {_CONTENT}",
    rf"\b{_CONTENT}s? no (?:estoy|quedo|quede|estamos|quedamos)\b|\blejos de (?:estar |quedar |sentirme )?{_CONTENT}",
    r"\b(?:estoy|quedo|estamos|me siento|quede)? ?(?:muy |totalmente )?(?:inconforme|disconforme"
    r"|insatisfech[oa]s?|en (?:total |completo |absoluto )?desacuerdo)\b",
    r"\b(?:todo )?sigue (?:todo )?(?:igual|lo mismo|peor|mal|sin|el problema|pasando|fallando|el mismo)\b",
    r"\b(?:sigo|seguimos) (?:igual|con el (?:mismo )?problema|sin (?!encontrar|leer|revisar|saber"
    r"|tener (?:la boleta|el voucher)))\b",
    rf"\b(?:sigo|seguimos) esperando(?=\W*$|[ ](?:(?:el|la|mi|su|una?)[ ])?{_THINGS})",
    r"\b(?:el |mi )?problema (?:persiste|continua|sigue|no (?:se|ha|esta))\b|\bpersiste (?:el|la)\b",
    r"\b(?:no|nadie|tampoco) (?:se |me |nos |lo |la |han? |esta |fue |quedo ){0,4}(?:soluciono|solucionado"
    r"|solucionaron|solucionan"
    r"|resuelto|resolvio|resolvieron|resuelven|arreglaron|arreglado)\b",
    r"\bno (?:soluciona|resuelve|arregla|responde|contesta)n? (?:nada|(?:a )?(?:mi|el) (?:problema|queja|reclamo"
    r"|pregunta|pedido|caso"
    r"|inconveniente|asunto|duda)|lo que)\b|\bno es (?:una |ninguna )?(?:solucion|respuesta)\b",
    rf"\bno (?:lo |la )?(?:acepto|aceptamos|estoy de acuerdo){_ONLY}"
    r"|\b(?:rechazo|rechazamos|apelo|impugno) (?:totalmente )?(?:la|su|esa|esta)\b|\bdiscrepo (?:de|con)\b"
    r"|\bno comparto (?:la|su|esa)\b"
    r"|\bno (?:puedo|podemos|voy a|vamos a|pienso) aceptar(?:la|lo)?(?= (?:la|su|esa|esta|este|eso|esto|algo)\b|\W*$)"
    r"|\bde ninguna manera acepto\b|\bno (?:doy|damos) (?:mi|nuestra) conformidad\b",
    r"\b(?:es|me parece|resulta|is|that's|it's) (?:(?:totalmente|realmente|totally|completely"
    r"|simply)[ ])?(?:inaceptable|unacceptable)\b",
    rf"\b(?:insisto|insistimos|me ratifico) (?:en|con) {_COMPLAINT}|\b(?:mantengo|mantenemos) {_COMPLAINT}",
    rf"\b(?:todavia|aun|hasta (?:ahora|hoy|la fecha|el momento)) (?:no (?:(?:me|nos|le) (?!queda|decid)|se (?:me "
    rf"|ha |han |soluc|resuel|resolv|arregl|ve\b)|puedo {_WHERE}"
    rf"|he podido {_WHERE}|funciona|llega|abre|carga|sirve|aparece|hay|esta\b|recib|he recibido|tengo (?:el |la "
    rf"|mi |mis )?{_THINGS})"
    rf"|sig[ou]e? (?:igual|sin|con|mal|fallando)|falta(?:n)? (?:el|la|mi|que me|que me) )",
    r"\bno (?:me|nos) (?:han?|dieron) (?:devuelto|depositado|entregado|pagado|reembolsado|solucion|respuesta)\b"
    r"|\bno (?:me )?(?:ha )?llega(?:do)? (?:todavia|aun)\b|\bno (?:me )?(?:funciona|abre|carga)\b",
    r"\bno (?:me |nos )?(?:satisface|convence|parece (?:justo|bien|correcto))\b",
    r"\b(?:i am|i'm|we are|we're|im|i feel|we feel|i remain) (?:still )?not (?:at all |very |really |entirely |yet )?"
    r"(?:satisfied|happy|pleased|content|(?:ok|okay)(?=\W*$|[ ]with (?:the|your|this|that|it)\b))",
    r"\b(?:i am|i'm|we are|we're|im|i feel|we feel|i remain) (?:(?!not\b|never\b)\w+ )?(?:unhappy|unsatisfied"
    r"|dissatisfied|far from (?:satisfied|happy))",
    r"^\W*(?:still |very |totally )?(?:not (?:at all )?satisfied|unhappy|unsatisfied|dissatisfied)\b",
    r"\b(?:and|but) not (?:at all )?(?:satisfied|happy)\b|\bi reject (?:this|the|your|that)\b"
    r"|\b(?:it|this|that|answer|reply|link|course|classroom) (?:still )?(?:does not|doesn't|did not"
    r"|didn't) (?:solve|fix|resolve|help|work)\b"
    r"|\bi (?:don't|do not) think (?:this|that|it) is (?:a solution|fair|right|acceptable)",
    r"\bi (?:can't|cannot|can not) (?:say|be)(?: that)?(?: i am| i'm)? (?:satisfied|happy)",
    r"\bnothing (?:has )?changed(?=\W*$|[ ](?:at all|since|yet|so far))|\bit(?:'s| is) still (?:the same|happening)"
    r"|\bthe (?:problem|issue) (?:persists|continues)",
    r"\b(?:not|n't|isn't|hasn't|never) (?:been |yet |really )?(?:solved|resolved|fixed|sorted|working)\b",
    rf"\bstill (?:not (?:working|solved|resolved|fixed|received|here|able)|no (?:{_THINGS}|\w+ from you)|the same"
    rf"|doesn't work"
    rf"|does not work|isn't|can't {_WHERE}|cannot {_WHERE}|broken|failing|happening|(?:haven't"
    rf"|have not) (?:received|got|been|seen"
    rf"|heard)|waiting(?=\W*$|[ ]for (?:my|the|a|your|an) {_THINGS}|[ ]to (?:get|be)))\b",
    r"\bi (?:do not|don't|cannot|can't) (?:accept|agree)(?=\W*$|[ ](?:with|the|this|that|your|it)\b)|\bi disagree\b",
)  # fmt: skip
_WITHDRAWN = (
    rf"\b(?:retiro|retiramos|desisto|desistimos|anulo|cancelo|dejo sin efecto|doy por terminad[oa]"
    rf"|doy por retirad[oa])(?: (?:de|con))? {_COMPLAINT}\b",
    r"^\W*(?:\w+\W+){0,3}?desisto(?=\W*$|[ ]*[,;]|[ ](?:de|del) (?:todo|tramite|proceso|continuar|seguir)\b)",
    rf"\b(?:quiero|deseo|quisiera|solicito|pido|prefiero|he decidido|voy a"
    rf"|me gustaria) (?:que )?(?:se )?(?:retirar|desistir|anular"
    rf"|cancelar|dejar sin efecto|dar por terminad[oa]|retiren?|anulen?|cancelen?|archiven?|dejen? sin efecto)"
    rf"(?: (?:de|con))? {_COMPLAINT}\b",
    rf"\b(?:anulen|cancelen|retiren|archiven|dejen sin efecto) (?:por favor )?{_COMPLAINT}\b",
    rf"\b(?:ya )?no (?:deseo|quiero|quisiera|voy a|pienso|vamos a|queremos|deseamos|me interesa) (?:seguir|continuar"
    rf"|proseguir)(?: mas)?(?: (?:adelante )?(?:con|en) {_COMPLAINT}\b|(?! (?:con|en|de|el|la|los|las|mi|su"
    rf"|estudiando|llevando|pagando|asistiendo|esperando|perdiendo|siendo|as[i]|\w+ndo)\b)(?=\W|$))",
    rf"\b(?:he decidido|decidi|prefiero|mejor|opto por) (?:ya )?no (?:seguir|continuar|proseguir)"
    rf"(?=\W*$)|\bno (?:seguir|continuar|proseguir) con {_COMPLAINT}\b",
    rf"\b(?:i )?(?:want|would like|wish|'d like|have decided|'ve decided|decided) to (?:withdraw|cancel"
    rf"|drop)(?: {_COMPLAINT})",
    rf"\b(?:i|we)(?:'m| am| are|'ll| will|) ?(?:withdraw|withdrawing|dropping|drop|cancel|cancelling) {_COMPLAINT}",
    rf"\bplease (?:withdraw|cancel|drop) {_COMPLAINT}",
    rf"\b(?:no longer|do not|don't) (?:want|wish|intend|need) to (?:continue|proceed|go on|pursue)(?: (?:with "
    rf"|it\b|this\b)?{_COMPLAINT}| with it| it|(?! (?:with|the|my|in|like|\w+ing)\b)(?=\W|$))",
    rf"\b(?:cierren|(?:quiero|deseo|quisiera|solicito|pido|prefiero) (?:que )?(?:cerrar"
    rf"|(?:se )?cierren?)) (?:por favor )?{_COMPLAINT}\b"
    rf"|\b(?:want to|would like to|'d like to|please) close {_COMPLAINT}",
)  # fmt: skip
_CLOSED = len(_WITHDRAWN) - 1
"""Who is content asks to close it, too: the weakest word for a withdrawal."""

_FAMILIES = tuple(
    (says, tuple(re.compile(pattern) for pattern in patterns))
    for says, patterns in ((Says.WITHDRAWAL, _WITHDRAWN), (Says.NOT_SATISFIED, _NOT_SATISFIED))
)
_DENIES_ITSELF = re.compile(
    r"\W*(?:\w+ ){0,2}?(?:no|ni|nunca|tampoco|nadie|nada|cero|still|not|i |we |nothing|todavia|aun)"
)
_REPORTED = re.compile(
    r"\b(?:no|nunca|jamas|tampoco|not|never)\b (?:\w+ ){0,3}(?:que|that) (?:\w+ ){0,4}$"
    r"|n't (?:\w+ ){0,3}(?:say|said|mean|think)(?: that)? (?:\w+ ){0,4}$"
    r"|\b(?:nunca|jamas|never) (?:dije|said|he dicho) (?:\w+ ){0,4}$"
)
"""`No es que no esté conforme`, `I never said I was not`: the words are there only to say that they are not meant."""

_OPEN = re.compile(
    r"\b(?:cuando|hasta que|siempre que|en caso|mientras|para poder|estaria|estare|quedaria|quedare|seria|if"
    r"|unless|until|once|when|would be|whether|con tal|a condicion"
    r"|will be|(?:me |nos )?(?:dijeron|dicen|informaron|indicaron|aseguran|told|said)(?: \w+){0,3} (?:que|that))\b"
)
"""A condition, something to come, or what others said: nobody's answer."""

_IF = re.compile(
    r"\bsi (?!(?:ya|todo|muy|estoy conforme|estoy satisfech|quedo|gracias|conforme|perfecto|es posible"
    r"|me (?:siento|encuentro|doy|declaro|quedo))\b)\w|\bsi $"
)
"""`si` without its accent is a yes at the head of an answer, else an if."""

_OTHER_THING = re.compile(
    r"\b(?:celular|cel|telefono|correo|e-?mail|computadora|laptop|internet|whatsapp|phone|mobile|computer|wifi"
    r"|banco|bank)\b[^.,;]{0,20}$"
)
"""What does not work or come, and is none of ours."""

_IN_PART = re.compile(
    r"\b(?:mantengo|insisto|sigo con|sigue(?:n)?|otra queja|otro reclamo|la otra|el otro|solo (?:la|el|lo)|solamente|"
    r"(?:pero|y) (?:no )?(?:la|el|lo) del?|keep|maintain|the other|but not|only the)\b"
    r"|\b(?:devuelvan|depositen|paguen|reembolsen|entreguen|cumplan|den|devuelva|pague)(?:me|nos)\b"
    r"|\b(?:depositen|cumplan|paguen)\b"
    r"|\b(?:pay|refund|give) (?:me|us)\b|\ba cambio\b|\b(?:apenas|una vez|despues de|luego de|after)\b"
    r"|\bcon (?:el|la|mi) (?:reembolso|devolucion|dinero|certificado|diploma)\b"
)
"""One thing is withdrawn, another is not; or it is, for something in exchange."""

_ASKED_AND_DENIED = re.compile(
    rf"(?:{_CONTENT}s?|satisfied|happy)\?\W*"
    r"(?:(?:no|para nada|ni (?:un|en|de)|nada|en absoluto|jamas|claro que no|not at all|hardly|never)\b)"
)
"""`¿Conforme? Para nada.`"""

_BARE_NO = re.compile(r"no(?: para nada| en absoluto| gracias por nada)?(?: gracias por nada)?")
_COURTESIES = re.compile(
    r"(?:hola|hello|hi|buen[oa]s?(?: (?:tardes|dias|noches|dia))?|saludos|estimad[oa]s?(?: \w+){0,2})"
)


def seems_in(text: str) -> Seems | None:
    """What the text seems to say; None where it says none of it, or two things. Of an answer's own words only."""
    text = text[:LOOKED_AT]
    plain, places = _plain(text)
    found: dict[Says, Seems] = {}
    for says, _rank, start, end in sorted(_said(plain), key=lambda one: one[1]):  # the plainest words speak for it
        found.setdefault(says, _seems(says, text, places[start], places[end]))
    if Says.WITHDRAWAL in found:
        return None if _IN_PART.search(plain) else found[Says.WITHDRAWAL]  # whoever withdraws in anger says why
    agreed = agreed_in(plain) if len(text.strip()) <= SHORT else None
    if Says.NOT_SATISFIED in found:
        return None if agreed or speaks_of_agreeing(plain) else found[Says.NOT_SATISFIED]
    if agreed:
        return _seems(Says.SATISFIED, text, places[agreed[0]], places[agreed[1]])
    closed = None if speaks_of_agreeing(plain) or _IN_PART.search(plain) else next(_closings(plain), None)
    return _seems(Says.WITHDRAWAL, text, places[closed[0]], places[closed[1]]) if closed else None


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in small letters without accents, one line where a program broke it, and where each letter stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for small in normalize("NFKD", letter.lower()):
            if not combining(small):
                letters.append("'" if small in "’`´" else small)
                places.append(place)
    plain = _BROKEN.sub(lambda line: line[1] + " ", "".join(letters))
    return plain.replace(" - ", " , "), [*places, len(text)]


def _seems(says: Says, text: str, start: int, end: int) -> Seems:
    return Seems(says=says, words=one_line(text[start:end], longest=LONGEST_LINE), start=start, end=end)


def _said(plain: str) -> Iterator[tuple[Says, int, int, int]]:
    """Each thing that is said, how plainly (0: most), and where; of a question or a condition nothing."""
    if denied := _ASKED_AND_DENIED.search(plain):
        yield Says.NOT_SATISFIED, 0, denied.start(), denied.end()
    yield from _bare_no(plain)
    for sentence in _SENTENCE.finditer(plain):
        words = _GREETING.sub(lambda said: " " * len(said[0]), sentence[0])
        if "?" in words or words.lstrip().startswith(("¿", ">")):
            continue
        for says, patterns in _FAMILIES:
            for rank, pattern in enumerate(patterns if says is not Says.WITHDRAWAL else patterns[:_CLOSED]):
                if place := _found(says, pattern, words):
                    yield says, rank, sentence.start() + place[0], sentence.start() + place[1]
                    break


def _closings(plain: str) -> Iterator[tuple[int, int]]:
    for sentence in _SENTENCE.finditer(plain):
        if "?" not in sentence[0] and (place := _found(Says.WITHDRAWAL, _FAMILIES[0][1][_CLOSED], sentence[0])):
            yield sentence.start() + place[0], sentence.start() + place[1]


def _found(says: Says, pattern: "re.Pattern[str]", words: str) -> tuple[int, int] | None:
    for match in pattern.finditer(words):
        if match[0].strip(_EDGES) and not _is_open(says, words, match):
            return match.start() + len(match[0]) - len(match[0].lstrip(_EDGES)), match.end()
    return None


def _bare_no(plain: str) -> Iterator[tuple[Says, int, int, int]]:
    """`No.`, and nothing else: in a longer answer it may deny anything."""
    parts = [part for part in re.finditer(r"[^,.!?;:\n]+", plain) if part[0].strip(_EDGES)]
    rest = [part for part in parts if not _COURTESIES.fullmatch(part[0].strip(_EDGES))]
    if rest and "?" not in plain and _BARE_NO.fullmatch(" ".join(part[0].strip(_EDGES) for part in rest)):
        lead = len(rest[0][0]) - len(rest[0][0].lstrip(_EDGES))
        yield Says.NOT_SATISFIED, len(_NOT_SATISFIED), rest[0].start() + lead, rest[-1].end()


def _is_open(says: Says, words: str, match: "re.Match[str]") -> bool:
    """Whether what stands around these words denies them, or makes them a condition or what others said."""
    before = words[max(0, match.start() - BEFORE) : match.start()]
    if _OPEN.search(before) or _IF.search(before) or _REPORTED.search(before):
        return True
    if says is Says.NOT_SATISFIED:
        if _OTHER_THING.search(before):
            return True
        return not _DENIES_ITSELF.match(match[0]) and is_negated(before)
    after = words[match.end() :]
    return is_negated(before) or _OPEN.search(after) is not None or _IF.search(after) is not None
