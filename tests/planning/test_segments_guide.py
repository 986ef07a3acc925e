"""The guide to segments does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GUIDES = Path(__file__).parents[2] / "docs" / "guides"


@pytest.mark.parametrize("guide", ["segments.md", "trial.md"])
def test_the_code_of_the_guide_runs(guide: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (GUIDES / guide).read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(block, names)
    told = capsys.readouterr().out
    if guide == "segments.md":
        assert told.startswith("proved")
        assert "of the saving is lost" in told


def test_the_rule_file_of_the_guide_can_be_read(tmp_path: Path) -> None:
    from entrepost.service.rule_file import load_rules

    text = (GUIDES / "segments.md").read_text(encoding="utf-8")
    [rules] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "rules.toml").write_text(rules, encoding="utf-8")
    (tmp_path / "facts-seller-region-sku.csv").write_text("seller,region,sku,items_year\nshop,DE-60,LAMP,200\n")
    found, facts = load_rules(tmp_path / "rules.toml")
    assert (len(found), facts[0].names) == (1, ("items_year",))
