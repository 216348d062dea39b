"""Files that a command takes from this machine: no more of them is read than an act takes."""

from pathlib import Path

import pytest

from complaints.rules.given_files import LARGEST_TOGETHER, MOST_FILES
from starter.errors import Refused
from starter.given_files import read

PDF = b"%PDF-1.7\n"


def a_file(folder: Path, name: str, size: int = 0) -> Path:
    """One that begins as a PDF; what follows costs no room on the disk."""
    path = folder / name
    with path.open("wb") as file:
        file.write(PDF)
        file.truncate(max(size, len(PDF)))
    return path


def test_what_is_chosen_is_read(tmp_path: Path) -> None:
    [kept] = read([a_file(tmp_path, "boleta.pdf")])
    assert (kept.name, kept.data) == ("boleta.pdf", PDF)


def test_a_file_without_an_end_is_refused_and_not_read_to_it(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Son demasiados archivos, o muy grandes"):
        read([a_file(tmp_path, "disco.pdf", size=1 << 34)])


def test_too_much_together_is_refused_at_the_file_that_is_too_much(tmp_path: Path) -> None:
    half = a_file(tmp_path, "mitad.pdf", size=LARGEST_TOGETHER // 2 + 1)
    with pytest.raises(Refused, match="Son demasiados archivos, o muy grandes"):
        read([half, half, tmp_path / "is not opened any more"])


def test_too_many_are_refused_before_any_is_opened(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Son demasiados archivos, o muy grandes"):
        read([tmp_path / "nobody's"] * (MOST_FILES + 1))
