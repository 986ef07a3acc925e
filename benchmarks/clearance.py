"""Whether the estimate of clearance tells what comes true, on declarations that it did not learn from.

    python -m benchmarks.clearance --train FILE --valid FILE [--json]

The files have the columns of the synthetic import declarations of Korea (Seondong/Customs-Declaration-Datasets, MIT),
drawn from a model of real ones. *Found in fault* stands in for *stopped by customs*, which nobody publishes item by
item. The score of a seller is what his declarations of days before say, drawn towards the average. Beside ours stand
one share told of all, and gradient boosting (scikit-learn) on the same facts.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import polars as pl

from entrepost.customs.estimate import learn_clearance
from entrepost.customs.estimating.measure import Truth, measure

DRAWN = 20
FIGURES = ("brier", "brier_base", "log_loss", "log_loss_base", "error", "told", "happened")


def main() -> int:
    """Learn from one file, tell of the other, and print how it fared."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clearance", description="the estimate of clearance")
    parser.add_argument("--train", type=Path, required=True, help="declarations to learn from")
    parser.add_argument("--valid", type=Path, required=True, help="declarations of later days")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args()
    train, valid = read_scored(options.train, options.valid)
    base = float(train["stopped"].mean())  # type: ignore[arg-type]
    model = learn_clearance(train, "KRW")
    told = {
        "points": model.probability(valid),
        "points without the seller": learn_clearance(train.drop("seller_score"), "KRW").probability(valid),
        "gradient boosting": _boosted(train, valid),
    }
    found = {name: measure(each, valid["stopped"], base) for name, each in told.items()}
    if options.json:
        print(json.dumps({name: {key: getattr(each, key) for key in FIGURES} for name, each in found.items()}))
    else:
        _print(found)
    return 0


def read_declarations(path: Path) -> pl.DataFrame:
    """The facts of declarations: day, seller, hs_code, origin, value, net_weight_g, stopped."""
    read = pl.read_csv(path, schema_overrides={"HS6 Code": pl.String}, try_parse_dates=True)
    return read.select(
        day="Date",
        seller="Seller ID",
        hs_code=pl.col("HS6 Code").str.zfill(6),
        origin="Country of Origin",
        value="Item Price",
        net_weight_g=pl.col("Net Mass") * 1000,
        stopped=pl.col("Fraud") == 1,
    )


def read_scored(train: Path, valid: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both files, with the score that each seller had on the day by what was known before it."""
    both = pl.concat([read_declarations(train), read_declarations(valid)])
    days = both.filter(pl.col("seller").is_not_null()).group_by("seller", "day").agg(pl.len(), pl.col("stopped").sum())
    before = days.sort("seller", "day").with_columns(
        (pl.col(name).cum_sum().over("seller") - pl.col(name)).alias(f"{name}_before") for name in ("len", "stopped")
    )
    mean = pl.lit(float(read_declarations(train)["stopped"].mean()))  # type: ignore[arg-type]
    share = (pl.col("stopped_before") + DRAWN * mean) / (pl.col("len_before") + DRAWN)
    scored = both.join(
        before.select("seller", "day", seller_score=100 * (1 - share)),
        on=["seller", "day"],
        how="left",
        maintain_order="left",
    )
    first = read_declarations(train).height
    return scored[:first], scored[first:]


def _boosted(train: pl.DataFrame, valid: pl.DataFrame) -> pl.Series:
    from sklearn.ensemble import HistGradientBoostingClassifier

    origins = {name: at for at, name in enumerate(train["origin"].unique().sort())}

    def columns(facts: pl.DataFrame) -> np.ndarray:  # type: ignore[type-arg]
        return facts.select(
            pl.col("hs_code").str.slice(0, 2).cast(pl.Int32),
            pl.col("origin").replace_strict(origins, default=None, return_dtype=pl.Int32),
            pl.col("hs_code").cast(pl.Int32).alias("code"),
            pl.col("value").log1p(),
            pl.col("net_weight_g").log1p(),
            "seller_score",
        ).to_numpy()

    model = HistGradientBoostingClassifier(
        categorical_features=[0, 1], learning_rate=0.05, max_iter=300, early_stopping=True, random_state=0
    )
    model.fit(columns(train), train["stopped"].to_numpy())
    return pl.Series(model.predict_proba(columns(valid))[:, 1])


def _print(found: dict[str, Truth]) -> None:
    for name, truth in found.items():
        print(f"{name}: {truth.items:,} items, told {truth.told:.4f}, happened {truth.happened:.4f}")
        print(f"  Brier {truth.brier:.4f} (base rate {truth.brier_base:.4f})")
        print(f"  log-loss {truth.log_loss:.4f} (base rate {truth.log_loss_base:.4f})")
        print(f"  told against happened, mean over tenths: {100 * truth.error:.2f} points")
        for tenth, items, told, happened in truth.reliability.iter_rows():
            print(f"    {tenth:2} {items:5} {told:.3f} {happened:.3f}")


if __name__ == "__main__":
    sys.exit(main())
