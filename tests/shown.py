"""What somebody reads of a page, and what of it nobody should: of whatever page, role and language."""

import re
from html import unescape

from complaints.words.catalogue import Language, catalogue

NEVER: dict[str, str] = {
    r"\bcare_team\b|\badministration_manager\b|\bgeneral_director\b|\bdepartment_head\b": "a role's key",
    r"\bacademic\b(?=[ .,;:)])|\bsystems\b(?=\))": "a department's key",
    r"\([a-z]*root\)": "an account of the machine",
    r"\b[Ss]eñal\b|\b[Rr]eloj\b": "words of the engine",
    r"\b[Nn]ivel [0-9]\b|\b[Ll]evel [0-9]\b": "a number where somebody has it",
    r"\bnivel superior\b|\bone level up\b": "sounds like a threat",
    r"\bclave o correo\b|\bkey or email\b": "keys are for programs",
    r"\bEnd it otherwise\b|\bWindows wait\b|^Behind$|^Record it$": "no English of a desk",
    r"\bHola\b|^Hello\b": "not how Peru writes to a customer",
    r"\d\.\d días\b": "a point in a Spanish number",
    r"\bUndefined\b": "a hole",
}
OF_THE_MACHINE = re.compile(
    r"`|\.(?:md|toml|env)\b|\b[Ww]orkers?\b|\b[Ww]orkflow|\bTemporal\b|\b[A-Z]+_[A-Z]+\b|(?<!\w)--[a-z]"
)
"""Commands and their options, files, settings, and the names of the programs behind the desk."""
THE_DESK = re.compile(r"\bescritorio\b|\bmesa\b", re.I)
"""To whoever reads Spanish the one is a computer's first screen, the other a piece of furniture."""
ON_PAPER = re.compile(r"\bcartas?\b(?! por correo postal)", re.I)
"""A *carta* comes on paper, to somebody's home: what goes by mail is *un correo*, on pages as in what is sent."""
TO_WHO_SETS_IT_UP = {
    "Temporal's page does not run behind this desk.",
    "This is not the desk's address: open it at its own, or name this one in PUBLIC_URL.",
    "These are the contacts that come with the program: name a file of your own in COMPLAINTS_CONTACTS.",
    "These are the rules that come with the program: name a file of your own in COMPLAINTS_POLICY.",
}
"""Pages of administrators, and the page that says that this is no desk yet: they say what to set."""
_NOT_READ = re.compile(r"<(script|style|template)\b.*?</\1>|<textarea\b.*?</textarea>|<code>.*?</code>", re.S)
_SAID = re.compile(r'\b(?:title|alt|aria-label|placeholder)="([^"]*)"')
_DATE = re.compile(r"(?<!Reglas )(?<!ersión )(?<!como )\b20\d\d-\d\d(?:-\d\d)?\b")
"""But for the version of the rules, which has its day as its name, and for how a day is typed."""
_OF_PROGRAMS = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b|\bNone\b|\bTrue\b|\bFalse\b|[{}]|\bundefined\b|\bNaN\b")
"""Keys with their line below, values of Python, a brace that nobody filled."""


def unwanted(text: str) -> list[str]:
    return [f"{found[0]!r}: {why}" for pattern, why in NEVER.items() for found in re.finditer(pattern, text, re.M)]


def shown(html: str) -> str:
    """The words of a page as they are seen and heard: its text, and what pictures, fields and buttons are called."""
    seen = _NOT_READ.sub(" ", html)
    heard = " \n".join(_SAID.findall(seen))
    return re.sub(r"[ \t]+", " ", unescape(re.sub(r"<[^>]+>", " ", seen) + " \n" + heard))


def not_to_be_shown(html: str, language: Language) -> list[str]:
    """Each thing that a page should not have, with its surroundings; best none."""
    text, say = shown(html), catalogue(language).gettext
    for sentence in map(say, TO_WHO_SETS_IT_UP):
        text = text.replace(sentence, "")
    patterns = (OF_THE_MACHINE, _DATE, _OF_PROGRAMS, *((THE_DESK, ON_PAPER) if language == "es" else ()))
    found = [one for each in patterns for one in each.finditer(text)]
    return [*(text[max(0, one.start() - 40) : one.end() + 40].strip() for one in found), *unwanted(text)]
