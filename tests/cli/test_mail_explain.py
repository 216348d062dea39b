"""`complaints mail explain`: what messages would be taken for, without doing anything and without any server."""

import json
import mailbox
from pathlib import Path
from typing import Any

import pytest

from cli.main import run
from tests.incoming_expected import AUTOMATIC, MAILS

KEYS = {"file", "kind", "score", "evidence", "from", "subject", "text", "fields", "attachments"} | {
    "answered",
    "customer",
    "customer_name",
    "held",
}


def explain(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    assert run(["mail", "explain", *arguments, "--json", "--mailbox", "soporte@escuela.example"]) == code
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    found = json.loads(printed.out)
    assert isinstance(found, list)
    assert all(set(one) == KEYS for one in found)
    return found


def test_a_folder_is_one_list(capsys: pytest.CaptureFixture[str]) -> None:
    found = explain(capsys, str(MAILS))
    kinds = {str(Path(one["file"]).relative_to(MAILS).with_suffix("")): one["kind"] for one in found}
    assert len(found) == len(list(MAILS.rglob("*.eml")))
    assert {name: kinds[name] for name in AUTOMATIC} == AUTOMATIC
    assert all({"what", "weight", "says"} == set(sign) for one in found for sign in one["evidence"])


def test_one_message_shows_all_that_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = explain(capsys, str(MAILS / "people" / "quoted_complaint.eml"))
    assert found["from"] == "rosa.quispe@correo.example"
    assert found["subject"] == "Queja por el curso"
    assert found["fields"]["document"]["value"] == "45678912"
    assert found["fields"]["document"]["source"] == "DNI es 45678912"
    (evil,) = explain(capsys, str(MAILS / "broken" / "evil_attachment_names.eml"))
    assert evil["attachments"][0]["name"] == "passwd"


def test_it_tells_who_wrote_who_is_answered_and_who_the_customer_is(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("04a_webform_from_mailbox", "04d_replyto_personal", "03a_staff_forward_gmail")
    form, person, forward = explain(capsys, *(str(MAILS / "field" / f"{name}.eml") for name in names))
    pilar = "pilar.huaman@correo.example"
    assert (form["from"], form["answered"], form["customer"]) == (pilar, pilar, pilar)
    assert (person["from"], person["answered"], person["customer"]) == (
        "phuaman@oficina.example",
        pilar,
        person["from"],
    )
    assert (forward["from"], forward["answered"]) == ("ana.paredes@escuela.example", None)
    assert (forward["customer"], forward["held"]) == ("hugo.benavides@correo.example", "staff-forward")
    assert any("forwarded by a colleague" in one["what"] for one in forward["evidence"])
    [absence] = explain(capsys, str(MAILS / "automatic" / "gmail_es.eml"))
    assert (absence["answered"], absence["customer"]) == (None, None), "a program is nobody's customer"


def test_mboxes_and_maildirs_are_walked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("people/signature", "bounces/exim")
    box, folder = mailbox.mbox(tmp_path / "all.mbox"), mailbox.Maildir(tmp_path / "folder")
    for name in names:
        raw = (MAILS / f"{name}.eml").read_bytes()
        box.add(raw)
        folder.add(raw)
    box.close()
    assert [one["kind"] for one in explain(capsys, str(tmp_path / "all.mbox"))] == ["complaint", "bounce"]
    assert {one["kind"] for one in explain(capsys, str(tmp_path / "folder"))} == {"complaint", "bounce"}
    both = explain(capsys, str(tmp_path / "all.mbox"), str(tmp_path / "folder"))
    assert len({one["file"] for one in both}) == 4


def test_what_cannot_be_read_is_said_and_never_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "noise.eml").write_bytes(bytes(range(256)) * 40)
    found = explain(capsys, str(tmp_path), str(tmp_path / "missing.eml"), code=1)
    assert [one["kind"] for one in found] == ["unreadable", "unreadable", "unreadable"]


def test_people_read_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mail", "explain", str(MAILS / "automatic" / "gmail_es.eml")]) == 0
    printed = capsys.readouterr().out
    assert "una respuesta automática" in printed
    assert "Auto-Submitted: auto-replied" in printed
