"""Finding a complaint by what somebody remembers of it."""

import pytest

from complaints.records.search_keys import document_key, likely_numbers, phone_digits, plain_words
from complaints.records.store import Store
from complaints.rules.number import ALPHABET, complaint_number
from tests.records_examples import MONDAY, a_batch, a_record, days, hours


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("  ROSA   Núñez-Ibáñez ", "rosa nunez ibanez"),  # case, accents, ñ, hyphen, spaces
        ("Nu\u0301n\u0303ez", "nunez"),  # accents as combining characters
        ("O'Higgins, José", "o higgins jose"),
        ("Straße Ærø Łódź", "strasse aero lodz"),  # letters that do not decompose
        ("Ｒｏｓａ", "rosa"),  # full width
        ("Ольга 李", "ольга 李"),  # other scripts stay
        ("", ""),
        (None, ""),
    ],
)
def test_names_fold(written: str | None, plain: str) -> None:
    assert plain_words(written) == plain


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("967090448", "967090448"),
        ("+51 967 090 448", "967090448"),
        ("+51- 967 090 448", "967090448"),  # as the procedure prints it (§3)
        ("51-913014030", "913014030"),  # as §7 prints it
        ("0051967090448", "967090448"),
        ("(967) 090.448 anexo 12", "967090448"),  # an extension is no part of it
        ("#967090448", "967090448"),  # a Peruvian RPM number is no extension
        ("(01) 456-7890", "14567890"),  # Lima's landline, three ways
        ("+51 1 456 7890", "14567890"),
        ("+51 (0)1 4567890", "14567890"),
        ("044 223344", "44223344"),  # Trujillo
        ("+1 (415) 555-2671", "155552671"),  # nine digits are enough abroad too
        ("٩٦٧٠٩٠٤٤٨", "967090448"),  # other digits
        ("sin teléfono", ""),
        (None, ""),
    ],
)
def test_phones_fold(written: str | None, digits: str) -> None:
    assert phone_digits(written) == digits


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("45678912", "45678912"),
        ("DNI 45678912", "45678912"),
        ("D.N.I. N° 45.678.912", "45678912"),
        ("dni45678912", "45678912"),
        ("Carné de extranjería 000123456", "000123456"),
        ("Pasaporte: AB 123456", "ab123456"),
        ("N1234567", "n1234567"),  # a passport's own letter stays
        ("dni", "dni"),  # a label alone is kept as it is
        (None, ""),
    ],
)
def test_documents_fold(written: str | None, plain: str) -> None:
    assert document_key(written) == plain


NUMBER = complaint_number("mail:1")


def wrong_at(position: int) -> str:
    """The number with another character at a position of its nine."""
    letters = list(NUMBER[2:].replace("-", ""))
    letters[position] = ALPHABET[(ALPHABET.index(letters[position]) + 5) % 32]
    return "Q-" + "".join(letters)


BODY = NUMBER[2:].replace("-", "")


@pytest.mark.parametrize(
    "slip",
    [
        *(wrong_at(position) for position in range(9)),
        *("Q" + BODY[:i] + BODY[i + 1] + BODY[i] + BODY[i + 2 :] for i in range(8)),  # exchanged
        *("Q" + BODY[:i] + BODY[i + 1 :] for i in range(9)),  # lost
        "Q" + BODY[:4] + "7" + BODY[4:],  # added
        BODY,  # the Q forgotten
    ],
)
def test_one_slip_in_a_number_leads_to_it(slip: str) -> None:
    assert NUMBER in likely_numbers(slip)


@pytest.mark.parametrize("text", ["", "Rosa", "Q", "Q-1", "x" * 500, "45678912345678"])
def test_what_is_no_number_leads_to_none(text: str) -> None:
    assert likely_numbers(text) == []


@pytest.mark.parametrize(
    "asked",
    [
        NUMBER,
        NUMBER.lower().replace("-", " "),
        NUMBER.replace("-", "").replace("0", "O").replace("1", "l"),  # read as letters
        wrong_at(3),
        "rosa nunez",  # accents ignored
        "IBÁÑEZ Rosa",  # any order
        "nuñ iba",  # beginnings
        "tello",  # the guardian
        "967000123",
        "+51 (967) 000-123",
        "tel. 967 000 123",
        "000123",  # its end
        "DNI 45.678.912",
        "rosa.nunez@EXAMPLE.org ",
    ],
)
async def test_a_complaint_is_found_by(store: Store, asked: str) -> None:
    await store.write(a_batch(a_record(guardian="Martín Tello")))
    await store.write(a_batch(a_record("mail:2", customer_name="Julio Quispe", document=None, email=None, phone=None)))
    assert [found.number for found in await store.find(asked)] == [NUMBER]


