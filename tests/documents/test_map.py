from __future__ import annotations

import json
from importlib.resources import files

import polars as pl

from entrepost.documents.map import draw_map
from tests.documents.made_up import marks_of, spec_of

REGIONS = pl.DataFrame(
    {
        "place": ["Frankfurt", "Berlin"],
        "latitude": [50.1, 52.5],
        "longitude": [8.7, 13.4],
        "items": [3, 30],
        "wait_days": [4.0, 9.0],
    }
)
FLOWS = pl.DataFrame(
    {
        "flow": ["Shanghai to Frankfurt"],
        "from_latitude": [31.1],
        "from_longitude": [121.8],
        "to_latitude": [50.0],
        "to_longitude": [8.6],
        "items": [33],
    }
)
ORIGINS = pl.DataFrame({"place": ["Shanghai"], "latitude": [31.1], "longitude": [121.8]})


def test_small_regions_are_drawn_above_large_ones() -> None:
    spec = spec_of(draw_map(REGIONS, FLOWS, ORIGINS))
    assert [row["place"] for row in spec["datasets"]["regions"]] == ["Berlin", "Frankfurt"]


def test_a_flow_is_a_line_from_longitude_and_latitude_to_longitude_and_latitude() -> None:
    flow = spec_of(draw_map(REGIONS, FLOWS, ORIGINS))["datasets"]["flows"][0]
    assert flow["geometry"]["coordinates"] == [[121.8, 31.1], [8.6, 50.0]]
    assert flow["properties"] == {"flow": "Shanghai to Frankfurt", "items": 33}


def test_the_pacific_lies_whole() -> None:
    spec = spec_of(draw_map(REGIONS, FLOWS, ORIGINS))
    assert marks_of(spec) == ["geoshape", "geoshape", "geoshape", "circle", "point"]
    assert spec["projection"] == {"type": "equalEarth", "rotate": [-150, 0, 0]}


def test_the_outlines_are_small_and_whole() -> None:
    text = files("entrepost.documents").joinpath("data/countries-110m.json").read_text(encoding="utf-8")
    topology = json.loads(text)
    assert len(text) < 100_000
    shapes = [each["arcs"] for each in topology["objects"]["countries"]["geometries"]]
    used = {arc if arc >= 0 else ~arc for arc in _numbers(shapes)}
    assert used == set(range(len(topology["arcs"])))


def _numbers(arcs: object) -> list[int]:
    return [arcs] if isinstance(arcs, int) else [number for each in arcs for number in _numbers(each)]  # type: ignore[attr-defined]
