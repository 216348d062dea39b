"""Whose act it was is said in words: nobody reads the machine's account or a program's name for a person."""

import pytest

from complaints.words.telling import arrived
from complaints.words.wording import Wording


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("root", "quien administra el sistema"),
        ("cli", "quien administra el sistema"),
        ("mailbox", "el buzón"),
        ("Ana Torres", "Ana Torres"),
    ],
)
def test_an_account_of_nobody_s_is_said_in_plain_words(by: str, said: str) -> None:
    assert Wording("es", "America/Lima").who(by) == said


def test_a_post_is_said_by_its_name() -> None:
    assert Wording("es", "America/Lima").who("general_director") == Wording("es", "America/Lima").role(
        "general_director"
    )


def test_a_customer_who_filled_in_our_form_is_no_program() -> None:
    assert arrived("web", "es", source_key="form/5c1d") == "por el formulario web"
    assert arrived("web", "es", source_key="erp/77") == arrived("web", "es") == "por la web o un programa"
