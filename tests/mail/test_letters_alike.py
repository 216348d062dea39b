"""The two parts of a letter say the same: a reader of the text misses nothing that a reader of the HTML is told."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from complaints.mail.letters import Letter
from tests.golden_letters.all_letters import KINDS, in_every_way

ADDRESS = re.compile(r"https://\S+")


class _Words(HTMLParser):
    """What is read on a page, from its heading on, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = False
        self.text = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.begun = self.begun or tag == "h1"
        self.text += " "
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self.text += "" if tag in {"strong", "a", "span"} else " "

    def handle_data(self, data: str) -> None:
        self.text += data if self.begun else ""


def page(letter: Letter) -> _Words:
    found = _Words()
    found.feed(letter.html)
    return found


def words(text: str) -> list[str]:
    """Without signs, which are each form's own, and capitals, with which the text marks a heading."""
    return re.findall(r"\w+", ADDRESS.sub(" ", text).casefold())


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same_words_in_the_same_order(kind: str) -> None:
    for way, letter in in_every_way(kind).items():
        assert words(letter.text) == words(page(letter).text), way


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_lead_to_the_same_places(kind: str) -> None:
    for way, letter in in_every_way(kind).items():
        links = [link for link in page(letter).links if link.startswith("https:")]
        assert Counter(ADDRESS.findall(letter.text)) == Counter(links), way


@pytest.mark.parametrize("kind", KINDS)
def test_what_can_be_tapped_is_said_in_words_too(kind: str) -> None:
    """Telephones and addresses of mail: what is behind the link is what stands there."""
    for way, letter in in_every_way(kind).items():
        for link in page(letter).links:
            scheme, _, said = link.partition(":")
            if scheme == "tel":
                assert re.sub(r"\D", "", said) in re.sub(r"\D", "", letter.text), way
            elif scheme == "mailto":
                assert said in letter.text, way


def test_a_word_too_many_is_found() -> None:
    letter = in_every_way("update")["es, with everything"]
    more = Letter(**{**vars(letter), "html": letter.html.replace("</h1>", "</h1><p>una palabra más</p>")})
    assert words(letter.text) != words(page(more).text)
