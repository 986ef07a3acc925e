"""Bars and curves: where the days are lost, how waits are spread, who carries, what is assumed."""

from __future__ import annotations

import altair as alt
import polars as pl

from entrepost.documents.theme import Picture, colour, finish, named, plain

ROW = 34
"""Height in pixels of a row of bars."""

LEVELS = pl.DataFrame({"share": [0.5, 0.9], "label": ["half of the customers", "nine in ten"]})
"""Shares at which a reader looks first."""


def draw_journey(steps: pl.DataFrame) -> Picture:
    """The average journey as a staircase: each step begins where the one before it ends.

    Parameters
    ----------
    steps : DataFrame
        label, days: in the order of the journey; the days add up to the mean wait.
    """
    frame = (
        plain(steps).with_columns(ends=pl.col("days").cum_sum()).with_columns(begins=pl.col("ends") - pl.col("days"))
    )
    base = named("rows").encode(y=_rows(frame))
    bars = base.mark_bar(height=18, color=colour("blue"), cornerRadius=1).encode(
        x=alt.X("begins:Q", title="Days since the order, on average", axis=alt.Axis(tickCount=10, domain=False)),
        x2="ends:Q",
        tooltip=[alt.Tooltip("label:N", title="Step"), alt.Tooltip("days:Q", title="Days", format=".2f")],
    )
    labels = base.mark_text(align="left", dx=5, fontWeight=600).encode(
        x="ends:Q", text=alt.Text("days:Q", format=".1f")
    )
    return finish(alt.layer(bars, labels), {"rows": frame}, height=ROW * frame.height)


def draw_before_after(frame: pl.DataFrame, title: str, number: str = ".1f") -> Picture:
    """Two bars for each row: before (pale) and after (dark).

    Parameters
    ----------
    frame : DataFrame
        label, before, after: in the order in which rows stand.
    title : str
        What the bars measure, with its unit.
    number : str
        How the figure beside a bar is written.
    """
    frame = plain(frame)
    long = frame.unpivot(["before", "after"], index="label", variable_name="state", value_name="figure")
    base = named("rows").encode(
        y=_rows(frame),
        yOffset=alt.YOffset("state:N", sort=["before", "after"], scale=alt.Scale(paddingInner=0.15)),
        x=alt.X(
            "figure:Q", title=title, axis=alt.Axis(format=".0%" if "%" in number else ".1f", tickCount=6, domain=False)
        ),
    )
    bars = base.mark_bar(cornerRadius=1).encode(
        color=_state_colour(),
        tooltip=[
            alt.Tooltip("label:N", title="What"),
            alt.Tooltip("state:N", title="When"),
            alt.Tooltip("figure:Q", title=title, format=number),
        ],
    )
    labels = base.mark_text(align="left", dx=4, fontSize=11).encode(text=alt.Text("figure:Q", format=number))
    return finish(alt.layer(bars, labels), {"rows": long}, height=44 * frame.height)


def draw_arrivals(frame: pl.DataFrame) -> Picture:
    """How many customers have their order after so many days; a line for each state.

    Parameters
    ----------
    frame : DataFrame
        state ('before', 'after'), days, share: cumulative.
    """
    base = named("rows").encode(
        x=alt.X("days:Q", title="Days since the order", axis=alt.Axis(tickCount=10, grid=False)),
        y=alt.Y(
            "share:Q",
            title="Customers served",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format=".0%", tickCount=5, domain=False),
        ),
    )
    two = frame["state"].n_unique() > 1
    lines = base.mark_line(strokeWidth=2.6).encode(
        color=_state_colour("stroke") if two else alt.value(colour("blue")),
        strokeDash=alt.StrokeDash(
            "state:N",
            scale=alt.Scale(domain=["before", "after"], range=[[5, 3] if two else [1, 0], [1, 0]]),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("state:N", title="When"),
            alt.Tooltip("days:Q", title="Days"),
            alt.Tooltip("share:Q", title="Customers served", format=".1%"),
        ],
    )
    half = named("levels")
    rules = half.mark_rule(stroke=colour("muted"), strokeDash=[2, 3]).encode(y="share:Q")
    names = half.mark_text(align="left", baseline="bottom", dx=4, dy=-3, fontSize=12, color=colour("muted")).encode(
        y="share:Q", x=alt.value(0), text="label:N"
    )
    return finish(alt.layer(rules, names, lines), {"rows": frame, "levels": LEVELS}, height=270)


def draw_assumed(frame: pl.DataFrame) -> Picture:
    """For each step the days that rest on a source and the days that are assumed.

    Parameters
    ----------
    frame : DataFrame
        label, kind ('from a source', 'assumed'), days.
    """
    frame = plain(frame)
    kinds = ["from a source", "assumed"]
    bars = (
        named("rows")
        .mark_bar(height=18, cornerRadius=1)
        .encode(
            y=_rows(frame),
            x=alt.X("days:Q", title="Expected days of the average journey", axis=alt.Axis(tickCount=8, domain=False)),
            color=alt.Color(
                "kind:N",
                title=None,
                sort=kinds,
                scale=alt.Scale(domain=kinds, range=[colour("blue"), colour("orange")]),
            ),
            order=alt.Order("kind:N", sort="descending"),
            tooltip=[
                alt.Tooltip("label:N", title="Step"),
                alt.Tooltip("kind:N", title="Rests on"),
                alt.Tooltip("days:Q", title="Days", format=".2f"),
            ],
        )
    )
    return finish(bars, {"rows": frame}, height=28 * frame["label"].n_unique())


def _rows(frame: pl.DataFrame) -> alt.Y:
    return alt.Y("label:N", sort=frame["label"].unique(maintain_order=True).to_list(), title=None)


def _state_colour(symbol: str = "square") -> alt.Color:
    return alt.Color(
        "state:N",
        title=None,
        sort=["before", "after"],
        scale=alt.Scale(domain=["before", "after"], range=[colour("pale"), colour("blue")]),
        legend=alt.Legend(symbolType=symbol, symbolStrokeWidth=6 if symbol == "square" else 3),
    )
