"""The words by which a text is found, also of texts that no person writes."""

import pytest

from complaints.records.lexemes import LONGEST_WORD, folded, lexemes, mended


def test_a_word_that_a_lines_end_divided_is_found_whole_and_by_its_parts() -> None:
    assert lexemes(["El certifi-\n> cado llegó"]) == ["el", "certifi", "cado", "llego", "certificado"]
    assert mended(folded("Tres pe-\nda-  \n >zos")) == "tres pedazos"
    assert mended("1-\n2 -\na") == "1-\n2 -\na"


@pytest.mark.parametrize("bit", ["palabra", "a-\n", "a- \n> ", "-\n", "9", "9-", "9 ", "á", "\n", "- \t", "Q-", "a@b."])
def test_a_line_without_an_end_is_gone_through_once(bit: str) -> None:
    """From each of its letters on, it would take an hour."""
    text = bit * (300_000 // len(bit))
    assert len(mended(folded(text))) <= len(text)
    assert all(len(word) <= LONGEST_WORD for word in lexemes([text, f"Conforme {text}"]))
