"""What was learned on top of the exact forecast is kept as numbers, checked when they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.journey.eta import forecast
from entrepost.operations.eta import with_residual
from entrepost.operations.eta_residual_file import FILE, find_residual, write_residual
from tests.journey.under_way.test_residual import NOW, residual
from tests.journey.under_way_scenes import history
from tests.worlds import one_warehouse, two_offices


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert find_residual(tmp_path) is None
    before = residual(0.5)
    write_residual(before, tmp_path / FILE)
    after = find_residual(tmp_path)
    assert after is not None
    assert (after.card, after.pace, after.valid_until) == (before.card, before.pace, before.valid_until)
    for name, forest in before.forests.items():
        assert after.forests[name].nodes.tolist() == forest.nodes.tolist()
    assert json.loads((tmp_path / FILE).read_text())["says"] == str(before.card)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"form": 2}, "another form"),
        ({"valid_until": "2026-01-01"}, "no offset"),
        ({"forests": {"arrive_p10": {"base": 0, "trees": [[[0, 0, 0, 1, 0]]]}}}, "leads nowhere or back"),
        ({"forests": {"arrive_p10": {"base": 0, "trees": [[[99, 0, 1, 1, 0]]]}}}, "no feature 99"),
        ({"forests": {"arrive_p10": {"base": "much", "trees": []}}}, "could not convert"),
        ({"forests": {"arrive_p50": {}}}, "arrive_p10"),
        ({"card": {}}, "as_of"),
        ({"card": None}, "not subscriptable"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_what_is_wrong(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    write_residual(residual(0.5), tmp_path / FILE)
    content = json.loads((tmp_path / FILE).read_text()) | wrong
    (tmp_path / FILE).write_text(json.dumps(content))
    with pytest.raises(UnreadableInputError, match=said):
        find_residual(tmp_path)


def test_a_forecast_takes_it_where_it_holds_and_says_why_not_otherwise(tmp_path: Path) -> None:
    network = two_offices()
    exact = forecast(network, history(("EMA", 24), ("EMB", 26)), NOW)
    assert with_residual(exact, network, tmp_path, NOW) is exact
    write_residual(residual(0.5), tmp_path / FILE)
    assert with_residual(exact, network, tmp_path, NOW).items.get_column("basis").to_list() == ["learned"]
    other = with_residual(exact, one_warehouse(), tmp_path, NOW)
    assert other.items is exact.items
    assert [finding.code for finding in other.findings][-1:] == ["eta_residual_stale"]
    (tmp_path / FILE).write_text("{")
    broken = with_residual(exact, network, tmp_path, NOW)
    assert broken.items is exact.items
    assert [finding.code for finding in broken.findings][-1:] == ["eta_residual_unreadable"]
