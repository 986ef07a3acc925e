"""Policies: which of the services that can be used is the most appropriate.

A policy gives sort keys, the least first, and the ground on which its choice stands. Both are columnar:
expressions over quotes with charge_minor, cost_minor, due_minor (what is due at the border; 0 if it was not asked),
wait_hours_mean and wanted_probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from entrepost.base.errors import MisuseError

if TYPE_CHECKING:
    from entrepost.experience.satisfaction import Satisfaction

PROBABILITY = 0.9
"""A wanted date counts as kept from this probability on, unless a policy says otherwise."""

DAY_VALUE = (50, "USD")
"""What a day of waiting is worth to the customer unless a policy says it: USD 0.50 an order. Assumed."""

WORTH, KEPT, MISSED, CHARGE, QUICK, NAMED, COST = range(7)
"""The grounds of a choice; `explanation` says each in words."""

ROUNDING = 1e-6
"""Probabilities come as sums of floats: a hair below the wanted one is not below."""


@dataclass(frozen=True, slots=True)
class KeepDate:
    """The cheapest that keeps the wanted date with the probability, else the one most likely to keep it.

    Orders without a wanted date take the least charge.
    """

    probability: float = PROBABILITY

    def __post_init__(self) -> None:
        if not 0 < self.probability <= 1:
            raise MisuseError(f"probability {self.probability} must be above 0 and at most 1, such as 0.9")

    def keys(self) -> list[pl.Expr]:
        """Kept before missed; the kept by charge, the missed by probability."""
        without_date = pl.col("charge_minor").cast(pl.Float64)
        return _date_keys(self.probability, without_date)

    def ground(self) -> pl.Expr:
        """Kept, missed or, without a date, the charge."""
        return _date_ground(self.probability, CHARGE)


@dataclass(frozen=True, slots=True)
class Balanced:
    """The default: a wanted date is kept as cheaply as can be; without one, a day of waiting has a price.

    Orders without a wanted date take the least sum of charge and mean wait, a day counted as
    `day_value_minor` in the network's currency (None: `DAY_VALUE`, converted).
    """

    probability: float = PROBABILITY
    day_value_minor: int | None = None

    def __post_init__(self) -> None:
        KeepDate(self.probability)
        if self.day_value_minor is not None and self.day_value_minor < 0:
            raise MisuseError(f"day_value_minor {self.day_value_minor} must not be negative")

    def keys(self) -> list[pl.Expr]:
        """As `KeepDate`; without a date by charge plus days of mean wait times the value of a day."""
        wait = (self.day_value_minor or 0) * pl.col("wait_hours_mean") / 24
        return _date_keys(self.probability, pl.col("charge_minor") + wait)

    def ground(self) -> pl.Expr:
        """Kept, missed or, without a date, what the wait is worth."""
        return _date_ground(self.probability, WORTH)


@dataclass(frozen=True, slots=True)
class ByScore:
    """As `Balanced`, but a day counts what the satisfaction model says of each order's lane and waits.

    A point of score is worth `point_minor` an order, in minor units of the network's currency: assumed by whoever
    says it. `satisfaction` is what was learned from reviews (None: the documented default).
    """

    point_minor: int
    satisfaction: Satisfaction | None = None
    probability: float = PROBABILITY

    def __post_init__(self) -> None:
        KeepDate(self.probability)
        if self.point_minor < 0:
            raise MisuseError(f"point_minor {self.point_minor} must not be negative")

    def keys(self) -> list[pl.Expr]:
        """As `Balanced`, by the column `day_value_minor` of each order."""
        wait = pl.col("day_value_minor") * pl.col("wait_hours_mean") / 24
        return _date_keys(self.probability, pl.col("charge_minor") + wait)

    def ground(self) -> pl.Expr:
        """Kept, missed or, without a date, what the wait is worth."""
        return _date_ground(self.probability, WORTH)


@dataclass(frozen=True, slots=True)
class LeastCharge:
    """The least charge, the shorter mean wait where charges are equal."""

    def keys(self) -> list[pl.Expr]:
        """Charge, then mean wait."""
        return [pl.col("charge_minor"), pl.col("wait_hours_mean")]

    def ground(self) -> pl.Expr:
        """The charge."""
        return pl.lit(CHARGE, pl.Int64)


@dataclass(frozen=True, slots=True)
class LeastCost:
    """What costs whoever runs the network least, with what is due at the border and the wait at the value of a day.

    The day counts as `day_value_minor` in the network's currency. What is due counts where it was asked for and is
    known of every offer. Wanted dates are not looked at.
    """

    day_value_minor: int = 0

    def __post_init__(self) -> None:
        if self.day_value_minor < 0:
            raise MisuseError(f"day_value_minor {self.day_value_minor} must not be negative")

    def keys(self) -> list[pl.Expr]:
        """Cost, what is due, and days of mean wait times the value of a day; then the charge."""
        wait = self.day_value_minor * pl.col("wait_hours_mean") / 24
        return [pl.col("cost_minor") + pl.col("due_minor") + wait, pl.col("charge_minor"), pl.col("wait_hours_mean")]

    def ground(self) -> pl.Expr:
        """The cost."""
        return pl.lit(COST, pl.Int64)


@dataclass(frozen=True, slots=True)
class Fastest:
    """The shortest mean wait, the lower charge where waits are equal."""

    def keys(self) -> list[pl.Expr]:
        """Mean wait, then charge."""
        return [pl.col("wait_hours_mean"), pl.col("charge_minor")]

    def ground(self) -> pl.Expr:
        """The wait."""
        return pl.lit(QUICK, pl.Int64)


@dataclass(frozen=True, slots=True)
class FirstNamed:
    """The first of the named services that can be used."""

    services: tuple[str, ...]

    def keys(self) -> list[pl.Expr]:
        """The place in the list."""
        places = {service: place for place, service in enumerate(self.services)}
        return [pl.col("service").replace_strict(places, default=len(places), return_dtype=pl.Int64)]

    def ground(self) -> pl.Expr:
        """Named first."""
        return pl.lit(NAMED, pl.Int64)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A seller's own rules in a TOML file; see `rule_file`."""

    path: str | Path


