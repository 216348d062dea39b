"""Which of our languages a text is in, by its commonest words; Spanish where it cannot be told."""

import re

from complaints.words.vocabulary import Language

_SPANISH_WORDS = """
el la los las de del que y en un una por para con no se mi me su lo al es pero como más ya hola buenos días gracias
sí sigo espero curso clase clases dinero
desde hasta tengo quiero he ha fue está estoy esta este porque cuando nadie
"""
_ENGLISH_WORDS = """
the of and to in is it you that was for on are with as i my have not this but had they from hello dear please thanks
yes still waiting want money course class
regards we would could your been about when nobody there
"""
_SPANISH, _ENGLISH = frozenset(_SPANISH_WORDS.split()), frozenset(_ENGLISH_WORDS.split())
_WORD = re.compile(r"[a-záéíóúüñ]+")
ENOUGH = 2_000
"""Characters that are looked at."""


def language_of(text: str) -> Language:
    """The language of a text; Spanish where as much speaks for either."""
    words = _WORD.findall(text[:ENOUGH].lower())
    spanish = sum(word in _SPANISH for word in words) + 2 * len(re.findall(r"[ñ¿¡]", text[:ENOUGH].lower()))
    english = sum(word in _ENGLISH for word in words)
    return "en" if english > spanish else "es"
