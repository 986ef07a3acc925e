"""Why a service was chosen, in one plain sentence an order."""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from typing import Any

import polars as pl

from entrepost.base.money import format_minor
from entrepost.network.network import Network
from entrepost.reference.currency import get_exponent
from entrepost.service.policy import CHARGE, COST, KEPT, MISSED, NAMED, QUICK, WORTH, ByScore, Ranking
from entrepost.tables.text import fill

ALONE = "; no other service can be used"
KEEPS = {True: "but keeps the date with only", False: "and keeps the date with"}


def explain(network: Network, chosen: pl.DataFrame, policy: Ranking) -> pl.Series:
    """The sentence of each chosen row, all chosen by one policy.

    Parameters
    ----------
    chosen : DataFrame
        Columns of quotes, wanted_by, `ground`, and those of the next best service as `other_service`,
        `other_charge_minor`, `other_wait_hours_mean`, `other_wanted_probability` (null: none).
    """
    worded = chosen.with_columns(_words(network, chosen, policy))
    with_date = fill("{}: {}, by the wanted {} with {} %", "name", "charge", "wanted_day", "wanted_percent")
    at_risk = with_date + fill(" and by {} with {} %", "p90_day", "p90_percent")
    one_day = fill("{}: {}, by {} with {} %", "name", "charge", "p90_day", "p90_percent")
    several = fill("{}: {}, {} to {}, by then with {} %", "name", "charge", "p10_day", "p90_day", "p90_percent")
    with_p90 = pl.when(pl.col("p10_day") == pl.col("p90_day")).then(one_day).otherwise(pl.coalesce(several, one_day))
    beyond = fill("{}: {}, {} on average and possibly much longer", "name", "charge", "mean_days")
    head = (
        pl.when(pl.col("ground") == KEPT)
        .then(with_date)
        .when(pl.col("ground") == MISSED)
        .then(pl.coalesce(at_risk, with_date))
        .otherwise(pl.coalesce(with_p90, beyond))
    )
    return worded.select(explanation=fill("{}{}.", head, _tail(policy))).to_series()


def explain_miss(network: Network, refused: pl.DataFrame) -> pl.Series:
    """The sentence of orders for which nothing can be used; each row is the refusal nearest to a yes."""
    name = pl.col("service").replace({service.service: service.name for service in network.services})
    sentence = fill("No service can be used; the nearest is {}: {}", name, "reason")
    return refused.select(explanation=sentence).to_series()


def _tail(policy: Ranking) -> pl.Expr:
    """What speaks for the choice, and how the next best one compares."""
    kept = f"{100 * getattr(policy, 'probability', 0):g} %"
    other = pl.col("other_service").is_not_null()
    dearer = fill("; {} is {}", "other_name", "dearer")
    longer = fill("{} {}", "but", "longer")
    worth = dearer + fill(" {}", longer)
    by_score = " by the scores that go with waits" if isinstance(policy, ByScore) else ""
    said = fill(", a day counted as {}", "day_value") + pl.lit(by_score)
    counted = pl.when(pl.col("trade")).then(said).otherwise(pl.lit(""))
    keeping = dearer + fill(" {} {} %", "keeps", "other_percent")
    tails = {
        WORTH: ("", worth + counted, ALONE),
        KEPT: (f", the cheapest that keeps the date with {kept}", keeping, ALONE),
        MISSED: (f"; no service keeps the date with {kept}, this one comes nearest", keeping, ""),
        CHARGE: (", the least charge", dearer, ALONE),
        COST: (", what costs least to carry", worth + counted, ALONE),
        QUICK: (", the shortest mean wait", worth, ALONE),
        NAMED: (", the first of the services named that can be used", pl.lit(""), ""),
    }
    tail = pl.lit("")
    for ground, (why, compared, alone) in tails.items():
        here = pl.lit(why) + pl.when(other).then(compared).otherwise(pl.lit(alone))
        tail = pl.when(pl.col("ground") == ground).then(here).otherwise(tail)
    return tail


