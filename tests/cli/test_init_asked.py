"""`complaints init` at a terminal: each answer is read at once, tried, and asked for again until it will do."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from starter.host_settings import settings_of
from tests.asked import CTRL_C, at_a_terminal
from tests.chance import new_name
from tests.dovecot import Dovecot, dovecot
from tests.sink import Sink

SECRET = "h#sh/d @%"  # as people choose them: no URL takes it as it is
EN = {"LANGUAGE": "en"}


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as here:
        yield here


def test_a_wrong_answer_is_told_in_the_readers_language_and_asked_again(tmp_path: Path) -> None:
    """Nothing is written by Ctrl-C, and what is secret never stands on the screen."""
    home = tmp_path / "home"
    with at_a_terminal("init", "--home", str(home), env={"LANGUAGE": "es"}) as asked:
        asked.answers("¿Cómo se llama la escuela?", "")
        asked.answers("¿Cómo se llama la escuela?", "Colegio San José")
        asked.answers("¿A qué correo escriben los clientes sus quejas?", "quejas en colegio.example")
        asked.asks("no es una dirección de correo.")
        asked.answers("¿A qué correo escriben los clientes sus quejas?", "quejas@colegio.example")
        asked.answers("no se muestra)?", f"mailto:{SECRET}")
        asked.asks("SMTP_URL debe empezar por smtp:// o smtps://")
        asked.answers("no se muestra)?", f"smtp://quejas@127.0.0.1:{10**6}")
        asked.asks("SMTP_URL: el puerto debe ser un número")
        asked.answers("no se muestra)?", "smtp://quejas@127.0.0.1:9")
        asked.answers("¿Qué contraseña tiene quejas@127.0.0.1:9 (Enter si no hay; no se muestra)?", SECRET)
        asked.asks("quejas@127.0.0.1:9 (sin TLS)")
        asked.answers("o -; no se muestra)?", f"imap://quejas:{SECRET}")
        asked.asks("IMAP_URL")
        asked.answers("o -; no se muestra)?", "-")
        asked.answers("¿En qué dirección se abre el escritorio (https://…, o -)?", "colegio.example")
        asked.asks("PUBLIC_URL debe ser una dirección como https://")
        asked.types(CTRL_C)
        assert asked.ends() == 130
    assert "Interrumpido: no se escribió nada." in asked.seen
    assert ("Traceback" in asked.seen, SECRET in asked.seen) == (False, False)
    assert not home.exists()


async def test_a_server_that_does_not_work_is_asked_for_again_and_the_second_time_one_is_changed(
    tmp_path: Path, server: Dovecot, mail: Sink
) -> None:
    home, user = tmp_path / "home", f"u{new_name()}"
    await asyncio.to_thread(_first_time, home, server, mail, user)
    read = settings_of(home, {})
    assert read is not None
    before = {name: Path(read[name]).read_text(encoding="utf-8") for name in ("SMTP_URL_FILE", "IMAP_URL_FILE")}
    assert before["IMAP_URL_FILE"].strip() == server.url(user)
    note = "# ours\n" + (home / "settings.toml").read_text(encoding="utf-8")
    (home / "settings.toml").write_text(note, encoding="utf-8")
    await asyncio.to_thread(_second_time, home, mail)
    assert (home / "settings.toml").read_text(encoding="utf-8") == note + 'PUBLIC_URL = "http://colegio.example"\n'
    changed = {name: Path(read[name]).read_text(encoding="utf-8") for name in before}
    assert changed == {**before, "SMTP_URL_FILE": f"smtp://localhost:{mail.port}\n"}
    assert [str(letter["To"]) for letter in mail.letters] == ["ana@x.example", "eva@x.example"]
    await asyncio.to_thread(_third_time, home)


def _first_time(home: Path, server: Dovecot, mail: Sink, user: str) -> None:
    with at_a_terminal("init", "--home", str(home), env=EN) as asked:
        asked.answers("What is the school called?", "Colegio San José")
        asked.answers("(an email address)?", "quejas@colegio.example")
        asked.answers("smtp://user:password@host:587; not shown)?", "smtp://127.0.0.1:9")
        asked.answers("or -; not shown)?", server.url(user, "not-the-password"))
        asked.answers("(https://…, or -)?", "-")
        asked.answers("Who signs in first (a short name)?", "Ana Ruiz")
        asked.answers("Who signs in first (a short name)?", "ana")
        asked.answers("What are they called?", "Ana Ruiz")
        asked.answers("Who gets a test letter (an address, or -)?", "ana@x.example")
        asked.asks("The test letter did not go out: the mail server cannot be reached.")
        asked.answers("not shown)? [127.0.0.1:9 (without TLS)]", f"smtp://127.0.0.1:{mail.port}")
        asked.asks("Letters go out: 127.0.0.1 took one for ana@x.example.")
        asked.asks("The mailbox does not open: it does not take this user or password.")
        asked.answers("(without TLS)]", server.url(user).replace("INBOX", "Quejas"))
        asked.asks("The mailbox does not open: it has no folder Quejas.")
        asked.answers("Quejas (without TLS)]", server.url(user))
        asked.asks(f"the mailbox of {user} at 127.0.0.1 opens (0 unread)")
        asked.asks("ana: password for the first time:")
        assert asked.ends() == 0


def _second_time(home: Path, mail: Sink) -> None:
    with at_a_terminal("init", "--home", str(home), env=EN) as asked:
        asked.asks("Enter keeps what stands in brackets.")
        asked.answers(f"not shown)? [127.0.0.1:{mail.port} (without TLS)]", f"smtp://localhost:{mail.port}")
        asked.answers("(without TLS)]", "")
        asked.answers("(https://…, or -)? [-]", "http://colegio.example")
        asked.answers("Who gets a test letter (an address, or -)?", "eva@x.example")
        asked.asks("Now: ")
        assert asked.ends() == 0


def _third_time(home: Path) -> None:
    with at_a_terminal("init", "--home", str(home), env=EN) as asked:
        asked.answers("(without TLS)]", "")
        asked.answers("(without TLS)]", "")
        asked.answers("[http://colegio.example]", "")
        asked.asks("Nothing was changed.")
        assert asked.ends() == 0
