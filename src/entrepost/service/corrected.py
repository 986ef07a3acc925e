"""Promises corrected by what became of those that were given before."""

from __future__ import annotations

import polars as pl

from entrepost.network.correction import Correction
from entrepost.network.network import Network

ALL = "*"
HOURS = ("wait_hours_p50", "wait_hours_p90", "wait_hours_p95")
FIGURES = {"mean": "wait_hours_mean", **{column.rpartition("_")[2]: column for column in HOURS}}
"""What `Correction.figure` says, and the column of quotes."""

LANE = ["service", "origin", "country"]


def correct(network: Network, offers: pl.DataFrame, lanes: pl.DataFrame) -> pl.DataFrame:
    """Multiply the waits of offers by the factors that were measured; the hours of higher quantiles stay no lower.

    The probability that is stated for a date stays: the factor is what makes it true. The probability of a date
    that the customer wants is not corrected.

    Parameters
    ----------
    offers : DataFrame
        The wait columns of quotes.
    lanes : DataFrame
        Of each offer the service, the origin of the order and its country.
    """
    if not network.corrections:
        return offers
    distinct = lanes.select(LANE).unique(maintain_order=True)
    rows = {(row.service, row.origin, row.country, row.figure): row for row in network.corrections}
    factors = pl.DataFrame(
        [(*lane, *(_find_factor(rows, figure, *lane) for figure in FIGURES)) for lane in distinct.iter_rows()],
        schema=dict.fromkeys(LANE, pl.String) | dict.fromkeys(FIGURES, pl.Float64),
        orient="row",
    )
    found = lanes.select(LANE).join(factors, on=LANE, how="left", maintain_order="left")
    corrected = (
        offers.select(list(FIGURES.values()))
        .hstack(found.select(list(FIGURES)))
        .with_columns((pl.col(column) * pl.col(figure)).alias(column) for figure, column in FIGURES.items())
    )
    whole = {column: pl.col(column).ceil().cast(pl.Int64) for column in HOURS}
    least = {
        column: pl.max_horizontal(*(whole[lower] for lower in HOURS[: number + 1]))
        for number, column in enumerate(HOURS)
    }
    return offers.with_columns(
        corrected.select(
            "wait_hours_mean",
            *(pl.when(pl.col(column).is_not_null()).then(least[column]).alias(column) for column in HOURS),
        )
    )


def _find_factor(
    rows: dict[tuple[str, str, str, str], Correction], figure: str, service: str, origin: str, country: str
) -> float:
    """The factor of the most specific row."""
    for lane in ((service, origin, country), (service, ALL, ALL), (ALL, ALL, ALL)):
        if (row := rows.get((*lane, figure))) is not None:
            return row.factor
    return 1.0
