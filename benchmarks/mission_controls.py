"""Controls of the mission's proof: where stock cannot help, a plan must find nothing to gain."""

from __future__ import annotations

import polars as pl

from entrepost.planning.options import Options
from entrepost.planning.plan import search_plan
from entrepost.planning.planner.result import Plan

WAITS = ("wait_hours_mean", "wait_hours_p50", "wait_hours_p90", "undelivered_share")


def plan_alike(known: Plan) -> Plan:
    """The plan where what comes from stock waits as long, and costs at least as much, as the mail it replaces."""
    rows = known.options.rows
    waits = [name for name in rows.columns if name in WAITS or name.startswith("share_within_")]
    mail = rows.filter(pl.col("kind") == "direct").select(
        "place", pl.col("service").alias("fallback"), pl.col(waits).name.prefix("mail_"), mail_cost="cost_minor"
    )
    alike = rows.join(mail, on=["place", "fallback"], how="left", maintain_order="left")
    alike = alike.with_columns(
        *(pl.coalesce(f"mail_{name}", name).alias(name) for name in waits),
        cost_minor=pl.max_horizontal("cost_minor", "mail_cost"),
    )
    options = Options(
        known.options.market, alike.select(rows.columns), known.options.pools, known.options.terms,
        known.options.inbound,
    )  # fmt: skip
    return search_plan(options, known.network, known.params)
