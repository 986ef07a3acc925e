"""Orders as if they had been placed in the ordinary week: their promises are looked up and not computed by date."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from entrepost.base.clock import HOUR_US, WEEK_HOURS, day_hour
from entrepost.network.network import Network
from entrepost.service.choice import choose
from entrepost.service.policy import Policy
from entrepost.service.quote import quote
from entrepost.tables.items import ORDER

WEEK_US = WEEK_HOURS * HOUR_US


@dataclass(frozen=True)
class Chooser:
    """Chooses services by dated promises, or by the ordinary week, in which rates of exchange are that week's too."""

    network: Network
    orders: pl.DataFrame
    dated: bool = True

    def quote(self) -> pl.DataFrame:
        """What `quote` gives."""
        return quote(self._network(), self._orders())

    def choose(self, policy: Policy | None, quotes: pl.DataFrame | None = None) -> pl.DataFrame:
        """What `choose` gives; dates are those of the orders."""
        chosen = choose(self._network(), self._orders(), policy, quotes)
        if self.dated:
            return chosen
        later = self.orders.group_by(ORDER).agg(weeks=pl.col("placed_at").first() - self._usual("placed_at").first())
        dates = pl.col("arrive_by_p90") + pl.col("weeks")
        return chosen.join(later, on=ORDER, how="left", maintain_order="left").with_columns(arrive_by_p90=dates)

    def _network(self) -> Network:
        return self.network if self.dated else replace(self.network, calendar=(), corrections=())

    def _orders(self) -> pl.DataFrame:
        if self.dated:
            return self.orders
        weeks = pl.col("placed_at") - self._usual("placed_at")
        return self.orders.with_columns(self._usual("placed_at"), pl.col("wanted_by") - weeks)

    def _usual(self, name: str) -> pl.Expr:
        """The instant of the ordinary week at the same hour of the week."""
        begin = day_hour(self.network.ordinary_week) * HOUR_US
        instant = begin + (pl.col(name).dt.epoch("us") - begin) % WEEK_US
        return instant.cast(pl.Datetime("us", "UTC"))
