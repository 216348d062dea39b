"""A file is saved under the ending of its content, whatever it was called (S11)."""

import pytest

from complaints.mail.attachments import with_own_ending


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
        ("informe.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "informe.docx"),
        ("sin nombre", "application/pdf", "sin nombre.pdf"),
    ],
)
def test_the_ending_is_the_contents(name: str, kind: str, saved: str) -> None:
    assert with_own_ending(name, kind) == saved
