"""A file is saved under the ending of its content, whatever it was called (S11)."""

import pytest

from complaints.mail.attachments import LONGEST_IN_BYTES, name_in_mail, type_of, with_own_ending
from complaints.rules.given_files import LONGEST_NAME

OLE, OFFICE = "application/x-ole-storage", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MACROS = "application/vnd.ms-word.document.macroenabled.12"


@pytest.mark.parametrize(
    ("name", "kind", "saved"),
    [
        ("boleta.pdf", "application/pdf", "boleta.pdf"),
        ("foto.JPEG", "image/jpeg", "foto.JPEG"),  # the same by another name
        ("boleta.pdf", "image/png", "boleta.pdf.png"),
        ("boleta.pdf", "application/vnd.microsoft.portable-executable", "boleta.pdf.bin"),
        ("boleta.pdf", "text/html", "boleta.pdf.html"),
        ("foto.png", "text/x-shellscript", "foto.png.bin"),
        ("notas.csv", "text/plain", "notas.csv"),
        ("informe.docx", OFFICE, "informe.docx"),
        ("plano.dxf", "text/plain", "plano.dxf"),
        ("foto.bmp", "image/bmp", "foto.bmp"),
        ("sin nombre", "application/pdf", "sin nombre.pdf"),
        ("modelo.rvt", OLE, "modelo.rvt"),  # what else ends as it likes
        ("informe.doc", OLE, "informe.doc"),
        ("plano.dwg", "application/octet-stream", "plano.dwg"),
        # of what shows no ending of its own: none that a system runs
        ("instalar.msi", OLE, "instalar.msi.bin"),
        ("boleta.pdf.exe", "application/vnd.microsoft.portable-executable", "boleta.pdf.exe.bin"),
        ("carta.hta", "application/rtf", "carta.hta.rtf"),
        ("nada.js", "image/bmp", "nada.js.bmp"),
        ("nada.vbs", "application/octet-stream", "nada.vbs.bin"),
        ("carta.docm", OFFICE, "carta.docm.docx"),  # it holds no program: an office program opens it as what it is
        ("carta.pdf", OFFICE, "carta.pdf.docx"),
        ("sin nombre", OFFICE, "sin nombre.docx"),
        ("carta.docm", MACROS, "carta.docm.bin"),
        ("carta.docx", MACROS, "carta.docx.bin"),
        ("metrado.xls", "application/x-ole-storage.macroenabled", "metrado.xls.bin"),
        ("sellada.docx", OLE, "sellada.docx"),  # with a password it is a compound file, and called so
        ("cortada.docx", "application/zip", "cortada.docx.zip"),
        ("carta.HTA. .", "application/octet-stream", "carta.HTA. ..bin"),
        ("acceso.lnk", "application/octet-stream", "acceso.lnk.bin"),
        ("dibujo.svg", "image/svg+xml", "dibujo.svg.bin"),
    ],
)
def test_the_ending_is_the_contents(name: str, kind: str, saved: str) -> None:
    assert with_own_ending(name, kind) == saved


@pytest.mark.parametrize(
    ("name", "handed_on"),
    [
        ("..\\..\\Inicio\\abrir.bat", "abrir.bat.txt"),
        ("/etc/cron.d/x.sh", "x.sh.txt"),
        ("\u202etxt.exe", "txt.exe.txt"),  # read from the right it is exe.txt
        ("CON .txt", "_CON .txt"),
        ("com¹.txt", "_com¹.txt"),
        ("CONOUT$", "_CONOUT$.txt"),
        ("nul.tar.gz", "_nul.tar.gz.txt"),
        ("a\0b\r\nc.txt", "abc.txt"),
        ("", "1.txt"),
        ("...", "1.txt"),
        ("\ud83d.txt", "txt.txt"),
    ],
)
def test_whatever_it_is_called_what_we_hand_on_is_called_what_it_is(name: str, handed_on: str) -> None:
    assert name_in_mail(name, kind="text/plain", place=1) == handed_on
    assert name_in_mail(handed_on, kind="text/plain", place=1) == handed_on


def test_a_name_as_long_as_names_may_be_keeps_its_contents_ending() -> None:
    """In bytes too: file systems take 255 of them, and letters of the world are up to four."""
    for name in ("x" * 4_000 + ".bat", "x" * 4_000, "ñ" * 95 + ".pdf.exe", "🏗" * 300, "證" * 90 + ".txt", "a.🏗🏗🏗🏗"):
        handed_on = name_in_mail(name, kind="text/plain", place=1)
        assert handed_on.endswith(".txt")
        assert len(handed_on) <= LONGEST_NAME
        assert len(handed_on.encode()) <= LONGEST_IN_BYTES
        assert name_in_mail(handed_on, kind="text/plain", place=1) == handed_on


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"BM=1;/*" + bytes(4) + b"*/alert(1)", "application/octet-stream"),
        (b"BM 25: lista de precios", "text/plain"),
        (b"BM" + bytes(4) + bytes(4) + b"\x36\0\0\0", "image/bmp"),
        (b"GIF89a/*" + bytes(9) + b"*/=1;alert(1)", "image/gif"),  # a picture that is a program too is saved as one
        (b"%PDF-1.7\n<script>alert(1)</script>", "application/pdf"),
        (b"<svg onload=alert(1)>", "image/svg+xml"),
        (b"\xef\xbb\xbf<html><script>alert(1)</script>", "text/plain"),
    ],
)
def test_what_is_two_things_at_once_is_only_one(data: bytes, kind: str) -> None:
    assert type_of(data) == kind
