"""Pictures of a plan: what a shorter wait costs, where the cost comes from and goes to, how a trial went by day."""

from __future__ import annotations

import altair as alt
import polars as pl

from entrepost.documents.theme import Picture, colour, finish, named, plain

BAR = 30
"""Height in pixels of a row of the bridge."""


def draw_pareto(points: pl.DataFrame, currency: str) -> Picture:
    """The least cost of an item for each mean wait; what is served today beside the curve.

    Parameters
    ----------
    points : DataFrame
        kind ('plan', 'today', 'chosen'), wait_days, cost (of an item, in major units), warehouses (how many are open);
        bound (the least cost that was proved possible) or null.
    """
    frame = plain(points)
    span = [float(f(frame["wait_days"].to_list())) for f in (min, max)]
    base = named("points").encode(
        x=alt.X(
            "wait_days:Q",
            title="Mean wait, days",
            scale=alt.Scale(domain=[max(0.0, span[0] - 0.5), span[1] + 0.5], nice=False),
            axis=alt.Axis(tickCount=8, domain=False),
        ),
        y=alt.Y(
            "cost:Q",
            title=f"Cost of an item, {currency}",
            scale=alt.Scale(zero=False, padding=16),
            axis=alt.Axis(tickCount=6),
        ),
        tooltip=[
            alt.Tooltip("wait_days:Q", title="Mean wait, days", format=".2f"),
            alt.Tooltip("cost:Q", title=f"Cost of an item, {currency}", format=".2f"),
            alt.Tooltip("warehouses:Q", title="Warehouses open"),
        ],
    )
    curve = base.transform_filter(alt.datum.kind != "today")
    line = curve.mark_line(strokeWidth=2.4, color=colour("blue")).encode(order="wait_days:Q")
    gap = curve.mark_rule(strokeWidth=5, opacity=0.3, stroke=colour("blue")).encode(y="bound:Q", y2="cost:Q")
    dots = base.mark_point(filled=True, opacity=1, stroke=colour("paper")).encode(
        size=alt.Size("kind:N", scale=alt.Scale(domain=["plan", "chosen", "today"], range=[60, 190, 150]), legend=None),
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(
                domain=["plan", "chosen", "today"], range=[colour("blue"), colour("blue"), colour("orange")]
            ),
            legend=None,
        ),
        shape=alt.Shape(
            "kind:N",
            scale=alt.Scale(domain=["plan", "chosen", "today"], range=["circle", "circle", "diamond"]),
            legend=None,
        ),
    )
    open_ = base.transform_filter(alt.datum.kind == "plan").mark_text(dy=-11, fontSize=11, color=colour("muted"))
    layers = alt.layer(line, gap, dots, open_.encode(text="warehouses:Q"), *_called(base))
    return finish(layers, {"points": frame}, height=330)


def _called(base: alt.Chart) -> list[alt.Chart]:
    """The names of this plan, above its point, and of today, below."""
    named = base.transform_calculate(name="datum.kind == 'today' ? 'today' : 'this plan'")
    return [
        named.transform_filter(alt.datum.kind == kind)
        .mark_text(align="left", dx=11, dy=dy, fontWeight=600)
        .encode(text="name:N")
        for kind, dy in (("chosen", -8), ("today", 14))
    ]


def draw_bridge(parts: pl.DataFrame, currency: str) -> Picture:
    """From today's cost of an item to the plan's, part by part: what becomes dearer and what becomes cheaper.

    Parameters
    ----------
    parts : DataFrame
        label, today, plan: the cost of an item in each part, in major units.
    """
    frame = plain(parts).with_columns(change=pl.col("plan") - pl.col("today"))
    before, after = (float(frame[name].sum()) for name in ("today", "plan"))
    steps = frame.filter(pl.col("change").abs() > 1e-9).sort("change", descending=True)
    moved = steps.with_columns(ends=before + pl.col("change").cum_sum()).with_columns(
        begins=pl.col("ends") - pl.col("change"),
        kind=pl.when(pl.col("change") > 0).then(pl.lit("dearer")).otherwise(pl.lit("cheaper")),
    )
    columns = ("label", "begins", "ends", "change", "kind")
    ends = pl.DataFrame(
        [("Today", 0.0, before, before, "whole"), ("The plan", 0.0, after, after, "whole")],
        schema=columns,
        orient="row",
    )
    rows = pl.concat([ends.head(1), moved.select(columns), ends.tail(1)])
    kinds = ["whole", "dearer", "cheaper"]
    base = named("rows").encode(y=alt.Y("label:N", sort=rows["label"].to_list(), title=None))
    bars = base.mark_bar(height=17, cornerRadius=1).encode(
        x=alt.X("begins:Q", title=f"Cost of an item, {currency}", axis=alt.Axis(tickCount=8, domain=False)),
        x2="ends:Q",
        color=alt.Color(
            "kind:N",
            title=None,
            sort=kinds,
            scale=alt.Scale(domain=kinds, range=[colour("pale"), colour("orange"), colour("blue")]),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("label:N", title="Part"),
            alt.Tooltip("change:Q", title=f"{currency} an item", format="+.2f"),
        ],
    )
    said = "datum.kind == 'whole' ? format(datum.change, '.2f') : format(datum.change, '+.2f')"
    labels = (
        base.transform_calculate(right="max(datum.begins, datum.ends)", said=said)
        .mark_text(align="left", dx=5, fontWeight=600)
        .encode(x="right:Q", text="said:N")
    )
    return finish(alt.layer(bars, labels), {"rows": rows}, height=BAR * rows.height)


def draw_trial_days(days: pl.DataFrame, warm_up_days: int) -> Picture:
    """The mean wait of the orders of each day, today and with the plan; the warm-up is marked.

    Parameters
    ----------
    days : DataFrame
        day (from 0), today_days, plan_days.
    """
    frame = plain(days.select("day", before="today_days", after="plan_days"))
    long = frame.unpivot(["before", "after"], index="day", variable_name="state", value_name="wait_days")
    domain = ["before", "after"]
    lines = (
        named("rows")
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("day:Q", title="Day of the trial", axis=alt.Axis(tickCount=10, grid=False)),
            y=alt.Y("wait_days:Q", title="Mean wait, days", axis=alt.Axis(tickCount=5, domain=False)),
            color=alt.Color(
                "state:N",
                title=None,
                sort=domain,
                scale=alt.Scale(domain=domain, range=[colour("orange"), colour("blue")]),
                legend=alt.Legend(symbolType="stroke", symbolStrokeWidth=3),
            ),
            strokeDash=alt.StrokeDash("state:N", scale=alt.Scale(domain=domain, range=[[5, 3], [1, 0]]), legend=None),
            tooltip=[
                alt.Tooltip("day:Q", title="Day"),
                alt.Tooltip("state:N", title="When"),
                alt.Tooltip("wait_days:Q", title="Mean wait, days", format=".2f"),
            ],
        )
    )
    mark = named("warm").mark_rule(stroke=colour("muted"), strokeDash=[3, 3]).encode(x="day:Q")
    said = (
        named("warm")
        .mark_text(align="left", dx=5, fontSize=12, color=colour("muted"))
        .encode(x="day:Q", y=alt.value(10), text=alt.value("steady from here"))
    )
    warm = pl.DataFrame({"day": [warm_up_days]})
    return finish(alt.layer(lines, mark, said), {"rows": long, "warm": warm}, height=260)
