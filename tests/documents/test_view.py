"""A map shows the world, or the part of it in which everything lies."""

from __future__ import annotations

import altair as alt
import polars as pl

from entrepost.documents.view import project

BRAZIL = pl.DataFrame({"latitude": [-30.0, 3.0], "longitude": [-70.0, -35.0]})
CHINA = pl.DataFrame({"latitude": [31.0], "longitude": [121.0]})


def projection(*places: pl.DataFrame) -> dict[str, object]:
    layer = alt.Chart(alt.sphere()).mark_geoshape()
    found: dict[str, object] = project(alt.layer(layer), places, 0.5).to_dict()["projection"]
    return found


def test_what_lies_in_one_country_fills_the_map() -> None:
    near = projection(BRAZIL)
    assert near["type"] == "mercator"
    assert near["scale"] == {"expr": "width / 1.432595"}, "34.47 degrees of Mercator's in 0.84 of half the width"


def test_what_is_far_apart_or_nowhere_is_shown_on_the_world() -> None:
    assert projection(BRAZIL, CHINA)["type"] == "equalEarth"
    assert projection(BRAZIL.clear())["type"] == "equalEarth"
