"""The list of stocked articles, renewed every week of a trial on what is known by then.

What sells changes while a plan is tried, and whoever runs it looks at sales every week. So the plan's rule is asked
again (`planning.popularity`): articles that have become popular are ordered up to a level, those that sell no longer
are run down. Which classes are stocked where, by which mode, and what share of them is to be met, stays as planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl

from entrepost.planning.cells import sold_by_then
from entrepost.planning.planner.result import Plan
from entrepost.planning.planner.stock import fill_shelves, stocked_classes
from entrepost.planning.popularity import STOCKABLE
from entrepost.planning.trials.arm import shelves_of
from entrepost.planning.trials.turns import list_turns
from entrepost.reference.fx import known_rates
from entrepost.service.case import read_case
from entrepost.service.exchange import Exchange

WEEK = timedelta(weeks=1)


def list_weeks(since: datetime, orders: pl.DataFrame) -> Iterator[datetime]:
    """The instants at which shelves are looked at anew: every week after `since`, as long as there are orders."""
    last: datetime = orders.get_column("placed_at").max()  # type: ignore[assignment]
    instant = since + WEEK
    while instant < last:
        yield instant
        instant += WEEK


def renew_weekly(plan: Plan, since: datetime, orders: pl.DataFrame) -> pl.DataFrame:
    """New levels of a plan's shelves, week by week: rows of `trials.turns.TURN`.

    A class is asked for as often as planned, times what it sells now for what it sold when it was planned.

    Parameters
    ----------
    since : datetime
        When the plan was made.
    orders : DataFrame
        Rows of the table `orders`, from before that instant on; each week only those before it are looked at.
    """
    classes, begin = stocked_classes(plan.choices), shelves_of(plan.stock)
    if classes.is_empty():
        return list_turns(begin, [])
    days = timedelta(days=plan.params.known_days)
    recent = orders.filter(pl.col("placed_at") >= since - days)
    case = read_case(plan.network, recent, Exchange(plan.network.currency, known_rates()))
    class_keys = ["seller", "product_class"]
    planned = plan.options.market.sold.group_by(class_keys).agg(planned_year=pl.col("pieces_year").sum())
    renewed = []
    for instant in list_weeks(since, orders):
        articles, sold = sold_by_then(case, instant, plan.params)
        popular = pl.col("product_class").str.split("/").list.first().is_in(STOCKABLE)
        shares = sold.filter(popular).join(planned, on=class_keys)
        shares = shares.select(*class_keys, "sku", share=pl.col("pieces_year") / pl.col("planned_year"))
        stock = fill_shelves(classes, shares, articles, plan.options.terms)
        renewed.append((instant, shelves_of(stock)))
    return list_turns(begin, renewed)
