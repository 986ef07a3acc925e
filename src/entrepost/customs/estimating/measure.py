"""Whether told probabilities came true: Brier score, log-loss, and a table of what was told beside what happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

BINS = 10


@dataclass(frozen=True, slots=True)
class Truth:
    """How probabilities fared against what happened; `reliability` has a row for each tenth of the items.

    `brier_base` and `log_loss_base` are what one gets who tells `base`, a share known before, of every item.
    `error` is the mean distance between told and happened over the tenths.
    """

    items: int
    told: float
    happened: float
    brier: float
    brier_base: float
    log_loss: float
    log_loss_base: float
    error: float
    reliability: pl.DataFrame


def measure(told: pl.Series, stopped: pl.Series, base: float) -> Truth:
    """Hold probabilities against what happened, beside one share told of all."""
    guess, truth = told.to_numpy(), stopped.cast(pl.Float64).to_numpy()
    tenth = np.argsort(np.argsort(guess, kind="stable"), kind="stable") * BINS // max(guess.size, 1)
    table = pl.DataFrame({"tenth": tenth + 1, "told": guess, "happened": truth})
    reliability = table.group_by("tenth").agg(pl.len().alias("items"), pl.col("told", "happened").mean()).sort("tenth")
    error = (reliability["told"] - reliability["happened"]).abs()
    flat = np.full(guess.size, base)
    return Truth(
        items=guess.size,
        told=float(guess.mean()),
        happened=float(truth.mean()),
        brier=_brier(guess, truth),
        brier_base=_brier(flat, truth),
        log_loss=_log_loss(guess, truth),
        log_loss_base=_log_loss(flat, truth),
        error=float((error * reliability["items"]).sum() / guess.size),
        reliability=reliability,
    )


def _brier(told: np.ndarray, truth: np.ndarray) -> float:
    return float(np.mean((told - truth) ** 2))


def _log_loss(told: np.ndarray, truth: np.ndarray) -> float:
    sure = np.clip(told, 1e-9, 1 - 1e-9)
    return float(-np.mean(truth * np.log(sure) + (1 - truth) * np.log(1 - sure)))
