"""What a server runs on."""

from __future__ import annotations

from pathlib import Path

from entrepost.api.house import House
from tests.api.world import World
from tests.operations.shop import store_in


def test_the_network_is_loaded_when_it_is_asked_for(world: World, tmp_path: Path) -> None:
    house = House(store_in(tmp_path), str(world.folder / "network"))
    assert "network" not in vars(house)
    assert house.network.name == "one warehouse"
    assert house.network is house.network
