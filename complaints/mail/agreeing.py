"""Whether an answer says yes to a resolution and nothing else (§6), read in plain small letters.

A yes closes a complaint as soon as somebody clicks. So it is looked for the careful way round: a clause that says it
from its first word to its last, and beside it no clause that takes something back, waits, asks, or speaks for others.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from complaints.mail.evident import BEFORE

_VERY = (
    r"(?:(?:ya|muy|super|re|totalmente|plenamente|completamente|absolutamente|bastante|bien|mas que|very|fully"
    r"|quite|completely"
    r"|totally|absolutely|now|also|all|really)[ ])*"
)
_CONTENT = r"(?:conformes?|satisfech[oa]s?|content[oa]s?|de acuerdo)"
_WHAT = (
    r"(?:respuesta|solucion|resolucion|atencion|propuesta|explicacion|aclaracion|decision|ayuda|gestion|resultado"
    r"|alternativa"
    r"|informacion|devolucion|reembolso|correccion|medida|acuerdo|rapidez|paciencia|indicado|informado|ofrecido"
    r"|resuelto"
    r"|explicado|acordado|decidido|brindado|propuesto|answer|solution|resolution|reply|explanation|proposal"
    r"|outcome|result"
    r"|help|decision|refund|response)s?"
)
_OBJECT = (
    rf"(?:(?:la|el|lo|los|las|su|sus|tu|esta|este|esa|toda la|todo lo|the|your|this|that) (?:pronta |rapida "
    rf"|quick |final )?{_WHAT}"
    rf"(?: y (?:la |el |lo |su |con la )?{_WHAT})?(?: (?:que|de|del|brindad\w+|dad\w+|recibid\w+|ofrecid\w+|you"
    rf"|from|that|given)"
    rf"(?: \w+){{0,5}})?|todo|ello|eso|esto|it|that|this|everything"
    r"|how (?:you|it|this) \w+(?: \w+){0,3})"
)
_THANKS = r"(?:muchas |muchisimas |mil |many )?(?:gracias|thanks|thank you|agradecid[oa]s?|les? agradezco|saludos)\b.*"
_MINE = (
    r"(?:el|la|los|las|mi|mis|mis? propi\w+|todo el|todo mi|the|my|este|esta|nuestro) (?:certificado|diploma"
    r"|constancia|dinero|plata"
    r"|reembolso|devolucion|deposito|abono|monto|acceso|usuario|clave|contrasena|enlace|link|libro|material|aula"
    r"|curso|clases?"
    r"|plataforma|nota|notas|boleta|factura|problema|inconveniente|tema|asunto|error|queja|reclamo|caso"
    r"|certificate|refund|money|access|diploma|link|book|material|course|platform|classroom|problem|issue|matter)"
)
_LEADING = re.compile(
    r"(?:(?:si+|yes|ok|okey|okay|oki|bueno|listo|pues|entonces|claro(?! que)|y|por fin|ahora|efectivamente"
    r"|en efecto|(?:muchas )?gracias(?: a (?:dios|ustedes))?|senor(?:a|ita|es)?"
    r"|por (?:medio de )?la presente|por (?:medio del|el) presente|mediante (?:la|el) presente"
    r"|les escribo para (?:confirmar|decir|comunicar)(?:les)?(?: que)?"
    r"|(?:por|de) (?:mi|nuestra) parte|well|and|so|for my part|hola|perfecto|excelente|confirmado"
    r"|(?:(?:les|le|te) )?(?:confirmo|confirmamos|comunico|comunicamos|informo|informamos|indico|hago saber)(?: que)?"
    r"|me (?:quedo|queda) (?:todo )?claro y|(?:ya )?(?:lei|revise|he leido|he revisado) (?:la|su) respuesta y"
    r"|(?:i|we)(?: can)? confirm(?: that)?|i have read (?:the|your) answer and)\b[ ]?)*"
)
_SPOKEN = (
    rf"(?:(?:me|nos) )?(?:estoy|quedo|quede|estamos|quedamos|siento|sentimos|encuentro|encontramos|doy por"
    rf"|declaro) {_VERY}"
    rf"{_CONTENT}",
    r"(?:les |le )?(?:doy|damos|confirmo|confirmamos|expreso|manifiesto) (?:mi|nuestra) conformidad",
    r"(?:acepto|aceptamos) (?:la|su|esa|esta) (?:respuesta|solucion|propuesta|resolucion)",
    rf"(?:ya )?(?:se(?: me)?|me lo|me la|lo|la|me|nos lo|nos) (?:soluciono|solucionaron|resolvio|resolvieron"
    rf"|arreglo|arreglaron"
    rf"|(?:ha|han|fue) (?:solucionado|resuelto|arreglado))(?: (?:todo|{_MINE}))?",
    rf"(?:ya )?(?:{_MINE}|problema|inconveniente|caso|todo) (?:ya )?(?:(?:esta|quedo|fue|ha sido|se encuentra) )?"
    r"(?:solucionad[oa]|resuelt[oa]|arreglad[oa])",
    rf"ya (?:me |nos )?(?:llego|llegaron|recibi|recibimos|devolvieron|depositaron|reembolsaron|abonaron"
    rf"|entregaron|dieron)"
    rf"(?: {_MINE})?",
    rf"(?:ya|ahora)(?: si| me)* (?:funciona|abre|carga|puedo (?:entrar|ingresar|acceder))"
    rf"(?: (?:(?:al?|en) )?(?:{_MINE}|la|al?|aula|curso|plataforma|virtual|clases|bien|todo|normal|correctamente"
    rf"|perfectamente))*",
    rf"(?:i am|i'm|we are|we're|im) {_VERY}(?:satisfied|happy|pleased|content|ok|okay|fine)",
    rf"(?:it|this|that|{_MINE}|everything) (?:is|has been|was|got)(?: all)?(?: now)? (?:now )?(?:solved|resolved"
    rf"|fixed|sorted)",
    r"(?:it|everything)(?: all)?(?: now)? works(?: fine| well| perfectly| again)?(?: now)?",
    r"i (?:accept|agree with) (?:the|your|this) (?:answer|resolution|solution|proposal)",
)  # fmt: skip
"""A yes that is one also beside other words: with a no, such an answer says both."""

_BARE = (
    rf"{_VERY}(?:todo )?conformes?|{_VERY}satisfech[oa]s?",
    rf"doy por (?:conforme|aceptad[oa]|resuelt[oa]|solucionad[oa]) (?:{_OBJECT}|{_MINE})|de acuerdo con {_OBJECT}",
    rf"(?:{_OBJECT} )?(?:me|nos) parece (?:muy )?(?:bien|correct[oa]|just[oa]|perfect[oa]|excelente"
    rf"|adecuad[oa])(?: {_OBJECT})?",
    r"(?:that|this) solves (?:it|everything)|(?:problem|issue) (?:solved|resolved|fixed)",
    r"no (?:podria|puedo) estar mas (?:conforme|satisfech[oa]|content[oa])",
    r"(?:ya )?(?:esta |quedo )?todo (?:(?:ya )?(?:esta|quedo|salio|funciona) )?(?:muy |super )?(?:bien|ok|okey"
    r"|perfecto|conforme"
    r"|correcto|en orden|solucionado|resuelto|arreglado|excelente|claro)",
    r"(?:ya )?(?:esta |quedo |fue )?(?:solucionad[oa]|resuelt[oa]|arreglad[oa])|ya quedo(?: todo)?(?: listo)?",
    rf"ya (?:tengo|tenemos) {_MINE}",
    rf"{_VERY}satisfied|i (?:could not|couldn't) be (?:happier|more satisfied)",
    r"(?:it's |it is )?(?:all|everything)(?: is|'s)? (?:now )?(?:good|fine|ok|okay|perfect|well|resolved|solved"
    r"|fixed|sorted)",
    rf"i (?:(?:have )?(?:now )?(?:got|received)|have) {_MINE}",
)  # fmt: skip
_AFTER = (
    rf"(?:[ ](?:(?:con|por|de|with|for|about) {_OBJECT}|{_THANKS}"
    r"|ahora|ya|now|al fin|por fin|at last|a todos|bien|all|today|hoy))*"
)
_CLAUSE = re.compile(rf"(?:{'|'.join(f'(?:{one})' for one in (*_SPOKEN, *_BARE))})(?P<after>{_AFTER})")
_WEAK = re.compile(r"(?:si+|yes|perfecto|excelente|de acuerdo)(?P<after>)")
"""A yes only where nothing but courtesy stands beside it."""

_PLAIN_YES = re.compile(r"(?:si+|yes)")
_ANYWHERE = re.compile("|".join(rf"\b(?:{one})\b" for one in _SPOKEN))

_COURTESY = re.compile(
    rf"(?:{_THANKS}|hola|hello|hi|ok|okay|listo|si+|buen[oa]s?(?: (?:tardes|dias|noches|dia))?|(?:estimad[oa]s?"
    rf"|dear)(?: \w+){{0,3}}"
    r"|good (?:morning|afternoon|evening)|atentamente|cordialmente|kind regards|best regards|regards"
    r"|(?:muy )?amables?|bendiciones"
    r"|un (?:cordial )?(?:saludo|abrazo))"
)
_HARMLESS = re.compile(
    r"(?:ya )?(?:no|sin) (?:hay |tengo |tenemos |tener )?(?:ningun |mas |otro )*(?:problemas?|inconvenientes?"
    r"|novedad|dudas?|observacion\w*)"
    r"|(?:ya )?no (?:hay|tengo|tenemos) (?:nada )?mas (?:que|nada).*|(?:ya )?no (?:(?:es|hace) (?:necesari[oa]"
    r"|falta)|me llamen|llamen)\b.*"
    r"|(?:ojala|espero|esperamos|i hope)(?: que)?(?: esto| it)? (?:no (?:se repita|vuelva a \w+|suceda|pase)"
    r"|does not happen)\b.*"
    r"|(?:por favor |ya )?(?:pueden |puede |please |you can |you may )?(?:cierren|cerrar|den por cerrad[oa]"
    r"|dar por cerrad[oa]|close)"
    r"(?: \w+){0,3}|no problem|nothing (?:else|more)\b.*|no (?:more|further) \w+"
)  # fmt: skip
_NEGATED = re.compile(
    r"\b(?:no|ni|nunca|tampoco|jamas|sin|nadie|not|never|n't|cannot|casi|apenas|de ninguna manera|lejos de"
    r"|far from|no longer)\b(?: \w+){0,3} ?$|n't(?: \w+){0,3} ?$"
)
_RISK = re.compile(
    # denied, taken back
    r"\b(?:no|ni|nunca|tampoco|jamas|sin|nadie|nada|ningun\w*|not|never|cannot|none|nobody|nothing|hardly|barely"
    r"|casi|apenas"
    r"|pero|aunque|sin embargo|excepto|salvo|solo|solamente|menos|but|however|although|except|though|only)\b|n't\b"
    # a condition, something to come, a doubt
    r"|\b(?:si|cuando|hasta|mientras|siempre|en cuanto|una vez|con tal|condicion\w*|siempre que|if|unless|until"
    r"|once|when|whether"
    r"|provided|as long as|creo|supongo|quizas?|tal ?vez|puede ser|segur[oa]|dudo|duda|maybe|perhaps|think|guess"
    r"|sure)\b"
    r"|\b(?:esper\w+|espera|quedo atent\w|pendientes?|falta\w*|manana|luego|despues|proxim\w+|semana|lunes|martes"
    r"|miercoles|jueves"
    r"|viernes|sabado|domingo|aun|todavia|sig[ou]\w*|voy a|vamos a|revis\w+|avis\w+|confirmar\w*|confirmo"
    r"|tomorrow|next|monday|tuesday"
    r"|wednesday|thursday|friday|wait\w*|pending|still|yet|later|soon|will|going to|let you know)\b|'ll\b"
    r"|(?<=\w\w)(?:are|ere|ire|aria|eria)\b"
    # what others say, in part, again
    r"|\b(?:segun|dicen|dijo|dijeron|dice|dices|informaron|supuest\w+|told|say|says|said|according|a veces"
    r"|sometimes|a medias|parte|parcial\w*"
    r"|medio|partly|half|primer[oa]?|otr[oa]s?|another|other|por ahora|de momento|por el momento|so far|for now"
    r"|regana\w+|de nuevo"
    r"|volvi\w*|vuelv\w+|again|antes|ayer|yesterday)\b"
    # asked for, in anger
    r"|\b(?:quier\w+|quisiera|necesit\w+|solicit\w+|pido|exij\w+|deseo|deben|tienen que|want|need|must|should"
    r"|devuelvan|depositen|paguen"
    r"|manden|llamen|burla\w*|verguenza|rob\w+|estafa\w*|ignor\w+|j[aeiaj]{3,}|ha(?:ha)+|peor|pesim\w+|mal"
    r"|perd\w+|lastima|indecopi|scam|joke"
    r"|shame|late|worse|terrible|indignad\w+)\b|[\"“”«»🙄😒😡🤡😤👎😠🤬]"
)  # fmt: skip
_PART = re.compile(r"[^,:()–—.!?;\n¡]+")
_EDGES = " \t*-•>¡…'👍🙏🙂😊✅❤️"


class _Clause(NamedTuple):
    words: str
    start: int


def agreed_in(plain: str) -> tuple[int, int] | None:
    """Where an answer says yes; None where it says anything that leaves it open. `plain`: small, without accents."""
    if "?" in plain or "¿" in plain:
        return None
    clauses = list(_clauses(plain))
    yes: tuple[int, int] | None = None
    weak: tuple[int, int] | None = None
    courtesy = True
    for clause in clauses:
        if said := _says(_CLAUSE, clause):
            if _RISK.search(said["after"]):
                return None
            yes = yes or _place(clause, said)
        elif said := _says(_WEAK, clause):
            weak = weak or _place(clause, said)
        elif not (_HARMLESS.fullmatch(clause.words) or _LEADING.fullmatch(clause.words)):
            if _RISK.search(clause.words):
                return None
            courtesy = courtesy and _COURTESY.fullmatch(clause.words) is not None
    if yes or not weak or not courtesy:
        return yes
    thanks = any(re.match(_THANKS, clause.words) for clause in clauses)
    return weak if thanks or _PLAIN_YES.fullmatch(plain[slice(*weak)]) else None


def speaks_of_agreeing(plain: str) -> bool:
    """Whether words of a yes stand in it at all, whatever stands around them."""
    return any(
        not is_negated(plain[max(0, said.start() - BEFORE) : said.start()]) for said in _ANYWHERE.finditer(plain)
    )


def is_negated(before: str) -> bool:
    """Whether what stands before some words denies them."""
    return _NEGATED.search(before) is not None


def _clauses(plain: str) -> Iterator[_Clause]:
    for part in _PART.finditer(plain):
        words = part[0].strip(_EDGES)
        if words and any(letter.isalnum() for letter in words):
            yield _Clause(" ".join(words.split()) if "  " in words else words, part.start() + part[0].index(words))


def _says(pattern: "re.Pattern[str]", clause: _Clause) -> "re.Match[str] | None":
    """The whole clause, behind whatever leads to it; what leads may say it, too: `sí`, `perfecto`."""
    lead = _LEADING.match(clause.words)
    behind = lead.end() if lead else 0
    return pattern.fullmatch(clause.words, behind) or pattern.fullmatch(clause.words)


def _place(clause: _Clause, said: "re.Match[str]") -> tuple[int, int]:
    return clause.start + said.start(), clause.start + min(said.end(), said.start("after"))
