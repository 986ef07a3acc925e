"""The guide to choosing a service is followed to the letter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from entrepost.network.feed import write_network
from entrepost.service.choice import choose
from entrepost.service.policy import RuleFile
from tests.worlds import two_services

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "choose-a-service.md"
BLOCKS = dict(re.findall(r'```\w+ title="([^"]+)"\n(.*?)```', GUIDE.read_text(encoding="utf-8"), re.DOTALL))


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the guide's script leaves behind in a folder with its files."""
    write_network(two_services(), tmp_path / "network")
    for name in ("orders.csv", "rules.toml"):
        (tmp_path / name).write_text(BLOCKS[name], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(BLOCKS["choose.py"], names)
    return names


def test_the_script_explains_what_the_guide_shows(answers: dict[str, Any]) -> None:
    assert answers["chosen"].get_column("explanation").to_list() == BLOCKS["explanations"].splitlines()


def test_the_rules_of_the_guide_decide(answers: dict[str, Any]) -> None:
    rows = choose(answers["network"], answers["orders"], RuleFile("rules.toml"), answers["quotes"])
    assert rows.get_column("service").to_list() == ["FAST", "FAST", None]
