"""Which of our languages a text is in, by its commonest words; Spanish where it cannot be told."""

import re
from collections import Counter

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
    text = text[:ENOUGH].lower()
    words = Counter(_WORD.findall(text))
    spanish = sum(words[word] for word in _SPANISH & words.keys()) + 2 * sum(map(text.count, "ñ¿¡"))
    english = sum(words[word] for word in _ENGLISH & words.keys())
    return "en" if english > spanish else "es"
