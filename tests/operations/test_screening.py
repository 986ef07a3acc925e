"""Files are told apart by their columns; a broken row is a finding and the others are screened."""

from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.customs.denied import PartyAsked
from entrepost.operations.screening import read_parties, screen_files

HEADER = "item_id,destination,description,hs_code,quantity,unit_value,currency\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    return tmp_path


def test_parties_are_read_with_what_is_known_of_them(own: Path) -> None:
    (own / "p.csv").write_text("item_id,name,extra\nLX1, Anna ,x\nLX2,,\n")
    parties, broken = read_parties(own / "p.csv")
    assert parties == [PartyAsked("LX1", "party", "Anna"), PartyAsked("LX2", "party", "")]
    assert broken == []


def test_the_second_article_of_an_item_is_named_by_its_place_and_a_bad_row_loses_no_other(own: Path) -> None:
    (own / "l.csv").write_text(
        HEADER + "a,DE,Socks,,1,1.00,EUR\na,DE,Fireworks,,many,1.00,EUR\nb,DE,Lighter,,1,1.00,EUR\n"
    )
    found = screen_files([own / "l.csv"])
    assert [(hit.item_id, hit.where) for hit in found.hits] == [("a", "contents[1]"), ("b", "contents[0]")]
    assert [finding.field for finding in found.findings] == ["quantity"]
    assert not found.is_clear


def test_parties_cannot_be_screened_without_a_list(own: Path) -> None:
    (own / "p.csv").write_text("item_id,name\nLX1,Anna\n")
    with pytest.raises(MissingRowError, match="no list of denied parties"):
        screen_files([own / "p.csv"])
