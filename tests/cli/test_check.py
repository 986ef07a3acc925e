from __future__ import annotations

from pathlib import Path

from tests.cli.shell import entrepost


def test_a_sound_folder_is_0(shop: Path) -> None:
    answer = entrepost("check", shop / "network")
    assert answer.code == 0, answer.out
    assert answer.err.endswith("network: 0 errors, 0 warnings\n") or " 0 errors" in answer.err


def test_each_finding_is_a_line_with_file_row_column_and_fix(shop: Path) -> None:
    path = shop / "network" / "departures.csv"
    path.write_text(path.read_text().replace("12:00", "noon", 1))
    answer = entrepost("check", "network", folder=shop)
    assert answer.code == 3
    assert answer.out.startswith("departures.csv:2 [departs] error ")
    assert answer.out.count("; ") == 1, "what is wrong, then how to mend it"


def test_findings_as_json(shop: Path) -> None:
    (shop / "network" / "rates.csv").unlink()
    answer = entrepost("check", "network", "--json", "--quiet", folder=shop)
    assert (answer.code, answer.err) == (3, "")
    assert {"code": "network_file_missing", "subject": "rates.csv"}.items() <= answer.facts[0].items()


def test_a_folder_that_is_not_there_is_1(tmp_path: Path) -> None:
    answer = entrepost("check", "nowhere", folder=tmp_path)
    assert answer.code == 1
    assert answer.err == "entrepost: nowhere is not a folder; give the folder that holds network.toml\n"
