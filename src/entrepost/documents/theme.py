"""Colours and type of every picture: safe for colour-blind readers, on paper as on a dark screen.

A picture names its colours by the parameters below (``{"expr": "blue"}``), so the page can redraw it
for a dark screen by exchanging their values. Waits run from pale to dark on one scale; before and after
differ in colour, in lightness and in form. The colours themselves stand in `palette`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl

from entrepost.documents.palette import FONT, LIGHT, WAITS

Picture = alt.Chart | alt.LayerChart | alt.FacetChart


def colour(name: str) -> Any:
    """A colour of the theme, to be looked up when the picture is drawn."""
    if name not in LIGHT:
        raise KeyError(name)
    return alt.ExprRef(name)


def named(name: str) -> alt.Chart:
    """An empty picture of the data set of that name, which `finish` puts in."""
    return alt.Chart(alt.NamedData(name))


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without control characters and line separators in its text: Vega cannot read them in labels."""
    return frame.with_columns(pl.col(pl.String).str.replace_all(r"[\p{C}\p{Zl}\p{Zp}]", " "))


def finish(
    picture: Picture, data: Mapping[str, Any], height: int = 0, aspect: float = 0.0, least_width: int = 0
) -> Picture:
    """Give a picture the theme, the page's width, its height and its data.

    `data` maps names to frames or to ready objects; `height` is in pixels; `aspect` is height over width,
    which the page keeps when it is narrow; on a page narrower than `least_width` the picture can be moved
    sideways. All of it is set at once and last, because Altair copies and checks a picture with every change.
    """
    rows = {name: each.to_dicts() if isinstance(each, pl.DataFrame) else each for name, each in data.items()}
    parts: dict[str, Any] = {
        "width": "container",
        "background": "transparent",
        "config": _config(),
        "datasets": rows,
        "height": height or round(760 * aspect),
        "usermeta": {"aspect": aspect, "least_width": least_width},
    }
    picture = picture.add_params(*[alt.param(name=name, value=value) for name, value in LIGHT.items()])
    for name, part in parts.items():
        picture[name] = part
    return picture


def thresholds(waits: Sequence[float], shares: Sequence[float]) -> list[float]:
    """Whole days that part waits into up to six classes of about equal shares of the items."""
    frame = pl.DataFrame({"wait": list(waits), "share": list(shares)}).drop_nulls().sort("wait")
    total = frame["share"].sum()
    if not total:
        return [7.0]
    running = frame.with_columns(running=pl.col("share").cum_sum() / total)
    steps = [running.filter(pl.col("running") >= level)["wait"][0] for level in (0.1, 0.3, 0.5, 0.7, 0.9)]
    return [float(day) for day in sorted({max(1, round(step)) for step in steps})]


def wait_scale(waits: Sequence[float], shares: Sequence[float], days: Sequence[float] | None = None) -> alt.Scale:
    """Colours for classes of waits in days: those between the given days, such as of two maps that are compared."""
    domain = thresholds(waits, shares) if days is None else list(days)
    return alt.Scale(type="threshold", domain=domain, range=_spread(len(domain) + 1))


def _spread(count: int) -> list[str]:
    last = len(WAITS) - 1
    return [WAITS[round(place * last / max(1, count - 1))] for place in range(count)]


def _config() -> dict[str, Any]:
    ink, muted, rule = ({"expr": name} for name in ("ink", "muted", "rule"))
    return {
        "font": FONT,
        "padding": {"left": 2, "right": 10, "top": 4, "bottom": 2},
        "view": {"stroke": None},
        "axis": {
            "labelColor": ink,
            "titleColor": muted,
            "titleFontWeight": "normal",
            "titleFontSize": 13,
            "labelFontSize": 13,
            "gridColor": rule,
            "domainColor": rule,
            "tickColor": rule,
            "labelLimit": 280,
        },
        "legend": {
            "labelColor": ink,
            "titleColor": muted,
            "titleFontWeight": "normal",
            "titleFontSize": 12,
            "labelFontSize": 12,
            "orient": "top",
        },
        "text": {"color": ink, "fontSize": 13},
    }
