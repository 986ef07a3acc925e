"""The folder of partners reads back as it was written, and says where a row is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.tables.partners import read_partners, without_lines, write_partners
from tests.operations.exchanging.world import PARTNERS


def test_a_folder_reads_back_as_it_was_written(tmp_path: Path) -> None:
    write_partners(PARTNERS, tmp_path)
    partners, findings = read_partners(tmp_path)
    assert findings == []
    assert without_lines(partners) == PARTNERS


def test_a_bad_row_is_told_with_its_line_and_loses_no_other(tmp_path: Path) -> None:
    write_partners(PARTNERS, tmp_path)
    with (tmp_path / "channels.csv").open("a") as file:
        file.write("DEA,sideways,EMSEVT,2026-01-01,,,,,,,\nUSA,in,EMSEVT,2026-01-01,,,,,,,\n")
    partners, findings = read_partners(tmp_path)
    assert [(each.code, each.row) for each in findings] == [("network_cell_malformed", 6)]
    (tmp_path / "channels.csv").write_text((tmp_path / "channels.csv").read_text().replace("sideways", "out"))
    partners, findings = read_partners(tmp_path)
    assert ("partner_operator_unknown", 7) in {(each.code, each.row) for each in findings}
    assert len(partners.channels) == 6


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    write_partners(PARTNERS, tmp_path)
    (tmp_path / "addresses.csv").unlink()
    assert [each.code for each in read_partners(tmp_path)[1]] == ["network_file_missing"]
    with pytest.raises(UnreadableInputError):
        read_partners(tmp_path / "none")
