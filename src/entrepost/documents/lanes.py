"""Lanes as a table that is coloured: where on which lane the days go."""

from __future__ import annotations

import altair as alt
import polars as pl

from entrepost.documents.palette import WAITS
from entrepost.documents.table import WHOLE
from entrepost.documents.theme import Picture, colour, finish, named, plain


def draw_lanes(frame: pl.DataFrame) -> Picture:
    """A row for each lane, a column for each part of the journey (`WHOLE` for their sum), the days in the cell.

    Parameters
    ----------
    frame : DataFrame
        label (the lane), part, days: lanes in the order in which they shall stand, parts likewise.
    """
    frame = plain(frame)
    lanes = frame["label"].unique(maintain_order=True).to_list()
    parts = frame["part"].unique(maintain_order=True).to_list()
    most = float(frame.filter(pl.col("part") != WHOLE)["days"].max() or 1.0)  # type: ignore[arg-type]
    base = named("cells").encode(
        y=alt.Y("label:N", sort=lanes, title=None, axis=alt.Axis(domain=False, ticks=False)),
        x=alt.X(
            "part:N",
            sort=parts,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=0, labelFontSize=11, domain=False, ticks=False),
        ),
    )
    is_part = alt.datum.part != WHOLE
    cells = (
        base.transform_filter(is_part)
        .mark_rect(stroke=colour("paper"), strokeWidth=1)
        .encode(
            color=alt.Color("days:Q", scale=alt.Scale(domain=[0, most], range=list(WAITS)), legend=None),
            tooltip=[
                alt.Tooltip("label:N", title="Lane"),
                alt.Tooltip("part:N", title="Part"),
                alt.Tooltip("days:Q", title="Days", format=".2f"),
            ],
        )
    )
    readable = f"datum.days > {most * 0.52:.4f} ? '#ffffff' : '#1f2328'"
    text = alt.Text("days:Q", format=".1f")
    figures = base.transform_filter(is_part).mark_text(fontSize=12, color=alt.ExprRef(readable)).encode(text=text)
    sums = base.transform_filter(alt.datum.part == WHOLE).mark_text(fontSize=13, fontWeight=600).encode(text=text)
    return finish(alt.layer(cells, figures, sums), {"cells": frame}, height=26 * len(lanes) + 40, least_width=640)
