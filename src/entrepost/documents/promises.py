"""What was promised against what happened."""

from __future__ import annotations

import altair as alt
import polars as pl

from entrepost.documents.theme import Picture, colour, finish, named, plain

PROMISED = ("promised", "happened")
NAMED = ("named", "would have been kept")
ENDS = pl.DataFrame({"stated": [0.0, 1.0], "kept": [0.0, 1.0]})
"""The line on which what was stated is what was kept."""


def draw_kept(frame: pl.DataFrame) -> Picture:
    """The stated probability of each promise beside the share that was kept, with its error.

    Parameters
    ----------
    frame : DataFrame
        label, stated, kept: shares from 0 to 1; error: standard error of `kept`.
    """
    shown = plain(frame).with_columns(
        low=pl.max_horizontal(pl.col("kept") - 1.96 * pl.col("error"), 0.0),
        high=pl.min_horizontal(pl.col("kept") + 1.96 * pl.col("error"), 1.0),
    )
    tips = [
        alt.Tooltip("label:N", title="Which"),
        alt.Tooltip("stated:Q", title="Promised", format=".1%"),
        alt.Tooltip("kept:Q", title="Kept", format=".1%"),
        alt.Tooltip("low:Q", title="at least (95 %)", format=".1%"),
        alt.Tooltip("high:Q", title="at most (95 %)", format=".1%"),
    ]
    least = min(0.5, float(shown["low"].min() or 0.0))  # type: ignore[arg-type]
    x = alt.X(
        "stated:Q",
        title="Share of promises",
        scale=alt.Scale(domain=[max(0.0, round(least - 0.05, 1)), 1.0]),
        axis=alt.Axis(format=".0%", tickCount=6, domain=False),
    )
    base = named("rows").encode(y=_rows(shown), tooltip=tips)
    between = base.mark_rule(strokeWidth=7, opacity=0.35, stroke=colour("orange")).encode(x=x, x2="kept:Q")
    error = base.mark_rule(strokeWidth=1.6, stroke=colour("ink")).encode(x="low:Q", x2="high:Q")
    points = _points(shown, ["stated", "kept"], PROMISED, ".1%")
    return finish(alt.layer(between, error, points), {"rows": shown}, height=34 * shown.height)


def draw_due(frame: pl.DataFrame) -> Picture:
    """The day that was named beside the day by which it was really so.

    Parameters
    ----------
    frame : DataFrame
        label, promised_days, happened_days: the wait that nine in ten were not to exceed, and did not.
    """
    frame = plain(frame)
    base = named("rows").encode(y=_rows(frame))
    x = alt.X("promised_days:Q", title="Days since the order", axis=alt.Axis(tickCount=8, domain=False))
    between = base.mark_rule(strokeWidth=7, opacity=0.35, stroke=colour("orange")).encode(x=x, x2="happened_days:Q")
    points = _points(frame, ["promised_days", "happened_days"], NAMED, ".1f")
    return finish(alt.layer(between, points), {"rows": frame}, height=34 * frame.height)


def draw_calibration(frame: pl.DataFrame) -> Picture:
    """For each probability that was stated the share that was kept, before and after; on the line both are the same.

    Parameters
    ----------
    frame : DataFrame
        state ('before', 'after'), label, stated, kept: shares from 0 to 1; error: standard error of `kept`.
    """
    shown = plain(frame).with_columns(
        low=pl.max_horizontal(pl.col("kept") - 1.96 * pl.col("error"), 0.0),
        high=pl.min_horizontal(pl.col("kept") + 1.96 * pl.col("error"), 1.0),
    )
    share = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format=".0%", tickCount=6, domain=False)
    base = named("rows").encode(x=alt.X("stated:Q", title="Stated", scale=share, axis=axis))
    states = alt.Scale(domain=["before", "after"], range=[colour("orange"), colour("blue")])
    shape = alt.Shape("state:N", title=None, scale=alt.Scale(domain=["before", "after"], range=["diamond", "circle"]))
    kind = alt.Color("state:N", title=None, sort=["before", "after"], scale=states)
    ideal = named("ends").mark_line(stroke=colour("muted"), strokeDash=[4, 4]).encode(x="stated:Q", y="kept:Q")
    kept = alt.Y("kept:Q", title="Kept", scale=share, axis=axis)
    lines = base.mark_line(strokeWidth=1.8).encode(y=kept, color=kind)
    error = base.mark_rule(strokeWidth=1.6, stroke=colour("ink")).encode(y="low:Q", y2="high:Q")
    tips = [
        alt.Tooltip("label:N", title="Which"),
        alt.Tooltip("state:N", title="When"),
        alt.Tooltip("stated:Q", title="Stated", format=".1%"),
        alt.Tooltip("kept:Q", title="Kept", format=".1%"),
    ]
    points = base.mark_point(filled=True, opacity=1, size=95).encode(y=kept, color=kind, shape=shape, tooltip=tips)
    return finish(alt.layer(ideal, lines, error, points), {"rows": shown, "ends": ENDS}, height=320)


def _points(frame: pl.DataFrame, columns: list[str], names: tuple[str, str], number: str) -> alt.Chart:
    """Hollow diamonds for what was promised, filled circles for what happened."""
    kinds = list(names)
    points: alt.Chart = (
        named("rows")
        .transform_fold([*columns], as_=["column", "figure"])
        .transform_calculate(kind=f"datum.column == '{columns[0]}' ? '{names[0]}' : '{names[1]}'")
        .mark_point(filled=True, opacity=1, strokeWidth=2)
        .encode(
            y=_rows(frame),
            x="figure:Q",
            shape=alt.Shape(
                "kind:N", title=None, sort=kinds, scale=alt.Scale(domain=kinds, range=["diamond", "circle"])
            ),
            color=alt.Color(
                "kind:N",
                title=None,
                sort=kinds,
                scale=alt.Scale(domain=kinds, range=[colour("blue"), colour("orange")]),
            ),
            size=alt.value(95),
            tooltip=[
                alt.Tooltip("label:N", title="Which"),
                alt.Tooltip("kind:N", title="What"),
                alt.Tooltip("figure:Q", title="Figure", format=number),
            ],
        )
    )
    return points


def _rows(frame: pl.DataFrame) -> alt.Y:
    return alt.Y(
        "label:N", sort=frame["label"].to_list(), title=None, axis=alt.Axis(grid=True, domain=False, ticks=False)
    )
