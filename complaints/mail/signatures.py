"""What stands under a letter and is none of its words: a signature, and the line that a telephone or a program adds.

Both are little and cost much: a sentence taken for one is a sentence lost. So each must look like nothing else.
"""

import re
from collections.abc import Sequence

from complaints.mail.phrases import unaccented

LONGEST_SIGNATURE = 12
"""Lines after `-- ` that are still a signature and no letter."""

LONGEST_LINE = 90
"""Characters of a line of a signature or of a device."""

_DEVICE = re.compile(
    r"\W*(?:enviad[oa] (?:desde|con|a traves de|usando|por medio de|via)|sent (?:from|using|via|with)"
    r"|envoye (?:de|depuis)|enviado (?:do|pelo|da)|gesendet (?:mit|von)|von meinem|inviato da"
    r"|obten(?:er|ga)|obten|get|obter|obtenir)\b(?P<rest>.*)"
)
_THING = re.compile(
    r"\b(?:iphone|ipad|ios|android|samsung|galaxy|huawei|xiaomi|redmi|poco|motorola|moto|nokia|honor|oppo|vivo|realme|lg"
    r"|zte|spark|aqua mail|k-9|fairemail|mailbird|airmail|canary|newton|mailspring|roundcube|em client|superhuman"
    r"|missive|blackberry|outlook|hotmail|yahoo|gmail|protonmail|proton|zimbra|aol|fastmail|thunderbird|bluemail|windows|mac"
    r"|celular|movil|smartphone|telefono|telefone|tablet|phone|mobile|dispositivo|handy)\b"
)
_EXCUSE = re.compile(
    r"[.,;]? (?:(?:por favor|please),? )?(?:disculp\w+|perdon\w+|excuse) (?:mi brevedad|la brevedad|my brevity|lo breve"
    r"|el laconismo|los errores|the typos|any typos|typos)[\w ,]{0,40}$"
)
"""What some programs add: `Please excuse my brevity.`"""

_SLOGAN = re.compile(r"yahoo mail: (?:busca, organiza, conquista|search, organize, conquer)")
_LINK = re.compile(r"<[^<>]*>|\(?https?://\S+\)?|\[[^\]]*\]")
_STORY = re.compile(
    r"\b(?:porque|pues|ya que|que|no|ni|pero|cuando|se|me|nos|le|les|aun|ayer|hoy|hace|sin|y|para que|because|since|as"
    r"|but|when|and|did|was|is|my|our|of)\b|[.,;!?]\s*\S"
)
_MAY_STAND = re.compile(r"^(?:mi|my|the|el|la|un|una|o|meu|minha)\b")

_GOT = (
    r"(?:outlook|bluemail|aol|yahoo mail|spark|edison mail|proton mail)(?: mobile)? (?:para|for|pour|fur) [\w ]{3,20}"
)
_REACHED_AT = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+")
_LISTED = re.compile(r"\W*(?:\d{1,2}\s*[.)]\s|[-*•·]\s)")
_CONTACT = re.compile(
    r"@|www\.|https?:|\d[\d ().-]{5,}\d|\b(?:tel|telf|telefono|fono|cel|celular|movil|whatsapp|anexo|fax|direccion|av"
    r"|jr|calle|urb|mz|psje|piso|of|oficina|ruc|dni|phone|mobile|address|street)\b"
)
_BETWEEN_CAPITALS = "de del la las los el y e en da do dos para con of the and for at in a o"
_SMALL = frozenset(_BETWEEN_CAPITALS.split())
_LETTERS = re.compile(r"[^\W\d_]+")


def is_device(line: str) -> bool:
    """Whether a telephone or a mail program put this line under a letter; a story that begins so is none."""
    if not 6 <= len(line.strip()) <= 2 * LONGEST_LINE:
        return False
    plain = _EXCUSE.sub("", unaccented(_LINK.sub(" ", line)).strip(" .*_-")).strip(" .*_-")
    if _SLOGAN.fullmatch(plain):
        return True
    found = _DEVICE.fullmatch(plain)
    if not found or len(plain) > LONGEST_LINE:
        return False
    rest = found["rest"].strip()
    named = plain.startswith(("obten", "get ", "obter", "obtenir"))
    if named:  # `Get Outlook for Android`, and no other thing that somebody gets
        return re.fullmatch(_GOT, rest) is not None
    story = _STORY.search(_MAY_STAND.sub("", rest).replace(", ", " ") if _is_list(rest) else _MAY_STAND.sub("", rest))
    return bool(_THING.search(rest)) and not story and len(rest.split()) <= 8


def _is_list(rest: str) -> bool:
    """`Verizon, Samsung Galaxy smartphone`: every word around the comma names a thing."""
    return rest.count(",") == 1 and _THING.search(rest.partition(",")[2]) is not None


def is_signature(lines: Sequence[str], *, writer: str = "") -> bool:
    """Whether what follows `-- ` only tells who writes: names, what they are, how to reach them. Never a sentence."""
    written = [line.strip() for line in lines if line.strip()]
    if not written or len(written) > LONGEST_SIGNATURE:
        return not written
    if len(written) == 1 and is_device(written[0]):
        return True
    if any(len(line) > LONGEST_LINE or _LISTED.match(line) for line in written):
        return False
    sure = sum(_tells_who(line, writer) for line in written)
    return 2 * sure >= len(written) and all(_tells_who(line, writer) or _is_brief(line) for line in written)


def _tells_who(line: str, writer: str) -> bool:
    plain = unaccented(line)
    if writer and plain and plain in unaccented(writer):
        return True
    if _CONTACT.search(plain):  # `Cel. 987 654 321`, and not `Llámenme al 987 654 321`
        rest = _LETTERS.findall(_REACHED_AT.sub(" ", unaccented(line) if line.isupper() else line))
        small = [word for word in rest if word.islower() and word not in _SMALL]
        return len(rest) <= 8 and all(_CONTACT.search(unaccented(word)) for word in small)
    words = [word for word in _LETTERS.findall(line) if word.lower() not in _SMALL]
    return bool(words) and all(word[0].isupper() for word in words) and not line.endswith((":", "?", "!"))


def _is_brief(line: str) -> bool:
    """What somebody is, in small letters: `jefa de obra`, `administración y finanzas`."""
    return (
        len(_LETTERS.findall(line)) <= 4 and not line.endswith((".", ":", "?", "!", ",")) and not re.search(r"\d", line)
    )
