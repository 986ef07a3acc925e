"""The map of warehouses."""

from __future__ import annotations

from entrepost.documents.warehouse_map import draw_warehouses
from tests.documents.made_up import spec_of, warehouses_and_lines


def test_lines_of_each_mode_are_dashed_in_their_own_way() -> None:
    spec = spec_of(draw_warehouses(*warehouses_and_lines()))
    dashes = {tuple(layer["mark"]["strokeDash"]) for layer in spec["layer"] if "strokeDash" in layer["mark"]}
    assert len(dashes) == 3
    assert len(spec["datasets"]["lines_sea"]) == len(spec["datasets"]["lines_rail"]) == 1
    assert spec["datasets"]["lines_air"] == []


def test_warehouses_are_named_on_the_map() -> None:
    spec = spec_of(draw_warehouses(*warehouses_and_lines()))
    assert [row["place"] for row in spec["datasets"]["warehouses"]] == ["Los Angeles", "Hamburg"]
