"""What a customer's answer seems to say: satisfied, not satisfied, withdrawn; with the words that speak for it.

A proposal to people, who do it with one click or do not. It is made only where the words leave nothing open: a doubt, a
question, a condition, a "but", or words for two things, and there is none.
"""

import re
from collections.abc import Iterator

from complaints.mail.evident import BEFORE
from complaints.rules.readings import Says, Seems
from complaints.rules.text import LONGEST_LINE, one_line

LOOKED_AT = 2_000
"""Characters of an answer that are read."""

SHORT = 500
"""Characters of an answer that says yes: who writes more has something else to say."""

_ACCENTS = str.maketrans("áéíóúüàèìòùâêôãõ", "aeiouuaeiouaeoao")
_GREETING = re.compile(
    r"^\W*(?:hola|buen[oa]s?(?: (?:tardes|dias|noches|dia))?|estimad[oa]s?(?: (?:senor\w*|sr\w*|equipo))?"
    r"|hi|hello|dear \w+|good (?:morning|afternoon|evening))\b\W*"
)
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]*")

_VERY = (
    r"(?:(?:ya|muy|totalmente|plenamente|completamente|bastante|bien|mas que|very|fully|quite|completely"
    r"|totally|now|also) )*"
)
_SATISFIED = (
    rf"\b(?:estoy|quedo|quede|estamos|quedamos|me (?:siento|encuentro|doy por)|me declaro) {_VERY}"
    r"(?:conforme|satisfech[oa]s?|content[oa]s?|de acuerdo)(?! (?:a|en que)\b)",
    r"^\W*(?:si\W+)?(?:muy |totalmente )?conforme(?:s)?(?: con (?:la|su|lo|el"
    r"|todo)\b[^.!?\n]*)?\W*(?:(?:muchas )?gracias\W*)?$",
    r"\b(?:doy|le doy|les doy|damos) (?:mi|nuestra) conformidad",
    r"\b(?:acepto|aceptamos) (?:la|su|esa|esta) (?:respuesta|solucion|propuesta|resolucion)",
    r"^\W*(?:si\W+)?(?:ahora |ya )?(?:esta )?todo (?:(?:esta|quedo|salio) )?(?:muy )?(?:bien|ok|okey|perfecto"
    r"|conforme|correcto|en orden|solucionado"
    r"|resuelto|excelente)\b",
    r"\b(?:ya )?(?:se|me lo|me la|lo|la|me|nos lo|nos) ?(?:ha |han )?(?:soluciono|solucionado|solucionaron"
    r"|resolvio|resolvieron|resuelto)\b",
    r"\b(?:problema|queja|reclamo|caso|tema|asunto) (?:ya )?(?:esta |quedo |fue |ha sido )?(?:solucionad[oa]"
    r"|resuelt[oa])",
    r"\b(?:ya (?:esta|quedo)|quedo) (?:solucionad[oa]|resuelt[oa]|arreglad[oa])",
    r"\bya (?:me )?(?:llego|funciona|puedo (?:entrar|ingresar|acceder))\b",
    r"^\W*(?:si\W+)?(?:perfecto|excelente|de acuerdo)\W+(?:muchas |muy )?(?:gracias|agradecid[oa])\W*$",
    r"^\W*si\W*(?:(?:muchas )?gracias\W*)?$",
    rf"\b(?:i am|i'm|we are|we're|im) {_VERY}(?:satisfied|happy|pleased|content|ok|okay|fine)\b(?! to (?:wait|hear))",
    r"^\W*(?:yes\W+)?satisfied\W*(?:thanks|thank you)?\W*$",
    r"^\W*(?:yes\W+)?(?:it'?s )?(?:all|everything)(?: is|'s)? (?:good|fine|ok|okay|perfect|well|resolved|solved)\b",
    r"\b(?:it|this|that|the (?:problem|issue|matter)) (?:is|has been|was|got) (?:now )?(?:solved|resolved|fixed"
    r"|sorted)",
    r"\bit(?: all)? works(?: now)?\b|\bi (?:accept|agree with) (?:the|your|this) (?:answer|resolution|solution"
    r"|proposal)",
    r"^\W*yes\W*(?:thanks|thank you|thank you very much)?\W*$",
)  # fmt: skip
_NOT_SATISFIED = (
    rf"\b(?:no|tampoco|ni|nunca)\b (?:me )?(?:estoy|quedo|quede|estamos|quedamos|siento|encuentro) {_VERY}"
    r"(?:conforme|satisfech[oa]s?|content[oa]s?|de acuerdo)",
    r"^\W*(?:no\W+)?(?:no|nada) (?:conforme|satisfech[oa])\b",
    r"\b(?:estoy|quedo|estamos|me siento|quede)? ?(?:muy |totalmente )?(?:inconforme|disconforme"
    r"|insatisfech[oa]s?|en desacuerdo)\b",
    r"\b(?:todo )?sigue (?:todo )?(?:igual|lo mismo|peor|mal|sin|el problema|pasando|fallando|el mismo)\b"
    r"|\bseguimos (?:igual|sin)\b",
    r"\bsigo (?:igual|sin|con el (?:mismo )?problema|esperando)\b",
    r"\b(?:el |mi )?problema (?:persiste|continua|sigue|no (?:se|ha|esta))\b|\bpersiste (?:el|la)\b",
    r"\bno (?:se |me |nos |lo |la |han? |esta |fue |quedo ){1,4}(?:soluciono|solucionado|solucionaron|solucionan"
    r"|resuelto|resolvio|resolvieron|resuelven"
    r"|arreglaron|arreglado)\b",
    r"\bno (?:soluciona|resuelve|arregla|responde|contesta)n? (?:nada|mi|el|a mi|lo que)\b",
    r"\bno (?:acepto|aceptamos|estoy de acuerdo)\b",
    r"\b(?:todavia|aun) (?:no|sigo|sigue|falta)\b|\bno (?:me )?(?:ha )?llega(?:do)? (?:todavia|aun)\b",
    r"\bno (?:me )?(?:satisface|convence|parece (?:justo|bien|correcto))\b",
    r"^\W*no\W*(?:para nada|en absoluto|gracias por nada)?\W*$",
    r"\b(?:i am|i'm|we are|we're|im) (?:still )?(?:not|un|dis)[ -]?(?:at all |very |really |entirely "
    r"|yet )?(?:satisfied|happy|pleased|ok|okay|content)\b",
    r"\b(?:unhappy|unsatisfied|dissatisfied)\b|\bnot satisfied\b",
    r"\b(?:it|this|that|the (?:problem|issue|matter)|nothing)(?:'s| is| has| was|)? ?(?:still )?(?:not|n't"
    r"|never)? ?(?:been )?"
    r"(?:changed|the same|happening|persists|continues)\b",
    r"\b(?:not|n't|isn't|hasn't|never) (?:been |yet |really )?(?:solved|resolved|fixed|sorted|working)\b",
    r"\bstill (?:not|no|the same|doesn't|does not|isn't|can't|cannot|waiting|broken|failing|happening|haven't"
    r"|have not)\b",
    r"\bi (?:do not|don't|cannot|can't) (?:accept|agree)\b|\bi disagree\b",
)  # fmt: skip
_COMPLAINT = (
    r"(?:mi |la |el |esta |este |the |my |this )?(?:queja|reclamo|reclamacion|solicitud|caso|complaint"
    r"|claim|case|request)"
)
_WITHDRAWN = (
    rf"\b(?:retiro|retiramos|desisto|desistimos|anulo|cancelo|dejo sin efecto|doy por terminad[oa]"
    rf"|doy por retirad[oa])(?: (?:de|con))? {_COMPLAINT}\b",
    r"^\W*(?:\w+\W+){0,3}?desisto\b(?! (?:de|del) (?:curso|programa|compra))",
    rf"\b(?:quiero|deseo|quisiera|solicito|pido|prefiero|he decidido|voy a|me gustaria) (?:que )?(?:retirar"
    rf"|desistir|anular|cancelar|dejar sin efecto|dar por terminad[oa]"
    rf"|retiren|anulen|cancelen|cierren)(?: (?:de|con))? {_COMPLAINT}\b",
    rf"\b(?:anulen|cancelen|retiren|cierren|archiven|dejen sin efecto) (?:por favor )?{_COMPLAINT}\b",
    rf"\b(?:ya )?no (?:deseo|quiero|quisiera|voy a|pienso|vamos a|queremos|deseamos) (?:seguir|continuar"
    rf"|proseguir)(?: mas)?(?: (?:adelante )?(?:con|en) {_COMPLAINT}\b|(?! (?:con|en|de|el|la|los|las|mi|su"
    rf"|estudiando|llevando|pagando|asistiendo|esperando|perdiendo|siendo|as[i])\b)(?=\W|$))",
    rf"\b(?:i )?(?:want|would like|wish|'d like|have decided) to (?:withdraw|cancel|drop|close)(?: {_COMPLAINT})",
    rf"\b(?:i|we)(?:'m| am| are|'ll| will|) ?(?:withdraw|withdrawing|dropping|drop|cancel|cancelling) {_COMPLAINT}",
    rf"\bplease (?:withdraw|cancel|drop|close) {_COMPLAINT}",
    rf"\b(?:no longer|do not|don't) (?:want|wish|intend|need) to (?:continue|proceed|go on|pursue)(?: (?:with "
    rf"|it\b|this\b)?{_COMPLAINT}| with it| it|(?! (?:with|the|my|in|studying|paying|waiting))(?=\W|$))",
)  # fmt: skip

