from __future__ import annotations

from pathlib import Path

from entrepost.cli.starter import COUNTRIES, MAPPING, ORIGINS, excerpt
from entrepost.network.check import check
from entrepost.network.sample_network import sample_network
from entrepost.operations.mapping import load_mapping


def test_the_excerpt_is_sound_and_holds_nothing_else() -> None:
    network = excerpt(sample_network())
    assert check(network) == []
    assert {row.country for row in network.regions} == set(COUNTRIES)
    assert {row.origin for row in network.sellers} <= set(ORIGINS)


def test_the_mapping_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING, encoding="utf-8")
    assert load_mapping(path).columns["order_id"] == "Order number"
