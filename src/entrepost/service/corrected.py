"""Promises corrected by what became of those that were given before."""

from __future__ import annotations

import polars as pl

from entrepost.network.correction import Correction
from entrepost.network.network import Network

ALL = "*"
HOURS = ("wait_hours_p10", "wait_hours_p50", "wait_hours_p90", "wait_hours_p95")
FIGURES = {"mean": "wait_hours_mean", **{column.rpartition("_")[2]: column for column in HOURS}}
"""What `Correction.figure` says, and the column of quotes."""

LANE = ["service", "origin", "country"]


def correct(network: Network, offers: pl.DataFrame, lanes: pl.DataFrame) -> pl.DataFrame:
    """Multiply the waits of offers by the factors that were measured; the hours of higher quantiles stay no lower.

    The probability that is stated for a date stays: the factor is what makes it true.

    Parameters
    ----------
    offers : DataFrame
        The wait columns of quotes.
    lanes : DataFrame
        Of each offer the service, the origin of the order and its country.
    """
    if not network.corrections:
        return offers
    whole = {column: pl.col(column).ceil().cast(pl.Int64) for column in HOURS}
    least = {
        column: pl.max_horizontal(*(whole[lower] for lower in HOURS[: number + 1]))
        for number, column in enumerate(HOURS)
    }
    corrected = offers.select(list(FIGURES.values())).hstack(_factors(network, lanes))
    corrected = corrected.with_columns(
        (pl.col(column) * pl.col(figure)).alias(column) for figure, column in FIGURES.items()
    )
    return offers.with_columns(
        corrected.select(
            "wait_hours_mean",
            *(pl.when(pl.col(column).is_not_null()).then(least[column]).alias(column) for column in HOURS),
        )
    )


def wanted_before(network: Network, offers: pl.DataFrame, lanes: pl.DataFrame) -> pl.Series:
    """The hour that stands for the wanted one in waits that are not corrected: asked there, its probability is true.

    Between two quantiles the hours are moved evenly, below the least and beyond the greatest in proportion.

    Parameters
    ----------
    offers : DataFrame
        start_hour, wanted_hour, and the wait columns as the journey gives them.
    lanes : DataFrame
        As for `correct`.
    """
    after = correct(network, offers, lanes)
    wanted = pl.col("wanted_hour") - pl.col("start_hour")
    low, low_after = pl.lit(0.0), pl.lit(0.0)
    found = wanted.cast(pl.Float64)
    both = offers.select("start_hour", "wanted_hour", *HOURS).hstack(
        after.select(pl.col(column).alias(f"{column}_after") for column in HOURS)
    )
    for column in HOURS:
        high, high_after = pl.col(column).cast(pl.Float64), pl.col(f"{column}_after").cast(pl.Float64)
        within = low + (wanted - low_after) * (high - low) / pl.max_horizontal(high_after - low_after, pl.lit(1e-9))
        beyond = wanted * high / pl.max_horizontal(high_after, pl.lit(1e-9))
        here = pl.when(wanted <= high_after).then(within).otherwise(beyond)
        found = pl.when(high.is_not_null() & (wanted > low_after)).then(here).otherwise(found)
        low, low_after = pl.coalesce(high, low), pl.coalesce(high_after, low_after)
    hour = pl.when(wanted > 0).then(found.floor().cast(pl.Int64)).otherwise(wanted) + pl.col("start_hour")
    return both.select(hour.alias("wanted_hour")).to_series()


def _factors(network: Network, lanes: pl.DataFrame) -> pl.DataFrame:
    """Of each offer the factor of each figure, by the most specific row."""
    rows = {(row.service, row.origin, row.country, row.figure): row for row in network.corrections}
    distinct = lanes.select(LANE).unique(maintain_order=True)
    factors = pl.DataFrame(
        [(*lane, *(_find_factor(rows, figure, *lane) for figure in FIGURES)) for lane in distinct.iter_rows()],
        schema=dict.fromkeys(LANE, pl.String) | dict.fromkeys(FIGURES, pl.Float64),
        orient="row",
    )
    return lanes.select(LANE).join(factors, on=LANE, how="left", maintain_order="left").select(list(FIGURES))


def _find_factor(
    rows: dict[tuple[str, str, str, str], Correction], figure: str, service: str, origin: str, country: str
) -> float:
    """The factor of the most specific row."""
    for lane in ((service, origin, country), (service, ALL, ALL), (ALL, ALL, ALL)):
        if (row := rows.get((*lane, figure))) is not None:
            return row.factor
    return 1.0