_FAMILIES = tuple(
    (says, tuple(re.compile(pattern) for pattern in patterns))
    for says, patterns in (
        (Says.WITHDRAWAL, _WITHDRAWN),
        (Says.NOT_SATISFIED, _NOT_SATISFIED),
        (Says.SATISFIED, _SATISFIED),
    )
)
_NEGATED = re.compile(r"\b(?:no|ni|nunca|tampoco|jamas|sin|not|never|n't|cannot|casi|apenas)\b(?: \w+){0,2} ?$")
_OPEN = re.compile(
    r"\b(?:cuando|hasta que|siempre que|en caso|mientras|para poder|estaria|estare|quedaria|quedare|seria|if"
    r"|unless|until|once|when|would be"
    r"|will be|(?:me |nos )?(?:dijeron|dicen|informaron|indicaron|aseguran|told|said)(?: \w+){0,3} (?:que|that))\b"
)
"""A condition, something to come, or what others said: nobody's answer."""

_BUT = re.compile(
    r"\b(?:pero|aunque|sin embargo|no obstante|solo que|excepto|salvo|falta|faltan|menos|but|however|although"
    r"|except|though|only)\b"
)
_IF = re.compile(r"\bsi (?!(?:ya|todo|muy|estoy conforme|estoy satisfech|quedo|gracias|conforme|perfecto|me)\b)\w")
"""`si` without its accent is a yes at the head of an answer, else an if."""

