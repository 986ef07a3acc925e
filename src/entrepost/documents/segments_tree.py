"""Segments as people read them: a bar for each, with its rule, how it is served, how many items, what it costs."""

from __future__ import annotations

from textwrap import wrap

import altair as alt
import polars as pl

from entrepost.documents.theme import Picture, colour, finish, named, plain
from entrepost.tables.text import word_each

ROW = 74
"""Height in pixels of a segment."""

LINE = 84
"""Signs of a line of words."""


def draw_segments(segments: pl.DataFrame) -> Picture:
    """A row for each segment: its words, how it is served, and its share of all items; stock and direct mail differ.

    Parameters
    ----------
    segments : DataFrame
        segment (number), words, served, stocked, share (of all items), cells, regret_share.
    """
    frame = plain(segments).with_columns(
        rule=word_each(segments.get_column("words"), _shortened),
        kind=pl.when("stocked").then(pl.lit("from stock")).otherwise(pl.lit("direct mail")),
    )
    kinds = ["from stock", "direct mail"]
    most = float(frame["share"].max() or 1.0)  # type: ignore[arg-type]
    base = named("rows").encode(
        y=alt.Y("segment:N", sort=frame["segment"].to_list(), title=None, axis=None, scale=alt.Scale(padding=0.1))
    )
    x = alt.X(
        "share:Q",
        title="Share of all items",
        scale=alt.Scale(domain=[0, most * 1.12]),
        axis=alt.Axis(format=".0%", tickCount=5, domain=False),
    )
    bars = base.mark_bar(height=14, cornerRadius=1, yOffset=22).encode(
        x=x,
        color=alt.Color(
            "kind:N",
            title=None,
            sort=kinds,
            scale=alt.Scale(domain=kinds, range=[colour("blue"), colour("pale")]),
            legend=alt.Legend(symbolType="square"),
        ),
        tooltip=[
            alt.Tooltip("words:N", title="To whom"),
            alt.Tooltip("served:N", title="Served"),
            alt.Tooltip("share:Q", title="Share of all items", format=".1%"),
            alt.Tooltip("cells:Q", title="Cells", format=",d"),
            alt.Tooltip("regret_share:Q", title="Lost of the saving", format=".1%"),
        ],
    )
    words = base.mark_text(align="left", fontWeight=600, dy=-20).encode(x=alt.value(0), text="rule:N")
    served = base.mark_text(align="left", fontSize=12, dy=-2, color=colour("muted")).encode(
        x=alt.value(0), text="served:N"
    )
    figures = (
        base.transform_calculate(said="format(datum.share, '.1%')")
        .mark_text(align="left", dx=5, dy=22, fontSize=12)
        .encode(x=x, text="said:N")
    )
    return finish(alt.layer(bars, words, served, figures), {"rows": frame}, height=ROW * frame.height, least_width=560)


def _shortened(words: str) -> str:
    lines = wrap(words, LINE)
    return f"{lines[0]} …" if len(lines) > 1 else words
