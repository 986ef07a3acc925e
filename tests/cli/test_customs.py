"""What is due is told by item and by line, and what is wrong with its row and the fix."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.shell import entrepost

HEADER = "item_id,origin,destination,hs_code,quantity,unit_value,currency,seller_scheme_number"
LINES = f"""{HEADER}
a,CN,DE,610910,5,10.00,EUR,IM1234567890
a,CN,DE,910211,1,10.00,EUR,IM1234567890
b,CN,JP,610910,1,9000,JPY,
"""


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    (tmp_path / "lines.csv").write_text(LINES)
    return tmp_path


def test_items_are_told_as_csv(own: Path) -> None:
    answer = entrepost("customs", "landed-cost", "lines.csv", "--date", "2026-07-02", folder=own)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == [
        "item_id,currency,duty_minor,tax_minor,fees_minor,total_minor,collected,rule,as_of,confidence",
        "a,EUR,600,1254,0,1854,at_sale,eu_flat_duty,2026-11-22,high",
        "b,JPY,0,0,0,0,nothing,jp_relief_10000,2026-11-22,high",
    ]


def test_json_has_items_lines_and_findings_and_an_error_is_told_by_the_exit_code(own: Path) -> None:
    (own / "bad.csv").write_text(LINES + "c,CN,DE,610910,x,1.00,EUR,\n")
    answer = entrepost("customs", "landed-cost", "bad.csv", "--date", "2026-07-02", "--json", folder=own)
    assert answer.code == 3
    totals = {row["item_id"]: row["total_minor"] for row in answer.facts["items"]}
    assert totals == {"a": 1854, "b": 0, "c": None}
    assert [row["duty_minor"] for row in answer.facts["lines"]] == [300, 300, 0]
    assert [(each["row"], each["field"]) for each in answer.facts["findings"]] == [(5, "quantity")]
    assert "bad.csv:5 [quantity]" in answer.err


def test_what_falls_on_each_line_can_be_asked_for(own: Path) -> None:
    answer = entrepost("customs", "landed-cost", "lines.csv", "--date", "2026-07-02", "--lines", folder=own)
    assert answer.out.splitlines()[1] == "a,2,610910,CN,,5,300,1007"


def test_an_option_that_is_no_day_or_word_is_refused(own: Path) -> None:
    assert entrepost("customs", "landed-cost", "lines.csv", "--date", "July", folder=own).code == 1
    answer = entrepost("customs", "landed-cost", "lines.csv", "--without-ioss", "never", folder=own)
    assert (answer.code, "flat, tariff, unknown" in answer.err) == (1, True)


def test_the_guide_shows_what_the_command_answers(own: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs/guides/customs.md").read_text(encoding="utf-8")
    (own / "lines.csv").write_text(re.findall(r"```csv title=\"lines.csv\"\n(.*?)```", guide, re.DOTALL)[0])
    command, _, shown = re.findall(r"```console\n\$ entrepost (.*?)```", guide, re.DOTALL)[0].partition("\n")
    assert entrepost(*command.split(), folder=own).out == shown
