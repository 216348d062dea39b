"""What the index of words finds, the snippet marks: both fold a text in one way."""

import pytest

from complaints.records.asked import Term, terms_of
from complaints.records.lexemes import LONGEST_RUN, MOST_WORDS, lexemes
from complaints.records.snippets import BEFORE, LENGTH, Seeker, Snippet, Written


def found_in(text: str, asked: str, *others: str) -> Snippet:
    """The snippet of the first of these texts that hold the most."""
    written = [Written(place=str(place), text=each) for place, each in enumerate((text, *others))]
    seeker = Seeker(terms_of(asked))
    best = seeker.best(written)
    assert best, f"{asked} is not found in {text[:80]!r}"
    return seeker.snippet(best.written)


def marked(snippet: Snippet) -> list[str]:
    return [part.text for part in snippet.parts if part.marked]


@pytest.mark.parametrize(
    ("text", "asked", "shown"),
    [
        ("Mi certi\u00adficado no llega", "certificado", "certi\u00adficado"),  # a soft hyphen, as pages have them
        ("Mi certi\u200bficado\u200f no llega", "certificado", "certi\u200bficado"),  # nothing that is seen
        ("\u202bMi certificado\u202c no llega", "certificado", "certificado"),  # a mark of direction
        ("Mi certi\ufb01cado no llega", "certificado", "certi\ufb01cado"),  # fi as one letter, as a PDF gives it
        ("Mi ｃｅｒｔｉｆｉｃａｄｏ no llega", "certificado", "ｃｅｒｔｉｆｉｃａｄｏ"),  # full width
        ("Mi certifi-\ncado no llega", "certificado", "certifi- cado"),  # divided at a line's end
        ("> Mi certifi-\n> cado no llega", "certificado", "certifi- > cado"),  # and quoted
        ("La canción\nes larga", "cancion", "canción"),
        ("La cancio\u0301n es larga", "canción", "canción"),  # an accent by itself
        ("Vive en la Straße 9", "strasse", "Straße"),
        ("Llame al 987\u2011654\u2011321 hoy", "987654321", "987\u2011654\u2011321"),  # dashes that do not break
        ("Llame al \u202a987 654 321\u202c hoy", "987654321", "987 654 321"),
        ("Su número es el 51987654321", "987654321", "987654321"),  # the end of a longer one
        ("İstanbul no abre", "istanbul", "İstanbul"),  # one letter that is two in small
        ("Les 1 000 soles", "soles", "soles"),
    ],
)
def test_what_the_index_finds_is_marked(text: str, asked: str, shown: str) -> None:
    words = lexemes([text])
    [term] = terms_of(asked)
    assert any(word == term.word or word.startswith(term.word) for word in words), words
    assert marked(found_in(text, asked)) == [shown]


def test_a_word_in_html_is_shown_as_it_was_written() -> None:
    text = "<b>certificado</b> &amp; <script>alert(1)</script>"
    snippet = found_in(text, "certificado")
    assert (marked(snippet), snippet.text) == (["certificado"], text)


def test_a_short_word_marks_itself_and_no_beginning() -> None:
    """One or two letters are found as words of their own; so nothing else is marked."""
    assert marked(found_in("Aprobé a la segunda", "a")) == ["a"]
    assert Seeker(terms_of("ap")).best([Written(place="0", text="Aprobé a la segunda")]) is None


def test_the_word_itself_is_shown_before_another_that_begins_like_its_stem() -> None:
    seeker = Seeker([Term("casos", stems=("cas",))])
    texts = [Written(place="subject", text="Un castigo"), Written(place="text", text="Los dos casos")]
    best = seeker.best(texts)
    assert best
    assert best.written.place == "text"
    assert seeker.best(texts[:1]), "another form is found too"


def test_the_text_that_holds_most_is_shown_wherever_it_is_in_it() -> None:
    long = "palabra " * 12_500 + "certificado de Tarapoto" + " palabra" * 100
    snippet = found_in("Mi certificado", "certificado tarapoto", long)
    assert (snippet.place, marked(snippet)) == ("1", ["certificado", "Tarapoto"])
    assert BEFORE < len(snippet.text) <= LENGTH + 2
    assert snippet.text.startswith("…")
    assert snippet.text.endswith("…")


def test_who_it_is_and_its_number_are_found_however_long_the_text_is() -> None:
    """Of what is too long for the index the end is left out, and numbers of a long row are each found by their end."""
    row = " ".join(f"9{place:08}" for place in range(100, 110))
    words = lexemes(["Rosa Núñez", row, " ".join(f"p{place}" for place in range(MOST_WORDS * 2))])
    assert len(words) == MOST_WORDS
    assert words[:2] == ["rosa", "nunez"]
    assert {"900000105", "000105"} <= set(words)
    assert max(map(len, words)) <= LONGEST_RUN
