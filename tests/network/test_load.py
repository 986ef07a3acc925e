"""A folder without errors is loaded; of another it is said what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import NetworkError, UnreadableInputError
from entrepost.base.findings import Finding
from entrepost.network.feed import write_network
from entrepost.network.load import load_network
from tests import worlds
from tests.network.test_feed import edit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_network(worlds.two_offices(), tmp_path)
    return tmp_path


def test_loading_a_broken_folder_says_what_is_wrong_and_how_to_see_the_rest(folder: Path) -> None:
    rows = "".join(f"shop{number},Shop,CNSHAA,-1,assumed\n" for number in range(12))
    edit(folder / "sellers.csv", "shop,The shop,CNSHAA,1,assumed\n", rows)
    with pytest.raises(NetworkError, match="12 errors") as caught:
        load_network(folder)
    assert "and 2 more" in str(caught.value)
    assert all(isinstance(each, Finding) for each in caught.value.findings)


def test_a_file_in_place_of_a_folder_is_refused(folder: Path) -> None:
    with pytest.raises(UnreadableInputError, match="is not a folder"):
        load_network(folder / "network.toml")
