"""From the facts of items to the levels of the factors that the estimate adds up."""

from __future__ import annotations

import polars as pl

from entrepost.base.errors import MisuseError

FACTORS = (
    "chapter",
    "heading",
    "subheading",
    "origin",
    "origin_chapter",
    "value",
    "value_chapter",
    "value_kg",
    "seller_score",
)
FACTS = ("hs_code", "origin", "value", "net_weight_g", "seller_score")
"""What is asked of an item; whatever is null or not there counts as the average."""

SCORE_STEP = 5
LOWEST, HIGHEST = -10, 40
"""Values are told apart by doubling: level 5 is from 32 to 64 units of the model's currency."""


def to_levels(facts: pl.DataFrame) -> pl.DataFrame:
    """A column for each of `FACTORS` with the level of each item, null where nothing tells.

    Parameters
    ----------
    facts : DataFrame
        Any of `FACTS`: ``hs_code`` (6 to 10 digits), ``origin`` (country where it was made), ``value`` (units of the
        model's currency), ``net_weight_g``, ``seller_score`` (0 to 100).
    """
    if not set(FACTS) & set(facts.columns):
        raise MisuseError(f"an estimate needs one of the columns {', '.join(FACTS)}; found {facts.columns}")
    digits = _text(facts, "hs_code").str.replace_all(r"[^0-9]", "")
    digits = pl.when(digits.str.len_chars() >= 6).then(digits)
    origin, value = _text(facts, "origin"), _number(facts, "value")
    kilograms = _number(facts, "net_weight_g") / 1000
    score = (_number(facts, "seller_score") / SCORE_STEP).floor() * SCORE_STEP
    return facts.select(
        digits.str.slice(0, 2).alias("chapter"),
        digits.str.slice(0, 4).alias("heading"),
        digits.str.slice(0, 6).alias("subheading"),
        origin.alias("origin"),
        pl.concat_str(origin, digits.str.slice(0, 2)).alias("origin_chapter"),
        _doubling(value).alias("value"),
        pl.concat_str(_doubling(value), pl.lit("/"), digits.str.slice(0, 2)).alias("value_chapter"),
        _doubling(value / pl.when(kilograms > 0).then(kilograms)).alias("value_kg"),
        score.cast(pl.Int64).cast(pl.String).alias("seller_score"),
    )


def _text(facts: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).replace("", None) if name in facts.columns else pl.lit(None, pl.String)


def _number(facts: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64) if name in facts.columns else pl.lit(None, pl.Float64)


def _doubling(value: pl.Expr) -> pl.Expr:
    step = pl.when(value > 0).then(value).log(2).floor().clip(LOWEST, HIGHEST)
    return step.cast(pl.Int64).cast(pl.String)
