from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.shell import entrepost


def test_the_page_is_written_and_its_figures_are_told(carried: Path) -> None:
    answer = entrepost("report", "--network", "network", "--note", "Tried <by hand>.", "--json", folder=carried)
    assert answer.code == 0, answer.err
    assert answer.facts["orders"] == 4
    waits = {"o1 from stock": 10, "o2 from stock": 31, "o3 misses a flight": 174.5, "o4 on Thursday": 106}
    assert 24 * answer.facts["wait_days"] == pytest.approx(sum(waits.values()) / 4, abs=1.0)
    assert answer.facts["kept"] == 1.0
    assert answer.facts["undelivered"] == 0.0
    html = (carried / "report.html").read_text(encoding="utf-8")
    assert "Tried &lt;by hand&gt;." in html
    assert "orders.csv" in html


def test_the_page_loads_nothing(carried: Path) -> None:
    entrepost("report", "--network", "network", folder=carried)
    html = re.sub(r"<script.*?</script>", "", (carried / "report.html").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r'(src|href)="(?!#|data:)', html)


def test_before_anything_is_promised_the_next_step_is_told(shop: Path) -> None:
    entrepost("intake", "orders.csv", "--network", "network", folder=shop)
    answer = entrepost("report", "--network", "network", folder=shop)
    assert answer.code == 1
    assert "entrepost quote" in answer.err
