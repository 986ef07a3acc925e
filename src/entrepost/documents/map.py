"""The map of flows and waits: where items go, and how long customers wait there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import altair as alt
import polars as pl

from entrepost.documents.theme import Picture, colour, finish, named, plain, wait_scale
from entrepost.documents.view import project

ASPECT = 0.49


def draw_map(
    regions: pl.DataFrame, flows: pl.DataFrame, origins: pl.DataFrame, days: Sequence[float] | None = None
) -> Picture:
    """A map of regions, of the flows towards them and of the places where they begin.

    Parameters
    ----------
    regions : DataFrame
        place, latitude, longitude, items, wait_days: circles, sized by items, coloured by wait.
    flows : DataFrame
        flow, from_latitude, from_longitude, to_latitude, to_longitude, items: great circles.
    origins : DataFrame
        place, latitude, longitude: squares.
    days : sequence of float, optional
        Where classes of waits end; without it they follow from the regions.
    """
    layers = [
        alt.Chart(alt.sphere()).mark_geoshape(fill=colour("sea"), stroke=colour("rule"), strokeWidth=0.5),
        alt.Chart(list_countries()).mark_geoshape(fill=colour("land"), stroke=colour("paper"), strokeWidth=0.6),
        _lines(),
        _circles(regions, days),
        named("origins")
        .mark_point(shape="square", filled=True, size=34, opacity=1, color=colour("ink"), stroke=colour("paper"))
        .encode(longitude="longitude:Q", latitude="latitude:Q", tooltip=alt.Tooltip("place:N", title="Origin")),
    ]
    data = {
        "countries": read_topology(),
        "flows": _features(plain(flows)),
        "regions": plain(regions).sort("items", descending=True),
        "origins": plain(origins),
    }
    return finish(project(alt.layer(*layers), (regions, origins), ASPECT), data, aspect=ASPECT)


@lru_cache(maxsize=1)
def read_topology() -> dict[str, Any]:
    """The shapes of all countries, as TopoJSON."""
    text = files("entrepost.documents").joinpath("data/countries-110m.json").read_text(encoding="utf-8")
    topology: dict[str, Any] = json.loads(text)
    return topology


def list_countries() -> alt.NamedData:
    """The countries of the data set named so, for a layer of a map."""
    return alt.NamedData("countries", format=alt.TopoDataFormat(type="topojson", feature="countries"))


def _features(flows: pl.DataFrame) -> list[dict[str, Any]]:
    """Each flow as a GeoJSON line; the projection bends it along the great circle."""
    return [
        {
            "type": "Feature",
            "properties": {"flow": row["flow"], "items": row["items"]},
            "geometry": {
                "type": "LineString",
                "coordinates": [
                    [row["from_longitude"], row["from_latitude"]],
                    [row["to_longitude"], row["to_latitude"]],
                ],
            },
        }
        for row in flows.iter_rows(named=True)
    ]


def _lines() -> alt.Chart:
    lines: alt.Chart = (
        named("flows")
        .mark_geoshape(filled=False, stroke=colour("blue"), strokeOpacity=0.35, strokeCap="round")
        .encode(
            strokeWidth=alt.StrokeWidth(
                "properties.items:Q", scale=alt.Scale(type="sqrt", range=[0.3, 4]), legend=None
            ),
            tooltip=[
                alt.Tooltip("properties.flow:N", title="Leg"),
                alt.Tooltip("properties.items:Q", title="Items", format=",d"),
            ],
        )
    )
    return lines


def _circles(regions: pl.DataFrame, days: Sequence[float] | None) -> alt.Chart:
    scale = wait_scale(regions["wait_days"].to_list(), regions["items"].to_list(), days)
    circles: alt.Chart = (
        named("regions")
        .mark_circle(opacity=0.92, stroke=colour("paper"), strokeWidth=0.4)
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            size=alt.Size("items:Q", scale=alt.Scale(type="linear", range=[4, 380]), legend=None),
            color=alt.Color(
                "wait_days:Q",
                scale=scale,
                legend=alt.Legend(title="Mean wait, days", orient="top", symbolType="circle"),
            ),
            tooltip=[
                alt.Tooltip("place:N", title="Region"),
                alt.Tooltip("items:Q", title="Items", format=",d"),
                alt.Tooltip("wait_days:Q", title="Mean wait, days", format=".1f"),
            ],
        )
    )
    return circles
