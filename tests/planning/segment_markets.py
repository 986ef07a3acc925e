"""Tiny markets for segments: cells and options whose best rules can be told by hand."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.tables.frames import conform

DAY = 24.0


def cell(name: str, **figures: object) -> dict[str, object]:
    """A cell of 100 items a year; a day is worth 1.00, weekly demand is calm."""
    region, seller, product_class = name.split("|")
    return {
        "cell": name, "group": name, "region": region, "country": region[:2], "area": region[:2], "origin": "CNSHAA",
        "seller": seller, "product_class": product_class, "items_year": 100.0, "weight_g": 400.0, "volume_cm3": 1000.0,
        "unit_value_minor": 3000.0, "currency": "CNY", "pieces": 1.0, "variability": 0.5, "intermittence": 1.0,
        "stockable_share": 1.0, "urgency": 0.0, "value_day_minor": 100.0, "region_items_year": 1000.0, **figures,
    }  # fmt: skip


def option(cell: str, option: str, cost_minor: float, days: float) -> dict[str, object]:
    """An option of a cell; all of its cost is carriage."""
    kind, service, *mode = option.split(":")
    stock = kind == "stock"
    none = dict.fromkeys(
        ["handling", "storage", "capital", "write_off", "duty", "tax", "fees", "rebate", "last_mile", "returns"], 0.0
    )
    within = {f"share_within_{day}": float(days <= day) for day in (3, 5, 7, 10, 14, 21, 30)}
    return {
        "cell": cell, "option": option, "kind": kind, "service": "LOCAL" if stock else service,
        "warehouse": service if stock else None, "mode": mode[0] if mode else None, "route": None, "fallback": None,
        "served_share": float(stock), "charge_minor": cost_minor, "cost_minor": cost_minor, "currency": "CNY",
        "wait_hours_mean": days * DAY, "wait_hours_p50": days * DAY, "wait_hours_p90": days * DAY, **within,
        "undelivered_share": 0.0, "carriage_minor": cost_minor, **{f"{name}_minor": 0.0 for name in none},
    }  # fmt: skip


def cells_frame(rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    """The table `cells`."""
    return conform(pl.DataFrame(list(rows)), "cells")


def options_frame(rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    """The table `options`."""
    strings = dict.fromkeys(("warehouse", "mode", "route", "fallback"), pl.String)
    return conform(pl.DataFrame(list(rows), schema_overrides=strings), "options")


def brisk_and_slow() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Germany and Brazil; brisk articles (500 a year) and rare ones (5 a year), light and heavy.

    By mail an item costs 20.00 and takes 8 days (28.00 with its wait). From stock by sea, only in Germany, a brisk
    one costs 12.00 and takes 2 days (14.00), a rare one 50.00 (52.00). So stock is best for what is brisk in Germany
    and mail for all else: three leaves without regret, or two by the demand alone.
    """
    names = [f"{place}|shop|{often}/{grams}/none" for place in ("DE-60", "BR-1") for often in ("daily", "rarely")
             for grams in (250, 2000)]  # fmt: skip
    rows, offers = [], []
    for name in names:
        brisk, grams = "daily" in name, 200.0 if "/250/" in name else 1500.0
        rows.append(cell(name, items_year=500.0 if brisk else 5.0, weight_g=grams))
        offers.append(option(name, "direct:PACKET", 2000.0, 8))
        if name.startswith("DE"):
            offers.append(option(name, "stock:DEFRAW:sea", 1200.0 if brisk else 5000.0, 2))
    return cells_frame(rows), options_frame(offers)


def least_by_trying(codes: NDArray[np.uint8], costs: NDArray[np.float64], leaves: int) -> float:
    """The least regret of all trees with up to so many leaves, by trying every one."""
    best = float(costs.sum(axis=0).min()) if len(costs) else 0.0
    if leaves == 1 or not len(costs):
        return best
    cuts = [(axis, cut) for axis in range(codes.shape[1]) for cut in np.unique(codes[:, axis])[:-1]]
    for (axis, cut), left in product(cuts, range(1, leaves)):
        low = codes[:, axis] <= cut
        value = least_by_trying(codes[low], costs[low], left)
        if value < best:
            best = min(best, value + least_by_trying(codes[~low], costs[~low], leaves - left))
    return best
