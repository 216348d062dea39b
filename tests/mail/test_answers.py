"""What an answer seems to say, as people write it; and where nothing may be proposed, because a wrong one is worse.

The answers stand in `said`, a file for what they are to be taken for, one a line (`\\n`: a line of the mail ends).
"""

from pathlib import Path

import pytest

from complaints.mail.answers import seems_in

SAID = Path(__file__).parent / "said"


def answers(file: str) -> list[str]:
    return [line.replace("\\n", "\n") for line in (SAID / f"{file}.txt").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("says", ["satisfied", "not-satisfied", "withdrawal", "nothing"])
def test_what_an_answer_seems_to_say(says: str) -> None:
    taken = {text: found.says.value if (found := seems_in(text)) else "nothing" for text in answers(says)}
    assert {text: other for text, other in taken.items() if other != says} == {}


@pytest.mark.parametrize("says", ["satisfied", "not-satisfied", "withdrawal"])
def test_the_words_that_speak_for_it_stand_where_it_says(says: str) -> None:
    for text in answers(says):
        found = seems_in(text)
        assert found is not None
        assert found.words == " ".join(text[found.start : found.end].split())
        assert found.words


def test_letters_that_come_in_two_pieces_are_read_like_others() -> None:
    """A Mac writes an accent behind its letter; a Turkish capital has another length in small."""
    found = seems_in("İ. Si\u0301, estoy conforme con la resolucio\u0301n.")
    assert found is not None
    assert found.words == "Si\u0301, estoy conforme" or found.words == "estoy conforme"
    assert seems_in("Todavi\u0301a no me llega el certificado") is not None


def test_whoever_says_much_does_not_only_say_yes() -> None:
    assert seems_in("Estoy conforme. " + "Les cuento qué pasó con mi certificado y con la clase. " * 12) is None
    assert seems_in("x" * 100_000 + " no estoy conforme") is None