def _words(network: Network, chosen: pl.DataFrame, policy: Ranking) -> list[pl.Series]:
    names = {service.service: service.name for service in network.services}
    exponent = get_exponent(network.currency)
    if "day_value_minor" in chosen.columns:
        day_values = chosen.get_column("day_value_minor").fill_null(0)
    else:
        day_values = pl.repeat(getattr(policy, "day_value_minor", None) or 0, chosen.height, eager=True)

    def money(amount: int) -> str:
        return f"{network.currency} {format_minor(amount, exponent)}"

    difference = chosen.get_column("other_charge_minor") - chosen.get_column("charge_minor")
    longer = chosen.get_column("other_wait_hours_mean") - chosen.get_column("wait_hours_mean")
    zone = chosen.get_column("time_zone")
    trade = ((difference > 0) & (longer < 0)) | ((difference < 0) & (longer > 0))
    return [
        chosen.get_column("service").replace(names).alias("name"),
        chosen.get_column("other_service").replace(names).alias("other_name"),
        _mapped(chosen.get_column("charge_minor"), money).alias("charge"),
        _mapped(difference, lambda amount: compare_money(amount, money)).alias("dearer"),
        _mapped(longer.round(1), compare_days).alias("longer"),
        _mapped((chosen.get_column("wait_hours_mean")), in_days).alias("mean_days"),
        _mapped(chosen.get_column("wanted_probability"), in_percent).alias("wanted_percent"),
        _mapped(chosen.get_column("other_wanted_probability"), in_percent).alias("other_percent"),
        _mapped(chosen.get_column("arrive_by_p90_probability"), in_percent).alias("p90_percent"),
        _local_day(chosen.get_column("arrive_from_p10"), zone).alias("p10_day"),
        _local_day(chosen.get_column("arrive_by_p90"), zone).alias("p90_day"),
        _local_day(chosen.get_column("wanted_by"), zone).alias("wanted_day"),
        trade.alias("trade"),
        _mapped(trade, lambda trade: "but" if trade else "and").alias("but"),
        _mapped(difference < 0, lambda cheaper: KEEPS[cheaper]).alias("keeps"),
        _mapped(day_values, money).alias("day_value"),
    ]


def compare_money(difference: int, money: Callable[[int], str]) -> str:
    """How much dearer or cheaper the next best is."""
    if difference == 0:
        return "as dear"
    return f"{money(abs(difference))} {'dearer' if difference > 0 else 'cheaper'}"


def compare_days(hours: float) -> str:
    """How much longer the next best takes."""
    if round(abs(hours) / 24, 1) == 0:
        return "takes as long"
    return f"takes {in_days(abs(hours))} {'longer' if hours > 0 else 'less'} on average"


def in_days(hours: float) -> str:
    """Hours as days, one behind the point."""
    days = f"{hours / 24:.1f}".removesuffix(".0")
    return f"{days} day" if days == "1" else f"{days} days"


def in_percent(probability: float) -> str:
    """Rounded down: a promise is not to be embellished."""
    return str(floor(100 * probability + 1e-3))


def _local_day(instants: pl.Series, zones: pl.Series) -> pl.Series:
    """Instants as days of the place, such as 24 May."""
    days = pl.repeat(None, len(instants), dtype=pl.String, eager=True)
    frame = pl.DataFrame({"instant": instants, "zone": zones})
    for zone in zones.unique():
        local = pl.col("instant").dt.convert_time_zone(zone).dt.to_string("%-d %b")
        days = frame.select(pl.when(pl.col("zone") == zone).then(local).otherwise(pl.lit(days))).to_series()
    return days


def _mapped(values: pl.Series, show: Callable[[Any], str]) -> pl.Series:
    shown = {value: show(value) for value in values.drop_nulls().unique()}
    return values.replace_strict(shown, default=None, return_dtype=pl.String)
