"""The complaint's number: the same for ever, told from any spelling, wrong ones found."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from complaints.rules.number import (
    ALPHABET,
    OWN_ID,
    as_number,
    check_character,
    complaint_number,
    in_groups,
    is_own_number,
    key_digest,
    numbers_in,
)

KEYS = st.text(min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("key", "salt", "number"),
    [
        ("mail/<1@correo.example>/rosa@correo.example", 0, "Q-SG1T-A4QMR"),
        ("form/2026-07-22/0001", 0, "Q-YG1S-90AGB"),
        ("form/2026-07-22/0001", 1, "Q-BQB6-NP7WA"),  # the same key after a collision
        ("ñandú ☎", 0, "Q-BCGB-JBWEM"),  # hashed as UTF-8
    ],
)
def test_these_numbers_never_change(key: str, salt: int, number: str) -> None:
    """They are on letters and in programs of others: a change would make a second case of the same complaint."""
    assert complaint_number(key, salt=salt) == number


@given(KEYS, st.integers(0, 3))
def test_a_key_has_one_number_in_our_form(key: str, salt: int) -> None:
    number = complaint_number(key, salt=salt)
    assert number == complaint_number(key, salt=salt)
    assert is_own_number(number)
    assert OWN_ID.fullmatch(number)
    assert as_number(number) == number


@given(KEYS)
def test_another_salt_gives_another_number(key: str) -> None:
    assert complaint_number(key) != complaint_number(key, salt=1)


@given(KEYS, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(key: str, place: int, wrong: str) -> None:
    body = complaint_number(key)[2:].replace("-", "")
    assume(body[place] != wrong)
    # Z stands for 31, which counts as 0: the one slip that passes, as the algorithm's page says.
    assume(place == 8 or {body[place], wrong} != {"0", "Z"})
    slip = body[:place] + wrong + body[place + 1 :]
    assert not is_own_number(f"Q-{slip[:4]}-{slip[4:]}")


@given(KEYS, st.integers(0, 7), st.integers(0, 7))
def test_two_exchanged_characters_are_found(key: str, one: int, other: int) -> None:
    body = list(complaint_number(key)[2:].replace("-", ""))
    assume(body[one] != body[other] and {body[one], body[other]} != {"0", "Z"})
    body[one], body[other] = body[other], body[one]
    slip = "".join(body)
    assert not is_own_number(f"Q-{slip[:4]}-{slip[4:]}")


@given(KEYS)
def test_any_spelling_is_understood(key: str) -> None:
    number = complaint_number(key)
    misread = number[2:].replace("0", "O").replace("1", "l").lower()
    for spelling in (
        number.lower(),
        number.replace("-", ""),
        number.replace("-", " "),
        f"q {misread}",
        in_groups(number),
    ):
        assert as_number(spelling) == number
        assert as_number(f"  {spelling}.") == number


@pytest.mark.parametrize("text", ["", "Q", "Q-0000-00001", "X-0000-00000", "Q-0000-000000", "queja", "Q-ÑÑÑÑ-00000"])
def test_what_is_none_of_ours_is_none(text: str) -> None:
    assert as_number(text) is None
    assert not is_own_number(text)


def test_numbers_are_found_in_a_subject_each_once_and_only_ours() -> None:
    one, two = complaint_number("1"), complaint_number("2")
    text = f"Re: [{one}] su queja {two.lower()} (antes {one}) Q-0000-00001, tel. Q 1234 56789"
    assert numbers_in(text) == [one, two]


def test_it_is_read_out_in_groups() -> None:
    assert in_groups("Q-7KF3-02M9D") == "Q · 7 K F 3 · 0 2 M 9 D"


def test_the_digest_tells_keys_apart_and_nothing_about_them() -> None:
    assert key_digest("a") != key_digest("b")
    assert len(key_digest("rosa@correo.example")) == 32


def test_the_check_character_weighs_each_place() -> None:
    # 1 in the first place weighs 3; in the last, 23.
    assert check_character("10000000") == "3"
    assert check_character("00000001") == ALPHABET[23]
