"""The map of warehouses."""

from __future__ import annotations

import polars as pl

from entrepost.documents.warehouse_map import draw_warehouses
from tests.documents.made_up import spec_of, warehouses_and_lines


def test_lines_of_each_mode_are_dashed_in_their_own_way() -> None:
    spec = spec_of(draw_warehouses(*warehouses_and_lines()))
    dashes = {tuple(layer["mark"]["strokeDash"]) for layer in spec["layer"] if "strokeDash" in layer["mark"]}
    assert len(dashes) == 4
    assert len(spec["datasets"]["lines_sea"]) == len(spec["datasets"]["lines_rail"]) == 1
    assert spec["datasets"]["lines_air"] == []


def test_warehouses_are_named_on_the_map() -> None:
    spec = spec_of(draw_warehouses(*warehouses_and_lines()))
    assert [row["place"] for row in spec["datasets"]["warehouses"]] == ["Los Angeles", "Hamburg"]
    assert all(row["named"] for row in spec["datasets"]["warehouses"])


def test_of_two_names_without_room_the_larger_warehouse_has_it() -> None:
    warehouses, lines, regions = warehouses_and_lines()
    near = warehouses.tail(1).with_columns(place=pl.lit("Bremen"), items=pl.col("items") + 1)
    spec = spec_of(draw_warehouses(pl.concat([warehouses, near]), lines, regions))
    named = {row["place"]: row["named"] for row in spec["datasets"]["warehouses"]}
    assert named == {"Los Angeles": True, "Hamburg": False, "Bremen": True}


def test_two_maps_can_have_the_same_classes_of_waits() -> None:
    spec = spec_of(draw_warehouses(*warehouses_and_lines(), [4.0, 9.0]))
    scales = [
        layer["encoding"]["color"]["scale"]
        for layer in spec["layer"]
        if "scale" in layer.get("encoding", {}).get("color", {})
    ]
    assert [scale["domain"] for scale in scales] == [[4.0, 9.0]]
