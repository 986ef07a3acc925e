"""The guide to writing a folder by hand is followed to the letter: its files are the world `two_offices`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from entrepost.network.check import check_network
from entrepost.network.load import load_network
from entrepost.planning.scenario import apply, parse_scenario
from tests import worlds

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "network-folder.md"
BLOCKS = dict(re.findall(r'```\w+ title="([^"]+)"\n(.*?)```', GUIDE.read_text(encoding="utf-8"), re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in BLOCKS.items():
        if name.endswith(".csv") or name == "network.toml":
            (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_folder_of_the_guide_is_sound_and_is_two_offices(folder: Path) -> None:
    assert check_network(folder) == []
    assert load_network(folder) == worlds.two_offices()


def test_the_finding_that_the_guide_shows_is_the_one_that_comes(folder: Path) -> None:
    path = folder / "departures.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("MU219-5,CNSHAA,DEFRAA", "MU219-5,CNSHAA,DEMUCA"), encoding="utf-8"
    )
    assert BLOCKS["finding"].strip() in [str(finding) for finding in check_network(folder)]


def test_the_scenario_of_the_guide_can_be_made(folder: Path) -> None:
    changed = apply(load_network(folder), parse_scenario(BLOCKS["scenario.toml"]))
    assert [row.departure for row in changed.departures] == ["MU219-2", "CA935-3"]