Ranking = Balanced | ByScore | KeepDate | LeastCharge | LeastCost | Fastest | FirstNamed
"""A policy that ranks by itself."""

Policy = Ranking | RuleFile


BY_NAME: dict[str, Policy] = {
    "balanced": Balanced(),
    "keep-date": KeepDate(),
    "least-charge": LeastCharge(),
    "least-cost": LeastCost(),
    "fastest": Fastest(),
}
"""The policies that have a name."""


def named_policy(name: str) -> Policy:
    """The policy of that name; raises `MisuseError` where there is none."""
    if name not in BY_NAME:
        raise MisuseError(f"there is no policy {name!r}; use {', '.join(BY_NAME)}")
    return BY_NAME[name]


def _keeps(probability: float) -> pl.Expr:
    return pl.col("wanted_probability") >= probability - ROUNDING


def _date_keys(probability: float, without_date: pl.Expr) -> list[pl.Expr]:
    wanted = pl.col("wanted_probability").is_not_null()
    figure = (
        pl.when(~wanted)
        .then(without_date)
        .when(_keeps(probability))
        .then(pl.col("charge_minor").cast(pl.Float64))
        .otherwise(-pl.col("wanted_probability"))
    )
    return [wanted & ~_keeps(probability), figure, pl.col("charge_minor"), pl.col("wait_hours_mean")]


def _date_ground(probability: float, without_date: int) -> pl.Expr:
    kept = pl.when(_keeps(probability)).then(KEPT).otherwise(MISSED)
    return pl.when(pl.col("wanted_probability").is_null()).then(without_date).otherwise(kept).cast(pl.Int64)
