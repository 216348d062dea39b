"""Accounts on the command line: made with an address, linked to an identity provider, refused in a sentence."""

from pathlib import Path

import pytest

from cli.commands.running import _ready_in_words, how_to_begin
from complaints.records.staff import Role
from starter.stack_addresses import Addresses
from tests.terminal import Terminal

ISSUER = {"OIDC_ISSUER": "https://id.example/"}


async def test_an_account_is_made_with_the_address_that_an_identity_provider_knows(terminal: Terminal) -> None:
    made = await terminal.facts("staff", "add", "Eva.Soto", "--name", "Eva Soto", "--email", "Eva@Escuela.example")
    assert (made["account"], len(made["password"]) >= 16) == ("eva.soto", True)
    known = await terminal.store.identified(issuer="https://id.example", subject="e-1", email="eva@escuela.example")
    assert known is not None
    assert (known.account, known.role) == ("eva.soto", Role.AGENT)
    listed = {one["account"]: one for one in await terminal.facts("staff", "list")}
    assert (listed["eva.soto"]["email"], listed["eva.soto"]["linked"]) == ("eva@escuela.example", True)
    told = await terminal.runs(
        "staff", "add", "ines", "--name", "Inés Paz", env={"PUBLIC_URL": "https://quejas.example"}
    )
    assert told.out.endswith("Sign in at https://quejas.example\n")


async def test_a_subject_or_another_address_says_who_somebody_is(terminal: Terminal) -> None:
    for account, name in (("rita", "Rita Paz"), ("omar", "Omar Paz")):
        await terminal.facts("staff", "add", account, "--name", name)
    assert (await terminal.runs("staff", "link", "rita", "--subject", "r-1", env=ISSUER)).code == 0
    store = terminal.store
    known = await store.identified(issuer="https://id.example", subject="r-1", email=None)
    assert known is not None
    assert known.account == "rita"
    assert await store.identified(issuer="https://other.example", subject="r-1", email=None) is None
    taken = await terminal.runs("staff", "link", "omar", "--subject", "r-1", env=ISSUER)
    assert (taken.code, "Another account" in taken.err) == (1, True)
    assert (await terminal.runs("staff", "link", "rita", "--email", "rita@escuela.example")).code == 0
    assert await store.identified(issuer="https://id.example", subject="r-1", email=None) is None, "the link is undone"
    assert (await terminal.runs("staff", "link", "rita", "--email", "")).code == 0
    assert await store.identified(issuer="x", subject="y", email="rita@escuela.example") is None


async def test_what_cannot_be_linked_is_refused(terminal: Terminal) -> None:
    await terminal.facts("staff", "add", "iris", "--name", "Iris Paz")
    for words, code, said in (
        (("iris",), 2, "--email or --subject"),
        (("iris", "--email", "a@b.example", "--subject", "x"), 2, "--email or --subject"),
        (("iris", "--email", "iris"), 2, "not an email address"),
        (("iris", "--subject", "x"), 1, "OIDC_ISSUER"),
        (("nadie", "--email", "a@b.example"), 1, "no account"),
    ):
        ran = await terminal.runs("staff", "link", *words)
        assert (ran.code, said in ran.err) == (code, True), (words, ran.err)


@pytest.mark.parametrize(
    ("home", "there"),
    [(None, "--role admin\n"), (Path("/srv/two words"), "--role admin --home '/srv/two words'\n")],
    ids=["the default folder", "a folder of one's own"],
)
def test_a_newcomer_is_told_how_to_make_the_first_account(
    home: Path | None, there: str, capsys: pytest.CaptureFixture[str]
) -> None:
    how_to_begin(home)
    said = capsys.readouterr().out
    assert "complaints staff add admin --name" in said
    assert said.endswith(there)


def test_each_address_of_a_stack_has_a_line_that_fits_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    stack = Addresses(
        status="ready", pid=1, temporal="127.0.0.1:23456", temporal_ui="http://127.0.0.1:29407/temporal",
        database="postgresql://u:p@127.0.0.1/d", smtp="smtp://127.0.0.1:30148", mailbox="http://127.0.0.1:32055/",
        desk="http://127.0.0.1:29407/",
    )  # fmt: skip
    _ready_in_words(stack, ["quejas@colegio.example"], None, None)
    lines = capsys.readouterr().out.splitlines()
    addresses = [line for line in lines if line.startswith("  ")]
    assert [line.split()[-1] for line in addresses] == [stack.desk, stack.temporal_ui, stack.mailbox, stack.smtp]
    assert len({line.index(line.split()[-1]) for line in addresses}) == 1, "one below the other"
    assert max(len(line) for line in lines) <= 120
