"""The map of a plan's warehouses: where stock lies, how it comes there, and how long customers wait around it."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import polars as pl

from entrepost.documents.map import ASPECT, list_countries, read_topology
from entrepost.documents.theme import Picture, colour, finish, named, plain, wait_scale
from entrepost.documents.view import project

MODES = {"sea": [1, 0], "rail": [7, 3], "air": [2, 3], "road": [10, 2, 2, 2]}
"""How a line is dashed for each mode of replenishment."""

APART = (6.0, 20.0)
"""Degrees of latitude and longitude that two names need between them."""


def draw_warehouses(
    warehouses: pl.DataFrame, lines: pl.DataFrame, regions: pl.DataFrame, days: Sequence[float] | None = None
) -> Picture:
    """Open warehouses, sized by the items that they serve, with the lines by which their stock comes.

    Parameters
    ----------
    warehouses : DataFrame
        place, latitude, longitude, items (a year), pieces (that lie there).
    lines : DataFrame
        line, mode, from_latitude, from_longitude, to_latitude, to_longitude, items.
    regions : DataFrame
        place, latitude, longitude, items, wait_days.
    days : sequence of float, optional
        Where classes of waits end; without it they follow from the regions.
    """
    stock = named("warehouses").encode(longitude="longitude:Q", latitude="latitude:Q")
    tips = [
        alt.Tooltip("place:N", title="Warehouse"),
        alt.Tooltip("items:Q", title="Items a year", format=",d"),
        alt.Tooltip("pieces:Q", title="Pieces on the shelves", format=",d"),
    ]
    layers = [
        alt.Chart(alt.sphere()).mark_geoshape(fill=colour("sea"), stroke=colour("rule"), strokeWidth=0.5),
        alt.Chart(list_countries()).mark_geoshape(fill=colour("land"), stroke=colour("paper"), strokeWidth=0.6),
        _regions(regions, days),
        *(_lines(mode) for mode in MODES),
        stock.mark_point(shape="square", filled=True, opacity=1, color=colour("ink"), stroke=colour("paper")).encode(
            size=alt.Size("items:Q", scale=alt.Scale(range=[50, 260]), legend=None), tooltip=tips
        ),
        stock.transform_filter("datum.named")
        .mark_text(dy=-15, fontSize=11, fontWeight=600, stroke=colour("paper"), strokeWidth=3, strokeJoin="round")
        .encode(text="place:N"),
        stock.transform_filter("datum.named").mark_text(dy=-15, fontSize=11, fontWeight=600).encode(text="place:N"),
    ]
    data = {"countries": read_topology(), "regions": plain(regions).sort("items", descending=True)}
    data |= {
        "warehouses": _named(plain(warehouses)),
        **{f"lines_{mode}": _features(plain(lines), mode) for mode in MODES},
    }
    picture = project(alt.layer(*layers), (regions, warehouses, _ends(lines)), ASPECT)
    return finish(picture.resolve_scale(size="independent"), data, aspect=ASPECT, least_width=560)


def _named(warehouses: pl.DataFrame) -> pl.DataFrame:
    """The warehouses with whether their name has room on the map; the larger of two that are near has it."""
    taken: list[tuple[float, float]] = []
    named = [False] * warehouses.height
    ordered = warehouses.with_row_index("row").sort("items", "place", descending=[True, False])
    for row, latitude, longitude in ordered.select("row", "latitude", "longitude").iter_rows():
        across = [abs((longitude - other + 180) % 360 - 180) for _, other in taken]
        near = [abs(latitude - other) < APART[0] for other, _ in taken]
        named[row] = not any(close and wide < APART[1] for close, wide in zip(near, across, strict=True))
        if named[row]:
            taken.append((latitude, longitude))
    return warehouses.with_columns(named=pl.Series(named, dtype=pl.Boolean))


def _lines(mode: str) -> alt.Chart:
    chart: alt.Chart = (
        named(f"lines_{mode}")
        .mark_geoshape(filled=False, stroke=colour("blue"), strokeOpacity=0.7, strokeWidth=1.6, strokeDash=MODES[mode])
        .encode(
            tooltip=[
                alt.Tooltip("properties.line:N", title="Stock comes"),
                alt.Tooltip("properties.mode:N", title="By"),
                alt.Tooltip("properties.items:Q", title="Items a year", format=",d"),
            ]
        )
    )
    return chart


def _features(lines: pl.DataFrame, mode: str) -> list[dict[str, object]]:
    """The lines of a mode as GeoJSON; the projection bends them along the great circle."""
    return [
        {
            "type": "Feature",
            "properties": {"line": row["line"], "mode": row["mode"], "items": row["items"]},
            "geometry": {
                "type": "LineString",
                "coordinates": [
                    [row["from_longitude"], row["from_latitude"]],
                    [row["to_longitude"], row["to_latitude"]],
                ],
            },
        }
        for row in lines.filter(pl.col("mode") == mode).iter_rows(named=True)
    ]


def _ends(lines: pl.DataFrame) -> pl.DataFrame:
    """Where lines begin."""
    return lines.select(latitude="from_latitude", longitude="from_longitude")


def _regions(regions: pl.DataFrame, days: Sequence[float] | None) -> alt.Chart:
    chart: alt.Chart = (
        named("regions")
        .mark_circle(opacity=0.75, stroke=colour("paper"), strokeWidth=0.3)
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            size=alt.Size("items:Q", scale=alt.Scale(range=[3, 160]), legend=None),
            color=alt.Color(
                "wait_days:Q",
                scale=wait_scale(regions["wait_days"].to_list(), regions["items"].to_list(), days),
                legend=alt.Legend(title="Mean wait, days", orient="top", symbolType="circle"),
            ),
            tooltip=[
                alt.Tooltip("place:N", title="Region"),
                alt.Tooltip("wait_days:Q", title="Mean wait, days", format=".1f"),
            ],
        )
    )
    return chart
