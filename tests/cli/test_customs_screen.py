"""Files of parties and content lines are screened; the operator is told why, the events say nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.reference.sanctions import keep_sanctions
from tests.cli.shell import entrepost
from tests.customs.small_lists import TINY

PARTIES = (
    "item_id,role,name,country,birth_date\n"
    "LX1,recipient,Maxim Orlovsky,RU,1971-03-05\nLX2,recipient,Anna Smith,CH,\nLX3,sender,,CN,\n"
)
LINES = (
    "item_id,destination,description,hs_code,quantity,unit_value,currency\n"
    "LX2,CH,Power bank,850760,1,20.00,USD\nLX4,CH,Cotton T-shirt,610910,1,9.00,USD\n"
)


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    (tmp_path / "parties.csv").write_text(PARTIES)
    (tmp_path / "lines.csv").write_text(LINES)
    return tmp_path


def test_parties_and_contents_are_screened_together_and_events_written(own: Path) -> None:
    keep_sanctions("sanctions-ofac", TINY.entries[:1])
    answer = entrepost("customs", "screen", "parties.csv", "lines.csv", "--events", "events.csv", "--json", folder=own)
    assert answer.code == 3, answer.err
    assert answer.facts["holds"] == ["LX1", "LX2"]
    assert answer.facts["screened"] == {"parties": 3, "lines": 2, "lists": ["sanctions-ofac"]}
    assert [finding["code"] for finding in answer.facts["findings"]] == ["party_nameless"]
    header, *events = (own / "events.csv").read_text().splitlines()
    assert header == "item_id,code,time,recorded_at,facility,reason"
    assert [(line.split(",")[0], line.split(",")[1], line.split(",")[-1]) for line in events] == [
        ("LX1", "EXD", ""),
        ("LX2", "EXD", ""),
    ]


def test_the_operator_reads_who_is_meant_and_what_to_do(own: Path) -> None:
    keep_sanctions("sanctions-ofac", TINY.entries[:1])
    answer = entrepost("customs", "screen", "parties.csv", folder=own)
    assert "hold LX1" in answer.out
    assert "ORLOVSKY, Maksim Petrovich" in answer.out
    assert "the day of birth fits" in answer.out


def test_parties_without_a_list_are_not_called_clear(own: Path) -> None:
    answer = entrepost("customs", "screen", "parties.csv", folder=own)
    assert answer.code == 1
    assert "reference add sanctions-ofac" in answer.err


def test_contents_need_no_list_and_clear_ones_end_well(own: Path) -> None:
    (own / "lines.csv").write_text(LINES.replace("Power bank,850760", "Cotton socks,611595"))
    answer = entrepost("customs", "screen", "lines.csv", folder=own)
    assert answer.code == 0, answer.out
    assert "0 items held" in answer.out


def test_a_file_of_neither_is_refused(own: Path) -> None:
    (own / "odd.csv").write_text("a,b\n1,2\n")
    answer = entrepost("customs", "screen", "odd.csv", folder=own)
    assert answer.code == 1
    assert "neither parties nor content lines" in answer.err


def test_codes_are_suggested_for_a_text_and_for_a_file(own: Path) -> None:
    (own / "hs.csv").write_text(
        'hscode,description\n610910,"T-shirts, of cotton"\n850760,"Electric accumulators; lithium-ion"\n'
    )
    assert entrepost("customs", "classify", "cotton t-shirt", folder=own).code == 1
    assert entrepost("reference", "add", "hs-texts", "hs.csv", folder=own).code == 0
    told = entrepost("customs", "classify", "cotton t-shirt", folder=own)
    assert told.code == 0, told.err
    assert "610910" in told.out
    assert "confirmed by a person" in told.err
    answer = entrepost("customs", "classify", "lines.csv", "--json", folder=own)
    assert [each["suggestions"][0]["hs_code"] for each in answer.facts["descriptions"]] == ["850760", "610910"]
