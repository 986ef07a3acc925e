"""Week by week: how long customers waited, and which share of promises was kept."""

from __future__ import annotations

import altair as alt
import polars as pl

from entrepost.documents.theme import Picture, colour, finish, named


def draw_weekly(weeks: pl.DataFrame, value: str, title: str, number: str, level: float | None = None) -> Picture:
    """A figure week by week, as a line with its points.

    Parameters
    ----------
    weeks : DataFrame
        monday (date), items, and the figure; weeks without it are a gap.
    value, title, number : str
        The figure's column, what it is called, and how it is written.
    level : float, optional
        What it is to be held against: a line, such as the probability that was promised.
    """
    rows = weeks.select(pl.col("monday").cast(pl.String), "items", value)
    if level is not None:
        rows = rows.with_columns(level=pl.lit(level))
    x = alt.X("monday:T", title=None, axis=alt.Axis(format="%-d %b", tickCount=6, domain=False, grid=False))
    y = alt.Y(
        f"{value}:Q",
        title=None,
        scale=alt.Scale(zero=level is None),
        axis=alt.Axis(format=number, tickCount=4, domain=False, ticks=False),
    )
    tips = [
        alt.Tooltip("monday:T", title="Week of", format="%-d %B %Y"),
        alt.Tooltip(f"{value}:Q", title=title, format=number),
        alt.Tooltip("items:Q", title="Items", format=",d"),
    ]
    base = named("rows").encode(x=x, y=y)
    line = base.mark_line(color=colour("blue"), strokeWidth=2)
    points = base.mark_point(filled=True, size=42, opacity=1, color=colour("blue")).encode(tooltip=tips)
    layers = [line, points]
    if level is not None:
        held = named("rows").mark_line(color=colour("orange"), strokeDash=[5, 4], strokeWidth=1.5)
        layers.insert(0, held.encode(x=x, y=alt.Y("level:Q")))
    return finish(alt.layer(*layers), {"rows": rows}, height=150)