@pytest.mark.parametrize(
    "asked", ["967 000 123", "01 456 7890", "4567890", "000123", "967000123 / (01) 456-7890", "567890"]
)
async def test_either_of_two_numbers_in_one_field_finds_the_complaint(store: Store, asked: str) -> None:
    await store.write(a_batch(a_record(phone="967000123 / (01) 456-7890 anexo 12", document=None)))
    await store.write(a_batch(a_record("mail:2", phone="911111111 o 922222222", document=None, email=None)))
    assert [found.number for found in await store.find(asked)] == [NUMBER]


async def test_one_number_in_common_makes_one_customer(store: Store) -> None:
    await store.write(a_batch(a_record(phone="967000123 / (01) 456-7890", document=None, email=None)))
    await store.write(a_batch(a_record("mail:2", phone="+51 967-000-123", document=None, email=None)))
    await store.write(a_batch(a_record("mail:3", phone="911111111", document=None, email=None)))
    assert len(await store.of_same_customer(NUMBER)) == 1


@pytest.mark.parametrize("asked", ["rosa.quispe@gmail.com", "ROSAQUISPE@googlemail.com", "r.osaquispe+web@gmail.com"])
async def test_a_gmail_address_is_found_however_it_is_spelt(store: Store, asked: str) -> None:
    await store.write(a_batch(a_record(email="rosa.quispe+bim@gmail.com")))
    assert len(await store.find(asked)) == 1


@pytest.mark.parametrize("asked", ["(01) 456-7890", "+51 1 4567890", "4567890", "14567890", "01 456 7890 anexo 5"])
async def test_a_landline_is_found_by(store: Store, asked: str) -> None:
    await store.write(a_batch(a_record(phone="+51 (1) 456-7890", document=None)))
    assert len(await store.find(asked)) == 1


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "   ",
        "\x00",
        "%",
        "_",
        "\\",
        "nez",
        "Rosalía",
        "00123",
        "rosa.nunez@example.com",
        "AB000123",
        "Q-0000-00000",
    ],
)
async def test_nothing_is_found_by(store: Store, asked: str) -> None:
    await store.write(a_batch(a_record()))
    assert await store.find(asked) == []


async def test_empty_fields_are_found_by_nothing(store: Store) -> None:
    await store.write(a_batch(a_record(customer_name=None, document=None, email=None, phone=None)))
    for asked in ("-", "dni", "@", "+", "ñ"):
        assert await store.find(asked) == []


async def test_the_surest_comes_first_then_the_newest(store: Store) -> None:
    by_phone = a_record("a", document=None, phone="945678912", received_at=MONDAY)
    by_document = a_record("b", document="945678912", phone=None, received_at=MONDAY - days(9))
    newer_by_phone = a_record("c", document=None, phone="945678912", received_at=MONDAY + days(1))
    for record in (by_phone, by_document, newer_by_phone):
        await store.write(a_batch(record))
    expected = [by_document.number, newer_by_phone.number, by_phone.number]
    assert [found.number for found in await store.find("945678912")] == expected
    assert [found.number for found in await store.find("945678912", limit=1)] == expected[:1]


async def test_own_numbers_are_found_too(store: Store) -> None:
    await store.write(a_batch(a_record(number="CRM-2026-17")))
    assert [found.number for found in await store.find("crm-2026-17")] == ["CRM-2026-17"]


async def test_open_cases_are_listed_what_is_due_first_standing_first(store: Store) -> None:
    quiet = a_record("a", due=None, department="systems", stage="confirmation")
    urgent = a_record("b", due=MONDAY + hours(1), department="academic", late=True, level=1, stage="investigation")
    calm = a_record("c", due=MONDAY + days(5), department="academic", customer_name="Julio Quispe")
    closed = a_record("d", stage="closed", closed_at=MONDAY + days(1), outcome="satisfied", due=None)
    for record in (quiet, urgent, calm, closed):
        await store.write(a_batch(record))

    async def listed(**filters: object) -> list[str]:
        return [record.source_key for record in await store.open_cases(**filters)]  # type: ignore[arg-type]

    assert await listed() == ["b", "c", "a"]
    assert await listed(closed_too=True) == ["b", "c", "a", "d"]
    assert await listed(stage="investigation") == ["b"]
    assert await listed(department="academic") == ["b", "c"]
    assert await listed(level=1) == ["b"]
    assert await listed(late=True) == ["b"]
    assert await listed(late=False) == ["c", "a"]
    assert await listed(text="QUÍSPE") == ["c"]
    assert await listed(text=calm.number[2:6].lower()) == ["c"]
    assert await listed(text="%") == []
    assert await listed(limit=1) == ["b"]
    assert await store.open_without_closed_at() == sorted([quiet.number, urgent.number, calm.number])
