"""The nomenclature of a user: texts by vintage, and what became of a code in another."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.reference.nomenclature import (
    add_correlation,
    add_nomenclature,
    correlate,
    known_nomenclature,
    list_vintages,
)


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    return tmp_path


def test_texts_are_kept_by_code_and_vintage(own: Path) -> None:
    (own / "hs.csv").write_text("section,hscode,description\nI,01,Live animals\nI,10121,Horses\nI,01o1,Wrong\n")
    count, findings = add_nomenclature(own / "hs.csv", "2022")
    assert (count, [each.row for each in findings]) == (2, [4])
    assert known_nomenclature("2022") == {"01": "Live animals", "010121": "Horses"}
    assert known_nomenclature("2017") == {}


def test_a_column_may_name_the_vintage_and_the_newest_is_taken(own: Path) -> None:
    (own / "tree.csv").write_text("hs6_2012,hts8_2012\n010121,01012100\n10129,01012900\n")
    assert add_nomenclature(own / "tree.csv") == (2, [])
    (own / "tree22.csv").write_text("hs6_2022,hts8_2022\n10130,01012100\n")
    add_nomenclature(own / "tree22.csv")
    assert list_vintages() == ["2012", "2022"]
    assert list(known_nomenclature()) == ["010130"]


def test_vintages_correspond_by_the_file_that_was_added(own: Path) -> None:
    rows = ("hs6_from,hs6_to,relationship", "10121,10121,1:1", "850100,850110,1:2", "850100,850120,1:2", "x,1,1:1")
    (own / "correl_hs6_2022_to_2012.csv").write_text("\n".join(rows))
    count, findings = add_correlation(own / "correl_hs6_2022_to_2012.csv")
    assert (count, [each.row for each in findings]) == (3, [5])
    assert correlate("85010099", "2022", "2012") == ["850110", "850120"]
    assert correlate("999999", "2022", "2012") == []


def test_a_file_that_does_not_tell_what_it_is_is_refused(own: Path) -> None:
    (own / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(MisuseError, match="no column of codes"):
        add_nomenclature(own / "x.csv")
    with pytest.raises(MisuseError, match="name the file"):
        add_correlation(own / "x.csv")
    (own / "hs.csv").write_text("hscode,description\n01,Live animals\n")
    with pytest.raises(MisuseError, match="not a vintage"):
        add_nomenclature(own / "hs.csv", "2023")


def test_the_files_of_the_reference_folder_are_read_whole(shared: Path) -> None:
    count, findings = add_nomenclature(shared / "data/hs/harmonized-system.csv.gz")
    assert (count, findings) == (6_939, [])
    count, findings = add_correlation(shared / "data/hs/correl_hs6_2022_to_2012.csv.gz")
    assert findings == []
    assert len(correlate("851713", "2022", "2012")) >= 1
