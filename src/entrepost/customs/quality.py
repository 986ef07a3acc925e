"""How good the data are that a seller sends, on a lane: timely, accurate, complete, consistent, each 0 to 100.

The four parts are those of the World Customs Organization; how each is counted is our own. *Timely* is the share of
items whose data came before they were due, of those of which both instants are known; *accurate* the share of lines
without a flaw; *complete* the share of the fields wanted that are given; *consistent* the share of items whose data do
not contradict each other. The score is the mean of those that are known, all weighing alike (assumed).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from entrepost.customs.check import Checked

PARTS = ("timely", "accurate", "complete", "consistent")
COLUMNS = ("items", "rejected", *PARTS, "score")
DRAWN = 20
"""A score counts as if so many items with the score of all had been there besides (assumed)."""


def score(checked: Checked, by: Sequence[str] = ("seller", "lane")) -> pl.DataFrame:
    """The quality of the data of each seller on each lane, or by other columns of the items.

    Returns
    -------
    DataFrame
        `by`, then `COLUMNS`: how many items, how many rejected, the parts and their mean as percents, null where
        nothing tells. The most items come first.
    """
    return _scored(checked.items.group_by(list(by)).agg(_parts())).sort(
        "items", *by, descending=[True, *[False] * len(by)], nulls_last=True
    )


def seller_scores(checked: Checked) -> pl.DataFrame:
    """A score for each seller, drawn towards that of all where he sent little: `seller`, `items`, `seller_score`."""
    if checked.items.is_empty():
        return pl.DataFrame(schema={"seller": pl.String, "items": pl.Int64, "seller_score": pl.Float64})
    whole = _scored(checked.items.select(_parts())).get_column("score").item()
    each = score(checked, ["seller"]).filter(pl.col("seller").is_not_null())
    drawn = (pl.col("score").fill_null(pl.lit(whole)) * pl.col("items") + DRAWN * pl.lit(whole)) / (
        pl.col("items") + DRAWN
    )
    return each.select("seller", "items", seller_score=drawn)


def _parts() -> list[pl.Expr]:
    timed = pl.col("is_timed").sum()
    return [
        pl.len().cast(pl.Int64).alias("items"),
        (~pl.col("sound")).sum().cast(pl.Int64).alias("rejected"),
        pl.when(timed > 0).then(100 * (1 - pl.col("is_late").sum() / timed)).alias("timely"),
        (100 * (1 - pl.col("flawed_lines").sum() / pl.col("lines").sum())).alias("accurate"),
        (100 * pl.col("wanted_given").sum() / pl.col("wanted").sum()).alias("complete"),
        (100 * (1 - pl.col("is_inconsistent").mean())).alias("consistent"),
    ]


def _scored(parts: pl.DataFrame) -> pl.DataFrame:
    return parts.with_columns(pl.col(PARTS).fill_nan(None)).with_columns(score=pl.mean_horizontal(PARTS))
