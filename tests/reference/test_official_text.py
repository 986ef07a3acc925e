"""Official texts are read from whichever file has codes and texts."""

from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, UnreadableInputError
from entrepost.reference.official_text import add_texts, known_texts, read_texts


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    return tmp_path


def test_a_code_gets_its_leading_zero_back_and_a_bad_row_is_a_finding(own: Path) -> None:
    (own / "a.csv").write_text("commodity,description\n1012100,Horses\nI,Section\n12x,Odd\n0101.21,Horses\n0102,\n")
    texts, findings = read_texts(own / "a.csv")
    assert texts == (("01012100", "Horses"), ("010121", "Horses"))
    assert [(finding.code, finding.row) for finding in findings] == [("hs_text_malformed", 4)]


def test_all_files_that_were_added_are_known(own: Path) -> None:
    with pytest.raises(MissingRowError, match="hs-texts"):
        known_texts()
    for name, header, row in (
        ("a.csv", "hscode,description", "0101,Horses"),
        ("b.csv", "hts8,brief_description", "01012100,Mares"),
    ):
        (own / name).write_text(f"{header}\n{row}\n")
        add_texts(own / name)
    assert known_texts() == (("0101", "Horses"), ("01012100", "Mares"))


def test_a_file_without_such_columns_is_refused(own: Path) -> None:
    (own / "a.csv").write_text("code,duty\n0101,5\n")
    with pytest.raises(UnreadableInputError, match="one of texts"):
        read_texts(own / "a.csv")
