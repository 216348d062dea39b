"""`complaints link`: the address of a customer's page for whoever has them on the telephone, noted with who did."""

from complaints.mail.links import link_in
from tests.terminal import Terminal

KEY = "0123456789abcdef0123456789abcdef"
LINKS = {"PUBLIC_URL": "https://quejas.example", "SECRET_KEY": KEY, "CUSTOMER_LINK_DAYS": "7"}


async def test_a_link_is_printed_whole_and_noted_with_who_handed_it_out(terminal: Terminal, number: str) -> None:
    ran = await terminal.runs("link", number.lower(), "--by", "ana", env={**LINKS, "LANGUAGE": "es", "COLUMNS": "40"})
    address, until = ran.out.splitlines()
    assert until.startswith("Vale hasta el ")
    assert address.startswith("https://quejas.example/c/")
    link = link_in(address.rpartition("/")[2], keys=[KEY.encode()])
    assert link is not None
    assert link.number == number
    given = [row for row in await terminal.facts("timeline", number) if row["what"] == "link-given"]
    assert [(row["by"], row["data"]["until"]) for row in given] == [("ana", link.until.isoformat())]
    assert address not in str(given), "who reads the timeline cannot open the page with it"


async def test_without_an_address_or_for_nobody_there_is_no_link(terminal: Terminal, number: str) -> None:
    refused = await terminal.runs("link", number, env={"LANGUAGE": "es"})
    assert (refused.code, "PUBLIC_URL" in refused.err) == (1, True)
    nobody = await terminal.runs("link", "Q-0000-00000", env={**LINKS, "LANGUAGE": "es"})
    assert nobody.code == 1