_DOUBT = re.compile(
    r"\b(?:creo|supongo|quizas?|tal vez|talvez|puede ser|no se si|no estoy segur\w|maybe|perhaps|i think|i guess"
    r"|not sure)\b"
)


def seems_in(text: str) -> Seems | None:
    """What the text seems to say; None where it says none of it, or two things. Of an answer's own words only."""
    text = text[:LOOKED_AT]
    plain = text.lower().translate(_ACCENTS).replace("’", "'")
    if len(plain) != len(text):  # a letter that has another length in small: nothing to point at
        return None
    found: dict[Says, Seems] = {}
    for says, _rank, start, end in sorted(_said(plain), key=lambda one: one[1]):  # the plainest words speak for it
        words = one_line(text[start:end], longest=LONGEST_LINE)
        found.setdefault(says, Seems(says=says, words=words, start=start, end=end))
    if len(found) != 1:
        # Whoever withdraws what is solved withdraws it; whoever withdraws in anger says why.
        return found.get(Says.WITHDRAWAL) if Says.WITHDRAWAL in found else None
    [only] = found.values()
    if only.says is Says.SATISFIED and (
        len(text.strip()) > SHORT or _BUT.search(plain) or _DOUBT.search(plain) or "?" in plain
    ):
        return None
    return only


def _said(plain: str) -> Iterator[tuple[Says, int, int, int]]:
    """Each thing that is said, how plainly (0: most), and where; of a question or a condition nothing."""
    for sentence in _SENTENCE.finditer(plain):
        words = _GREETING.sub(lambda said: " " * len(said[0]), sentence[0])
        if "?" in words or words.lstrip().startswith(("¿", ">")):
            continue
        for says, patterns in _FAMILIES:
            for rank, pattern in enumerate(patterns):
                match = pattern.search(words)
                if match and match[0].strip(" \t\n.,;:!") and not _is_open(says, words, match):
                    lead = len(match[0]) - len(match[0].lstrip(" \t\n.,;:!¡"))
                    yield says, rank, sentence.start() + match.start() + lead, sentence.start() + match.end()
                    break


def _is_open(says: Says, words: str, match: "re.Match[str]") -> bool:
    """Whether what stands around these words denies them, or makes them a condition or what others said."""
    before = words[max(0, match.start() - BEFORE) : match.start()]
    if _OPEN.search(before) or _IF.search(before):
        return True
    if says is not Says.NOT_SATISFIED and _NEGATED.search(before):
        return True
    return says is Says.SATISFIED and _OPEN.search(words[match.end() :]) is not None
