"""What part of the globe a map shows: all of it, or the part in which everything lies."""

from __future__ import annotations

from math import asinh, radians, tan
from typing import Any

import altair as alt
import polars as pl

from entrepost.documents.theme import Picture

PACIFIC: list[float] = [-150, 0, 0]
"""The world turned so that the Pacific lies whole: China's flows cross no edge."""
WORLD_DEGREES = 60.0
"""What spreads over more, in either direction, is shown on a map of the world."""
MARGIN = 0.08
"""Of the width, on each side."""


def project(picture: Picture, places: tuple[pl.DataFrame, ...], aspect: float) -> Picture:
    """The layers on a map of so much height for its width.

    Parameters
    ----------
    picture : Picture
        Layers of shapes and points.
    places : tuple of DataFrame
        latitude, longitude: all that must be seen.
    aspect : float
        Height over width.
    """
    known = pl.concat([frame.select("latitude", "longitude") for frame in places]).drop_nulls()
    if known.is_empty() or _spread(known["latitude"]) > WORLD_DEGREES or _spread(known["longitude"]) > WORLD_DEGREES:
        return picture.project(type="equalEarth", rotate=PACIFIC)
    return picture.project(type="mercator", **_close(known, aspect))


def _close(known: pl.DataFrame, aspect: float) -> dict[str, Any]:
    """Mercator's projection, enlarged and moved so that what is known fills the picture."""
    east = [radians(each) for each in (known["longitude"].min(), known["longitude"].max())]  # type: ignore[arg-type]
    north = [asinh(tan(radians(each))) for each in (known["latitude"].min(), known["latitude"].max())]  # type: ignore[arg-type]
    wide = max(east[1] - east[0], (north[1] - north[0]) / aspect, radians(1.0)) / (1 - 2 * MARGIN)
    middle = ((east[0] + east[1]) / 2, (north[0] + north[1]) / 2)
    return {
        "scale": alt.ExprRef(f"width / {wide:.6f}"),
        "translate": alt.ExprRef(
            f"[width / 2 - width * {middle[0] / wide:.6f}, height / 2 + width * {middle[1] / wide:.6f}]"
        ),
        "clipExtent": alt.ExprRef("[[0, 0], [width, height]]"),
    }


def _spread(degrees: pl.Series) -> float:
    least, most = degrees.min(), degrees.max()
    return float(most) - float(least)  # type: ignore[arg-type]
