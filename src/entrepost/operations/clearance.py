"""Who is stopped at customs, learned from declarations and the events of their items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from entrepost.base.findings import Finding
from entrepost.customs.dwell import outcomes
from entrepost.customs.estimate import ClearanceModel, learn_clearance
from entrepost.customs.estimating.measure import Truth, measure
from entrepost.reference.currency import get_exponent
from entrepost.reference.fx import MISSING, known_rates
from entrepost.service.exchange import Exchange
from entrepost.service.ratecard import day_number

LATEST = 0.2
"""The share of the latest items that an estimate is held against which did not see them."""


@dataclass(frozen=True, slots=True)
class LearnedClearance:
    """The estimate, learned of all `items`; `truth` is how one fared that did not see the latest fifth of them."""

    model: ClearanceModel
    items: int
    stopped: int
    truth: Truth
    findings: list[Finding]


def facts_of(lines: pl.DataFrame, currency: str, day: date, scores: pl.DataFrame | None = None) -> pl.DataFrame:
    """What is known of items, for `customs.estimate.learn_clearance`: a row for each.

    Parameters
    ----------
    lines : DataFrame
        Content lines as `read_content_lines` gives them, with the column `seller` where scores are given.
    currency : str
        Values are told in its units, at the rates of `day`; null where no rate is known.
    scores : DataFrame, optional
        seller and seller_score.

    Returns
    -------
    DataFrame
        item_id, hs_code and origin of what is worth most in it, value, net_weight_g, and seller_score if given.
    """
    exchange, number = Exchange(currency, known_rates()), day_number(day)
    priced = lines.with_columns(
        exchange.convert(
            lines.select("currency", amount_minor="value_minor", placed_day=pl.lit(number, pl.Int64))
        ).alias("worth")
    )
    dearest = pl.col("worth").fill_null(-1).arg_max()
    known = pl.col("worth").null_count() == 0
    facts = priced.group_by("item_id", maintain_order=True).agg(
        pl.col("hs_code", "origin").get(dearest),
        value=pl.when(known).then(pl.col("worth").sum() / 10 ** get_exponent(currency)),
        net_weight_g=pl.when(pl.col("net_weight_g").null_count() == 0).then(pl.col("net_weight_g").sum()),
    )
    if scores is None:
        return facts
    sellers = lines.group_by("item_id").agg(pl.col("seller").first())
    told = sellers.join(scores.select("seller", "seller_score"), on="seller", how="left").drop("seller")
    return facts.join(told, on="item_id", how="left", maintain_order="left")


def learn_from_events(facts: pl.DataFrame, events: pl.DataFrame, currency: str) -> LearnedClearance:
    """Learn who is stopped from the items of which both facts and events are known.

    Raises
    ------
    MisuseError
        Where the items whose clearance is over are too few, or all or none of them were stopped.
    """
    over = outcomes(facts, events.filter(pl.col("code").is_not_null())).sort("day", "item_id")
    model = learn_clearance(over, currency)
    cut = int(over.height * (1 - LATEST))
    before, latest = over[:cut], over[cut:]
    share = float(before.get_column("stopped").mean() or 0.0)  # type: ignore[arg-type]
    told = learn_clearance(before, currency).probability(latest)
    findings = _unpriced(facts, currency)
    stopped = int(over.get_column("stopped").sum())
    return LearnedClearance(model, over.height, stopped, measure(told, latest.get_column("stopped"), share), findings)


def _unpriced(facts: pl.DataFrame, currency: str) -> list[Finding]:
    """One warning where values could not be told in the currency."""
    count = int(np.count_nonzero(facts.get_column("value").is_null().to_numpy()))
    if not count:
        return []
    message = f"the value of {count:,} items is not known in {currency}, so it tells nothing of them"
    fix = "entrepost reference add fx FILE, or another --date"
    return [Finding(MISSING, "currency", message, "lines", fix=fix, level="warning")]
